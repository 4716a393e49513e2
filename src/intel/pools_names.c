// SPDX-License-Identifier: Apache-2.0
#include "intel/pools_names.h"

#include "base/host_name.h"
#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64, SITE_BITS = 3 /* of the hash of a site, 16 each */ };

void pools_names_init(struct pools_names *names)
{
    siphash_make_secret(names->secret);
}

void pools_names_done(struct pools_names *names)
{
    free(names->rules);
    free(names->slots);
}

/* The slot where the rule stands, or the empty one where it would. */
static uint32_t *find_slot(const struct pools_names *names, const char *name, size_t length, bool suffix)
{
    size_t mask = names->slot_count - 1;
    for (size_t i = siphash(names->secret, name, length) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &names->slots[i];
        if (*slot == 0)
            return slot;
        const struct pools_name *rule = &names->rules[*slot - 1];
        if (rule->suffix == suffix && strncmp(rule->rule.pattern, name, length) == 0 &&
            rule->rule.pattern[length] == '\0')
            return slot;
    }
}

static bool grow_slots(struct pools_names *names)
{
    size_t count = names->slot_count == 0 ? FIRST_SLOTS : names->slot_count * 2;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(names->slots);
    names->slots = slots;
    names->slot_count = count;
    for (size_t i = 0; i < names->count; i++) {
        const struct pools_name *rule = &names->rules[i];
        *find_slot(names, rule->rule.pattern, strlen(rule->rule.pattern), rule->suffix) = (uint32_t)i + 1;
    }
    return true;
}

/* Room for one more rule and its slot. */
static bool make_room(struct pools_names *names)
{
    if ((names->count + 1) * 2 > names->slot_count && !grow_slots(names))
        return false;
    if (names->count < names->size)
        return true;
    size_t size = names->size == 0 ? FIRST_SLOTS : names->size * 2;
    struct pools_name *rules = realloc(names->rules, size * sizeof *rules);
    if (rules == NULL)
        return false;
    names->rules = rules;
    names->size = size;
    return true;
}

/* ---- sites ---- */

/* The last two labels: every rule has at least those. */
static const char *site_of(const char *name)
{
    const char *last = strrchr(name, '.');
    if (last == NULL)
        return name;
    while (last > name && last[-1] != '.')
        last--;
    return last;
}

static uint64_t hash_of_site(const struct pools_names *names, const char *name)
{
    const char *site = site_of(name);
    return siphash(names->secret, site, strlen(site));
}

/* Three bits of each: of sites without a rule a few in ten thousand are taken for one that has, and those are
 * others with each secret. */
static void note_site(struct pools_names *names, const char *pattern)
{
    uint64_t hash = hash_of_site(names, pattern);
    for (int i = 0; i < SITE_BITS; i++, hash >>= 16)
        names->sites[(hash & 0xffff) / 64] |= UINT64_C(1) << hash % 64;
}

static bool may_have_rule(const struct pools_names *names, const char *name)
{
    uint64_t hash = hash_of_site(names, name);
    for (int i = 0; i < SITE_BITS; i++, hash >>= 16)
        if ((names->sites[(hash & 0xffff) / 64] >> hash % 64 & 1) == 0)
            return false;
    return true;
}

/* ---- rules ---- */

bool pools_names_take(void *taker, const struct pools_line *line, struct error *error)
{
    struct pools_names *names = taker;
    struct pools_name rule = {
        .rule = line->rule, .file = names->file, .line = line->number, .off = line->off};
    if (!host_name_is_good(line->rule.pattern))
        return pools_line_error(line, error,
                                "the first column is no host name in lower case with a dot in it",
                                line->rule.pattern);
    rule.suffix = strcmp(line->second, "suffix") == 0;
    if (!rule.suffix && strcmp(line->second, "exact") != 0)
        return pools_line_error(line, error, "the second column is neither exact nor suffix", line->second);
    if (!make_room(names))
        return error_set(error, STATUS_FAILED, "out of memory while loading %s", line->path);
    uint32_t *slot = find_slot(names, rule.rule.pattern, strlen(rule.rule.pattern), rule.suffix);
    if (*slot == 0)
        *slot = (uint32_t)++names->count;
    else if (names->rules[*slot - 1].file == names->file)
        return error_set(error, STATUS_CONFIGURATION, "%s:%u: %s stands in line %u already", line->path,
                         line->number, rule.rule.pattern, names->rules[*slot - 1].line);
    names->rules[*slot - 1] = rule;
    note_site(names, rule.rule.pattern);
    return true;
}

const struct pool_rule *pools_names_find(const struct pools_names *names, const char *name)
{
    char folded[HOST_NAME_MAX_LENGTH + 1];
    size_t length = host_name_fold(name, folded);
    if (length == 0 || names->count == 0 || !may_have_rule(names, folded))
        return NULL;
    uint32_t slot = *find_slot(names, folded, length, false);
    const char *at = folded;
    while (slot == 0) {
        slot = *find_slot(names, at, length - (size_t)(at - folded), true);
        at = strchr(at, '.');
        if (at == NULL)
            break;
        at++;
    }
    return slot == 0 || names->rules[slot - 1].off ? NULL : &names->rules[slot - 1].rule;
}
