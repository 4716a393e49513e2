// SPDX-License-Identifier: Apache-2.0
#include "intel/places_rules.h"

#include "base/network.h"
#include "base/siphash.h"
#include "config/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_FILE_BYTES = 16 << 20,
    FIRST_RULES = 64,
    PREFIXES = 129,
    MAX_VNI = (1 << 28) - 1, /* Google's network identifiers are the widest */
    MAX_VLAN = 4095,
};

enum given { PROVIDER, ACCOUNT, REGION, VPC, LABEL, GIVEN_COUNT };

static const struct given_field {
    const char *name;
    size_t offset, size;
} given_fields[GIVEN_COUNT] = {
    [PROVIDER] = {"provider", offsetof(struct cloud_place, provider),
                  sizeof((struct cloud_place *)0)->provider},
    [ACCOUNT] = {"account", offsetof(struct cloud_place, account), sizeof((struct cloud_place *)0)->account},
    [REGION] = {"region", offsetof(struct cloud_place, region), sizeof((struct cloud_place *)0)->region},
    [VPC] = {"vpc", offsetof(struct cloud_place, vpc), sizeof((struct cloud_place *)0)->vpc},
    [LABEL] = {"label", offsetof(struct cloud_place, label), sizeof((struct cloud_place *)0)->label},
};

/* What a rule asks for; what it does not ask for has no bit in `asks`. */
enum { ASKS_VNI = 1, ASKS_OUTER = 2, ASKS_VLAN = 4, ASKS_SUBNET = 8, ASKS_SENSOR = 16 };

struct rule {
    char *texts[GIVEN_COUNT]; /* NULL: not given */
    struct network outer, subnet;
    uint32_t vni;
    uint16_t vlan;
    uint8_t asks;
    uint32_t order; /* in the file */
    uint32_t next;  /* rule + 1 of the same slot */
};

struct places_rules {
    struct rule *rules; /* the most specific first */
    size_t count, size;
    uint32_t *slots; /* rule + 1; 0: none */
    size_t slot_count;
    uint32_t everywhere; /* rules that ask for nothing but the sensor: rule + 1 */
    bool outer_prefixes[PREFIXES], subnet_prefixes[PREFIXES]; /* that occur */
    uint8_t secret[16];
};

/* ---- reading ---- */

struct reader {
    struct places_rules *rules;
    const char *path, *sensor;
    unsigned depth; /* 0: the file, 1: its list, 2: a rule */
    bool has_key, other_sensor, has_list;
    char key[32];
    struct document_place begun;
    struct rule rule;
};

#define FAIL(...) document_fail(reader->path, event->place, error, __VA_ARGS__)

static void rule_done(struct rule *rule)
{
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        free(rule->texts[i]);
    *rule = (struct rule){0};
}

static bool read_number(const char *text, unsigned long max, unsigned long *number)
{
    char *end;
    if (text[0] < '0' || text[0] > '9' || strlen(text) > 10)
        return false;
    *number = strtoul(text, &end, 10);
    return *end == '\0' && *number <= max;
}

static bool take_network(struct reader *reader, const struct document_event *event, uint8_t bit,
                         struct network *network, struct error *error)
{
    if (network_parse(event->text, network) != NETWORK_GOOD)
        return FAIL(
            "'%s' must be an address or a network such as 10.1.0.0/16 (no wider than /8, IPv6 /16, and no "
            "bits behind its prefix), not '%.60s'",
            reader->key, event->text);
    reader->rule.asks |= bit;
    return true;
}

static bool take_number(struct reader *reader, const struct document_event *event, uint8_t bit,
                        unsigned long max, unsigned long *number, struct error *error)
{
    if (!read_number(event->text, max, number))
        return FAIL("'%s' must be a number up to %lu, not '%.60s'", reader->key, max, event->text);
    reader->rule.asks |= bit;
    return true;
}

