// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <endian.h>
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

static char *put_escaped(char *at, unsigned char byte)
{
    static const char shorts[] =
        "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: character, letter behind the backslash */
    static const char hex[] = "0123456789abcdef";
    *at++ = '\\';
    for (size_t i = 0; i < sizeof shorts - 1; i += 2)
        if ((unsigned char)shorts[i] == byte) {
            *at++ = shorts[i + 1];
            return at;
        }
    at = json_copy(at, "u00", 3);
    *at++ = hex[byte >> 4];
    *at++ = hex[byte & 15];
    return at;
}

static bool is_plain_byte(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Whether none of eight bytes is a control character, a quote, a backslash, or above 0x7e; no false yes. Each
 * sum and difference sets the upper bit of bytes that are such; of those above 0x7f it is set from the start.
 */
static bool is_plain_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
    return ((word | (word - ones * 0x20) | (word + ones) | (quotes - ones) | (slashes - ones)) & tops) == 0;
}

/* What is plain goes on by eight bytes where it can; the bytes on both sides of what is not, one by one. */
static size_t escape_next(char **at, const char *value, size_t left)
{
    uint64_t word;
    const unsigned char *s = (const unsigned char *)value;
    if (left >= sizeof word && (memcpy(&word, value, sizeof word), is_plain_word(word))) {
        *at = json_copy(*at, value, sizeof word);
        return sizeof word;
    }
    if (is_plain_byte(s[0])) {
        *(*at)++ = value[0];
        return 1;
    }
    if (s[0] < 0x80) {
        *at = put_escaped(*at, s[0]);
        return 1;
    }
    size_t sequence = utf8_sequence(s, left);
    *at = sequence > 0 ? json_copy(*at, value, sequence) : json_copy(*at, "\xef\xbf\xbd", 3);
    return sequence > 0 ? sequence : 1;
}

char *json_escape(char *at, const char *value, size_t length)
{
    for (size_t i = 0; i < length;)
        i += escape_next(&at, value + i, length - i);
    return at;
}

void json_bytes(struct json_writer *writer, const char *name, const char *value, size_t length)
{
    char *at = json_begin(writer, name, length * JSON_ESCAPED + 2);
    if (at == NULL)
        return;
    *at++ = '"';
    at = json_escape(at, value, length);
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

const char json_digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* The eight digits of a number below 100,000,000, as bytes from the lowest one of a word: divides it into
 * halves, their halves and theirs at once. A product with 10486 / 2^20 is a division by 100 of what is below
 * 10,000, one with 103 / 2^10 a division by 10 of what is below 100. */
static uint64_t digits_of(uint64_t value)
{
    uint64_t fours = value / 10000 | value % 10000 << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x7f0000007f);
    uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - tens * 10) << 8;
}

/* Eight bytes, of which the first `skipped` digits are none. */
static char *put_digits(char *at, uint64_t digits, unsigned skipped)
{
    uint64_t text = htole64((digits | UINT64_C(0x3030303030303030)) >> 8 * skipped);
    memcpy(at, &text, sizeof text);
    return at + 8 - skipped;
}

/* Of a number that is not 0. */
static char *put_first_digits(char *at, uint64_t value)
{
    uint64_t digits = digits_of(value);
    return put_digits(at, digits, (unsigned)__builtin_ctzll(digits) / 8);
}

/* "000", "001", ... "999", and how many digits in front are none. */
#define THREE(n)                                                                                             \
    {                                                                                                        \
        {(char)('0' + (n) / 100), (char)('0' + (n) / 10 % 10), (char)('0' + (n) % 10)},                      \
            ((n) < 100) + ((n) < 10)                                                                         \
    }
#define THREES_5(n) THREE(n), THREE((n) + 1), THREE((n) + 2), THREE((n) + 3), THREE((n) + 4)
#define THREES_25(n)                                                                                         \
    THREES_5(n), THREES_5((n) + 5), THREES_5((n) + 10), THREES_5((n) + 15), THREES_5((n) + 20)
#define THREES_125(n)                                                                                        \
    THREES_25(n), THREES_25((n) + 25), THREES_25((n) + 50), THREES_25((n) + 75), THREES_25((n) + 100)
const struct json_three_digits json_three_digits[1000] = {
    THREES_125(0),   THREES_125(125), THREES_125(250), THREES_125(375),
    THREES_125(500), THREES_125(625), THREES_125(750), THREES_125(875),
};

static char *put_first_three(char *at, unsigned value)
{
    uint32_t text;
    memcpy(&text, &json_three_digits[value], sizeof text);
    unsigned skipped = json_three_digits[value].skipped;
    text = htole32(le32toh(text) >> 8 * skipped);
    memcpy(at, &text, sizeof text);
    return at + 3 - skipped;
}

/* Most numbers are below a million. */
char *json_digits(char *at, uint64_t value)
{
    const uint64_t eight = 100000000;
    if (value < 1000)
        return put_first_three(at, (unsigned)value);
    if (value < 1000000)
        return json_put_three(put_first_three(at, (unsigned)value / 1000), (unsigned)value % 1000);
    if (value < eight)
        return put_first_digits(at, value);
    if (value < eight * eight)
        return put_digits(put_first_digits(at, value / eight), digits_of(value % eight), 0);
    at = put_first_digits(at, value / eight / eight);
    at = put_digits(at, digits_of(value / eight % eight), 0);
    return put_digits(at, digits_of(value % eight), 0);
}

void json_integer(struct json_writer *writer, const char *name, int64_t value)
{
    char *at = json_begin(writer, name, JSON_DIGITS + 1);
    if (at == NULL)
        return;
    if (value < 0)
        *at++ = '-';
    json_end(writer, json_digits(at, value < 0 ? 0 - (uint64_t)value : (uint64_t)value));
}

/* Whole numbers of up to 15 digits need no printing, which takes two thousand instructions. */
void json_double(struct json_writer *writer, const char *name, double value)
{
    char text[40] = "null";
    if (value >= 1 && value < 1e15 && value == (double)(uint64_t)value) {
        json_unsigned(writer, name, (uint64_t)value);
        return;
    }
    int length = isfinite(value) ? snprintf(text, sizeof text, "%.15g", value) : 4;
    json_literal(writer, name, text, (size_t)length);
}
