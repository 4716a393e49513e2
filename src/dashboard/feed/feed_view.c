// SPDX-License-Identifier: Apache-2.0
/*
 * From what was seen to what is listed: every sighting gives at most an address and a name, those of one pool
 * are brought together by sorting, and each of these entries is held against the guards.
 */
#include "dashboard/feed/feed.h"
#include "dashboard/feed/feed_guard.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_HOST = 300 }; /* of "pool.example:3333": what is longer is no name */

enum feed_verdict feed_verdict_read(const char *name)
{
    for (int verdict = FEED_SUSPECTED; verdict <= FEED_CONFIRMED; verdict++)
        if (strcmp(name, feed_verdict_name((enum feed_verdict)verdict)) == 0)
            return (enum feed_verdict)verdict;
    return FEED_VERDICT_NONE;
}

const char *feed_verdict_name(enum feed_verdict verdict)
{
    static const char *const names[] = {"none", "suspected", "likely", "confirmed"};
    return names[verdict];
}

const char *feed_guard_word(enum feed_guard guard)
{
    static const char *const words[] = {
        "listed",
#define GUARD(name, word, sentence) word,
#include "dashboard/feed/feed_guards.def"
#undef GUARD
    };
    return words[guard];
}

const char *feed_guard_sentence(enum feed_guard guard)
{
    static const char *const sentences[] = {
        "miners were seen there",
#define GUARD(name, word, sentence) sentence,
#include "dashboard/feed/feed_guards.def"
#undef GUARD
    };
    return sentences[guard];
}

/* ---- candidates ---- */

/* A carrier behind which the other end of the connection is not the pool ("socks5/websocket"). */
static bool is_proxied(const char *carrier)
{
    static const char *const proxies[] = {"socks", "http-connect", "proxy-"};
    for (const char *part = carrier; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++)
            if (strncmp(part, proxies[i], strlen(proxies[i])) == 0)
                return true;
    }
    return false;
}

/* "pool.example:3333", "[2001:db8::9]:3333" without brackets and port; false where it is too long for a host.
 */
static bool host_of(const char *pool, char host[static MAX_HOST])
{
    size_t length = strnlen(pool, MAX_HOST);
    if (length == MAX_HOST)
        return false;
    if (pool[0] == '[') {
        pool++;
        length = strcspn(pool, "]");
    } else {
        const char *port = strrchr(pool, ':');
        if (port != NULL && port[1] != '\0' && port[1 + strspn(port + 1, "0123456789")] == '\0')
            length = (size_t)(port - pool);
    }
    memcpy(host, pool, length);
    host[length] = '\0';
    return true;
}

/* What is no host name at all keeps its bytes, so that the reasons can show what was refused. */
static bool take_name(const struct feed_sighting *sighting, struct feed_candidate *candidate)
{
    char host[MAX_HOST], folded[HOST_NAME_MAX_LENGTH + 1];
    struct address address;
    if (!host_of(sighting->pool, host) || host[0] == '\0' || address_parse(host, &address))
        return false;
    if (host_name_fold(host, folded) == 0)
        return false;
    *candidate = (struct feed_candidate){
        .sighting = sighting, .type = FEED_NAME, .proxied = is_proxied(sighting->carrier)};
    memcpy(candidate->name, folded, sizeof folded);
    return true;
}

static bool take_address(const struct feed_sighting *sighting, struct feed_candidate *candidate)
{
    struct address address;
    if (!address_parse(sighting->pool_ip, &address))
        return false;
    *candidate = (struct feed_candidate){.sighting = sighting,
                                         .type = FEED_ADDRESS,
                                         .proxied = is_proxied(sighting->carrier),
                                         .address = address};
    return true;
}

/* Which pool a candidate is about: IPv4, IPv6, names. */
static int compare_keys(const struct feed_candidate *a, const struct feed_candidate *b)
{
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->type == FEED_NAME)
        return strcmp(a->name, b->name);
    bool a_is_ipv4 = address_is_ipv4(&a->address), b_is_ipv4 = address_is_ipv4(&b->address);
    if (a_is_ipv4 != b_is_ipv4)
        return a_is_ipv4 ? -1 : 1;
    return address_compare(&a->address, &b->address);
}

/* The surest of one pool first; the rest makes the order the same however the sightings came. */
static int compare_candidates(const void *first, const void *second)
{
    const struct feed_candidate *a = first, *b = second;
    int order = compare_keys(a, b);
    if (order != 0)
        return order;
    if (a->type == FEED_ADDRESS && a->proxied != b->proxied)
        return a->proxied ? 1 : -1;
    if (a->sighting->verdict != b->sighting->verdict)
        return a->sighting->verdict > b->sighting->verdict ? -1 : 1;
    if (a->sighting->first_us != b->sighting->first_us)
        return a->sighting->first_us < b->sighting->first_us ? -1 : 1;
    order = strcmp(a->sighting->incident, b->sighting->incident);
    return order != 0 ? order : strcmp(a->sighting->sensor, b->sighting->sensor);
}

