// SPDX-License-Identifier: Apache-2.0
/*
 * Who mines at whom: finds the hosts that are pool to two miners or more and miner at another pool
 * themselves. Bounded in hosts and in miners of each; where full, what was quiet for longest is forgotten.
 * One thread.
 */
#ifndef VERDICT_PROXIES_H
#define VERDICT_PROXIES_H

#include "base/address.h"

#include <stdint.h>

enum {
    PROXIES_MAX_HOSTS = 16384,
    PROXIES_MAX_MINERS = 256, /* of one host: more count as so many */
};

struct proxies;

struct proxies *proxies_create(const uint8_t secret[static 16]); /* NULL: out of memory */
void proxies_free(struct proxies *proxies);

/* A conversation in which `miner` mines at `pool` goes on. */
void proxies_see(struct proxies *proxies, const struct address *miner, const struct address *pool,
                 int64_t now_us);

/* The miners that were seen at this host since `since_us`; 0 where it is no proxy. */
uint32_t proxies_miners_behind(const struct proxies *proxies, const struct address *address,
                               int64_t since_us);

#endif
