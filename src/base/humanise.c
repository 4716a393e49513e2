// SPDX-License-Identifier: Apache-2.0
#include "base/humanise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *humanise_count(uint64_t count, char text[static HUMANISE_SIZE])
{
    char reversed[HUMANISE_SIZE];
    size_t length = 0;
    for (unsigned digits = 0; digits == 0 || count > 0; digits++, count /= 10) {
        if (digits > 0 && digits % 3 == 0)
            reversed[length++] = ',';
        reversed[length++] = (char)('0' + count % 10);
    }
    for (size_t i = 0; i < length; i++)
        text[i] = reversed[length - 1 - i];
    text[length] = '\0';
    return text;
}

/* Three significant digits with a prefix of the SI: "1.23 k", "12.3 M", "123 G". */
static void format_scaled(double value, const char *unit, char text[static HUMANISE_SIZE])
{
    static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E", "Z"};
    size_t prefix = 0;
    while (value >= 999.5 && prefix + 1 < sizeof prefixes / sizeof prefixes[0]) {
        value /= 1000;
        prefix++;
    }
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(text, HUMANISE_SIZE, "%.*f %s%s", decimals, value, prefixes[prefix], unit);
}

const char *humanise_bytes(uint64_t bytes, char text[static HUMANISE_SIZE])
{
    if (bytes < 1000)
        snprintf(text, HUMANISE_SIZE, "%u B", (unsigned)bytes);
    else
        format_scaled((double)bytes, "B", text);
    return text;
}

const char *humanise_hashrate(double hashes_per_second, const char *algorithm,
                              char text[static HUMANISE_SIZE])
{
    bool solutions = algorithm != NULL && strncasecmp(algorithm, "equihash", 8) == 0;
    if (!isfinite(hashes_per_second) || hashes_per_second < 0 || hashes_per_second > 1e24)
        hashes_per_second = 0;
    format_scaled(hashes_per_second, solutions ? "Sol/s" : "H/s", text);
    return text;
}

const char *humanise_duration(int64_t duration_us, char text[static HUMANISE_SIZE])
{
    uint64_t us = duration_us < 0 ? 0 : (uint64_t)duration_us;
    uint64_t seconds = us / 1000000, minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (seconds < 10)
        snprintf(text, HUMANISE_SIZE, "%u.%u s", (unsigned)seconds, (unsigned)(us / 100000 % 10));
    else if (minutes < 2)
        snprintf(text, HUMANISE_SIZE, "%u s", (unsigned)seconds);
    else if (hours < 1)
        snprintf(text, HUMANISE_SIZE, "%u min", (unsigned)minutes);
    else if (days < 1)
        snprintf(text, HUMANISE_SIZE, "%u h %u min", (unsigned)hours, (unsigned)(minutes % 60));
    else
        snprintf(text, HUMANISE_SIZE, "%llu d %u h", (unsigned long long)days, (unsigned)(hours % 24));
    return text;
}

const char *humanise_time(int64_t time_us, char text[static HUMANISE_SIZE])
{
    const time_t last = 253402300799; /* 9999-12-31 23:59:59: what a time stamp of four year digits can say */
    time_t seconds = time_us < 0 ? 0 : (time_t)(time_us / 1000000);
    struct tm utc = {0};
    if (seconds > last)
        seconds = last;
    gmtime_r(&seconds, &utc);
    strftime(text, HUMANISE_SIZE, "%Y-%m-%d %H:%M:%S", &utc);
    return text;
}

/* Reads one character (RFC 3629). Returns its bytes; 0 where these are no UTF-8. */
static size_t utf8_read(const unsigned char *s, uint32_t *character)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (s[0] < 0x80) {
        *character = s[0];
        return 1;
    }
    size_t length = s[0] >= 0xf0 && s[0] < 0xf8   ? 4
                    : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
                    : s[0] >= 0xc0 && s[0] < 0xe0 ? 2
                                                  : 0;
    if (length == 0)
        return 0;
    uint32_t value = s[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) /* also ends at the NUL */
            return 0;
        value = value << 6 | (s[i] & 0x3fu);
    }
    if (value < lowest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *character = value;
    return length;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t character, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

/* Characters that are not seen, change the direction of what follows, or stack marks on others: Unicode
 * categories Cc, Cf, Co, Zl, Zp and the combining blocks, and the noncharacters at the end of the first
 * plane. */
static bool is_deceptive(uint32_t character)
{
    static const struct range ranges[] = {
        {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x300, 0x36f},      {0x483, 0x489},
        {0x591, 0x5bd},     {0x600, 0x605},     {0x610, 0x61c},     {0x64b, 0x65f},      {0x6dd, 0x6dd},
        {0x70f, 0x70f},     {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},    {0x1ab0, 0x1aff},
        {0x1dc0, 0x1dff},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},    {0x20d0, 0x20ff},
        {0x3164, 0x3164},   {0xe000, 0xf8ff},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},    {0xfe20, 0xfe2f},
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},    {0x110bd, 0x110bd},
        {0x13430, 0x1345f}, {0x1bca0, 0x1bca3}, {0x1d165, 0x1d182}, {0xe0000, 0x10ffff},
    };
    return in_ranges(character, ranges, sizeof ranges / sizeof ranges[0]);
}

/* Unicode East Asian Width W and F, in blocks. */
static bool is_wide(uint32_t character)
{
    static const struct range ranges[] = {
        {0x1100, 0x115f}, {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
        {0xac00, 0xd7a3}, {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
        {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
    };
    return in_ranges(character, ranges, sizeof ranges / sizeof ranges[0]);
}

size_t humanise_character(const char *text, size_t *columns)
{
    uint32_t character = 0;
    size_t length = utf8_read((const unsigned char *)text, &character);
    *columns = length > 0 && is_wide(character) ? 2 : 1;
    return length > 0 ? length : 1;
}

size_t humanise_columns(const char *text)
{
    size_t sum = 0;
    while (*text != '\0') {
        size_t columns;
        text += humanise_character(text, &columns);
        sum += columns;
    }
    return sum;
}

/* Shortens what stands in `text` until "..." fits behind it. */
static size_t cut(char *text, size_t length, size_t columns, size_t size)
{
    size_t keep = 0, used = 0;
    while (keep < length) {
        size_t wide;
        size_t bytes = humanise_character(text + keep, &wide);
        if (used + wide + 3 > columns || keep + bytes + 4 > size)
            break;
        keep += bytes;
        used += wide;
    }
    if (columns < 3 || size < 4) {
        text[0] = '\0';
        return 0;
    }
    memcpy(text + keep, "...", 4);
    return used + 3;
}

size_t humanise_text(const char *raw, size_t columns, bool unicode, char *text, size_t size)
{
    size_t length = 0, used = 0;
    while (*raw != '\0') {
        uint32_t character = 0;
        size_t bytes = utf8_read((const unsigned char *)raw, &character);
        bool shown = bytes > 0 && !is_deceptive(character) && (unicode || character < 0x80);
        const char *put = shown ? raw : "?";
        size_t put_length = shown ? bytes : 1, wide = shown && is_wide(character) ? 2 : 1;
        if (used + wide > columns || length + put_length + 1 > size)
            return cut(text, length, columns, size);
        memcpy(text + length, put, put_length);
        length += put_length;
        used += wide;
        raw += bytes > 0 ? bytes : 1;
    }
    if (size > 0)
        text[length] = '\0';
    return used;
}
