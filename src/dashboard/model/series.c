// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CARRY_MIN_S = 30,  /* a sensor that reads a capture, or is told to write at once, writes out of step */
    CARRY_MAX_S = 660, /* statistics.interval may be minutes */
};

static const struct {
    const char *name;
    enum statistic_kind kind;
} statistics[] = {
#define STATISTIC(name, field, kind) [STATISTIC_##name] = {field, STATISTIC_##kind},
#include "dashboard/model/statistics.def"
#undef STATISTIC
};

static const struct {
    int step_s, steps;
} rings[2] = {{SERIES_SHORT_STEP_S, SERIES_SHORT_STEPS}, {SERIES_LONG_STEP_S, SERIES_LONG_STEPS}};

const char *statistic_name(enum statistic statistic)
{
    return statistics[statistic].name;
}

enum statistic_kind statistic_kind(enum statistic statistic)
{
    return statistics[statistic].kind;
}

void series_done(struct series *series)
{
    free(series->slots[0]);
    free(series->slots[1]);
    *series = (struct series){0};
}

static void add_to_ring(struct series_slot *slots, int ring, double time_s, const double *values)
{
    int64_t number = (int64_t)(time_s / rings[ring].step_s);
    struct series_slot *slot = &slots[number % rings[ring].steps];
    if (slot->number > number)
        return; /* older than what the ring holds */
    if (slot->number < number)
        *slot = (struct series_slot){.number = number};
    for (int i = 0; i < SERIES_COLUMNS; i++)
        slot->values[i] += (float)values[i];
    slot->samples++;
}

bool series_add(struct series *series, double time_s, const double values[static STATISTICS])
{
    if (!(time_s >= 1 && time_s < 1e11))
        return true; /* no time: nothing that could be shown */
    for (int ring = 0; ring < 2; ring++) {
        if (series->slots[ring] == NULL)
            series->slots[ring] = calloc((size_t)rings[ring].steps, sizeof(struct series_slot));
        if (series->slots[ring] == NULL)
            return false;
        add_to_ring(series->slots[ring], ring, time_s, values);
    }
    if (time_s > series->newest_s) {
        if (series->newest_s > 0)
            series->interval_s = time_s - series->newest_s;
        series->newest_s = time_s;
    }
    return true;
}

bool series_window_init(struct series_window *window, bool is_long, double end_s, double span_s)
{
    int step_s = rings[is_long].step_s, steps = rings[is_long].steps;
    double wanted = span_s / step_s;
    size_t count = wanted < 1 ? 1 : wanted > steps ? (size_t)steps : (size_t)wanted;
    int64_t last = end_s > 0 && end_s < 1e11 ? (int64_t)(end_s / step_s) : 0;
    *window = (struct series_window){.is_long = is_long, .first = last - (int64_t)count + 1, .count = count};
    window->values = calloc(count * SERIES_COLUMNS, sizeof *window->values);
    window->told = calloc(count, 1);
    if (window->values != NULL && window->told != NULL)
        return true;
    series_window_done(window);
    return false;
}

void series_window_done(struct series_window *window)
{
    free(window->values);
    free(window->told);
    *window = (struct series_window){0};
}

static const struct series_slot *slot_at(const struct series *series, int ring, int64_t number)
{
    if (number < 1 || series->slots[ring] == NULL)
        return NULL;
    const struct series_slot *slot = &series->slots[ring][number % rings[ring].steps];
    return slot->number == number ? slot : NULL;
}

static void add_row(double *row, const struct series_slot *slot, bool is_carried)
{
    for (int i = 0; i < SERIES_COLUMNS; i++)
        if (statistics[i].kind == STATISTIC_GAUGE)
            row[i] += (double)slot->values[i] / slot->samples;
        else if (!is_carried)
            row[i] += (double)slot->values[i];
}

void series_window_add(struct series_window *window, const struct series *series)
{
    int ring = window->is_long;
    double carried_s = 1.5 * series->interval_s;
    if (carried_s < CARRY_MIN_S)
        carried_s = CARRY_MIN_S;
    int64_t carry = (int64_t)((carried_s < CARRY_MAX_S ? carried_s : CARRY_MAX_S) / rings[ring].step_s);
    const struct series_slot *last = NULL;
    for (int64_t before = window->first - carry; before < window->first; before++)
        if (slot_at(series, ring, before) != NULL)
            last = slot_at(series, ring, before);
    for (size_t i = 0; i < window->count; i++) {
        int64_t number = window->first + (int64_t)i;
        const struct series_slot *slot = slot_at(series, ring, number);
        if (slot != NULL)
            last = slot;
        if (last == NULL || number - last->number > carry)
            continue;
        add_row(window->values + i * SERIES_COLUMNS, last, slot == NULL);
        window->told[i] = 1;
    }
}

double series_last_hour(const struct series *series, enum statistic statistic)
{
    double sum = 0;
    int64_t last = (int64_t)(series->newest_s / SERIES_SHORT_STEP_S);
    if ((int)statistic >= SERIES_COLUMNS)
        return 0;
    for (int64_t number = last - SERIES_SHORT_STEPS + 1; number <= last; number++) {
        const struct series_slot *slot = slot_at(series, 0, number);
        if (slot != NULL)
            sum += (double)slot->values[statistic];
    }
    return sum;
}
