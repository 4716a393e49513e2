// SPDX-License-Identifier: Apache-2.0
/*
 * Events as Suricata EVE records: the one place where the JSON of the contract is written.
 */
#ifndef SINK_EVE_EVE_H
#define SINK_EVE_EVE_H

#include "base/json_writer.h"
#include "verdict/event.h"

struct eve_options {
    uint16_t community_id_seed;
};

/* Appends one record, without line feed, to `writer`. */
void eve_write(struct json_writer *writer, const struct event *event);

enum { EVE_TIMESTAMP_SIZE = 32 };

/* "2026-11-22T09:30:12.123456+0000" (UTC; no colon in the zone, as Suricata writes it). */
const char *eve_timestamp(int64_t time_us, char text[static EVE_TIMESTAMP_SIZE]);

#endif
