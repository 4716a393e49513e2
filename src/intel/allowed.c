// SPDX-License-Identifier: Apache-2.0
#include "intel/allowed.h"

#include "base/day.h"
#include "base/host_name.h"
#include "base/log.h"
#include "base/network.h"
#include "base/siphash.h"
#include "intel/list_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { FIRST_ROWS = 64, MAX_KEY = 1 + HOST_NAME_MAX_LENGTH + 1, PREFIXES = 129 };

enum { MINER, POOL, WALLET, LOGIN, UNTIL, REASON, COLUMNS };

/* What rows are found by: the first of these columns that they have. */
enum key { KEY_MINER, KEY_WALLET, KEY_POOL_NAME, KEY_POOL_NETWORK };

struct row {
    struct allowed_row shown;
    struct network miner, pool;
    const char *pool_name, *wallet, *login; /* "": any */
    bool has_miner, has_pool_network;
    int64_t until_us; /* the end of the last day */
    uint32_t next;    /* row + 1 of the same slot, in the order of the file; 0: none */
};

struct allowed {
    char *text; /* the rows' texts */
    char name[64];
    struct row *rows;
    size_t count, size;
    uint32_t *slots; /* row + 1; 0: none */
    size_t slot_count;
    bool miner_prefixes[PREFIXES], pool_prefixes[PREFIXES]; /* lengths that occur among the keys */
    uint8_t secret[16];
};

/* ---- reading ---- */

static bool read_who(struct row *row, const struct list_line *line, const char *const *columns,
                     struct error *error)
{
    row->has_miner = columns[MINER][0] != '\0';
    if (row->has_miner && network_parse(columns[MINER], &row->miner) != NETWORK_GOOD)
        return list_line_error(line, error,
                               "the miner is no address or network (no wider than /8, IPv6 /16, and no bits "
                               "behind its prefix)",
                               columns[MINER]);
    row->pool_name = row->wallet = row->login = "";
    row->has_pool_network = network_parse(columns[POOL], &row->pool) == NETWORK_GOOD;
    if (!row->has_pool_network && columns[POOL][0] != '\0') {
        if (columns[POOL][strspn(columns[POOL], "0123456789./")] == '\0' || !host_name_is_good(columns[POOL]))
            return list_line_error(line, error,
                                   "the pool is no address, network, or name in lower case with a dot in it",
                                   columns[POOL]);
        row->pool_name = columns[POOL];
    }
    row->wallet = columns[WALLET];
    row->login = columns[LOGIN];
    if (!row->has_miner && columns[POOL][0] == '\0' && row->wallet[0] == '\0')
        return list_line_error(line, error,
                               "neither miner, pool nor wallet is named, and a login is what anybody can "
                               "choose",
                               columns[REASON]);
    return true;
}

static bool read_why(struct row *row, const struct list_line *line, const char *const *columns,
                     struct error *error)
{
    row->until_us = INT64_MAX;
    if (columns[UNTIL][0] != '\0' && !day_read(columns[UNTIL], &row->until_us))
        return list_line_error(line, error, "the last day is none; write 2027-01-31, or - for none",
                               columns[UNTIL]);
    snprintf(row->shown.until, sizeof row->shown.until, "%s", columns[UNTIL]);
    row->shown.reason = columns[REASON];
    if (columns[REASON][0] == '\0' || strlen(columns[REASON]) > ALLOWED_MAX_REASON)
        return list_line_error(line, error, "the reason is missing, or longer than 120 bytes",
                               columns[REASON]);
    return true;
}

static bool make_room(struct allowed *allowed)
{
    if (allowed->count < allowed->size)
        return true;
    size_t size = allowed->size == 0 ? FIRST_ROWS : allowed->size * 2;
    struct row *rows = realloc(allowed->rows, size * sizeof *rows);
    if (rows == NULL)
        return false;
    allowed->rows = rows;
    allowed->size = size;
    return true;
}

static bool take_line(void *taker, const struct list_line *line, struct error *error)
{
    struct allowed *allowed = taker;
    const char *columns[COLUMNS] = {"", "", "", "", "", ""};
    struct row row = {.shown.line = line->number};
    if (list_line_split(line, columns, COLUMNS) != COLUMNS)
        return list_line_error(
            line, error,
            "not 6 columns; write miner, pool, wallet, login, last day and reason, with one tab between "
            "them and - for what may be anything",
            columns[0]);
    if (!read_who(&row, line, columns, error) || !read_why(&row, line, columns, error))
        return false;
    if (allowed->count == ALLOWED_MAX_ROWS)
        return list_line_error(line, error, "more than 65536 rows; name networks instead of addresses",
                               columns[REASON]);
    if (!make_room(allowed))
        return error_set(error, STATUS_FAILED, "out of memory while loading %s", line->path);
    allowed->rows[allowed->count++] = row;
    return true;
}

