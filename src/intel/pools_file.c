// SPDX-License-Identifier: Apache-2.0
#include "intel/pools_file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_COLUMNS = 4, COLUMNS = 8, MAX_FILE_BYTES = 64 << 20 };

bool pools_line_error(const struct pools_line *line, struct error *error, const char *what, const char *value)
{
    return error_set(error, STATUS_CONFIGURATION, "%s:%u: %s: \"%.80s\"", line->path, line->number, what,
                     value);
}

/* The whole stream with a NUL behind it; NULL where it cannot be read (errno says why). */
static char *read_stream(FILE *file, size_t *length)
{
    size_t size = 1 << 16;
    char *text = malloc(size);
    *length = 0;
    while (text != NULL) {
        *length += fread(text + *length, 1, size - *length - 1, file);
        if (*length < size - 1)
            break;
        errno = EFBIG;
        char *more = size >= MAX_FILE_BYTES ? NULL : realloc(text, size *= 2);
        if (more == NULL)
            free(text);
        text = more;
    }
    if (text != NULL && ferror(file)) {
        free(text);
        return NULL;
    }
    if (text != NULL)
        text[*length] = '\0';
    return text;
}

/* Cuts the line at its tabs; the columns that are left out, and those that hold "-", are "". */
static bool split(char *text, const struct pools_line *line, const char *columns[static COLUMNS],
                  struct error *error)
{
    size_t count = 0;
    for (char *tab = text; tab != NULL && count < COLUMNS; count++) {
        columns[count] = text;
        tab = strchr(text, '\t');
        if (tab != NULL) {
            *tab = '\0';
            text = tab + 1;
            if (count == COLUMNS - 1)
                return pools_line_error(line, error, "more than 8 columns; the first one too many is", text);
        }
        if (strcmp(columns[count], "-") == 0)
            columns[count] = "";
    }
    if (count < MIN_COLUMNS)
        return pools_line_error(
            line, error,
            "fewer than 4 columns; write pattern, second column, kind and confidence, with one tab "
            "between them",
            columns[0]);
    for (; count < COLUMNS; count++)
        columns[count] = "";
    return true;
}

static bool is_kind(const char *text)
{
    static const char *const kinds[] = {"pool",        "proxy",    "browser-miner", "node",
                                        "marketplace", "donation", "p2pool"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(text, kinds[i]) == 0)
            return true;
    return false;
}

static bool read_confidence(const char *text, struct pools_line *line)
{
    static const char *const names[] = {[POOL_LOW] = "low", [POOL_MEDIUM] = "medium", [POOL_HIGH] = "high"};
    line->off = strcmp(text, "off") == 0;
    for (int i = POOL_LOW; i <= POOL_HIGH; i++)
        if (strcmp(text, names[i]) == 0) {
            line->rule.confidence = (enum pool_confidence)i;
            return true;
        }
    return line->off;
}

static bool read_year(const char *text, uint16_t *year)
{
    if (text[0] == '\0')
        return true;
    if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
        return false;
    *year =
        (uint16_t)((text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0'));
    return true;
}

static bool read_line(char *text, struct pools_line *line, struct error *error)
{
    const char *columns[COLUMNS] = {NULL};
    if (!split(text, line, columns, error))
        return false;
    for (size_t i = 0; i < COLUMNS; i++)
        assert(columns[i] != NULL); /* what split() promises */
    line->rule = (struct pool_rule){
        .pattern = columns[0],
        .kind = columns[2],
        .coins = columns[5],
        .operator_ = columns[6],
        .sources = columns[7],
    };
    line->second = columns[1];
    if (!is_kind(columns[2]))
        return pools_line_error(
            line, error,
            "the kind is none of pool, proxy, browser-miner, node, marketplace, donation, p2pool",
            columns[2]);
    if (!read_confidence(columns[3], line))
        return pools_line_error(line, error, "the confidence is none of low, medium, high, off", columns[3]);
    if (!read_year(columns[4], &line->rule.last_seen))
        return pools_line_error(line, error, "the year is not of four digits", columns[4]);
    return true;
}

static bool read_lines(const char *path, char *text, pools_take *take, void *taker, struct error *error)
{
    struct pools_line line = {.path = path};
    for (char *next = text; next != NULL;) {
        char *at = next, *end = strchr(at, '\n');
        next = end == NULL ? NULL : end + 1;
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        at[length] = '\0';
        if (length > 0 && at[length - 1] == '\r')
            at[length - 1] = '\0';
        line.number++;
        if (at[0] == '\0' || at[0] == '#')
            continue;
        if (!read_line(at, &line, error) || !take(taker, &line, error))
            return false;
    }
    return true;
}

bool pools_file_read(const char *path, bool optional, pools_take *take, void *taker, char **text,
                     struct error *error)
{
    *text = NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL && optional && errno == ENOENT)
        return true;
    if (file == NULL)
        return error_set(error, STATUS_NO_INPUT,
                         "cannot open %s: %s; name the directory of the signatures that came with geophone",
                         path, strerror(errno));
    size_t length = 0;
    *text = read_stream(file, &length);
    int problem = errno;
    fclose(file);
    if (*text == NULL)
        return error_set(error, STATUS_NO_INPUT, "cannot read %s: %s", path, strerror(problem));
    if (strlen(*text) != length)
        return error_set(error, STATUS_CONFIGURATION, "%s is no text: it has a NUL byte at offset %zu", path,
                         strlen(*text));
    return read_lines(path, *text, take, taker, error);
}
