// SPDX-License-Identifier: Apache-2.0
#include "intel/prices.h"

#include "intel/price_row.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_ROWS = 1 << 20, FIRST_ROWS = 64 };
enum table_name { EXCHANGE, INSTANCES, RATES, TABLES };

/* Exchange rates come first: the prices need them. Of each pair the second one's rows go before. */
static const struct {
    const char *name;
    enum table_name table;
    price_row_read *read;
} files[] = {
    {"exchange-rates.tsv", EXCHANGE, price_row_read_exchange},
    {"local-exchange-rates.tsv", EXCHANGE, price_row_read_exchange},
    {"instance-prices.tsv", INSTANCES, price_row_read_instance},
    {"local-instance-prices.tsv", INSTANCES, price_row_read_instance},
    {"hash-rates.tsv", RATES, price_row_read_rate},
    {"local-hash-rates.tsv", RATES, price_row_read_rate},
};

enum { FILES = sizeof files / sizeof files[0] };

struct table {
    struct price_row *rows; /* sorted by key once all files are read */
    size_t count, size;
};

struct prices {
    char *texts[FILES]; /* the rows' texts */
    struct table tables[TABLES];
    char currency[CURRENCY_SIZE];
};

/* ---- the tables ---- */

static int compare_keys(const char *const a[static 3], const char *const b[static 3])
{
    int order = 0;
    for (size_t i = 0; i < 3 && order == 0; i++)
        order = strcasecmp(a[i], b[i]);
    return order;
}

/* Of rows with one key the operator's own comes first. */
static int compare_rows(const void *a, const void *b)
{
    const struct price_row *one = a, *other = b;
    int order = compare_keys(one->key, other->key);
    if (order == 0)
        order = one->file == other->file  ? (one->line < other->line ? -1 : 1)
                : one->file > other->file ? -1
                                          : 1;
    return order;
}

static bool sort(struct table *table, const char *directory, struct error *error)
{
    size_t kept = 0;
    if (table->count > 0)
        qsort(table->rows, table->count, sizeof table->rows[0], compare_rows);
    for (size_t i = 0; i < table->count; i++) {
        const struct price_row *row = &table->rows[i];
        const struct price_row *before = i == 0 ? NULL : &table->rows[i - 1];
        bool same = before != NULL && compare_keys(before->key, row->key) == 0;
        if (same && before->file == row->file)
            return error_set(error, STATUS_CONFIGURATION,
                             "%s/%s:%u: stands for the same as line %u: \"%.80s\"", directory,
                             files[row->file].name, row->line, before->line, row->key[0]);
    }
    for (size_t i = 0; i < table->count; i++)
        if (kept == 0 || compare_keys(table->rows[kept - 1].key, table->rows[i].key) != 0)
            table->rows[kept++] = table->rows[i];
    table->count = kept;
    return true;
}

