// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_allow.h"

#include "base/day.h"
#include "base/host_name.h"
#include "base/network.h"
#include "base/text.h"
#include "config/document.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_FILE_BYTES = 4 << 20, PREFIXES = 129, FIRST_ROWS = 64 };

enum { PATTERN, UNTIL, REASON, COLUMNS };

struct row {
    struct network network;
    const char *name; /* "": a network */
    const char *reason;
    int64_t until_us; /* the end of the last day */
    unsigned line;
};

struct feed_allow {
    char *text;       /* the rows' texts */
    struct row *rows; /* networks by prefix and address, then names by name */
    size_t count, size;
    size_t networks;         /* of them */
    bool prefixes[PREFIXES]; /* lengths that occur */
};

/* ---- reading ---- */

struct line {
    const char *path;
    unsigned number;
    const char *columns[COLUMNS];
};

static bool fail(const struct line *line, struct error *error, const char *what, const char *value)
{
    return error_set(error, STATUS_CONFIGURATION, "%s:%u: %s: \"%.80s\"", line->path, line->number, what,
                     value);
}

static bool read_row(struct row *row, const struct line *line, struct error *error)
{
    const char *pattern = line->columns[PATTERN], *until = line->columns[UNTIL],
               *reason = line->columns[REASON];
    *row = (struct row){.name = "", .reason = reason, .until_us = INT64_MAX, .line = line->number};
    enum network_fault fault = network_parse(pattern, &row->network);
    if (fault == NETWORK_BITS_BEHIND)
        return fail(line, error, "the network has bits behind its prefix", pattern);
    if (fault == NETWORK_NONE) {
        if (pattern[strspn(pattern, "0123456789./:")] == '\0' || !host_name_is_good(pattern))
            return fail(
                line, error,
                "not an address, a network (no wider than /8, IPv6 /16), or a name in lower case with a "
                "dot in it",
                pattern);
        row->name = pattern;
    }
    if (strcmp(until, "-") != 0 && !day_read(until, &row->until_us))
        return fail(line, error, "the last day is none; write 2027-01-31, or - for ever", until);
    if (reason[0] == '\0' || strlen(reason) > FEED_ALLOW_MAX_REASON || !text_is_plain(reason))
        return fail(line, error, "the reason is missing, longer than 120 bytes, or no text", reason);
    return true;
}

static bool add_row(struct feed_allow *allow, const struct row *row, const struct line *line,
                    struct error *error)
{
    if (allow->count == FEED_ALLOW_MAX_ROWS)
        return fail(line, error, "more than 65536 rows; name networks instead of addresses",
                    line->columns[PATTERN]);
    if (allow->count == allow->size) {
        size_t size = allow->size == 0 ? FIRST_ROWS : allow->size * 2;
        struct row *rows = realloc(allow->rows, size * sizeof *rows);
        if (rows == NULL)
            return error_set(error, STATUS_FAILED, "out of memory while loading %s", line->path);
        allow->rows = rows;
        allow->size = size;
    }
    allow->rows[allow->count++] = *row;
    return true;
}

static bool take_line(struct feed_allow *allow, struct line *line, char *text, struct error *error)
{
    size_t count = 0;
    for (char *rest = text, *column; (column = strsep(&rest, "\t")) != NULL; count++)
        if (count < COLUMNS)
            line->columns[count] = column;
    if (count != COLUMNS)
        return fail(
            line, error,
            "not 3 columns; write an address, network or name, the last day or -, and the reason, with one "
            "tab between them",
            text);
    struct row row;
    return read_row(&row, line, error) && add_row(allow, &row, line, error);
}

static bool take_lines(struct feed_allow *allow, const char *path, struct error *error)
{
    struct line line = {.path = path, .columns = {"", "", ""}};
    for (char *rest = allow->text, *text; (text = text_take_line(&rest)) != NULL;) {
        line.number++;
        if (text[0] != '\0' && text[0] != '#' && !take_line(allow, &line, text, error))
            return false;
    }
    return true;
}

/* ---- the table ---- */

static int compare_patterns(const struct row *a, const struct row *b)
{
    bool a_is_name = a->name[0] != '\0', b_is_name = b->name[0] != '\0';
    if (a_is_name != b_is_name)
        return a_is_name ? 1 : -1;
    if (a_is_name)
        return strcmp(a->name, b->name);
    if (a->network.prefix != b->network.prefix)
        return a->network.prefix < b->network.prefix ? -1 : 1;
    return address_compare(&a->network.address, &b->network.address);
}

static int compare_rows(const void *a, const void *b)
{
    return compare_patterns(a, b);
}

static bool make_table(struct feed_allow *allow, const char *path, struct error *error)
{
    if (allow->count > 0)
        qsort(allow->rows, allow->count, sizeof *allow->rows, compare_rows);
    for (size_t i = 0; i < allow->count; i++) {
        const struct row *row = &allow->rows[i];
        if (i > 0 && compare_patterns(row - 1, row) == 0) {
            unsigned first = row[-1].line < row->line ? row[-1].line : row->line;
            return error_set(error, STATUS_CONFIGURATION, "%s:%u: named already in line %u; keep one of them",
                             path, row[-1].line + row->line - first, first);
        }
        if (row->name[0] == '\0') {
            allow->networks++;
            allow->prefixes[row->network.prefix] = true;
        }
    }
    return true;
}

struct feed_allow *feed_allow_load(const char *path, struct error *error)
{
    size_t length = 0;
    struct feed_allow *allow = calloc(1, sizeof *allow);
    if (allow == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while loading %s", path);
        return NULL;
    }
    allow->text = document_load(path, "allow list", MAX_FILE_BYTES, &length, error);
    bool fine = allow->text != NULL;
    if (fine && strlen(allow->text) != length)
        fine = error_set(error, STATUS_CONFIGURATION, "%s is no text: it has a NUL byte at offset %zu", path,
                         strlen(allow->text));
    if (fine && take_lines(allow, path, error) && make_table(allow, path, error))
        return allow;
    feed_allow_free(allow);
    return NULL;
}

void feed_allow_free(struct feed_allow *allow)
{
    if (allow == NULL)
        return;
    free(allow->rows);
    free(allow->text);
    free(allow);
}

static const char *look_up(const struct feed_allow *allow, const struct row *key, int64_t now_us)
{
    const struct row *row = bsearch(key, allow->rows, allow->count, sizeof *key, compare_rows);
    return row != NULL && now_us < row->until_us ? row->reason : NULL;
}

const char *feed_allow_address(const struct feed_allow *allow, const struct address *address, int64_t now_us)
{
    if (allow == NULL || allow->networks == 0)
        return NULL;
    for (int prefix = PREFIXES - 1; prefix >= 0; prefix--) {
        if (!allow->prefixes[prefix])
            continue;
        struct row key = {.name = "", .network = {.prefix = (uint8_t)prefix}};
        key.network.address = network_mask(address, (unsigned)prefix);
        const char *reason = look_up(allow, &key, now_us);
        if (reason != NULL)
            return reason;
    }
    return NULL;
}

const char *feed_allow_name(const struct feed_allow *allow, const char *name, int64_t now_us)
{
    if (allow == NULL || allow->networks == allow->count)
        return NULL;
    for (const char *at = name; at != NULL && *at != '\0'; at = strchr(at, '.')) {
        at += *at == '.';
        const char *reason = look_up(allow, &(struct row){.name = at}, now_us);
        if (reason != NULL)
            return reason;
    }
    return NULL;
}

size_t feed_allow_count(const struct feed_allow *allow)
{
    return allow == NULL ? 0 : allow->count;
}
