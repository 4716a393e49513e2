// SPDX-License-Identifier: Apache-2.0
#include "protocol/stratum_v2.h"

#include "base/cursor.h"

#include <math.h>
#include <string.h>

enum {
    CHANNEL_MESSAGE = 0x8000,      /* bit of the extension type */
    MAX_PAYLOAD = 8 * 1024 * 1024, /* of any message: what a template holds at most, and some more */
    ERROR_MAX = 4 + 1 + 255,
};

/* ---- frames ---- */

/* Types of the specification's table, extension 0 only. */
static bool is_known_type(uint8_t type)
{
    return type <= 0x04 || (type >= 0x10 && type <= 0x25) || (type >= 0x50 && type <= 0x60) ||
           (type >= 0x70 && type <= 0x76);
}

void sv2_reader_reset(struct sv2_reader *reader)
{
    reader->header_length = 0;
    reader->length = reader->seen = 0;
}

static size_t read_header(struct sv2_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t more = SV2_HEADER - (size_t)reader->header_length;
    if (more > length)
        more = length;
    memcpy(reader->header + reader->header_length, bytes, more);
    reader->header_length = (uint8_t)(reader->header_length + more);
    return more;
}

static bool header_fits(struct sv2_reader *reader)
{
    struct cursor cursor = cursor_of(reader->header, SV2_HEADER);
    uint16_t extension = cursor_u16_le(&cursor);
    uint8_t type = cursor_u8(&cursor);
    reader->length = (uint32_t)cursor_u16_le(&cursor);
    reader->length |= (uint32_t)cursor_u8(&cursor) << 16;
    bool other_extension = (extension & ~(unsigned)CHANNEL_MESSAGE) != 0;
    return reader->length <= MAX_PAYLOAD && !other_extension && is_known_type(type);
}

enum sv2_result sv2_read(struct sv2_reader *reader, const uint8_t *bytes, size_t length, size_t *used)
{
    *used = 0;
    if (reader->header_length == SV2_HEADER && reader->seen == reader->length)
        sv2_reader_reset(reader); /* the frame before was taken */
    if (reader->header_length < SV2_HEADER) {
        *used = read_header(reader, bytes, length);
        if (reader->header_length < SV2_HEADER)
            return SV2_MORE;
        if (!header_fits(reader))
            return SV2_FOREIGN;
    }
    size_t more =
        length - *used < reader->length - reader->seen ? length - *used : reader->length - reader->seen;
    if (reader->seen < SV2_KEPT) {
        size_t kept = more < SV2_KEPT - reader->seen ? more : SV2_KEPT - reader->seen;
        if (kept > 0)
            memcpy(reader->payload + reader->seen, bytes + *used, kept);
    }
    reader->seen += (uint32_t)more;
    *used += more;
    return reader->seen == reader->length ? SV2_COMPLETE : SV2_MORE;
}

/* In the middle of a connection: a message about a channel whose length is fixed. */
static int begins_about_channel(const uint8_t *bytes, size_t length)
{
    static const struct {
        uint8_t type, length;
    } fixed[] = {{SV2_SUBMIT_STANDARD, 24}, {SV2_SUBMIT_SUCCESS, 20},        {SV2_NEW_JOB, 45},
                 {SV2_NEW_JOB, 49},         {SV2_SET_NEW_PREVIOUS_HASH, 48}, {SV2_SET_TARGET, 36}};
    bool may = false;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        const uint8_t header[SV2_HEADER] = {0, 0x80, fixed[i].type, fixed[i].length, 0, 0};
        may |= memcmp(bytes, header, length < SV2_HEADER ? length : SV2_HEADER) == 0;
    }
    return !may ? 0 : length < SV2_HEADER ? -1 : 1;
}

int sv2_begins(const uint8_t *bytes, size_t length)
{
    static const uint8_t versions[] = {2, 0, 2, 0}; /* lowest and highest: the only ones there are */
    if (length > 0 && bytes[0] != 0)
        return 0;
    if (length > 1 && bytes[1] == CHANNEL_MESSAGE >> 8)
        return begins_about_channel(bytes, length);
    if (length < 3)
        return length > 1 && bytes[1] != 0 ? 0 : -1;
    if (bytes[1] != 0 || bytes[2] > SV2_SETUP_CONNECTION_ERROR)
        return 0;
    if (length < SV2_HEADER)
        return -1;
    uint32_t payload = bytes[3] | (uint32_t)bytes[4] << 8 | (uint32_t)bytes[5] << 16;
    if (bytes[2] == SV2_SETUP_CONNECTION_ERROR)
        return payload > 5 && payload <= ERROR_MAX;
    if (bytes[2] == SV2_SETUP_CONNECTION_SUCCESS) { /* version in use, flags */
        if (payload != 6 || (length > 6 && bytes[6] != 2) || (length > 7 && bytes[7] != 0))
            return 0;
        return length < 8 ? -1 : 1;
    }
    if (payload < 16 || payload > SV2_KEPT || (length > 6 && bytes[6] > 2))
        return 0;
    size_t there = length < SV2_SETUP_MARK ? length : SV2_SETUP_MARK;
    if (there > 7 && memcmp(bytes + 7, versions, there - 7) != 0)
        return 0;
    return length < SV2_SETUP_MARK ? -1 : 1;
}

