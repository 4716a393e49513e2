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

static bool reserve(struct json_writer *writer, size_t more)
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
    if (writer->size - writer->length > length || reserve(writer, length)) {
        memcpy(writer->text + writer->length, text, length);
        writer->length += length;
    }
}

const char *json_writer_text(struct json_writer *writer)
{
    if (!reserve(writer, 1))
        return NULL;
    writer->text[writer->length] = '\0';
    return writer->text;
}

/* The comma, the name, and `more` bytes of room behind them, in one step: this is most of what writing costs.
 */
static void begin_value(struct json_writer *writer, const char *name)
{
    size_t length = name != NULL ? strlen(name) : 0;
    if (writer->size - writer->length <= length + 4 && !reserve(writer, length + 4))
        return;
    char *at = writer->text + writer->length;
    *at = ',';
    at += writer->comma;
    if (name != NULL) {
        *at++ = '"';
        memcpy(at, name, length); /* NOLINT(bugprone-not-null-terminated-result): no text of its own */
        at += length;
        *at++ = '"';
        *at++ = ':';
    }
    writer->length = (size_t)(at - writer->text);
    writer->comma = true;
}

static void open_container(struct json_writer *writer, const char *name, const char *bracket)
{
    begin_value(writer, name);
    put(writer, bracket, 1);
    writer->comma = false;
}

static void close_container(struct json_writer *writer, const char *bracket)
{
    put(writer, bracket, 1);
    writer->comma = true;
}

void json_object(struct json_writer *writer, const char *name)
{
    open_container(writer, name, "{");
}

void json_object_end(struct json_writer *writer)
{
    close_container(writer, "}");
}

void json_array(struct json_writer *writer, const char *name)
{
    open_container(writer, name, "[");
}

void json_array_end(struct json_writer *writer)
{
    close_container(writer, "]");
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

void json_bytes(struct json_writer *writer, const char *name, const char *value, size_t length)
{
    begin_value(writer, name);
    put(writer, "\"", 1);
    const unsigned char *s = (const unsigned char *)value;
    size_t i = 0;
    while (i < length) {
        size_t plain = i;
        while (plain < length && s[plain] >= 0x20 && s[plain] < 0x7f && s[plain] != '"' && s[plain] != '\\')
            plain++;
        put(writer, value + i, plain - i);
        i = plain;
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
    put(writer, "\"", 1);
}

void json_string(struct json_writer *writer, const char *name, const char *value)
{
    json_bytes(writer, name, value, strlen(value));
}

void json_pair(struct json_writer *writer, const char *name, const char *value)
{
    json_string(writer, NULL, name);
    put(writer, ":", 1);
    writer->comma = false;
    json_string(writer, NULL, value);
}

void json_string_if(struct json_writer *writer, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_string(writer, name, value);
}

void json_unsigned(struct json_writer *writer, const char *name, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    begin_value(writer, name);
    put(writer, digits + at, sizeof digits - at);
}

void json_integer(struct json_writer *writer, const char *name, int64_t value)
{
    char text[24];
    begin_value(writer, name);
    put(writer, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value));
}

void json_double(struct json_writer *writer, const char *name, double value)
{
    char text[40];
    begin_value(writer, name);
    if (!isfinite(value)) {
        put(writer, "null", 4);
        return;
    }
    put(writer, text, (size_t)snprintf(text, sizeof text, "%.15g", value));
}

void json_boolean(struct json_writer *writer, const char *name, bool value)
{
    begin_value(writer, name);
    put(writer, value ? "true" : "false", value ? 4 : 5);
}
