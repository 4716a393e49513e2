// SPDX-License-Identifier: Apache-2.0
/*
 * Pool rules for addresses, for pools.c alone: sorted by prefix length, network and port, and searched by
 * halves once for each length that occurs.
 */
#ifndef INTEL_POOLS_NETWORKS_H
#define INTEL_POOLS_NETWORKS_H

#include "base/network.h"
#include "intel/pools_file.h"

#include <stdint.h>

struct pools_network {
    struct pool_rule rule;
    struct network network;
    unsigned file;
    unsigned line;
    bool off;
};

struct pools_networks {
    struct pools_network *rules;
    size_t count;
    size_t size;
    struct {
        size_t first;
        size_t count;
        uint8_t prefix;
    } lengths[129]; /* longest first */
    size_t length_count;
    uint64_t
        beginnings[1024]; /* a bit for each first two bytes (of IPv6: four, folded) of a rule's network */
    unsigned file;        /* being read */
};

void pools_networks_done(struct pools_networks *networks);
bool pools_networks_take(void *networks, const struct pools_line *line, struct error *error);
bool pools_networks_sort(struct pools_networks *networks, struct error *error);
const struct pool_rule *pools_networks_find(const struct pools_networks *networks,
                                            const struct address *address, uint16_t port);

#endif
