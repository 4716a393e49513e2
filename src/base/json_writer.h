// SPDX-License-Identifier: Apache-2.0
/*
 * Writes JSON into memory that grows as needed: a record is built once and then handed to every sink.
 *
 * Strings are written as valid UTF-8 whatever they hold: control characters, quotes and backslashes are
 * escaped, bytes that are no UTF-8 become U+FFFD. Commas are placed by the writer. Numbers that are no finite
 * numbers become null. Memory that cannot be had marks the writer failed; json_writer_text() then gives NULL.
 */
#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct json_writer {
    char *text; /* not NUL-terminated until json_writer_text() */
    size_t length, size;
    bool comma, failed;
};

void json_writer_init(struct json_writer *writer);  /* owns nothing yet */
void json_writer_reset(struct json_writer *writer); /* empties it and keeps the memory */
void json_writer_done(struct json_writer *writer);  /* frees */

/* The text, NUL-terminated, owned by the writer until the next call; NULL where memory ran out. */
const char *json_writer_text(struct json_writer *writer);

/* `name` is NULL inside arrays and at the top; names are trusted ASCII without anything to escape. Most of
 * them are literals, whose length the compiler knows: what writes them is inline for that. */

/* Room for `more` bytes behind what is there; false without memory. */
bool json_reserve(struct json_writer *writer, size_t more);
/* Writes a number; returns where it ends. JSON_DIGITS bytes may be written, the last of them for nothing. */
enum { JSON_DIGITS = 24 };
char *json_digits(char *at, uint64_t value);

/* Writes a string's bytes without its quotes; returns where they end, at most JSON_ESCAPED times `length`
 * behind `at`. */
enum { JSON_ESCAPED = 6 }; /* "\u001f" */
char *json_escape(char *at, const char *value, size_t length);

static inline char *json_copy(char *at, const char *text, size_t length)
{
    memcpy(at, text, length); /* NOLINT(bugprone-not-null-terminated-result): no text of its own */
    return at + length;
}

/* Two digits of a number below 100. */
extern const char json_digit_pairs[];
static inline char *json_digit_pair(char *at, unsigned value)
{
    return json_copy(at, json_digit_pairs + 2 * (size_t)value, 2);
}

/* Three digits of a number below 1000; four bytes are written. */
struct json_three_digits {
    char text[3];
    uint8_t skipped; /* zeros in front */
};
extern const struct json_three_digits json_three_digits[];
static inline char *json_put_three(char *at, unsigned value)
{
    memcpy(at, &json_three_digits[value], sizeof *json_three_digits);
    return at + 3;
}

static inline size_t json_name_length(const char *name)
{
    return name != NULL ? strlen(name) : 0;
}

/* The comma and the name, with room for `more` bytes behind them: where the value goes; NULL without memory.
 */
static inline char *json_begin(struct json_writer *writer, const char *name, size_t more)
{
    size_t length = json_name_length(name), need = length + 4 + more;
    if (writer->size - writer->length <= need && !json_reserve(writer, need))
        return NULL;
    char *at = writer->text + writer->length;
    *at = ',';
    at += writer->comma;
    if (name != NULL) {
        *at++ = '"';
        at = json_copy(at, name, length);
        at = json_copy(at, "\":", 2);
    }
    writer->comma = true;
    return at;
}

static inline void json_end(struct json_writer *writer, const char *at)
{
    writer->length = (size_t)(at - writer->text);
}

/* A value as it is to stand there. */
static inline void json_literal(struct json_writer *writer, const char *name, const char *value,
                                size_t length)
{
    char *at = json_begin(writer, name, length);
    if (at == NULL)
        return;
    json_end(writer, json_copy(at, value, length));
}

static inline void json_object(struct json_writer *writer, const char *name)
{
    json_literal(writer, name, "{", 1);
    writer->comma = false;
}

static inline void json_array(struct json_writer *writer, const char *name)
{
    json_literal(writer, name, "[", 1);
    writer->comma = false;
}

void json_object_end(struct json_writer *writer);
void json_array_end(struct json_writer *writer);

void json_bytes(struct json_writer *writer, const char *name, const char *value, size_t length);

static inline void json_string(struct json_writer *writer, const char *name, const char *value)
{
    json_bytes(writer, name, value, strlen(value));
}

/* A string that is known to hold nothing to escape: of the program's own making. */
static inline void json_plain(struct json_writer *writer, const char *name, const char *value, size_t length)
{
    char *at = json_begin(writer, name, length + 2);
    if (at == NULL)
        return;
    *at++ = '"';
    at = json_copy(at, value, length);
    *at++ = '"';
    json_end(writer, at);
}

static inline void json_word(struct json_writer *writer, const char *name, const char *value)
{
    json_plain(writer, name, value, strlen(value));
}

/* json_string() only where `value` is neither NULL nor empty: "absent, not empty, where unknown". */
static inline void json_string_if(struct json_writer *writer, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_string(writer, name, value);
}

static inline void json_unsigned(struct json_writer *writer, const char *name, uint64_t value)
{
    char *at = json_begin(writer, name, JSON_DIGITS);
    if (at != NULL)
        json_end(writer, json_digits(at, value));
}

static inline void json_boolean(struct json_writer *writer, const char *name, bool value)
{
    if (value)
        json_literal(writer, name, "true", 4);
    else
        json_literal(writer, name, "false", 5);
}

/* A string whose name is escaped as well: for names that are not the program's own. */
void json_pair(struct json_writer *writer, const char *name, const char *value);
void json_integer(struct json_writer *writer, const char *name, int64_t value);
void json_double(struct json_writer *writer, const char *name,
                 double value); /* shortest of up to 15 digits */

#endif
