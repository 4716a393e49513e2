// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_spool_format.h"

#include "base/siphash.h"

#include <string.h>

enum { VERSION = 1, CHECKSUM_BYTES = 8, MAX_ARGUMENTS = 1024 };

static const char magic[8] = {'G', 'E', 'O', 'S', 'P', 'O', 'O', 'L'};

static void put(uint8_t *bytes, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
}

static uint64_t get(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++)
        number |= (uint64_t)bytes[i] << 8 * i;
    return number;
}

/* ---- slots: magic 8, version 4, zero 4, secret 16, generation 8, position 8, sequence 8, checksum 8 ---- */

void spool_slot_write(const struct spool_slot *slot, const uint8_t secret[static 16],
                      uint8_t bytes[static SPOOL_SLOT_BYTES])
{
    memcpy(bytes, magic, sizeof magic);
    put(bytes + 8, VERSION, 4);
    put(bytes + 12, 0, 4);
    memcpy(bytes + 16, secret, 16);
    put(bytes + 32, slot->generation, 8);
    put(bytes + 40, slot->position, 8);
    put(bytes + 48, slot->sequence, 8);
    put(bytes + 56, siphash(secret, bytes, 56), CHECKSUM_BYTES);
}

bool spool_slot_read(struct spool_slot *slot, uint8_t secret[static 16],
                     const uint8_t bytes[static SPOOL_SLOT_BYTES])
{
    memcpy(secret, bytes + 16, 16);
    slot->generation = get(bytes + 32, 8);
    slot->position = get(bytes + 40, 8);
    slot->sequence = get(bytes + 48, 8);
    return memcmp(bytes, magic, sizeof magic) == 0 && get(bytes + 8, 4) == VERSION &&
           get(bytes + 56, CHECKSUM_BYTES) == siphash(secret, bytes, 56) &&
           slot->position >= SPOOL_PAGE_BYTES && slot->position <= INT64_MAX;
}

/* ---- records: checksum 8, sequence 8, length 4, commands 2, class 1, type 1, commands ---- */

void spool_record_write(const struct spool_record *record, const uint8_t secret[static 16], uint8_t *bytes)
{
    put(bytes + 8, record->sequence, 8);
    put(bytes + 16, record->length, 4);
    put(bytes + 20, record->commands, 2);
    bytes[22] = (uint8_t)record->class;
    bytes[23] = (uint8_t)record->type;
    size_t covered = SPOOL_RECORD_BYTES - CHECKSUM_BYTES + record->length;
    put(bytes, siphash(secret, bytes + CHECKSUM_BYTES, covered), CHECKSUM_BYTES);
}

bool spool_record_peek(struct spool_record *record, const uint8_t bytes[static SPOOL_RECORD_BYTES])
{
    *record = (struct spool_record){
        .sequence = get(bytes + 8, 8),
        .length = (size_t)get(bytes + 16, 4),
        .commands = (unsigned)get(bytes + 20, 2),
        .class = (enum redis_class)bytes[22],
        .type = (enum event_type)bytes[23],
    };
    bool is_alert = bytes[22] == REDIS_CLASS_ALERT && bytes[23] == EVENT_ALERT;
    bool is_incident = bytes[22] == REDIS_CLASS_INCIDENT && bytes[23] == EVENT_MINING;
    return (is_alert || is_incident) && record->length > 0 && record->length <= SPOOL_MAX_COMMANDS_BYTES &&
           record->commands > 0 && record->commands <= SPOOL_MAX_COMMANDS;
}

/* Reads "*12\r\n" or "$12\r\n"; false where there is none. */
static bool read_count(const uint8_t **at, const uint8_t *end, uint8_t kind, size_t most, size_t *count)
{
    const uint8_t *next = *at;
    size_t digits = 0;
    *count = 0;
    if (next == end || *next++ != kind)
        return false;
    for (; next < end && *next >= '0' && *next <= '9' && digits < 8; next++, digits++)
        *count = *count * 10 + (size_t)(*next - '0');
    if (digits == 0 || *count > most || end - next < 2 || next[0] != '\r' || next[1] != '\n')
        return false;
    *at = next + 2;
    return true;
}

/* An array of bulk strings. */
static bool skip_command(const uint8_t **at, const uint8_t *end)
{
    size_t arguments, length;
    if (!read_count(at, end, '*', MAX_ARGUMENTS, &arguments) || arguments == 0)
        return false;
    for (; arguments > 0; arguments--) {
        if (!read_count(at, end, '$', SPOOL_MAX_COMMANDS_BYTES, &length) ||
            (size_t)(end - *at) < length + 2 || memcmp(*at + length, "\r\n", 2) != 0)
            return false;
        *at += length + 2;
    }
    return true;
}

bool spool_record_check(const struct spool_record *record, const uint8_t secret[static 16],
                        const uint8_t *bytes)
{
    const uint8_t *at = bytes + SPOOL_RECORD_BYTES, *end = at + record->length;
    size_t covered = SPOOL_RECORD_BYTES - CHECKSUM_BYTES + record->length;
    if (get(bytes, CHECKSUM_BYTES) != siphash(secret, bytes + CHECKSUM_BYTES, covered))
        return false;
    for (unsigned i = 0; i < record->commands; i++) /* as many answers will be waited for */
        if (!skip_command(&at, end))
            return false;
    return at == end;
}
