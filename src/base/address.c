// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <arpa/inet.h>
#include <stddef.h>

/* ---- text ---- */

/* "7.", "42.", "255.": the text of each byte with the dot behind it, and how long that is. */
struct byte_text {
    char text[4];
    uint32_t length;
};
#define DIGIT(number) (char)('0' + (number) % 10)
#define TEXT_1(n)                                                                                            \
    {                                                                                                        \
        {DIGIT((n) >= 100  ? (n) / 100                                                                       \
               : (n) >= 10 ? (n) / 10                                                                        \
                           : (n)),                                                                           \
         (n) >= 100  ? DIGIT((n) / 10)                                                                       \
         : (n) >= 10 ? DIGIT(n)                                                                              \
                     : '.',                                                                                  \
         (n) >= 100 ? DIGIT(n) : '.', '.'},                                                                  \
            2 + ((n) >= 10) + ((n) >= 100)                                                                   \
    }
#define TEXT_4(n)  TEXT_1(n), TEXT_1((n) + 1), TEXT_1((n) + 2), TEXT_1((n) + 3)
#define TEXT_16(n) TEXT_4(n), TEXT_4((n) + 4), TEXT_4((n) + 8), TEXT_4((n) + 12)
#define TEXT_64(n) TEXT_16(n), TEXT_16((n) + 16), TEXT_16((n) + 32), TEXT_16((n) + 48)

static inline char *write_byte(char *at, uint8_t byte)
{
    static const struct byte_text texts[256] = {TEXT_64(0), TEXT_64(64), TEXT_64(128), TEXT_64(192)};
    memcpy(at, texts[byte].text, sizeof texts[byte].text);
    return at + texts[byte].length;
}

static char *write_ipv4(char *at, const uint8_t bytes[static 4])
{
    at = write_byte(at, bytes[0]);
    at = write_byte(at, bytes[1]);
    at = write_byte(at, bytes[2]);
    return write_byte(at, bytes[3]) - 1; /* without the last dot */
}

static char *write_group(char *at, unsigned group)
{
    static const char digits[] = "0123456789abcdef";
    if (group >= 0x1000)
        *at++ = digits[group >> 12];
    if (group >= 0x100)
        *at++ = digits[group >> 8 & 15];
    if (group >= 0x10)
        *at++ = digits[group >> 4 & 15];
    *at++ = digits[group & 15];
    return at;
}

/* The first of the longest runs of zeros, where it is of two groups or more (RFC 5952, section 4.2): from
 * where to where. */
static void find_zeros(const unsigned groups[static 8], size_t *from, size_t *to)
{
    *from = *to = 8;
    for (size_t i = 0, start = 0; i < 8; i++) {
        if (groups[i] != 0)
            start = i + 1;
        else if (i + 1 - start >= 2 && i + 1 - start > *to - *from) {
            *from = start;
            *to = i + 1;
        }
    }
}

static char *write_ipv6(char *at, const uint8_t bytes[static 16])
{
    unsigned groups[8];
    size_t from, to;
    for (size_t i = 0; i < 8; i++)
        groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
    find_zeros(groups, &from, &to);
    for (size_t i = 0; i < 8; i++) {
        if (i == from) {
            *at++ = ':';
            i = to;
        }
        if (i > 0)
            *at++ = ':';
        if (i < 8)
            at = write_group(at, groups[i]);
    }
    return at;
}

char *address_write(char *at, const struct address *address)
{
    static const uint8_t zeros[12];
    if (address_is_ipv4(address))
        return write_ipv4(at, address->bytes + 12);
    if (memcmp(address->bytes, zeros, sizeof zeros) != 0)
        return write_ipv6(at, address->bytes); /* inet_ntop() goes through sprintf() for each group */
    /* "::", "::1", and what once was an IPv4-compatible address */
    inet_ntop(AF_INET6, address->bytes, at, ADDRESS_TEXT_SIZE);
    return at + strlen(at);
}

const char *address_format(const struct address *address, char text[static ADDRESS_TEXT_SIZE])
{
    *address_write(text, address) = '\0';
    return text;
}

bool address_parse(const char *text, struct address *address)
{
    uint8_t ipv4[4];
    if (inet_pton(AF_INET, text, ipv4) == 1) {
        *address = address_from_ipv4(ipv4);
        return true;
    }
    return inet_pton(AF_INET6, text, address->bytes) == 1;
}

struct network {
    uint8_t bytes[16];
    uint8_t prefix;
};

static bool inside(const uint8_t *bytes, const struct network *network)
{
    size_t whole = network->prefix / 8;
    uint8_t rest = (uint8_t)(0xff00u >> (network->prefix % 8));
    return memcmp(bytes, network->bytes, whole) == 0 &&
           (network->prefix % 8 == 0 || (bytes[whole] & rest) == (network->bytes[whole] & rest));
}

bool address_is_local(const struct address *address)
{
    static const struct network ipv4[] = {
        {{0}, 8},         {{10}, 8},       {{100, 64}, 10},  {{127}, 8},
        {{169, 254}, 16}, {{172, 16}, 12}, {{192, 168}, 16}, {{224}, 4},
    };
    static const struct network ipv6[] = {
        {{0}, 128}, {{[15] = 1}, 128}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}, {{0xff}, 8},
    };
    bool is_ipv4 = address_is_ipv4(address);
    const struct network *networks = is_ipv4 ? ipv4 : ipv6;
    size_t count = is_ipv4 ? sizeof ipv4 / sizeof ipv4[0] : sizeof ipv6 / sizeof ipv6[0];
    for (size_t i = 0; i < count; i++)
        if (inside(address->bytes + (is_ipv4 ? 12 : 0), &networks[i]))
            return true;
    return false;
}
