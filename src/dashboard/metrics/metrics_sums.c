// SPDX-License-Identifier: Apache-2.0
#include "dashboard/metrics/metrics_sums.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 256 };

void metrics_sums_add(struct metrics_sums *sums, const struct metrics_sum *row)
{
    if (sums->count == sums->size) {
        size_t size = sums->size == 0 ? FIRST_ROWS : sums->size * 2;
        struct metrics_sum *rows = realloc(sums->rows, size * sizeof *rows);
        if (rows == NULL) {
            sums->failed = true;
            return;
        }
        sums->rows = rows;
        sums->size = size;
    }
    sums->rows[sums->count++] = *row;
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int compare_rows(const void *first, const void *second)
{
    const struct metrics_sum *a = first, *b = second;
    int order = strcmp(a->sensor, b->sensor);
    if (order == 0)
        order = strcmp(a->value, b->value);
    return order != 0 ? order : compare_texts(a->unit, b->unit);
}

static bool is_same_sensor(const struct metrics_sums *sums, size_t kept, const struct metrics_sum *row)
{
    return kept > 0 && strcmp(sums->rows[kept - 1].sensor, row->sensor) == 0;
}

void metrics_sums_finish(struct metrics_sums *sums)
{
    size_t kept = 0, values = 0;
    if (sums->count > 0)
        qsort(sums->rows, sums->count, sizeof *sums->rows, compare_rows);
    for (size_t i = 0; i < sums->count; i++) {
        struct metrics_sum row = sums->rows[i];
        struct metrics_sum *last = kept > 0 ? &sums->rows[kept - 1] : NULL;
        bool is_same = is_same_sensor(sums, kept, &row);
        if (is_same && (values > METRICS_MAX_VALUES || compare_rows(last, &row) == 0)) {
            last->sum += row.sum;
            continue;
        }
        values = is_same ? values + 1 : 1;
        if (values > METRICS_MAX_VALUES) {
            row.value = "other";
            row.unit = NULL;
        }
        sums->rows[kept++] = row;
    }
    sums->count = kept;
}

void metrics_sums_done(struct metrics_sums *sums)
{
    free(sums->rows);
    *sums = (struct metrics_sums){0};
}
