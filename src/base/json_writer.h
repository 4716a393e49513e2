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
 * them are literals, whose length the compiler knows: hence the two steps. */
void json_put_container(struct json_writer *writer, const char *name, size_t name_length, char bracket);
void json_put_bytes(struct json_writer *writer, const char *name, size_t name_length, const char *value,
                    size_t length);
void json_put_unsigned(struct json_writer *writer, const char *name, size_t name_length, uint64_t value);
void json_put_literal(struct json_writer *writer, const char *name, size_t name_length, const char *value,
                      size_t length);
void json_put_plain(struct json_writer *writer, const char *name, size_t name_length, const char *value,
                    size_t length);

static inline size_t json_name_length(const char *name)
{
    return name != NULL ? strlen(name) : 0;
}

static inline void json_object(struct json_writer *writer, const char *name)
{
    json_put_container(writer, name, json_name_length(name), '{');
}

static inline void json_array(struct json_writer *writer, const char *name)
{
    json_put_container(writer, name, json_name_length(name), '[');
}

void json_object_end(struct json_writer *writer);
void json_array_end(struct json_writer *writer);

static inline void json_bytes(struct json_writer *writer, const char *name, const char *value, size_t length)
{
    json_put_bytes(writer, name, json_name_length(name), value, length);
}

static inline void json_string(struct json_writer *writer, const char *name, const char *value)
{
    json_put_bytes(writer, name, json_name_length(name), value, strlen(value));
}

/* A string that is known to hold nothing to escape: of the program's own making. */
static inline void json_plain(struct json_writer *writer, const char *name, const char *value, size_t length)
{
    json_put_plain(writer, name, json_name_length(name), value, length);
}

static inline void json_word(struct json_writer *writer, const char *name, const char *value)
{
    json_put_plain(writer, name, json_name_length(name), value, strlen(value));
}

/* json_string() only where `value` is neither NULL nor empty: "absent, not empty, where unknown". */
static inline void json_string_if(struct json_writer *writer, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_string(writer, name, value);
}

static inline void json_unsigned(struct json_writer *writer, const char *name, uint64_t value)
{
    json_put_unsigned(writer, name, json_name_length(name), value);
}

static inline void json_boolean(struct json_writer *writer, const char *name, bool value)
{
    json_put_literal(writer, name, json_name_length(name), value ? "true" : "false", value ? 4 : 5);
}

/* A string whose name is escaped as well: for names that are not the program's own. */
void json_pair(struct json_writer *writer, const char *name, const char *value);
void json_integer(struct json_writer *writer, const char *name, int64_t value);
void json_double(struct json_writer *writer, const char *name,
                 double value); /* shortest of up to 15 digits */

#endif
