// SPDX-License-Identifier: Apache-2.0
/*
 * Price files as an operator may write them. Any bytes are rows or an error; every price that is handed out
 * is positive, finite, and in order.
 *
 * Input: six files, separated by the byte 0x1e: instance prices, hash rates, exchange rates, and the
 * operator's own of each.
 */
#include "fuzzing.h"

#include "intel/prices.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { SEPARATOR = 0x1e, FILES = 6 };

static const char *const names[FILES] = {
    "instance-prices.tsv",       "hash-rates.tsv",       "exchange-rates.tsv",
    "local-instance-prices.tsv", "local-hash-rates.tsv", "local-exchange-rates.tsv",
};
static char directory[64];

static void path_of(int file, char path[static 128])
{
    snprintf(path, 128, "%s/%s", directory, names[file]);
}

static void clean_up(void)
{
    char path[128];
    for (int i = 0; i < FILES; i++) {
        path_of(i, path);
        unlink(path);
    }
    rmdir(directory);
}

static void write_files(const uint8_t *bytes, size_t length)
{
    for (int i = 0; i < FILES; i++) {
        char path[128];
        path_of(i, path);
        const uint8_t *end = length == 0 ? NULL : memchr(bytes, SEPARATOR, length);
        size_t size = end == NULL ? length : (size_t)(end - bytes);
        FILE *file = fopen(path, "w");
        require(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
        size += end != NULL;
        bytes += size;
        length -= size;
    }
}

/* Asks for what the lines begin with. */
static void ask(const struct prices *prices, const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length;
    for (char *text; (text = next_text(&bytes, end)) != NULL; free(text)) {
        const char *columns[3] = {text, "", ""};
        for (int i = 1; i < 3; i++) {
            char *tab = strchr(columns[i - 1], '\t');
            if (tab == NULL)
                break;
            *tab = '\0';
            columns[i] = tab + 1;
        }
        text[strcspn(text, "\x1e")] = '\0';
        struct instance_price price;
        struct work_price work;
        if (prices_of_instance(prices, columns[0], columns[1], columns[2], &price))
            require(price.low > 0 && price.low <= price.high && isfinite(price.high) && price.hour > 0 &&
                    price.date[0] != '\0');
        if (prices_of_work(prices, columns[0], &work))
            require(work.low >= 0 && work.low <= work.high && isfinite(work.high) && work.unit[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error = {.text = ""};
    if (directory[0] == '\0') {
        snprintf(directory, sizeof directory, "/tmp/fuzz_prices.XXXXXX");
        require(mkdtemp(directory) != NULL);
        atexit(clean_up);
    }
    write_files(bytes, length);
    struct prices *prices = prices_load(directory, "JPY", &error);
    if (prices == NULL) {
        require(error.text[0] != '\0');
        return 0;
    }
    require(prices_count(prices) <= length);
    ask(prices, bytes, length);
    prices_free(prices);
    return 0;
}
