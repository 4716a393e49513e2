// SPDX-License-Identifier: Apache-2.0
#include "intel/pools_file.h"

#include "intel/list_file.h"

#include <assert.h>
#include <string.h>

enum { MIN_COLUMNS = 4, COLUMNS = 8 };

bool pools_line_error(const struct pools_line *line, struct error *error, const char *what, const char *value)
{
    return list_line_error(&(struct list_line){line->path, line->number, NULL}, error, what, value);
}

/* Its columns; those that are left out, and those that hold "-", are "". */
static bool split(const struct list_line *text, const struct pools_line *line,
                  const char *columns[static COLUMNS], struct error *error)
{
    size_t count = list_line_split(text, columns, COLUMNS);
    if (count > COLUMNS)
        return pools_line_error(line, error, "more than 8 columns", columns[0]);
    if (count < MIN_COLUMNS)
        return pools_line_error(
            line, error,
            "fewer than 4 columns; write pattern, second column, kind and confidence, with one tab "
            "between them",
            columns[0]);
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

struct reading {
    pools_take *take;
    void *taker;
};

static bool read_line(void *context, const struct list_line *text, struct error *error)
{
    const struct reading *reading = context;
    struct pools_line line = {.path = text->path, .number = text->number};
    const char *columns[COLUMNS] = {NULL};
    if (!split(text, &line, columns, error))
        return false;
    for (size_t i = 0; i < COLUMNS; i++)
        assert(columns[i] != NULL); /* what split() promises */
    line.rule = (struct pool_rule){
        .pattern = columns[0],
        .kind = columns[2],
        .coins = columns[5],
        .operator_ = columns[6],
        .sources = columns[7],
    };
    line.second = columns[1];
    if (!is_kind(columns[2]))
        return pools_line_error(
            &line, error,
            "the kind is none of pool, proxy, browser-miner, node, marketplace, donation, p2pool",
            columns[2]);
    if (!list_read_confidence(columns[3], &line.rule.confidence, &line.off))
        return pools_line_error(&line, error, "the confidence is none of low, medium, high, off", columns[3]);
    if (!list_read_year(columns[4], &line.rule.last_seen))
        return pools_line_error(&line, error, "the year is not of four digits", columns[4]);
    return reading->take(reading->taker, &line, error);
}

bool pools_file_read(const char *path, bool optional, pools_take *take, void *taker, char **text,
                     struct error *error)
{
    struct reading reading = {take, taker};
    return list_file_read(path, optional, "name the directory of the signatures that came with geophone",
                          read_line, &reading, text, error);
}
