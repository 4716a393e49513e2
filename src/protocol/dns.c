// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns.h"

#include "base/cursor.h"

#include <string.h>

/* RFC 1035, sections 3.2 and 4.1; AAAA: RFC 3596 */
enum {
    HEADER_SIZE = 12,
    FLAG_RESPONSE = 0x8000,
    OPCODE_MASK = 0x7800, /* 0: standard query */
    TYPE_A = 1,
    TYPE_CNAME = 5,
    TYPE_AAAA = 28,
    CLASS_INTERNET = 1,
    CLASS_HESIOD = 4,
    CLASS_ANY = 255,
    CLASS_MASK = 0x7fff, /* the top bit is multicast DNS's (RFC 6762, sections 5.4 and 10.2) */
    LABEL_MAX = 63,
    POINTER = 0xc0,
};

/* Bounds of work, not of the format: real answers stay far below. */
enum { MAX_POINTERS = 32, MAX_RECORDS = 64, MAX_ALIASES = 8 };

struct record {
    const char *owner; /* the question's name, or `name` */
    char name[DNS_MAX_NAME];
    uint16_t type, class;
    uint32_t time_to_live;
    struct cursor data;
};

/* What a byte of a label is read as. A dot inside a label is no separator either; \x2d is '-', which would
 * end a trigraph. */
static const char plain[] = "????????????????"
                            "????????????????"
                            "?????????????\x2d??"
                            "0123456789??????"
                            "?abcdefghijklmno"
                            "pqrstuvwxyz????_"
                            "?abcdefghijklmno"
                            "pqrstuvwxyz?????"
                            "????????????????"
                            "????????????????"
                            "????????????????"
                            "????????????????"
                            "????????????????"
                            "????????????????"
                            "????????????????"
                            "????????????????";
_Static_assert(sizeof plain == UINT8_MAX + 2, "each byte has its character");

/* Appends a label to `name`; false where the name grows longer than one may be. */
static bool append(char name[static DNS_MAX_NAME], size_t *length, const uint8_t *label, size_t size)
{
    if (*length + (*length > 0) + size >= DNS_MAX_NAME)
        return false;
    if (*length > 0)
        name[(*length)++] = '.';
    for (size_t i = 0; i < size; i++)
        name[*length + i] = plain[label[i]];
    *length += size;
    name[*length] = '\0';
    return true;
}

/* Reads the name at the cursor, which then stands behind it. A pointer must lead to before the piece it
 * stands in, so that following pointers comes to an end. */
static bool read_name(struct cursor *cursor, const uint8_t *message, char name[static DNS_MAX_NAME])
{
    struct cursor at = *cursor;
    const uint8_t *piece = at.at;
    size_t length = 0;
    name[0] = '\0';
    for (int pointers = 0; pointers <= MAX_POINTERS;) {
        uint8_t size = cursor_u8(&at);
        if (size >= POINTER) {
            size_t target = (size_t)(size & ~POINTER) << 8 | cursor_u8(&at);
            if (cursor_failed(&at) || target < HEADER_SIZE || target >= (size_t)(piece - message))
                return false;
            if (pointers++ == 0)
                *cursor = at;
            piece = at.at = message + target;
            continue;
        }
        const uint8_t *label = cursor_take(&at, size);
        if (cursor_failed(&at) || size > LABEL_MAX)
            return false;
        if (size == 0) {
            if (pointers == 0)
                *cursor = at;
            return true;
        }
        if (!append(name, &length, label, size))
            return false;
    }
    return false;
}

/* Nearly always a pointer to the question's name, which was read. */
static bool read_owner(struct cursor *cursor, const uint8_t *message, const char *question,
                       struct record *record)
{
    static const uint8_t pointer[] = {POINTER, HEADER_SIZE};
    if (cursor_left(cursor) >= sizeof pointer && memcmp(cursor->at, pointer, sizeof pointer) == 0) {
        record->owner = question;
        cursor_skip(cursor, sizeof pointer);
        return true;
    }
    record->owner = record->name;
    return read_name(cursor, message, record->name);
}