static int compare_addresses(const void *a, const void *b)
{
    return address_compare(a, b);
}

/* ---- entries ---- */

/* What counts for the verdict: what is not too old; for an address what was not through a proxy, unless all
 * was (what was not stands first). */
static bool counts(const struct feed_view *view, const struct feed_entry *entry,
                   const struct feed_candidate *candidate)
{
    bool same_way = candidate->type == FEED_NAME || candidate->proxied == entry->candidates[0].proxied;
    return same_way && candidate->sighting->last_us > view->time_us - view->policy.keep_us;
}

static void fill_entry(const struct feed_view *view, struct feed_entry *entry)
{
    bool any = false;
    entry->since_us = entry->last_us = entry->candidates[0].sighting->last_us;
    for (size_t i = 0; i < entry->count; i++) {
        const struct feed_sighting *sighting = entry->candidates[i].sighting;
        if (!counts(view, entry, &entry->candidates[i]))
            continue;
        if (!any || sighting->first_us < entry->since_us)
            entry->since_us = sighting->first_us;
        if (!any || sighting->last_us > entry->last_us)
            entry->last_us = sighting->last_us;
        any = true;
        if (sighting->verdict > entry->verdict ||
            (sighting->verdict == entry->verdict && sighting->confidence > entry->confidence)) {
            entry->verdict = sighting->verdict;
            entry->confidence = sighting->confidence;
        }
    }
    if (!any) /* all too old: what it was is told */
        entry->verdict = entry->candidates[0].sighting->verdict;
    entry->until_us = entry->last_us + view->policy.keep_us;
}

/* Most certain first, then those that were seen by most, then the latest. */
static int compare_certainty(const void *first, const void *second)
{
    const struct feed_entry *a = *(struct feed_entry *const *)first, *b = *(struct feed_entry *const *)second;
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict ? -1 : 1;
    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->last_us != b->last_us)
        return a->last_us > b->last_us ? -1 : 1;
    return a < b ? -1 : 1; /* entries stand in the order of their keys */
}

static bool cap_entries(struct feed_view *view)
{
    if (view->listed <= view->policy.max_entries)
        return true;
    struct feed_entry **order = malloc(view->listed * sizeof(struct feed_entry *));
    if (order == NULL)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++)
        if (view->entries[i].guard == FEED_LISTED)
            order[count++] = &view->entries[i];
    qsort(order, count, sizeof *order, compare_certainty);
    for (size_t i = view->policy.max_entries; i < count; i++)
        order[i]->guard = FEED_GUARD_cap;
    view->listed = view->policy.max_entries;
    free(order);
    return true;
}

static bool make_entries(struct feed_view *view, size_t candidate_count)
{
    view->entries = calloc(candidate_count + 1, sizeof *view->entries);
    if (view->entries == NULL)
        return false;
    for (size_t i = 0; i < candidate_count; i++) {
        const struct feed_candidate *candidate = &view->candidates[i];
        if (i == 0 || compare_keys(candidate - 1, candidate) != 0)
            view->entries[view->count++] = (struct feed_entry){.candidates = candidate, .detail = ""};
        view->entries[view->count - 1].count++;
    }
    for (size_t i = 0; i < view->count; i++) {
        fill_entry(view, &view->entries[i]);
        feed_guard_judge(view, &view->entries[i]);
        view->listed += view->entries[i].guard == FEED_LISTED;
    }
    return cap_entries(view);
}

struct feed_view *feed_view_build(const struct feed_policy *policy, const struct feed_sighting *sightings,
                                  size_t count, int64_t now_us)
{
    struct feed_view *view = calloc(1, sizeof *view);
    if (view == NULL)
        return NULL;
    *view = (struct feed_view){.policy = *policy, .time_us = now_us};
    view->candidates = malloc((2 * count + 1) * sizeof *view->candidates);
    view->miners = malloc((count + 1) * sizeof *view->miners);
    if (view->candidates == NULL || view->miners == NULL) {
        feed_view_free(view);
        return NULL;
    }
    size_t candidates = 0;
    for (size_t i = 0; i < count; i++) {
        candidates += take_address(&sightings[i], &view->candidates[candidates]);
        candidates += take_name(&sightings[i], &view->candidates[candidates]);
        view->miner_count += address_parse(sightings[i].miner, &view->miners[view->miner_count]);
    }
    qsort(view->candidates, candidates, sizeof *view->candidates, compare_candidates);
    qsort(view->miners, view->miner_count, sizeof *view->miners, compare_addresses);
    if (!make_entries(view, candidates)) {
        feed_view_free(view);
        return NULL;
    }
    return view;
}

void feed_view_free(struct feed_view *view)
{
    if (view == NULL)
        return;
    free(view->entries);
    free(view->candidates);
    free(view->miners);
    free(view);
}

const char *feed_entry_text(const struct feed_entry *entry, char text[static ADDRESS_TEXT_SIZE])
{
    const struct feed_candidate *candidate = &entry->candidates[0];
    return candidate->type == FEED_NAME ? candidate->name : address_format(&candidate->address, text);
}