/* What a rule asks for. */
static bool take_sign(struct reader *reader, const struct document_event *event, bool *known,
                      struct error *error)
{
    struct rule *rule = &reader->rule;
    unsigned long number = 0;
    bool good = true;
    *known = true;
    if (strcmp(reader->key, "vni") == 0) {
        good = take_number(reader, event, ASKS_VNI, MAX_VNI, &number, error);
        rule->vni = (uint32_t)number;
    } else if (strcmp(reader->key, "vlan") == 0) {
        good = take_number(reader, event, ASKS_VLAN, MAX_VLAN, &number, error);
        rule->vlan = (uint16_t)number;
    } else if (strcmp(reader->key, "outer") == 0) {
        good = take_network(reader, event, ASKS_OUTER, &rule->outer, error);
    } else if (strcmp(reader->key, "subnet") == 0) {
        good = take_network(reader, event, ASKS_SUBNET, &rule->subnet, error);
    } else if (strcmp(reader->key, "sensor") == 0) {
        rule->asks |= ASKS_SENSOR;
        reader->other_sensor = strcmp(event->text, reader->sensor) != 0;
    } else {
        *known = false;
    }
    return good;
}

static bool take_value(struct reader *reader, const struct document_event *event, struct error *error)
{
    bool known;
    if (event->text[0] == '\0' || event->is_null)
        return FAIL("'%s' has no value; leave it out", reader->key);
    if (!take_sign(reader, event, &known, error))
        return false;
    for (size_t i = 0; !known && i < GIVEN_COUNT; i++) {
        if (strcmp(reader->key, given_fields[i].name) != 0)
            continue;
        known = true;
        if (strlen(event->text) >= given_fields[i].size)
            return FAIL("'%s' is longer than %zu bytes", reader->key, given_fields[i].size - 1);
        reader->rule.texts[i] = strdup(event->text);
        if (reader->rule.texts[i] == NULL)
            return error_set(error, STATUS_FAILED, "out of memory while reading %s", reader->path);
    }
    return known ||
           FAIL("'%.31s' is nothing that a rule has; it asks for vni, outer, vlan, subnet, sensor, and gives "
                "provider, account, region, vpc, label",
                reader->key);
}

static bool is_twice(const struct reader *reader)
{
    static const struct {
        const char *name;
        uint8_t bit;
    } signs[] = {{"vni", ASKS_VNI},
                 {"outer", ASKS_OUTER},
                 {"vlan", ASKS_VLAN},
                 {"subnet", ASKS_SUBNET},
                 {"sensor", ASKS_SENSOR}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(reader->key, signs[i].name) == 0)
            return (reader->rule.asks & signs[i].bit) != 0;
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        if (strcmp(reader->key, given_fields[i].name) == 0)
            return reader->rule.texts[i] != NULL;
    return false;
}

static bool end_rule(struct reader *reader, const struct document_event *event, struct error *error)
{
    struct places_rules *rules = reader->rules;
    bool gives = false;
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        gives |= reader->rule.texts[i] != NULL;
    if (reader->rule.asks == 0 || !gives)
        return document_fail(reader->path, reader->begun, error, "this rule %s",
                             reader->rule.asks == 0
                                 ? "asks for nothing; name vni, outer, vlan, subnet or sensor"
                                 : "gives nothing; name provider, account, region, vpc or label");
    if (rules->count == PLACES_MAX_RULES)
        return FAIL("more than %d rules; name networks instead of addresses", PLACES_MAX_RULES);
    if (reader->other_sensor) {
        rule_done(&reader->rule);
        return true;
    }
    if (rules->count == rules->size) {
        size_t size = rules->size == 0 ? FIRST_RULES : rules->size * 2;
        struct rule *grown = realloc(rules->rules, size * sizeof *grown);
        if (grown == NULL)
            return error_set(error, STATUS_FAILED, "out of memory while reading %s", reader->path);
        rules->rules = grown;
        rules->size = size;
    }
    reader->rule.order = (uint32_t)rules->count;
    rules->rules[rules->count++] = reader->rule;
    reader->rule = (struct rule){0};
    return true;
}

static bool take_in_rule(struct reader *reader, const struct document_event *event, struct error *error)
{
    if (event->type == DOCUMENT_MAPPING_END) {
        reader->depth = 1;
        return end_rule(reader, event, error);
    }
    if (event->type != DOCUMENT_SCALAR)
        return FAIL("here must stand a single value");
    if (reader->has_key) {
        reader->has_key = false;
        return take_value(reader, event, error);
    }
    snprintf(reader->key, sizeof reader->key, "%s", event->text);
    reader->has_key = true;
    return !is_twice(reader) || FAIL("'%s' is there twice: remove one", reader->key);
}

