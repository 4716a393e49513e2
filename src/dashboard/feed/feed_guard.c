// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_guard.h"

#include "base/host_name.h"
#include "base/network.h"
#include "dashboard/feed/feed_allow.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A guard: whether it keeps the entry back; it may set the detail. */
typedef bool guard_applies(const struct feed_view *view, const struct feed_entry *entry, const char **detail);

/* `name` is `suffix` or lies under it. */
static bool is_under(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length >= tail && strcmp(name + length - tail, suffix) == 0 &&
           (length == tail || name[length - tail - 1] == '.');
}

const char *feed_well_known(const char *name)
{
    static const char *const names[] = {
#define SHARED(network, owner)
#define SHARED_AS(number, owner)
#define WELL_KNOWN(name) name,
#include "dashboard/feed/feed_shared.def"
#undef SHARED
#undef SHARED_AS
#undef WELL_KNOWN
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is_under(name, names[i]))
            return names[i];
    return NULL;
}

static const char *owner_of_as(uint32_t number)
{
    static const struct {
        uint32_t number;
        const char *owner;
    } systems[] = {
#define SHARED(network, owner)
#define SHARED_AS(number, owner) {number, owner},
#define WELL_KNOWN(name)
#include "dashboard/feed/feed_shared.def"
#undef SHARED
#undef SHARED_AS
#undef WELL_KNOWN
    };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        if (systems[i].number == number)
            return systems[i].owner;
    return NULL;
}

static const struct {
    const char *network, *owner;
} shared[] = {
#define SHARED(network, owner) {network, owner},
#define SHARED_AS(number, owner)
#define WELL_KNOWN(name)
#include "dashboard/feed/feed_shared.def"
#undef SHARED
#undef SHARED_AS
#undef WELL_KNOWN
};

enum { SHARED_COUNT = sizeof shared / sizeof shared[0] };

static struct network shared_networks[SHARED_COUNT]; /* the same, read once */

static void read_shared(void)
{
    for (size_t i = 0; i < SHARED_COUNT; i++) {
        enum network_fault fault = network_parse(shared[i].network, &shared_networks[i]);
        assert(fault == NETWORK_GOOD); /* what test_feed_guard.c promises of the table */
        (void)fault;
    }
}

const char *feed_shared_owner(const struct address *address, uint32_t as_number)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_shared);
    for (size_t i = 0; i < SHARED_COUNT; i++) {
        struct address masked = network_mask(address, shared_networks[i].prefix);
        if (address_equal(&masked, &shared_networks[i].address))
            return shared[i].owner;
    }
    return owner_of_as(as_number);
}

/* Names that the Internet's name service does not have, or only for a network of one's own: RFC 6761, 6762,
 * 8375, and those that are used so without one. */
static bool is_special_name(const char *name)
{
    static const char *const special[] = {"local", "localhost", "localdomain", "invalid",
                                          "onion", "arpa",      "internal",    "intranet",
                                          "lan",   "home",      "corp",        "private"};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (is_under(name, special[i]))
            return true;
    return false;
}

/* Labels begin and end with no hyphen (RFC 952). The last is of letters, or an internationalised one, as all
 * that exist are: a number would make it an address to some readers ("1.2.3"), and "rpz-ip" or
 * "rpz-client-ip" an address to a response policy zone. */
static bool is_good_name(const char *name)
{
    const char *last = strrchr(name, '.');
    if (!host_name_is_good(name) || last == NULL || name[0] == '-' || strstr(name, "-.") != NULL ||
        strstr(name, ".-") != NULL || name[strlen(name) - 1] == '-')
        return false;
    return last[1 + strspn(last + 1, "abcdefghijklmnopqrstuvwxyz")] == '\0' || strncmp(last, ".xn--", 5) == 0;
}

static bool applies_no_name(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)view, (void)detail;
    return entry->candidates[0].type == FEED_NAME && !is_good_name(entry->candidates[0].name);
}

/* Also what no traffic goes to: 192.0.0.0/24 (RFC 6890), benchmarks (RFC 2544), 240.0.0.0/4 (RFC 1112); the
 * documentation's networks are left alone, as examples and tests are written with them. */
static bool is_private_address(const struct address *address)
{
    const uint8_t *ipv4 = address->bytes + 12;
    if (address_is_local(address))
        return true;
    return address_is_ipv4(address) && ((ipv4[0] == 192 && ipv4[1] == 0 && ipv4[2] == 0) ||
                                        (ipv4[0] == 198 && (ipv4[1] & 0xfe) == 18) || ipv4[0] >= 240);
}

