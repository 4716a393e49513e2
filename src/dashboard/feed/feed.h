// SPDX-License-Identifier: Apache-2.0
/*
 * What firewalls are told to block: pools that miners were seen at, by address and by name. A view is made of
 * all that was seen, at one moment, and never changes; the formats write it out. Nothing that comes from the
 * wire is listed but addresses and host names that were read and are written again by this program.
 */
#ifndef DASHBOARD_FEED_FEED_H
#define DASHBOARD_FEED_FEED_H

#include "base/address.h"
#include "base/host_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feed_type { FEED_ADDRESS, FEED_NAME, FEED_TYPE_COUNT };

/* Which class of verdict (docs/verdicts.md) an entry needs. */
enum feed_verdict { FEED_VERDICT_NONE, FEED_SUSPECTED, FEED_LIKELY, FEED_CONFIRMED };

enum feed_verdict feed_verdict_read(const char *name); /* FEED_VERDICT_NONE where it is none of them */
const char *feed_verdict_name(enum feed_verdict verdict);

/* One incident, or one alert of it, as Redis holds it (docs/redis.md). Texts are hostile, never NULL, and
 * live longer than the view. */
struct feed_sighting {
    const char *sensor, *incident, *kind, *dialect, *carrier, *coin, *miner, *wallet;
    const char *pool;      /* "pool.example:3333", "203.0.113.9:3333", "[2001:db8::9]:3333", "pool.example" */
    const char *pool_ip;   /* "" where only the name was asked for */
    const char *name_from; /* how the name is known: "list", "conversation", "dns", "dns-of-others", "" */
    const char *other_name; /* a name of that address that is no pool's; "" where none is known */
    const char *as_org;
    uint32_t as_number;
    enum feed_verdict verdict;
    double confidence;
    int64_t first_us, last_us;
    const char *sanctioned; /* the allow list's reason; NULL where the sensor's does not cover it */
    const char *evidence; /* lines of weight, words and detail with tabs between them, the weightiest first */
};

struct feed_allow;

struct feed_policy {
    enum feed_verdict verdict; /* at least */
    int64_t keep_us;           /* an entry leaves that long after its pool was last seen */
    size_t max_entries;        /* addresses and names together */
    const struct feed_allow *allow;
};

/* Why an entry is withheld; FEED_LISTED where it is not. */
enum feed_guard {
    FEED_LISTED,
#define GUARD(name, word, sentence) FEED_GUARD_##name,
#include "dashboard/feed/feed_guards.def"
#undef GUARD
    FEED_GUARD_COUNT
};

const char *feed_guard_word(enum feed_guard guard);     /* "private", for programs */
const char *feed_guard_sentence(enum feed_guard guard); /* for people */

/* What one sighting says of one pool. */
struct feed_candidate {
    const struct feed_sighting *sighting;
    enum feed_type type;
    bool proxied; /* the other end was a proxy on the way, and the address is its */
    struct address address;
    char name[HOST_NAME_MAX_LENGTH + 1]; /* folded where it is a host name, else as it came */
};

struct feed_entry {
    const struct feed_candidate *candidates; /* of one address or name; the surest first */
    size_t count;
    enum feed_verdict verdict;
    double confidence;
    int64_t since_us, last_us, until_us;
    enum feed_guard guard;
    const char *detail; /* what the guard knew: whose network it is; "" where nothing */
};

struct feed_view {
    struct feed_entry *entries; /* addresses in their order (IPv4 first), then names in theirs; each once */
    size_t count, listed;
    int64_t time_us;
    struct feed_policy policy;
    struct feed_candidate *candidates; /* what entries point into */
    struct address *miners;            /* sorted, those of all sightings */
    size_t miner_count;
};

/* NULL where memory ran out. */
struct feed_view *feed_view_build(const struct feed_policy *policy, const struct feed_sighting *sightings,
                                  size_t count, int64_t now_us);
void feed_view_free(struct feed_view *view); /* NULL is fine */

/* "203.0.113.9", "2001:db8::9" or "pool.example"; `text` is used for addresses only. */
const char *feed_entry_text(const struct feed_entry *entry, char text[static ADDRESS_TEXT_SIZE]);

#endif
