// SPDX-License-Identifier: Apache-2.0
/*
 * Lines of the price files, for prices.c alone; signatures/README.md describes their columns.
 */
#ifndef INTEL_PRICE_ROW_H
#define INTEL_PRICE_ROW_H

#include "intel/list_file.h"

#include <stdbool.h>

enum { CURRENCY_SIZE = 4 };

/* A row of any of the three files. What it is looked up by stands first; texts point into the file's text. */
struct price_row {
    const char *key[3]; /* provider, type, region; algorithm, processor, ""; currency, "", "" */
    const char *unit;   /* "vCPU", "GPU"; "" for other files */
    const char *date;
    char currency[CURRENCY_SIZE]; /* of the prices; "" for exchange rates */
    double price_low, price_high; /* per hour; of an instance both the same */
    double rate_low, rate_high;   /* hashes per second of one unit; units of the currency for one euro */
    unsigned file, line;
};

/* Fill the row; false, with the error filled, where the line is wrong. */
typedef bool price_row_read(const struct list_line *line, struct price_row *row, struct error *error);
price_row_read price_row_read_instance, price_row_read_rate, price_row_read_exchange;

/* Three capital letters, as in ISO 4217. */
bool price_row_is_currency(const char *text);

#endif
