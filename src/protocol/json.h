// SPDX-License-Identifier: Apache-2.0
/*
 * JSON (RFC 8259) as a stream: reads one value, piece by piece as segments bring it, into a fixed amount of
 * memory.
 *
 * What is kept of a message is enough to recognise it and bounded whatever its size: the first
 * JSON_MAX_VALUES values with names and places, of each string or number the first JSON_MAX_STORED bytes
 * (escapes undone) and its full length, and whether it is all hexadecimal. The rest is read past. Deep values
 * cannot use up the room: some is kept back for those near the top, so that a `method` behind a long list is
 * still seen; half of it for the members of a message that JSON-RPC names, so that it is seen behind any
 * number of other members; and some for those that say what a message is, of each of which the first ones and
 * the last are kept: readers differ in which of several counts. No recursion; depth is bounded.
 */
#ifndef PROTOCOL_JSON_H
#define PROTOCOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JSON_MAX_DEPTH = 32,
    JSON_MAX_VALUES = 152,
    JSON_MAX_STORED = 3072, /* an Equihash (200,9) solution in hexadecimal has 2694 characters */
    JSON_MAX_NAME = 63,
    JSON_MAX_REPEATED = 4, /* members of one name in a message: the first three and, of tags, the last */
    JSON_KNOWN_MEMBERS = 10,
    JSON_TEXT_SIZE = 7680,
    JSON_MAX_LENGTH = 4 << 20, /* bytes of one message; getblocktemplate answers have megabytes */
    JSON_NONE = 255,           /* no value */
};

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
    uint8_t type;         /* enum json_type */
    uint8_t parent;       /* index of the container; JSON_NONE for the outermost value */
    bool hexadecimal : 1; /* string: not empty, and all characters behind an optional 0x are [0-9a-fA-F] */
    bool prefixed : 1;    /* string: begins with 0x */
    bool replaceable : 1; /* a tag with room behind its text for any that takes its place */
    uint16_t position;    /* in the parent, from 0 */
    uint16_t name;        /* offset of the member's name in text; 0: none */
    uint16_t text;        /* offset of what is stored of a string or number; NUL-terminated */
    uint16_t stored;      /* bytes stored */
    uint32_t length;      /* string, number: full length in bytes; array, object: number of children */
};

/* The reader and the message it reads. All fields are private to json.c but for `values`, `count` and `text`,
 * which the functions below (json_message.c) read. */
struct json_reader {
    uint8_t count; /* values stored */
    uint8_t state, depth, string_is_name, escape_digits, literal_at;
    bool in_other_member;                 /* of the message: one that JSON-RPC gives no meaning */
    bool in_tag;                          /* one that says what the message is: "method" and its relatives */
    uint8_t member;                       /* the one that is being read: its number among the known ones */
    uint8_t repeated[JSON_KNOWN_MEMBERS]; /* how often each came */
    uint16_t text_used, unicode, high_surrogate, pending_name;
    uint32_t length;    /* bytes read */
    uint32_t is_object; /* one bit per depth */
    uint16_t children[JSON_MAX_DEPTH];
    uint8_t container[JSON_MAX_DEPTH]; /* index of the value; JSON_NONE where it was left out */
    struct json_value now;             /* the string, number or literal being read */
    struct json_value values[JSON_MAX_VALUES];
    char text[JSON_TEXT_SIZE];
};

enum json_result {
    JSON_MORE,     /* all bytes read, the value goes on */
    JSON_COMPLETE, /* *used bytes were read; the value is complete */
    JSON_BAD,      /* no JSON: *used bytes were read until that was clear */
};

void json_reader_reset(struct json_reader *reader);

/* Reads on. The outermost value must be an object or an array. */
enum json_result json_read(struct json_reader *reader, const uint8_t *bytes, size_t length, size_t *used);

/* Copies only what is in use: for a message that is put aside until its next segment. */
void json_reader_copy(struct json_reader *to, const struct json_reader *from);

/* ---- looking at a message; indices of values, JSON_NONE where there is none and as a harmless argument ----
 */

/* The last member of that name. */
uint8_t json_member(const struct json_reader *reader, uint8_t object, const char *name);
/* The next value named `name` in `object` behind value `after` (JSON_NONE: the first): duplicates are all
 * visible. */
uint8_t json_next_member(const struct json_reader *reader, uint8_t object, const char *name, uint8_t after);
uint8_t json_element(const struct json_reader *reader, uint8_t array, uint16_t position);

static inline enum json_type json_type_of(const struct json_reader *reader, uint8_t value)
{
    return value == JSON_NONE ? JSON_NULL : (enum json_type)reader->values[value].type;
}

static inline bool json_is(const struct json_reader *reader, uint8_t value, enum json_type type)
{
    return value != JSON_NONE && reader->values[value].type == (uint8_t)type;
}

/* Text of a string or number (its first JSON_MAX_STORED bytes), "" for all else. NUL bytes of the wire are in
 * it too. */
const char *json_text(const struct json_reader *reader, uint8_t value);
/* Full length of a string or number; number of children of a container; 0 for all else. */
uint32_t json_length(const struct json_reader *reader, uint8_t value);
bool json_equals(const struct json_reader *reader, uint8_t value, const char *text);

/* A string of `low`..`high` hexadecimal digits; an 0x before them is allowed and not counted. */
bool json_is_hex(const struct json_reader *reader, uint8_t value, uint32_t low, uint32_t high);
/* The same with the prefix demanded or refused. */
bool json_is_prefixed_hex(const struct json_reader *reader, uint8_t value, uint32_t low, uint32_t high);
bool json_is_bare_hex(const struct json_reader *reader, uint8_t value, uint32_t low, uint32_t high);

/* A number, or a string that is one; false where it is none or not finite. */
bool json_number(const struct json_reader *reader, uint8_t value, double *number);

#endif