static bool read_record(struct cursor *cursor, const uint8_t *message, const char *question,
                        struct record *record)
{
    if (!read_owner(cursor, message, question, record))
        return false;
    record->type = cursor_u16_be(cursor);
    record->class = cursor_u16_be(cursor) & CLASS_MASK;
    record->time_to_live = cursor_u32_be(cursor);
    uint16_t length = cursor_u16_be(cursor);
    const uint8_t *data = cursor_take(cursor, length);
    record->data = cursor_of(data, data == NULL ? 0 : length);
    if (record->time_to_live > INT32_MAX) /* RFC 2181, section 8 */
        record->time_to_live = 0;
    return !cursor_failed(cursor);
}

static void add_address(const struct record *record, struct dns_message *message)
{
    struct cursor data = record->data;
    size_t size = record->type == TYPE_A ? 4 : 16;
    if (cursor_left(&data) != size || message->address_count == DNS_MAX_ADDRESSES)
        return;
    struct address address = record->type == TYPE_A ? address_from_ipv4(data.at) : address_from_ipv6(data.at);
    for (size_t i = 0; i < message->address_count; i++) /* aliases that go round in a circle */
        if (address_equal(&message->addresses[i], &address))
            return;
    if (message->address_count == 0 || record->time_to_live < message->time_to_live)
        message->time_to_live = record->time_to_live;
    message->addresses[message->address_count++] = address;
}

/* Takes the addresses of `name`, and puts the name that it is an alias of into `alias`: "" where it is none.
 */
static void read_answers_for(const char *name, struct cursor cursor, const uint8_t *bytes, size_t count,
                             struct dns_message *message, char alias[static DNS_MAX_NAME])
{
    struct record record;
    alias[0] = '\0';
    for (size_t i = 0; i < count && read_record(&cursor, bytes, message->name, &record); i++) {
        if (record.class != CLASS_INTERNET || strcmp(record.owner, name) != 0)
            continue;
        if (record.type == TYPE_A || record.type == TYPE_AAAA) {
            add_address(&record, message);
        } else if (record.type == TYPE_CNAME) {
            struct cursor target = record.data; /* pointers lead backwards, so its end bounds them too */
            if (!read_name(&target, bytes, alias))
                alias[0] = '\0';
        }
    }
}

/* Aliases come in any order: one pass for each, bounded. */
static void read_answers(struct cursor cursor, const uint8_t *bytes, size_t count,
                         struct dns_message *message)
{
    char name[DNS_MAX_NAME], alias[DNS_MAX_NAME];
    memcpy(name, message->name, sizeof name);
    for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
        read_answers_for(name, cursor, bytes, count, message, alias);
        if (alias[0] == '\0' || strcmp(alias, name) == 0)
            return;
        memcpy(name, alias, sizeof name);
    }
}

bool dns_parse(const uint8_t *bytes, size_t length, struct dns_message *message)
{
    struct cursor cursor = cursor_of(bytes, length);
    memset(message, 0, sizeof *message);
    cursor_skip(&cursor, 2); /* identifier */
    uint16_t flags = cursor_u16_be(&cursor);
    uint16_t questions = cursor_u16_be(&cursor);
    uint16_t answers = cursor_u16_be(&cursor);
    cursor_skip(&cursor, 4); /* authority and additional records */
    if (cursor_failed(&cursor) || questions != 1 || (flags & OPCODE_MASK) != 0)
        return false;
    message->is_response = (flags & FLAG_RESPONSE) != 0;
    message->response_code = flags & 15;
    if (!read_name(&cursor, bytes, message->name))
        return false;
    message->type = cursor_u16_be(&cursor);
    uint16_t class = cursor_u16_be(&cursor) & CLASS_MASK;
    if (cursor_failed(&cursor) || class == 0 || (class > CLASS_HESIOD && class != CLASS_ANY))
        return false;
    if (message->is_response)
        read_answers(cursor, bytes, answers < MAX_RECORDS ? answers : MAX_RECORDS, message);
    return true;
}
