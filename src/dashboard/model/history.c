// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/history.h"

#include <stdlib.h>
#include <string.h>

void history_done(struct history *history)
{
    free(history->points);
    *history = (struct history){0};
}

size_t history_bytes(const struct history *history)
{
    return history->size * sizeof *history->points;
}

/* Every second point of the older half goes. */
static void thin_out(struct history *history)
{
    uint16_t half = history->count / 2, kept = 0;
    for (uint16_t i = 0; i < history->count; i++)
        if (i >= half || i % 2 == 0)
            history->points[kept++] = history->points[i];
    history->count = kept;
}

size_t history_add(struct history *history, const struct history_point *point)
{
    size_t grown = 0;
    uint16_t at = history->count;
    while (at > 0 && history->points[at - 1].time > point->time)
        at--;
    if (at > 0 && history->points[at - 1].time == point->time) {
        history->points[at - 1] = *point;
        return 0;
    }
    if (history->count == HISTORY_MAX) {
        thin_out(history);
        return history_add(history, point); /* once: now there is room */
    }
    if (history->count == history->size) {
        uint16_t size = history->size == 0 ? 4 : history->size * 2;
        size = size > HISTORY_MAX ? HISTORY_MAX : size;
        struct history_point *points = realloc(history->points, size * sizeof *points);
        if (points == NULL)
            return 0;
        grown = (size_t)(size - history->size) * sizeof *points;
        history->points = points;
        history->size = size;
    }
    memmove(history->points + at + 1, history->points + at,
            (size_t)(history->count - at) * sizeof *history->points);
    history->points[at] = *point;
    history->count++;
    return grown;
}
