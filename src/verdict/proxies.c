// SPDX-License-Identifier: Apache-2.0
#include "verdict/proxies.h"

#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, MAX_POOLS = 4 };

struct contact {
    struct address address;
    int64_t last_us;
};

struct host {
    struct address address;
    struct contact pools[MAX_POOLS]; /* at which it mines */
    uint32_t pool_count;
    uint32_t miner_count, miner_room;
    struct contact *miners; /* that mine at it */
    struct host *chain_next, *older, *newer;
};

struct proxies {
    struct host *buckets[BUCKETS];
    struct host *newest, *oldest;
    uint32_t count;
    uint8_t secret[16];
};

struct proxies *proxies_create(const uint8_t secret[static 16])
{
    struct proxies *proxies = calloc(1, sizeof *proxies);
    if (proxies != NULL)
        memcpy(proxies->secret, secret, sizeof proxies->secret);
    return proxies;
}

static void free_host(struct host *host)
{
    free(host->miners);
    free(host);
}

void proxies_free(struct proxies *proxies)
{
    if (proxies == NULL)
        return;
    for (struct host *host = proxies->newest, *next; host != NULL; host = next) {
        next = host->older;
        free_host(host);
    }
    free(proxies);
}

/* ---- hosts ---- */

static uint32_t bucket_of(const struct proxies *proxies, const struct address *address)
{
    return (uint32_t)(siphash(proxies->secret, address, sizeof *address) % BUCKETS);
}

static struct host *find(const struct proxies *proxies, const struct address *address)
{
    struct host *host = proxies->buckets[bucket_of(proxies, address)];
    while (host != NULL && !address_equal(&host->address, address))
        host = host->chain_next;
    return host;
}

static void unlink_from_order(struct proxies *proxies, struct host *host)
{
    *(host->newer != NULL ? &host->newer->older : &proxies->newest) = host->older;
    *(host->older != NULL ? &host->older->newer : &proxies->oldest) = host->newer;
}

static void make_newest(struct proxies *proxies, struct host *host)
{
    host->newer = NULL;
    host->older = proxies->newest;
    /* forget_oldest() takes a host out of the list before it frees it, which the analyser does not see */
    struct host **behind = proxies->newest != NULL ? &proxies->newest->newer : &proxies->oldest;
    *behind = host; /* NOLINT(clang-analyzer-unix.Malloc) */
    proxies->newest = host;
}

static void forget_oldest(struct proxies *proxies)
{
    struct host *host = proxies->oldest, **link = &proxies->buckets[bucket_of(proxies, &host->address)];
    while (*link != host)
        link = &(*link)->chain_next;
    *link = host->chain_next;
    unlink_from_order(proxies, host);
    proxies->count--;
    free_host(host);
}

/* Finds or makes, and marks as the one that was seen latest; NULL where memory is short. */
static struct host *get(struct proxies *proxies, const struct address *address)
{
    struct host *host = find(proxies, address);
    if (host != NULL) {
        unlink_from_order(proxies, host);
        make_newest(proxies, host);
        return host;
    }
    if (proxies->count >= PROXIES_MAX_HOSTS)
        forget_oldest(proxies);
    host = calloc(1, sizeof *host);
    if (host == NULL)
        return NULL;
    struct host **bucket = &proxies->buckets[bucket_of(proxies, address)];
    host->address = *address;
    host->chain_next = *bucket;
    *bucket = host;
    make_newest(proxies, host);
    proxies->count++;
    return host;
}

/* ---- contacts ---- */

/* The contact's place in the list, or that of the one that was quiet for longest where the list is full. */
static void see_contact(struct contact *list, uint32_t *count, uint32_t room, const struct address *address,
                        int64_t now_us)
{
    uint32_t at = 0, quiet = 0;
    while (at < *count && !address_equal(&list[at].address, address)) {
        if (list[at].last_us < list[quiet].last_us)
            quiet = at;
        at++;
    }
    if (at == *count && *count == room)
        at = quiet;
    else if (at == *count)
        *count += 1;
    list[at] = (struct contact){*address, now_us};
}

static bool grow(struct host *host)
{
    if (host->miner_count < host->miner_room || host->miner_room == PROXIES_MAX_MINERS)
        return true;
    uint32_t room = host->miner_room == 0 ? 4 : host->miner_room * 2;
    struct contact *grown = realloc(host->miners, room * sizeof *grown);
    if (grown == NULL)
        return false;
    host->miners = grown;
    host->miner_room = room;
    return true;
}

void proxies_see(struct proxies *proxies, const struct address *miner, const struct address *pool,
                 int64_t now_us)
{
    if (address_equal(miner, pool))
        return; /* both on one host: nothing is behind anything */
    struct host *below = get(proxies, miner);
    if (below != NULL)
        see_contact(below->pools, &below->pool_count, MAX_POOLS, pool, now_us);
    struct host *above = get(proxies, pool);
    if (above != NULL && grow(above))
        see_contact(above->miners, &above->miner_count, above->miner_room, miner, now_us);
}

static bool mines_elsewhere(const struct host *host, int64_t since_us)
{
    for (uint32_t i = 0; i < host->pool_count; i++) {
        bool back = false; /* two hosts that mine at each other are no proxies: roles were mistaken */
        for (uint32_t k = 0; k < host->miner_count; k++)
            back |= address_equal(&host->miners[k].address, &host->pools[i].address);
        if (!back && host->pools[i].last_us >= since_us)
            return true;
    }
    return false;
}

uint32_t proxies_miners_behind(const struct proxies *proxies, const struct address *address, int64_t since_us)
{
    const struct host *host = find(proxies, address);
    uint32_t count = 0;
    if (host == NULL || host->miner_count < 2 || !mines_elsewhere(host, since_us))
        return 0;
    for (uint32_t i = 0; i < host->miner_count; i++)
        count += host->miners[i].last_us >= since_us;
    return count >= 2 ? count : 0;
}
