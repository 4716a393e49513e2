// SPDX-License-Identifier: Apache-2.0
/*
 * What feeds are made of, for tests.
 */
#ifndef TESTS_UNIT_FEED_SAMPLES_H
#define TESTS_UNIT_FEED_SAMPLES_H

#include "dashboard/feed/feed_format.h"

#include <stdlib.h>
#include <string.h>

#define DAY_US (INT64_C(86400) * 1000000)

/* 2026-01-05 10:00:00 UTC */
static const int64_t sample_now = INT64_C(1767607200) * 1000000;

/* A miner at a pool, confirmed, seen since a day ago until a minute ago. */
static inline struct feed_sighting sample_sighting(const char *pool, const char *pool_ip)
{
    return (struct feed_sighting){.sensor = "edge1",
                                  .incident = "0422841d71dcdc48",
                                  .kind = "stratum",
                                  .dialect = "cryptonote-login",
                                  .carrier = "",
                                  .coin = "XMR",
                                  .miner = "192.0.2.17",
                                  .wallet = "44AFFq5kSiGB",
                                  .pool = pool,
                                  .pool_ip = pool_ip,
                                  .name_from = "dns",
                                  .other_name = "",
                                  .as_org = "",
                                  .verdict = FEED_CONFIRMED,
                                  .confidence = 0.99,
                                  .first_us = sample_now - DAY_US,
                                  .last_us = sample_now - 60000000,
                                  .evidence = "60\tthe pool accepted a share\t5 submitted, 5 accepted\n"
                                              "50\tthe miner's side speaks a mining protocol\t\n"};
}

static inline struct feed_policy sample_policy(void)
{
    return (struct feed_policy){.verdict = FEED_CONFIRMED, .keep_us = 7 * DAY_US, .max_entries = 10000};
}

static inline struct feed_view *sample_view(const struct feed_sighting *sightings, size_t count)
{
    struct feed_policy policy = sample_policy();
    struct feed_view *view = feed_view_build(&policy, sightings, count, sample_now);
    if (view == NULL)
        abort();
    return view;
}

/* The entry of that text; NULL where there is none. */
static inline const struct feed_entry *sample_entry(const struct feed_view *view, const char *text)
{
    char address[ADDRESS_TEXT_SIZE];
    for (size_t i = 0; i < view->count; i++)
        if (strcmp(feed_entry_text(&view->entries[i], address), text) == 0)
            return &view->entries[i];
    return NULL;
}

/* What a format makes of it; the caller frees it. */
static inline char *sample_text(const struct feed_format *format, const struct feed_view *view)
{
    char *text;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    if (to == NULL || !format->write(to, format, view, 1767607200) || fclose(to) != 0)
        abort();
    return text;
}

#endif
