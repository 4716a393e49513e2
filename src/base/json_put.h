// SPDX-License-Identifier: Apache-2.0
/*
 * Members of a JSON object, written one behind the other at a cursor: for the records of which there are
 * millions. Whoever writes makes the room for all of them at once (json_begin()); each function returns where
 * the next one goes. Names are literals, whose length the compiler knows. Each member leaves a comma behind
 * it; json_put_end() writes the end of the object in the place of the last one, so that it must not be empty.
 */
#ifndef BASE_JSON_PUT_H
#define BASE_JSON_PUT_H

#include "base/address.h"
#include "base/json_writer.h"

/* A name that is no literal any more where it is copied would cost a call of strlen() and one of memcpy(). */
#define JSON_PUT static inline __attribute__((always_inline))

JSON_PUT char *json_put_name(char *at, const char *name)
{
    *at++ = '"';
    at = json_copy(at, name, strlen(name));
    return json_copy(at, "\":", 2);
}

JSON_PUT char *json_put_object(char *at, const char *name)
{
    at = json_put_name(at, name);
    *at++ = '{';
    return at;
}

JSON_PUT char *json_put_end(char *at)
{
    at[-1] = '}';
    *at++ = ',';
    return at;
}

/* JSON_DIGITS at most. */
JSON_PUT char *json_put_unsigned(char *at, const char *name, uint64_t value)
{
    at = json_put_name(at, name);
    at = value < 10 ? (*at = (char)('0' + value), at + 1) : json_digits(at, value);
    *at++ = ',';
    return at;
}

JSON_PUT char *json_put_boolean(char *at, const char *name, bool value)
{
    at = json_put_name(at, name);
    return value ? json_copy(at, "true,", 5) : json_copy(at, "false,", 6);
}

/* A text of the program's own making, without anything to escape. */
JSON_PUT char *json_put_plain(char *at, const char *name, const char *value, size_t length)
{
    at = json_put_name(at, name);
    *at++ = '"';
    at = json_copy(at, value, length);
    return json_copy(at, "\",", 2);
}

JSON_PUT char *json_put_word(char *at, const char *name, const char *value)
{
    return json_put_plain(at, name, value, strlen(value));
}

/* A short word of a table. It is copied with what stands behind it, which takes no call: 16 bytes at most. */
struct json_word {
    char text[15];
    uint8_t length;
};
#define JSON_WORD(word)                                                                                      \
    {                                                                                                        \
        word, sizeof word - 1                                                                                \
    }

JSON_PUT char *json_put_short(char *at, const char *name, const struct json_word *word)
{
    at = json_put_name(at, name);
    *at++ = '"';
    memcpy(at, word->text, sizeof word->text);
    return json_copy(at + word->length, "\",", 2);
}

/* JSON_ESCAPED times its length at most; absent where it is NULL or empty. */
JSON_PUT char *json_put_string_if(char *at, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return at;
    at = json_put_name(at, name);
    *at++ = '"';
    at = json_escape(at, value, strlen(value));
    return json_copy(at, "\",", 2);
}

/* ADDRESS_TEXT_SIZE at most. */
JSON_PUT char *json_put_address(char *at, const char *name, const struct address *address)
{
    at = json_put_name(at, name);
    *at++ = '"';
    at = address_write(at, address);
    return json_copy(at, "\",", 2);
}

#endif
