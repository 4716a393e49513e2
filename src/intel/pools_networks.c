// SPDX-License-Identifier: Apache-2.0
#include "intel/pools_networks.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

void pools_networks_done(struct pools_networks *networks)
{
    free(networks->rules);
}

/* Digits alone; false where it is no port. */
static bool read_port(const char *text, unsigned *number)
{
    *number = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '\0')
        return false;
    for (; *text != '\0'; text++)
        *number = *number * 10 + (unsigned)(*text - '0');
    return *number <= UINT16_MAX;
}

static bool make_room(struct pools_networks *networks)
{
    if (networks->count < networks->size)
        return true;
    size_t size = networks->size == 0 ? FIRST_SIZE : networks->size * 2;
    struct pools_network *rules = realloc(networks->rules, size * sizeof *rules);
    if (rules == NULL)
        return false;
    networks->rules = rules;
    networks->size = size;
    return true;
}

bool pools_networks_take(void *taker, const struct pools_line *line, struct error *error)
{
    struct pools_networks *networks = taker;
    struct pools_network rule = {
        .rule = line->rule, .file = networks->file, .line = line->number, .off = line->off};
    unsigned port = 0;
    enum network_fault fault = network_parse(line->rule.pattern, &rule.network);
    if (fault == NETWORK_NONE)
        return pools_line_error(line, error,
                                "the first column is no address or network, or is wider than /8 (IPv6: /16)",
                                line->rule.pattern);
    if (fault == NETWORK_BITS_BEHIND)
        return pools_line_error(line, error, "the network has bits set behind its prefix",
                                line->rule.pattern);
    if (line->second[0] != '\0' && !read_port(line->second, &port))
        return pools_line_error(line, error, "the second column is no port; write - for any", line->second);
    rule.rule.port = (uint16_t)port;
    if (!make_room(networks))
        return error_set(error, STATUS_FAILED, "out of memory while loading %s", line->path);
    networks->rules[networks->count++] = rule;
    return true;
}

/* In the order of the search. */
static int compare_keys(const struct pools_network *a, const struct pools_network *b)
{
    if (a->network.prefix != b->network.prefix)
        return a->network.prefix > b->network.prefix ? -1 : 1;
    int order = address_compare(&a->network.address, &b->network.address);
    return order != 0 ? order : (a->rule.port > b->rule.port) - (a->rule.port < b->rule.port);
}

/* Of rules for the same thing the one of the later file first. */
static int compare(const void *a, const void *b)
{
    const struct pools_network *x = a, *y = b;
    int order = compare_keys(x, y);
    if (order == 0)
        order = (x->file < y->file) - (x->file > y->file);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static void note_lengths(struct pools_networks *networks)
{
    for (size_t i = 0; i < networks->count; i++) {
        if (i == 0 || networks->rules[i].network.prefix != networks->rules[i - 1].network.prefix) {
            networks->lengths[networks->length_count].first = i;
            networks->lengths[networks->length_count++].prefix = networks->rules[i].network.prefix;
        }
        networks->lengths[networks->length_count - 1].count++;
    }
}

/* ---- beginnings: most addresses begin as no rule's network does, and are looked up no further ---- */

static unsigned beginning_of(const struct address *address)
{
    const uint8_t *b = address->bytes;
    if (address_is_ipv4(address))
        return (unsigned)b[12] << 8 | b[13];
    return ((unsigned)b[0] << 8 | b[1]) ^ ((unsigned)b[2] << 8 | b[3]);
}

/* A network that is wider than a beginning has many; those around ::ffff:0:0/96 hold IPv4 as well. */
static void note_beginning(struct pools_networks *networks, const struct network *network)
{
    static const uint8_t zeros[4];
    bool is_ipv4 = address_is_ipv4(&network->address);
    bool is_wide = is_ipv4 ? network->prefix < 96 + 16
                           : network->prefix < 32 || memcmp(network->address.bytes, zeros, 4) == 0;
    unsigned bit = beginning_of(&network->address);
    if (is_wide)
        memset(networks->beginnings, 0xff, sizeof networks->beginnings);
    else
        networks->beginnings[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool may_begin(const struct pools_networks *networks, const struct address *address)
{
    unsigned bit = beginning_of(address);
    return (networks->beginnings[bit / 64] >> bit % 64 & 1) != 0;
}

bool pools_networks_sort(struct pools_networks *networks, struct error *error)
{
    size_t kept = 0;
    if (networks->count > 0)
        qsort(networks->rules, networks->count, sizeof networks->rules[0], compare);
    for (size_t i = 0; i < networks->count; i++) {
        const struct pools_network *rule = &networks->rules[i];
        const struct pools_network *before = kept == 0 ? NULL : &networks->rules[kept - 1];
        if (before == NULL || compare_keys(before, rule) != 0)
            networks->rules[kept++] = *rule;
        else if (before->file == rule->file)
            return error_set(error, STATUS_CONFIGURATION,
                             "the signatures name %s port %u twice: in lines %u and %u", rule->rule.pattern,
                             rule->rule.port, before->line, rule->line);
    }
    networks->count = kept;
    note_lengths(networks);
    for (size_t i = 0; i < kept; i++)
        note_beginning(networks, &networks->rules[i].network);
    return true;
}

static const struct pools_network *search(const struct pools_network *rules, size_t count,
                                          const struct pools_network *key)
{
    while (count > 0) {
        size_t half = count / 2;
        int order = compare_keys(key, &rules[half]);
        if (order == 0)
            return &rules[half];
        if (order > 0) {
            rules += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return NULL;
}

const struct pool_rule *pools_networks_find(const struct pools_networks *networks,
                                            const struct address *address, uint16_t port)
{
    for (size_t i = 0; may_begin(networks, address) && i < networks->length_count; i++) {
        struct pools_network key = {.network.prefix = networks->lengths[i].prefix, .rule.port = port};
        key.network.address = network_mask(address, key.network.prefix);
        const struct pools_network *rules = networks->rules + networks->lengths[i].first;
        const struct pools_network *found = search(rules, networks->lengths[i].count, &key);
        if (found == NULL) {
            key.rule.port = 0;
            found = search(rules, networks->lengths[i].count, &key);
        }
        if (found != NULL)
            return found->off ? NULL : &found->rule;
    }
    return NULL;
}