/* ---- the table ---- */

/* Bytes of a key, whatever they stand for: rows are compared in full where they are found. */
static uint32_t *slot_of(const struct allowed *allowed, enum key kind, const void *bytes, size_t length)
{
    uint8_t key[MAX_KEY] = {(uint8_t)kind};
    length = length < sizeof key - 1 ? length : sizeof key - 1;
    memcpy(key + 1, bytes, length);
    return &allowed->slots[siphash(allowed->secret, key, length + 1) & (allowed->slot_count - 1)];
}

/* The hexadecimal of an Ethereum address may be written in any case. */
static uint32_t *wallet_slot(const struct allowed *allowed, const char *wallet)
{
    char folded[HOST_NAME_MAX_LENGTH];
    size_t length = 0;
    for (; wallet[length] != '\0' && length < sizeof folded; length++)
        folded[length] = (char)(wallet[length] | 0x20);
    return slot_of(allowed, KEY_WALLET, folded, length);
}

static uint32_t *slot_of_row(struct allowed *allowed, const struct row *row)
{
    if (row->has_miner) {
        allowed->miner_prefixes[row->miner.prefix] = true;
        return slot_of(allowed, KEY_MINER, &row->miner.address, sizeof row->miner.address);
    }
    if (row->wallet[0] != '\0')
        return wallet_slot(allowed, row->wallet);
    if (row->pool_name[0] != '\0')
        return slot_of(allowed, KEY_POOL_NAME, row->pool_name, strlen(row->pool_name));
    allowed->pool_prefixes[row->pool.prefix] = true;
    return slot_of(allowed, KEY_POOL_NETWORK, &row->pool.address, sizeof row->pool.address);
}

static bool make_table(struct allowed *allowed)
{
    allowed->slot_count = FIRST_ROWS;
    while (allowed->slot_count < allowed->count * 2)
        allowed->slot_count *= 2;
    allowed->slots = calloc(allowed->slot_count, sizeof *allowed->slots);
    if (allowed->slots == NULL)
        return false;
    siphash_make_secret(allowed->secret);
    for (size_t i = allowed->count; i-- > 0;) {
        uint32_t *slot = slot_of_row(allowed, &allowed->rows[i]);
        allowed->rows[i].next = *slot;
        *slot = (uint32_t)i + 1;
    }
    return true;
}

struct allowed *allowed_load(const char *directory, const char *path, struct error *error)
{
    char beside[4096];
    bool is_given = path[0] != '\0';
    struct allowed *allowed = calloc(1, sizeof *allowed);
    if (allowed == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while loading the allow list");
        return NULL;
    }
    bool fits = snprintf(beside, sizeof beside, "%s/local-allowed.tsv", directory) < (int)sizeof beside;
    const char *from = is_given ? path : beside, *slash = strrchr(from, '/');
    snprintf(allowed->name, sizeof allowed->name, "%.63s", slash == NULL ? from : slash + 1);
    if (!is_given && !fits)
        error_set(error, STATUS_NO_INPUT, "the path of the signatures directory is too long: %.80s...",
                  directory);
    else if (list_file_read(from, !is_given, "signatures.allowed names the allow list", take_line, allowed,
                            &allowed->text, error)) {
        if (make_table(allowed))
            return allowed;
        error_set(error, STATUS_FAILED, "out of memory while loading %s", from);
    }
    allowed_free(allowed);
    return NULL;
}

void allowed_free(struct allowed *allowed)
{
    if (allowed == NULL)
        return;
    free(allowed->rows);
    free(allowed->slots);
    free(allowed->text);
    free(allowed);
}

/* ---- looking up ---- */

static bool holds(const struct network *network, const struct address *address)
{
    struct address masked = network_mask(address, network->prefix);
    return address_equal(&masked, &network->address);
}

static bool pool_matches(const struct row *row, const struct allowed_subject *subject)
{
    if (row->has_pool_network)
        return subject->pool != NULL && holds(&row->pool, subject->pool);
    if (row->pool_name[0] == '\0')
        return true;
    char name[HOST_NAME_MAX_LENGTH + 1];
    size_t length = host_name_fold(subject->pool_name, name), wanted = strlen(row->pool_name);
    if (length < wanted || strcmp(name + length - wanted, row->pool_name) != 0)
        return false;
    return length == wanted || name[length - wanted - 1] == '.';
}