/* ---- fields ---- */

/* STR0_255: a byte of length, then text; what holds control characters is none. */
static void read_text(struct cursor *cursor, char text[static 256])
{
    size_t length = cursor_u8(cursor);
    const uint8_t *bytes = cursor_take(cursor, length);
    if (bytes == NULL)
        return;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] < ' ' || bytes[i] == 0x7f)
            cursor->failed = true;
    if (cursor->failed)
        return;
    memcpy(text, bytes, length);
    text[length] = '\0';
}

/* B0_32 */
static void skip_short_bytes(struct cursor *cursor)
{
    size_t length = cursor_u8(cursor);
    if (length > 32)
        cursor->failed = true;
    cursor_skip(cursor, length);
}

/* 2^256 / target; 0 where the target is 0. U256 is little endian. */
static double read_attempts(struct cursor *cursor)
{
    const uint8_t *target = cursor_take(cursor, 32);
    double value = 0;
    for (int i = 31; target != NULL && i >= 0; i--)
        value = value * 256 + target[i];
    return value > 0 ? 0x1p256 / value : 0;
}

/* F32; what is no speed counts as nothing. */
static double read_hashrate(struct cursor *cursor)
{
    uint32_t bits = cursor_u32_le(cursor);
    float value;
    memcpy(&value, &bits, sizeof value);
    return isfinite(value) && value > 0 && value < 1e24f ? (double)value : 0;
}

/* OPTION[U32] */
static void skip_option(struct cursor *cursor)
{
    uint8_t present = cursor_u8(cursor);
    if (present > 1)
        cursor->failed = true;
    cursor_skip(cursor, present == 1 ? 4 : 0);
}

static void parse_setup(struct cursor *cursor, struct sv2_message *message)
{
    message->protocol = cursor_u8(cursor);
    uint16_t lowest = cursor_u16_le(cursor), highest = cursor_u16_le(cursor);
    cursor_skip(cursor, 4); /* flags */
    read_text(cursor, message->host);
    message->port = cursor_u16_le(cursor);
    read_text(cursor, message->vendor);
    read_text(cursor, message->hardware);
    read_text(cursor, message->firmware);
    read_text(cursor, message->device);
    if (message->protocol > 2 || lowest != 2 || highest != 2)
        cursor->failed = true;
}

static void parse_open(struct cursor *cursor, struct sv2_message *message)
{
    message->request = cursor_u32_le(cursor);
    read_text(cursor, message->user);
    message->hashrate = read_hashrate(cursor);
    cursor_skip(cursor, 32); /* the highest target it takes */
    if (message->type == SV2_OPEN_EXTENDED)
        cursor_skip(cursor, 2); /* bytes of extranonce it needs */
}

static void parse_opened(struct cursor *cursor, struct sv2_message *message)
{
    message->request = cursor_u32_le(cursor);
    message->channel = cursor_u32_le(cursor);
    message->attempts = read_attempts(cursor);
    if (message->type == SV2_OPEN_EXTENDED_SUCCESS)
        cursor_skip(cursor, 2);
    skip_short_bytes(cursor);
    if (message->type == SV2_OPEN_STANDARD_SUCCESS || cursor_left(cursor) > 0)
        cursor_skip(cursor, 4); /* group channel; not in extended ones of older versions */
}

static void parse_job(struct cursor *cursor, struct sv2_message *message)
{
    message->channel = cursor_u32_le(cursor);
    message->job = cursor_u32_le(cursor);
    skip_option(cursor); /* time: a job for later has none */
    message->version = cursor_u32_le(cursor);
    if (message->type == SV2_NEW_JOB) {
        cursor_skip(cursor, 32); /* merkle root */
        return;
    }
    if (cursor_u8(cursor) > 1) /* version rolling allowed */
        cursor->failed = true;
    cursor_skip(cursor, 32 * (size_t)cursor_u8(cursor)); /* merkle path */
    cursor_skip(cursor, cursor_u16_le(cursor));          /* coinbase, both halves */
    cursor_skip(cursor, cursor_u16_le(cursor));
}