static bool take_event(void *taker, const struct document_event *event, struct error *error)
{
    struct reader *reader = taker;
    if (reader->depth == 2)
        return take_in_rule(reader, event, error);
    if (reader->depth == 1 && event->type == DOCUMENT_MAPPING) {
        reader->depth = 2;
        reader->begun = event->place;
        reader->other_sensor = false;
        return true;
    }
    if (reader->depth == 1 && event->type == DOCUMENT_LIST_END) {
        reader->depth = 0;
        return true;
    }
    if (reader->depth == 0 && event->type == DOCUMENT_LIST) {
        reader->depth = 1;
        return true;
    }
    return FAIL("here must stand a list of rules, each of them beginning with a dash: "
                "- {vni: 4711, account: \"123456789012\"}");
}

/* ---- the table ---- */

/* Who names the tenant says more than who names a part of the network. */
static int compare_rules(const void *left, const void *right)
{
    const struct rule *a = left, *b = right;
    const int measures[][2] = {
        {(a->asks & ASKS_VNI) != 0, (b->asks & ASKS_VNI) != 0},
        {a->asks & ASKS_OUTER ? a->outer.prefix + 1 : 0, b->asks & ASKS_OUTER ? b->outer.prefix + 1 : 0},
        {(a->asks & ASKS_VLAN) != 0, (b->asks & ASKS_VLAN) != 0},
        {a->asks & ASKS_SUBNET ? a->subnet.prefix + 1 : 0, b->asks & ASKS_SUBNET ? b->subnet.prefix + 1 : 0},
        {(a->asks & ASKS_SENSOR) != 0, (b->asks & ASKS_SENSOR) != 0},
    };
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
        if (measures[i][0] != measures[i][1])
            return measures[i][0] > measures[i][1] ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static uint32_t *slot_of(const struct places_rules *rules, uint8_t kind, const void *bytes, size_t length)
{
    uint8_t key[1 + sizeof(struct address)] = {kind};
    memcpy(key + 1, bytes, length);
    return &rules->slots[siphash(rules->secret, key, 1 + length) & (rules->slot_count - 1)];
}

/* A rule is found by the first that it asks for. */
static uint32_t *slot_of_rule(struct places_rules *rules, const struct rule *rule)
{
    if (rule->asks & ASKS_VNI)
        return slot_of(rules, ASKS_VNI, &rule->vni, sizeof rule->vni);
    if (rule->asks & ASKS_OUTER) {
        rules->outer_prefixes[rule->outer.prefix] = true;
        return slot_of(rules, ASKS_OUTER, &rule->outer.address, sizeof rule->outer.address);
    }
    if (rule->asks & ASKS_VLAN)
        return slot_of(rules, ASKS_VLAN, &rule->vlan, sizeof rule->vlan);
    if (rule->asks & ASKS_SUBNET) {
        rules->subnet_prefixes[rule->subnet.prefix] = true;
        return slot_of(rules, ASKS_SUBNET, &rule->subnet.address, sizeof rule->subnet.address);
    }
    return &rules->everywhere;
}

static bool make_table(struct places_rules *rules)
{
    if (rules->count > 0)
        qsort(rules->rules, rules->count, sizeof *rules->rules, compare_rules);
    rules->slot_count = FIRST_RULES;
    while (rules->slot_count < rules->count * 2)
        rules->slot_count *= 2;
    rules->slots = calloc(rules->slot_count, sizeof *rules->slots);
    if (rules->slots == NULL)
        return false;
    siphash_make_secret(rules->secret);
    for (size_t i = rules->count; i-- > 0;) {
        uint32_t *slot = slot_of_rule(rules, &rules->rules[i]);
        rules->rules[i].next = *slot;
        *slot = (uint32_t)i + 1;
    }
    return true;
}

static bool read_file(struct places_rules *rules, const char *path, const char *sensor, struct error *error)
{
    struct reader reader = {.rules = rules, .path = path, .sensor = sensor};
    size_t length;
    char *text = document_load(path, "mapping of places", MAX_FILE_BYTES, &length, error);
    if (text == NULL)
        return false;
    bool good = document_read(text, length, path, take_event, &reader, error);
    rule_done(&reader.rule);
    free(text);
    return good;
}

struct places_rules *places_rules_load(const char *path, const char *sensor, struct error *error)
{
    struct places_rules *rules = calloc(1, sizeof *rules);
    if (rules == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the mapping of places");
        return NULL;
    }
    if (path[0] == '\0' || read_file(rules, path, sensor, error)) {
        if (make_table(rules))
            return rules;
        error_set(error, STATUS_FAILED, "out of memory for the mapping of places");
    }
    places_rules_free(rules);
    return NULL;
}

void places_rules_free(struct places_rules *rules)
{
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->count; i++)
        rule_done(&rules->rules[i]);
    free(rules->rules);
    free(rules->slots);
    free(rules);
}

