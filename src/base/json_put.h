// SPDX-License-Identifier: Apache-2.0
/*
 * Members of a JSON object, written one behind the other at a cursor: for the records of which there are
 * millions. Whoever writes makes the room for all of them at once (json_begin()), and JSON_PUT_SPARE bytes
 * more; each expression is where the next one goes. Names are literals. Each member leaves a comma behind it;
 * json_put_end() writes the end of the object in the place of the last one, so that it must not be empty.
 */
#ifndef BASE_JSON_PUT_H
#define BASE_JSON_PUT_H

#include "base/address.h"
#include "base/json_writer.h"

#define JSON_PUT static inline __attribute__((always_inline))

/* What is constant is copied by whole pieces, with what stands behind it: a load and a store each, where its
 * own length takes some eight instructions. So many bytes are written for nothing at most. */
enum { JSON_PIECE = 16, JSON_PUT_SPARE = JSON_PIECE - 1 };
#define JSON_PIECE_PAD "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

JSON_PUT char *json_put_pieces(char *at, const char *padded, size_t length)
{
    memcpy(at, padded, (length + JSON_PIECE - 1) / JSON_PIECE * JSON_PIECE);
    return at + length;
}

/* Text as it is to stand there. */
#define JSON_PUT_TEXT(at, literal) json_put_pieces(at, literal JSON_PIECE_PAD, sizeof(literal) - 1)
/* The beginning of a member, and of one that is a string or an object. */
#define JSON_PUT_NAME(at, name)   JSON_PUT_TEXT(at, "\"" name "\":")
#define JSON_PUT_QUOTE(at, name)  JSON_PUT_TEXT(at, "\"" name "\":\"")
#define JSON_PUT_OBJECT(at, name) JSON_PUT_TEXT(at, "\"" name "\":{")

JSON_PUT char *json_put_end(char *at)
{
    at[-1] = '}';
    *at++ = ',';
    return at;
}

/* ---- what stands behind JSON_PUT_NAME ---- */

/* JSON_DIGITS at most. */
JSON_PUT char *json_put_number(char *at, uint64_t value)
{
    at = value < 10 ? (*at = (char)('0' + value), at + 1) : json_digits(at, value);
    *at++ = ',';
    return at;
}
#define JSON_PUT_UNSIGNED(at, name, value) json_put_number(JSON_PUT_NAME(at, name), value)

#define JSON_PUT_BOOLEAN(at, name, value)                                                                    \
    ((value) ? JSON_PUT_TEXT(at, "\"" name "\":true,") : JSON_PUT_TEXT(at, "\"" name "\":false,"))

/* ---- what stands behind JSON_PUT_QUOTE ---- */

JSON_PUT char *json_put_quoted(char *at)
{
    return json_copy(at, "\",", 2);
}

/* A text of the program's own making, without anything to escape. */
JSON_PUT char *json_put_plain(char *at, const char *value, size_t length)
{
    return json_put_quoted(json_copy(at, value, length));
}

/* A short word of a table. */
struct json_word {
    char text[JSON_PIECE - 1];
    uint8_t length;
};
#define JSON_WORD(word)                                                                                      \
    {                                                                                                        \
        word, sizeof(word) - 1                                                                               \
    }

JSON_PUT char *json_put_word(char *at, const struct json_word *word)
{
    memcpy(at, word, sizeof *word);
    return json_put_quoted(at + word->length);
}

/* JSON_ESCAPED times its length at most. */
JSON_PUT char *json_put_string(char *at, const char *value, size_t length)
{
    return json_put_quoted(json_escape(at, value, length));
}

/* ADDRESS_TEXT_SIZE at most. */
JSON_PUT char *json_put_address(char *at, const struct address *address)
{
    return json_put_quoted(address_write(at, address));
}

#endif
