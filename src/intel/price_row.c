// SPDX-License-Identifier: Apache-2.0
#include "intel/price_row.h"

#include <stdlib.h>
#include <string.h>

enum { INSTANCE_COLUMNS = 10, RATE_COLUMNS = 11, EXCHANGE_COLUMNS = 5, MAX_COLUMNS = 11 };

static const double max_price = 1e6, max_rate = 1e21; /* an hour; a network of ASICs is beyond any machine */

/* ---- values ---- */

/* A plain positive decimal. */
static bool read_number(const char *text, double max, double *number)
{
    size_t length = strlen(text);
    char *end;
    if (length == 0 || length > 30 || strspn(text, "0123456789.") != length)
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && *number > 0 && *number <= max;
}

static bool is_count(const char *text)
{
    return strlen(text) <= 5 && text[strspn(text, "0123456789")] == '\0';
}

/* "2026", "2026-06" or "2026-06-17". */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    size_t length = strlen(text);
    if (length != 4 && length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; i++)
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    unsigned month = length > 4 ? (unsigned)(text[5] - '0') * 10 + (unsigned)(text[6] - '0') : 1;
    unsigned day = length > 7 ? (unsigned)(text[8] - '0') * 10 + (unsigned)(text[9] - '0') : 1;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool price_row_is_currency(const char *text)
{
    return strlen(text) == CURRENCY_SIZE - 1 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == CURRENCY_SIZE - 1;
}

/* ---- columns ---- */

static bool split(const struct list_line *line, const char *columns[static MAX_COLUMNS], size_t wanted,
                  const char *advice, struct error *error)
{
    for (size_t i = 0; i < MAX_COLUMNS; i++)
        columns[i] = "";
    if (list_line_split(line, columns, wanted) != wanted)
        return list_line_error(line, error, advice, columns[0]);
    return true;
}

/* What stands last in all files. Where a row is from is told in all of them; under which licence, lint asks
 * of the shipped ones. */
static bool read_origin(const struct list_line *line, const char *const columns[static 3],
                        struct price_row *row, struct error *error)
{
    row->date = columns[0];
    if (!is_date(row->date))
        return list_line_error(line, error, "the date is none; write 2026-06-17, 2026-06 or 2026",
                               columns[0]);
    if (columns[2][0] == '\0')
        return list_line_error(line, error, "the source is missing: where is the figure from?", columns[2]);
    return true;
}

static bool read_currency(const struct list_line *line, const char *text, struct price_row *row,
                          struct error *error)
{
    if (!price_row_is_currency(text))
        return list_line_error(line, error, "the currency is no code of three capital letters, as USD", text);
    memcpy(row->currency, text, sizeof row->currency);
    return true;
}

bool price_row_read_instance(const struct list_line *line, struct price_row *row, struct error *error)
{
    const char *columns[MAX_COLUMNS];
    if (!split(line, columns, INSTANCE_COLUMNS,
               "not 10 columns; write provider, instance type, region, price an hour, currency, vCPUs, GPUs, "
               "date, licence and source, with one tab between them",
               error))
        return false;
    if (columns[0][0] == '\0' || columns[1][0] == '\0' || columns[2][0] == '\0')
        return list_line_error(line, error, "provider, instance type or region is missing; * is any region",
                               columns[0]);
    memcpy(row->key, columns, sizeof row->key);
    if (!read_number(columns[3], max_price, &row->price_low))
        return list_line_error(line, error, "the price is no number above 0, as 1.006", columns[3]);
    row->price_high = row->price_low;
    if (!is_count(columns[5]) || !is_count(columns[6]))
        return list_line_error(line, error, "vCPUs or GPUs are no whole number; - is unknown", columns[5]);
    return read_currency(line, columns[4], row, error) && read_origin(line, columns + 7, row, error);
}

bool price_row_read_rate(const struct list_line *line, struct price_row *row, struct error *error)
{
    const char *columns[MAX_COLUMNS];
    if (!split(
            line, columns, RATE_COLUMNS,
            "not 11 columns; write algorithm, processor, vCPU or GPU, lowest and highest hash rate of one, "
            "lowest and highest price of an hour of one, currency, date, licence and source, with one tab "
            "between them",
            error))
        return false;
    if (columns[0][0] == '\0' || columns[1][0] == '\0')
        return list_line_error(line, error, "algorithm or processor is missing", columns[0]);
    row->key[0] = columns[0];
    row->key[1] = columns[1];
    row->unit = columns[2];
    if (strcmp(row->unit, "vCPU") != 0 && strcmp(row->unit, "GPU") != 0)
        return list_line_error(line, error, "what is counted is neither vCPU nor GPU", columns[2]);
    if (!read_number(columns[3], max_rate, &row->rate_low) ||
        !read_number(columns[4], max_rate, &row->rate_high) || row->rate_high < row->rate_low)
        return list_line_error(line, error, "the hash rates are no two numbers above 0, the lower one first",
                               columns[3]);
    if (!read_number(columns[5], max_price, &row->price_low) ||
        !read_number(columns[6], max_price, &row->price_high) || row->price_high < row->price_low)
        return list_line_error(line, error, "the prices are no two numbers above 0, the lower one first",
                               columns[5]);
    return read_currency(line, columns[7], row, error) && read_origin(line, columns + 8, row, error);
}

bool price_row_read_exchange(const struct list_line *line, struct price_row *row, struct error *error)
{
    const char *columns[MAX_COLUMNS];
    if (!split(line, columns, EXCHANGE_COLUMNS,
               "not 5 columns; write currency, units of it for one euro, date, licence and source, with one "
               "tab between them",
               error))
        return false;
    row->key[0] = columns[0];
    if (!price_row_is_currency(columns[0]))
        return list_line_error(line, error, "the currency is no code of three capital letters, as USD",
                               columns[0]);
    if (!read_number(columns[1], max_price, &row->rate_low))
        return list_line_error(line, error, "the exchange rate is no number above 0", columns[1]);
    row->rate_high = row->rate_low;
    return read_origin(line, columns + 2, row, error);
}
