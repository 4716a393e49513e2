// SPDX-License-Identifier: Apache-2.0
/*
 * Networks as lists write them: "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". Pure functions.
 */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include "base/address.h"

#include <stdbool.h>
#include <stdint.h>

struct network {
    struct address address; /* nothing is set behind the prefix */
    uint8_t prefix;         /* of the 128 bits; IPv4 has 96 to 128 */
};

enum network_fault { NETWORK_GOOD, NETWORK_NONE, NETWORK_BITS_BEHIND };

/* NETWORK_NONE: no address or network, or one wider than /8 (IPv6: /16), which is a slip.
 * NETWORK_BITS_BEHIND: bits are set behind the prefix. */
enum network_fault network_parse(const char *text, struct network *network);

/* The address with the bits behind the prefix cleared. */
struct address network_mask(const struct address *address, unsigned prefix);

#endif