static bool same_wallet(const char *a, const char *b)
{
    return strncmp(a, "0x", 2) == 0 ? strcasecmp(a, b) == 0 : strcmp(a, b) == 0;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The column that the logins do not meet; NULL: none. */
static const char *login_lacks(const struct row *row, const struct allowed_subject *subject)
{
    bool named = row->has_miner && (row->has_pool_network || row->pool_name[0] != '\0');
    if (subject->is_contact && named)
        return NULL;
    if (subject->login_count == 0 && row->wallet[0] != '\0')
        return "wallet";
    if (subject->login_count == 0 && row->login[0] != '\0')
        return "login";
    for (size_t i = 0; i < subject->login_count; i++) {
        const struct allowed_login *login = &subject->logins[i];
        if (row->wallet[0] != '\0' && !same_wallet(row->wallet, login->wallet))
            return "wallet";
        if (!starts_with(login->user, row->login) && !starts_with(login->worker, row->login))
            return "login";
    }
    return NULL;
}

static void consider(struct row *row, const struct allowed_subject *subject, struct allowed_match *best)
{
    if (row->has_miner && !holds(&row->miner, subject->miner))
        return;
    bool expired = subject->time_us >= row->until_us;
    const char *lacks = pool_matches(row, subject) ? login_lacks(row, subject) : "pool";
    struct allowed_match match = {expired ? ALLOWED_EXPIRED : ALLOWED_COVERED, &row->shown, lacks};
    if (lacks != NULL) {
        if (expired || !row->has_miner || (subject->is_contact && strcmp(lacks, "pool") != 0))
            return;
        match.state = ALLOWED_OTHER;
    }
    if (match.state > best->state || (match.state == best->state && row->shown.line < best->row->line))
        *best = match;
}

static void look_in(const struct allowed *allowed, const uint32_t *slot,
                    const struct allowed_subject *subject, struct allowed_match *best)
{
    for (uint32_t at = *slot; at != 0; at = allowed->rows[at - 1].next)
        consider(&allowed->rows[at - 1], subject, best);
}

static void look_for_address(const struct allowed *allowed, enum key kind, const bool *prefixes,
                             const struct address *address, const struct allowed_subject *subject,
                             struct allowed_match *best)
{
    for (unsigned prefix = 0; prefix < PREFIXES; prefix++) {
        if (!prefixes[prefix])
            continue;
        struct address masked = network_mask(address, prefix);
        look_in(allowed, slot_of(allowed, kind, &masked, sizeof masked), subject, best);
    }
}

struct allowed_match allowed_find(const struct allowed *allowed, const struct allowed_subject *subject)
{
    struct allowed_match best = {.state = ALLOWED_NOT};
    char name[HOST_NAME_MAX_LENGTH + 1];
    if (allowed->count == 0)
        return best;
    look_for_address(allowed, KEY_MINER, allowed->miner_prefixes, subject->miner, subject, &best);
    if (subject->pool != NULL)
        look_for_address(allowed, KEY_POOL_NETWORK, allowed->pool_prefixes, subject->pool, subject, &best);
    if (subject->login_count > 0 && subject->logins[0].wallet[0] != '\0')
        look_in(allowed, wallet_slot(allowed, subject->logins[0].wallet), subject, &best);
    if (host_name_fold(subject->pool_name, name) > 0)
        for (const char *at = name; at != NULL; at = strchr(at, '.')) {
            at += *at == '.';
            look_in(allowed, slot_of(allowed, KEY_POOL_NAME, at, strlen(at)), subject, &best);
        }
    return best;
}

size_t allowed_count(const struct allowed *allowed)
{
    return allowed->count;
}

const char *allowed_file_name(const struct allowed *allowed)
{
    return allowed->name;
}

/* ---- what is told of it ---- */

void allowed_warn_expired(const struct allowed *allowed, int64_t now_us)
{
    size_t expired = 0;
    const struct allowed_row *first = NULL;
    for (size_t i = 0; i < allowed->count; i++)
        if (now_us >= allowed->rows[i].until_us) {
            first = expired++ == 0 ? &allowed->rows[i].shown : first;
        }
    if (expired == 1)
        log_warning("allowed", "%s:%u is not applied, it ended with %s: %s", allowed->name, first->line,
                    first->until, first->reason);
    else if (expired > 1)
        log_warning("allowed",
                    "%zu rows of %s are not applied, their time is over; the first is line %u, which "
                    "ended with %s: %s",
                    expired, allowed->name, first->line, first->until, first->reason);
}

size_t allowed_busiest(const struct allowed *allowed, const struct allowed_row **rows, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < allowed->count; i++) {
        const struct allowed_row *row = &allowed->rows[i].shown;
        size_t at = count;
        if (row->incidents == 0)
            continue;
        while (at > 0 && rows[at - 1]->alerts < row->alerts)
            at--;
        if (at == max)
            continue;
        count += count < max;
        memmove(&rows[at + 1], &rows[at], (count - at - 1) * sizeof rows[0]);
        rows[at] = row;
    }
    return count;
}