size_t places_rules_count(const struct places_rules *rules)
{
    return rules->count;
}

/* ---- looking up ---- */

struct search {
    const struct places_rules *rules;
    const struct places_signs *signs;
    size_t best[GIVEN_COUNT]; /* the first rule that gives it; the number of rules: none */
    bool found, by_subnet;
};

static bool holds(const struct network *network, const struct address *address)
{
    struct address masked = network_mask(address, network->prefix);
    return address_equal(&masked, &network->address);
}

static bool applies(const struct rule *rule, const struct places_signs *signs)
{
    bool vni = (rule->asks & ASKS_VNI) == 0, vlan = (rule->asks & ASKS_VLAN) == 0;
    bool outer = (rule->asks & ASKS_OUTER) == 0;
    for (size_t i = 0; i < signs->vni_count; i++)
        vni |= signs->vnis[i] == rule->vni;
    for (size_t i = 0; i < signs->vlan_count; i++)
        vlan |= signs->vlans[i] == rule->vlan;
    for (size_t i = 0; i < signs->source_count; i++)
        outer |= holds(&rule->outer, &signs->sources[i]);
    return vni && vlan && outer && ((rule->asks & ASKS_SUBNET) == 0 || holds(&rule->subnet, &signs->address));
}

static void look_in(struct search *search, uint32_t at)
{
    for (; at != 0; at = search->rules->rules[at - 1].next) {
        const struct rule *rule = &search->rules->rules[at - 1];
        if (!applies(rule, search->signs))
            continue;
        search->found = true;
        search->by_subnet |= (rule->asks & ASKS_SUBNET) != 0;
        for (size_t i = 0; i < GIVEN_COUNT; i++)
            if (rule->texts[i] != NULL && at - 1 < search->best[i])
                search->best[i] = at - 1;
    }
}

static void look_for_address(struct search *search, uint8_t kind, const bool *prefixes,
                             const struct address *address)
{
    for (unsigned prefix = 0; prefix < PREFIXES; prefix++) {
        if (!prefixes[prefix])
            continue;
        struct address masked = network_mask(address, prefix);
        look_in(search, *slot_of(search->rules, kind, &masked, sizeof masked));
    }
}

bool places_rules_find(const struct places_rules *rules, const struct places_signs *signs,
                       struct cloud_place *place, bool *by_subnet)
{
    struct search search = {.rules = rules, .signs = signs};
    *place = (struct cloud_place){.match = CLOUD_NOWHERE};
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        search.best[i] = rules->count;
    look_in(&search, rules->everywhere);
    for (size_t i = 0; i < signs->vni_count && rules->count > 0; i++)
        look_in(&search, *slot_of(rules, ASKS_VNI, &signs->vnis[i], sizeof signs->vnis[i]));
    for (size_t i = 0; i < signs->vlan_count && rules->count > 0; i++)
        look_in(&search, *slot_of(rules, ASKS_VLAN, &signs->vlans[i], sizeof signs->vlans[i]));
    for (size_t i = 0; i < signs->source_count && rules->count > 0; i++)
        look_for_address(&search, ASKS_OUTER, rules->outer_prefixes, &signs->sources[i]);
    look_for_address(&search, ASKS_SUBNET, rules->subnet_prefixes, &signs->address);
    for (size_t i = 0; i < GIVEN_COUNT; i++)
        if (search.best[i] < rules->count)
            memcpy((char *)place + given_fields[i].offset, rules->rules[search.best[i]].texts[i],
                   strlen(rules->rules[search.best[i]].texts[i]) + 1);
    place->match = search.found ? CLOUD_MAPPING : CLOUD_NOWHERE;
    *by_subnet = search.by_subnet;
    return search.found;
}
