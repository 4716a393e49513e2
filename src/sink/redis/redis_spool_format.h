// SPDX-License-Identifier: Apache-2.0
/*
 * What stands in a spool file: a page with two slots, and records behind each other. docs/redis.md lays the
 * bytes out; numbers are little-endian.
 *
 * The checksums are SipHash under a secret of the file: what comes from the wire into a record cannot pass
 * for a record of its own, wherever a write was cut.
 */
#ifndef SINK_REDIS_REDIS_SPOOL_FORMAT_H
#define SINK_REDIS_REDIS_SPOOL_FORMAT_H

#include "sink/redis/redis_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SPOOL_PAGE_BYTES = 4096, /* records begin here */
    SPOOL_SLOT_BYTES = 64,
    SPOOL_SECOND_SLOT = 2048, /* in a disk's sector of its own */
    SPOOL_RECORD_BYTES = 24,  /* in front of the commands */
    SPOOL_MAX_COMMANDS_BYTES = 1024 * 1024,
    SPOOL_MAX_COMMANDS = 1024,
};

/* Where the records that wait begin. Of the two slots the one with the higher generation counts. */
struct spool_slot {
    uint64_t generation;
    uint64_t position; /* of the first record that waits, or of the one to come */
    uint64_t sequence; /* of that record */
};

void spool_slot_write(const struct spool_slot *slot, const uint8_t secret[static 16],
                      uint8_t bytes[static SPOOL_SLOT_BYTES]);
bool spool_slot_read(struct spool_slot *slot, uint8_t secret[static 16],
                     const uint8_t bytes[static SPOOL_SLOT_BYTES]);

struct spool_record {
    uint64_t sequence; /* one more than that of the record before */
    enum redis_class class;
    enum event_type type;
    unsigned commands;
    size_t length; /* of the commands */
};

/* Writes what stands in front of the commands, which follow in `bytes` already. */
void spool_record_write(const struct spool_record *record, const uint8_t secret[static 16], uint8_t *bytes);

/* Reads the SPOOL_RECORD_BYTES in front, so that the length is known; nothing is checked but that it may be
 * one. */
bool spool_record_peek(struct spool_record *record, const uint8_t bytes[static SPOOL_RECORD_BYTES]);

/* The whole record, of which `bytes` holds SPOOL_RECORD_BYTES and record->length: whether its checksum is
 * right, and its commands are as many commands as it says. */
bool spool_record_check(const struct spool_record *record, const uint8_t secret[static 16],
                        const uint8_t *bytes);

#endif