static bool applies_private(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)view;
    if (entry->candidates[0].type == FEED_ADDRESS)
        return is_private_address(&entry->candidates[0].address);
    for (size_t i = 0; i < entry->count; i++) {
        const struct feed_sighting *sighting = entry->candidates[i].sighting;
        struct address address;
        if (is_special_name(entry->candidates[i].name))
            return true;
        if (entry->candidates[i].proxied || !address_parse(sighting->pool_ip, &address) ||
            !is_private_address(&address))
            continue;
        *detail = sighting->pool_ip;
        return true;
    }
    return false;
}

static int compare_addresses(const void *a, const void *b)
{
    return address_compare(a, b);
}

static bool applies_miner(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)detail;
    return entry->candidates[0].type == FEED_ADDRESS &&
           bsearch(&entry->candidates[0].address, view->miners, view->miner_count, sizeof *view->miners,
                   compare_addresses) != NULL;
}

static bool applies_sanctioned(const struct feed_view *view, const struct feed_entry *entry,
                               const char **detail)
{
    (void)view;
    for (size_t i = 0; i < entry->count; i++)
        if (entry->candidates[i].sighting->sanctioned != NULL) {
            *detail = entry->candidates[i].sighting->sanctioned;
            return true;
        }
    return false;
}

static bool applies_allowed(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    const struct feed_candidate *candidate = &entry->candidates[0];
    const char *reason = candidate->type == FEED_ADDRESS
                             ? feed_allow_address(view->policy.allow, &candidate->address, view->time_us)
                             : feed_allow_name(view->policy.allow, candidate->name, view->time_us);
    if (reason != NULL)
        *detail = reason;
    return reason != NULL;
}

static bool applies_well_known(const struct feed_view *view, const struct feed_entry *entry,
                               const char **detail)
{
    (void)view;
    const char *name =
        entry->candidates[0].type == FEED_NAME ? feed_well_known(entry->candidates[0].name) : NULL;
    if (name != NULL)
        *detail = name;
    return name != NULL;
}

/* Names that a miner asked for, that the conversation says, or that are on a list of pools; each sighting
 * tells. */
static bool applies_guessed(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    static const char *const known[] = {"list", "conversation", "dns"};
    (void)view, (void)detail;
    if (entry->candidates[0].type != FEED_NAME)
        return false;
    for (size_t i = 0; i < entry->count; i++)
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            if (strcmp(entry->candidates[i].sighting->name_from, known[k]) == 0)
                return false;
    return true;
}

static bool applies_shared(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)view;
    if (entry->candidates[0].type != FEED_ADDRESS)
        return false;
    uint32_t as_number = 0;
    for (size_t i = 0; i < entry->count && as_number == 0; i++)
        as_number = entry->candidates[i].sighting->as_number;
    const char *owner = feed_shared_owner(&entry->candidates[0].address, as_number);
    if (owner != NULL)
        *detail = owner;
    return owner != NULL;
}

static bool applies_other_name(const struct feed_view *view, const struct feed_entry *entry,
                               const char **detail)
{
    (void)view;
    if (entry->candidates[0].type != FEED_ADDRESS)
        return false;
    for (size_t i = 0; i < entry->count; i++) {
        const struct feed_candidate *candidate = &entry->candidates[i];
        if (candidate->proxied || candidate->sighting->other_name[0] == '\0')
            continue;
        *detail = candidate->sighting->other_name;
        return true;
    }
    return false;
}

static bool applies_proxied(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)view, (void)detail;
    return entry->candidates[0].type == FEED_ADDRESS && entry->candidates[0].proxied; /* then all are */
}

static bool applies_verdict(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    *detail = feed_verdict_name(entry->verdict);
    return entry->verdict < view->policy.verdict;
}

static bool applies_expired(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)detail;
    return entry->until_us <= view->time_us;
}

static bool applies_cap(const struct feed_view *view, const struct feed_entry *entry, const char **detail)
{
    (void)view, (void)entry, (void)detail;
    return false; /* feed_view.c knows when all are there */
}

void feed_guard_judge(const struct feed_view *view, struct feed_entry *entry)
{
    static guard_applies *const guards[] = {
        NULL,
#define GUARD(name, word, sentence) applies_##name,
#include "dashboard/feed/feed_guards.def"
#undef GUARD
    };
    for (int guard = FEED_LISTED + 1; guard < FEED_GUARD_COUNT; guard++) {
        const char *detail = "";
        if (guards[guard](view, entry, &detail)) {
            entry->guard = (enum feed_guard)guard;
            entry->detail = detail;
            return;
        }
    }
}