static void parse_submit(struct cursor *cursor, struct sv2_message *message)
{
    message->channel = cursor_u32_le(cursor);
    message->sequence = cursor_u32_le(cursor);
    message->job = cursor_u32_le(cursor);
    message->nonce = cursor_u32_le(cursor);
    message->time = cursor_u32_le(cursor);
    message->version = cursor_u32_le(cursor);
    if (message->type == SV2_SUBMIT_EXTENDED)
        skip_short_bytes(cursor);
}

static void parse_previous_hash(struct cursor *cursor, struct sv2_message *message)
{
    message->channel = cursor_u32_le(cursor);
    message->job = cursor_u32_le(cursor);
    cursor_skip(cursor, 32);
    message->time = cursor_u32_le(cursor);
    message->bits = cursor_u32_le(cursor);
}

static void parse_fields(struct cursor *cursor, struct sv2_message *message)
{
    switch (message->type) {
    case SV2_SETUP_CONNECTION:
        parse_setup(cursor, message);
        break;
    case SV2_SETUP_CONNECTION_SUCCESS:
        cursor->failed |= cursor_u16_le(cursor) != 2;
        cursor_skip(cursor, 4);
        break;
    case SV2_RECONNECT:
        read_text(cursor, message->host);
        message->port = cursor_u16_le(cursor);
        break;
    case SV2_OPEN_STANDARD:
    case SV2_OPEN_EXTENDED:
        parse_open(cursor, message);
        break;
    case SV2_OPEN_STANDARD_SUCCESS:
    case SV2_OPEN_EXTENDED_SUCCESS:
        parse_opened(cursor, message);
        break;
    case SV2_SETUP_CONNECTION_ERROR:
    case SV2_OPEN_ERROR:
        message->request = cursor_u32_le(cursor); /* of the first: its flags */
        read_text(cursor, message->error);
        break;
    case SV2_NEW_JOB:
    case SV2_NEW_EXTENDED_JOB:
        parse_job(cursor, message);
        break;
    case SV2_UPDATE_CHANNEL:
        message->channel = cursor_u32_le(cursor);
        message->hashrate = read_hashrate(cursor);
        cursor_skip(cursor, 32);
        break;
    case SV2_SUBMIT_STANDARD:
    case SV2_SUBMIT_EXTENDED:
        parse_submit(cursor, message);
        break;
    case SV2_SUBMIT_SUCCESS:
        message->channel = cursor_u32_le(cursor);
        message->sequence = cursor_u32_le(cursor);
        message->accepted = cursor_u32_le(cursor);
        cursor_skip(cursor, 8); /* sum of their difficulties, rounded down */
        break;
    case SV2_SUBMIT_ERROR:
        message->channel = cursor_u32_le(cursor);
        message->sequence = cursor_u32_le(cursor);
        read_text(cursor, message->error);
        break;
    case SV2_SET_NEW_PREVIOUS_HASH:
        parse_previous_hash(cursor, message);
        break;
    case SV2_SET_TARGET:
        message->channel = cursor_u32_le(cursor);
        message->attempts = read_attempts(cursor);
        break;
    default:
        cursor->failed = true;
    }
}

/* Messages about a channel carry the bit that says so; those about the connection do not. */
static bool channel_bit_fits(const struct sv2_reader *reader, enum sv2_type type)
{
    bool about_channel = type >= SV2_NEW_JOB && type <= SV2_SET_TARGET;
    return ((reader->header[1] & 0x80) != 0) == about_channel;
}

bool sv2_parse(const struct sv2_reader *reader, struct sv2_message *message)
{
    memset(message, 0, sizeof *message);
    message->type = (enum sv2_type)reader->header[2];
    size_t kept = reader->seen < SV2_KEPT ? reader->seen : SV2_KEPT;
    struct cursor cursor = cursor_of(reader->payload, kept);
    parse_fields(&cursor, message);
    bool cut = reader->length > SV2_KEPT; /* a long coinbase: its end is not kept */
    if (cut && message->type == SV2_NEW_EXTENDED_JOB)
        return channel_bit_fits(reader, message->type);
    return !cursor_failed(&cursor) && cursor_left(&cursor) == 0 && !cut &&
           channel_bit_fits(reader, message->type);
}
