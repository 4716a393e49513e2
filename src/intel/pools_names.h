// SPDX-License-Identifier: Apache-2.0
/*
 * Pool rules for names, for pools.c alone: a hash table from pattern to rule, looked up once for each label
 * of names whose site, the last two labels, has a rule; most have none.
 */
#ifndef INTEL_POOLS_NAMES_H
#define INTEL_POOLS_NAMES_H

#include "intel/pools_file.h"

#include <stdint.h>

struct pools_name {
    struct pool_rule rule;
    unsigned file; /* which one it came from: the later one wins, a second one of the same is a mistake */
    unsigned line;
    bool suffix; /* also holds for the names below */
    bool off;
};

struct pools_names {
    struct pools_name *rules;
    size_t count;
    size_t size;
    uint32_t *slots; /* index into rules + 1; 0 is empty; at most half are filled */
    size_t slot_count;
    uint64_t sites[65536 / 64]; /* bits for each hash of a rule's site */
    uint8_t secret[16];
    unsigned file; /* being read */
};

void pools_names_init(struct pools_names *names);
void pools_names_done(struct pools_names *names);
bool pools_names_take(void *names, const struct pools_line *line, struct error *error);
const struct pool_rule *pools_names_find(const struct pools_names *names, const char *name);

#endif
