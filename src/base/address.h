// SPDX-License-Identifier: Apache-2.0
/*
 * An IP address, v4 or v6, in 16 bytes: IPv4 is kept as the IPv4-mapped IPv6 address ::ffff:a.b.c.d (RFC
 * 4291, section 2.5.5.2), so that both are compared, hashed and looked up alike. Bytes are in network order.
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct address {
    uint8_t bytes[16];
};

enum { ADDRESS_TEXT_SIZE = 46 }; /* INET6_ADDRSTRLEN: longest text with its NUL */

static inline struct address address_from_ipv4(const uint8_t bytes[static 4])
{
    struct address address = {{[10] = 0xff, [11] = 0xff}};
    memcpy(address.bytes + 12, bytes, 4);
    return address;
}

static inline struct address address_from_ipv6(const uint8_t bytes[static 16])
{
    struct address address;
    memcpy(address.bytes, bytes, 16);
    return address;
}

static inline bool address_is_ipv4(const struct address *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

static inline bool address_equal(const struct address *a, const struct address *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Like memcmp: which of two addresses comes first in network order. */
static inline int address_compare(const struct address *a, const struct address *b)
{
    uint64_t one[2], other[2]; /* memcmp() would be called: where only the order matters it is not inline */
    memcpy(one, a, sizeof one);
    memcpy(other, b, sizeof other);
    unsigned i = one[0] == other[0];
    uint64_t here = be64toh(one[i]), there = be64toh(other[i]);
    return (here > there) - (here < there);
}

/* Writes "192.0.2.1" or "2001:db8::1" and returns `text`. */
const char *address_format(const struct address *address, char text[static ADDRESS_TEXT_SIZE]);

/* The same without a NUL, as part of a longer text: returns where it ends. ADDRESS_TEXT_SIZE bytes may be
 * written. */
char *address_write(char *at, const struct address *address);

/* Reads IPv4 or IPv6 text; false where it is neither. */
bool address_parse(const char *text, struct address *address);

/* Not reachable from the Internet: private (RFC 1918, RFC 4193), loopback, link-local, multicast,
 * unspecified, shared (RFC 6598). */
bool address_is_local(const struct address *address);

#endif