/* The first row whose key is not less. */
static size_t find_row(const struct table *table, const char *const key[static 3])
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(table->rows[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- loading ---- */

struct reading {
    struct table *table;
    unsigned file;
};

static bool take_line(void *taker, const struct list_line *line, struct error *error)
{
    const struct reading *reading = taker;
    struct table *table = reading->table;
    struct price_row row = {
        .key = {"", "", ""}, .unit = "", .date = "", .file = reading->file, .line = line->number};
    if (!files[reading->file].read(line, &row, error))
        return false;
    if (table->count == MAX_ROWS)
        return list_line_error(line, error, "more than 1048576 rows", row.key[0]);
    if (table->count == table->size) {
        size_t size = table->size == 0 ? FIRST_ROWS : table->size * 2;
        struct price_row *rows = realloc(table->rows, size * sizeof *rows);
        if (rows == NULL)
            return error_set(error, STATUS_FAILED, "out of memory while loading %s", line->path);
        table->rows = rows;
        table->size = size;
    }
    table->rows[table->count++] = row;
    return true;
}

/* Units of the currency for one euro; 0 where unknown. */
static double rate_of(const struct prices *prices, const char *currency)
{
    const struct table *table = &prices->tables[EXCHANGE];
    const char *const key[3] = {currency, "", ""};
    size_t at = find_row(table, key);
    if (at < table->count && strcmp(table->rows[at].key[0], currency) == 0)
        return table->rows[at].rate_low;
    return strcmp(currency, "EUR") == 0 ? 1 : 0;
}

static bool exchange(const struct prices *prices, struct table *table, const char *directory,
                     struct error *error)
{
    double wanted = rate_of(prices, prices->currency);
    for (size_t i = 0; i < table->count; i++) {
        struct price_row *row = &table->rows[i];
        if (strcmp(row->currency, prices->currency) == 0)
            continue;
        double rate = rate_of(prices, row->currency);
        if (rate <= 0 || wanted <= 0)
            return error_set(error, STATUS_CONFIGURATION,
                             "%s/%s:%u: no exchange rate for %s; add it to %s/local-exchange-rates.tsv",
                             directory, files[row->file].name, row->line,
                             rate <= 0 ? row->currency : prices->currency, directory);
        row->price_low *= wanted / rate;
        row->price_high *= wanted / rate;
    }
    return true;
}

static bool load(struct prices *prices, const char *directory, struct error *error)
{
    for (unsigned i = 0; i < FILES; i++) {
        char path[4096];
        struct reading reading = {&prices->tables[files[i].table], i};
        if (snprintf(path, sizeof path, "%s/%s", directory, files[i].name) >= (int)sizeof path)
            return error_set(error, STATUS_NO_INPUT,
                             "the path of the signatures directory is too long: %.80s...", directory);
        if (!list_file_read(path, true, "", take_line, &reading, &prices->texts[i], error))
            return false;
    }
    for (int i = 0; i < TABLES; i++)
        if (!sort(&prices->tables[i], directory, error))
            return false;
    return exchange(prices, &prices->tables[INSTANCES], directory, error) &&
           exchange(prices, &prices->tables[RATES], directory, error);
}

struct prices *prices_load(const char *directory, const char *currency, struct error *error)
{
    struct prices *prices = calloc(1, sizeof *prices);
    if (prices == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while loading the prices of %s", directory);
        return NULL;
    }
    bool good = price_row_is_currency(currency);
    if (good)
        memcpy(prices->currency, currency, sizeof prices->currency);
    else
        error_set(error, STATUS_CONFIGURATION,
                  "cost.currency is \"%.20s\"; write a code of three capital letters, as USD", currency);
    if (!good || !load(prices, directory, error)) {
        prices_free(prices);
        return NULL;
    }
    return prices;
}

void prices_free(struct prices *prices)
{
    if (prices == NULL)
        return;
    for (int i = 0; i < TABLES; i++)
        free(prices->tables[i].rows);
    for (unsigned i = 0; i < FILES; i++)
        free(prices->texts[i]);
    free(prices);
}

/* ---- looking up ---- */

static const char *older(const char *a, const char *b)
{
    return a[0] == '\0' || strcmp(b, a) < 0 ? b : a;
}

static void widen(struct instance_price *price, const struct price_row *row)
{
    bool first = price->date[0] == '\0';
    price->low = first || row->price_low < price->low ? row->price_low : price->low;
    price->high = first || row->price_high > price->high ? row->price_high : price->high;
    price->date = older(price->date, row->date);
}

bool prices_of_instance(const struct prices *prices, const char *provider, const char *type,
                        const char *region, struct instance_price *price)
{
    const struct table *table = &prices->tables[INSTANCES];
    const char *const key[3] = {provider, type, ""};
    const struct price_row *found = NULL;
    *price = (struct instance_price){.region = "", .date = ""};
    for (size_t i = find_row(table, key); i < table->count; i++) {
        const struct price_row *row = &table->rows[i];
        if (strcasecmp(row->key[0], provider) != 0 || strcasecmp(row->key[1], type) != 0)
            break;
        if (strcasecmp(row->key[2], region) == 0 || (found == NULL && strcmp(row->key[2], "*") == 0))
            found = row;
        widen(price, row);
    }
    if (found != NULL)
        *price = (struct instance_price){0, found->price_low, found->price_high, found->key[2], found->date};
    price->hour = sqrt(price->low * price->high); /* the middle of what may differ by factors */
    return price->date[0] != '\0';
}

bool prices_of_work(const struct prices *prices, const char *algorithm, struct work_price *price)
{
    const struct table *table = &prices->tables[RATES];
    const char *const key[3] = {algorithm, "", ""};
    *price = (struct work_price){.unit = "", .date = ""};
    for (size_t i = find_row(table, key); i < table->count; i++) {
        const struct price_row *row = &table->rows[i];
        double low = row->price_low / row->rate_high, high = row->price_high / row->rate_low;
        bool first = price->date[0] == '\0';
        if (strcasecmp(row->key[0], algorithm) != 0)
            break;
        price->low = first || low < price->low ? low : price->low;
        price->high = first || high > price->high ? high : price->high;
        price->unit = first || strcmp(price->unit, row->unit) == 0 ? row->unit : "processor";
        price->date = older(price->date, row->date);
    }
    return price->date[0] != '\0';
}

const char *prices_currency(const struct prices *prices)
{
    return prices->currency;
}

size_t prices_count(const struct prices *prices)
{
    return prices->tables[INSTANCES].count + prices->tables[RATES].count;
}
