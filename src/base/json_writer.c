// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_writer_init(struct json_writer *writer)
{
    *writer = (struct json_writer){0};
}

void json_writer_reset(struct json_writer *writer)
{
    writer->length = 0;
    writer->comma = false;
    writer->failed = false;
}

void json_writer_done(struct json_writer *writer)
{
    free(writer->text);
    json_writer_init(writer);
}

bool json_reserve(struct json_writer *writer, size_t more)
{
    if (writer->failed)
        return false;
    if (writer->size - writer->length > more) /* leaves one for the NUL */
        return true;
    size_t size = writer->size == 0 ? 1024 : writer->size;
    while (size - writer->length <= more)
        size *= 2;
    char *text = realloc(writer->text, size);
    if (text == NULL) {
        writer->failed = true;
        return false;
    }
    writer->text = text;
    writer->size = size;
    return true;
}

static inline void put(struct json_writer *writer, const char *text, size_t length)
{
    if (writer->size - writer->length > length || json_reserve(writer, length)) {
        memcpy(writer->text + writer->length, text, length);
        writer->length += length;
    }
}

const char *json_writer_text(struct json_writer *writer)
{
    if (!json_reserve(writer, 1))
        return NULL;
    writer->text[writer->length] = '\0';
    return writer->text;
}

void json_object_end(struct json_writer *writer)
{
    put(writer, "}", 1);
    writer->comma = true;
}

void json_array_end(struct json_writer *writer)
{
    put(writer, "]", 1);
    writer->comma = true;
}

/* Length of the UTF-8 sequence at `s` (RFC 3629: shortest form, no surrogates, up to U+10FFFF); 0 where it is
 * none. */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
    static const struct {
        unsigned char first, last, second_low, second_high, length;
    } forms[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (s[0] < forms[i].first || s[0] > forms[i].last)
            continue;
        if (left < forms[i].length || s[1] < forms[i].second_low || s[1] > forms[i].second_high)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if ((s[k] & 0xc0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

static void put_escaped(struct json_writer *writer, unsigned char byte)
{
    static const char shorts[] =
        "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: character, letter behind the backslash */
    char text[8];
    for (size_t i = 0; i < sizeof shorts - 1; i += 2)
        if ((unsigned char)shorts[i] == byte) {
            text[0] = '\\';
            text[1] = shorts[i + 1];
            put(writer, text, 2);
            return;
        }
    put(writer, text, (size_t)snprintf(text, sizeof text, "\\u%04x", byte));
}

static bool is_plain_byte(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Whether one of eight bytes is a control character, a quote, a backslash, or above 0x7e; no false no. Each
 * sum and difference sets the upper bit of bytes that are such; of those above 0x7f it is set from the start.
 */
static bool any_special(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
    return ((word | (word - ones * 0x20) | (word + ones) | (quotes - ones) | (slashes - ones)) & tops) != 0;
}

/* Bytes from the beginning that need no escape. */
static size_t plain_length(const char *value, size_t length)
{
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, value + i, sizeof word);
        if (any_special(word))
            break;
    }
    while (i < length && is_plain_byte((unsigned char)value[i]))
        i++;
    return i;
}

static void put_special(struct json_writer *writer, const char *value, size_t length)
{
    const unsigned char *s = (const unsigned char *)value;
    for (size_t i = 0; i < length;) {
        size_t plain = plain_length(value + i, length - i);
        put(writer, value + i, plain);
        i += plain;
        if (i == length)
            break;
        size_t sequence = s[i] < 0x80 ? 0 : utf8_sequence(s + i, length - i);
        if (sequence > 0)
            put(writer, value + i, sequence);
        else if (s[i] < 0x80)
            put_escaped(writer, s[i]);
        else
            put(writer, "\xef\xbf\xbd", 3);
        i += sequence > 0 ? sequence : 1;
    }
}

void json_bytes(struct json_writer *writer, const char *name, const char *value, size_t length)
{
    size_t plain = plain_length(value, length);
    char *at = json_begin(writer, name, plain + 2);
    if (at == NULL)
        return;
    *at++ = '"';
    memcpy(at, value, plain);
    at += plain;
    if (plain < length) {
        json_end(writer, at);
        put_special(writer, value + plain, length - plain);
        put(writer, "\"", 1);
        return;
    }
    *at++ = '"';
    json_end(writer, at);
}

void json_pair(struct json_writer *writer, const char *name, const char *value)
{
    json_string(writer, NULL, name);
    put(writer, ":", 1);
    writer->comma = false;
    json_string(writer, NULL, value);
}

static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

static unsigned count_digits(uint64_t value)
{
    unsigned count = 1;
    for (; value >= 10000; value /= 10000)
        count += 4;
    return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

char *json_digits(char *at, uint64_t value)
{
    char *end = at + count_digits(value), *to = end;
    for (; value >= 100; value /= 100) {
        to -= 2;
        memcpy(to, digit_pairs + value % 100 * 2, 2);
    }
    if (value >= 10)
        memcpy(to - 2, digit_pairs + value * 2, 2);
    else
        to[-1] = (char)('0' + value);
    return end;
}

void json_integer(struct json_writer *writer, const char *name, int64_t value)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%lld", (long long)value);
    json_literal(writer, name, text, (size_t)length);
}

void json_double(struct json_writer *writer, const char *name, double value)
{
    char text[40] = "null";
    int length = isfinite(value) ? snprintf(text, sizeof text, "%.15g", value) : 4;
    json_literal(writer, name, text, (size_t)length);
}
