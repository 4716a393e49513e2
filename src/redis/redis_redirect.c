// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_redirect.h"

#include <string.h>

/* CRC-16/XMODEM: polynomial 0x1021, from 0 (appendix A of the cluster specification). Keys are short. */
static unsigned crc16(const char *bytes, size_t length)
{
    unsigned crc = 0;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned)(unsigned char)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000) != 0 ? (crc << 1 ^ 0x1021) & 0xffff : crc << 1 & 0xffff;
    }
    return crc;
}

int redis_slot(const char *key, size_t length)
{
    const char *open = memchr(key, '{', length);
    if (open != NULL) {
        const char *tag = open + 1, *close = memchr(tag, '}', length - (size_t)(tag - key));
        if (close != NULL && close > tag) {
            key = tag;
            length = (size_t)(close - tag);
        }
    }
    return (int)(crc16(key, length) % REDIS_SLOTS);
}

/* "*12\r\n" or "$12\r\n": moves `*at` behind it. */
static bool read_head(const char **at, const char *end, char kind, size_t *number)
{
    const char *digit = *at;
    size_t value = 0, count = 0;
    if (digit == end || *digit++ != kind)
        return false;
    for (; digit < end && *digit >= '0' && *digit <= '9' && count < 10; digit++, count++)
        value = value * 10 + (size_t)(*digit - '0');
    if (count == 0 || end - digit < 2 || digit[0] != '\r' || digit[1] != '\n')
        return false;
    *at = digit + 2;
    *number = value;
    return true;
}

/* One argument: moves `*at` behind it. */
static bool read_argument(const char **at, const char *end, const char **argument, size_t *length)
{
    if (!read_head(at, end, '$', length) || (size_t)(end - *at) < 2 || *length > (size_t)(end - *at) - 2)
        return false;
    *argument = *at;
    *at += *length + 2;
    return true;
}

size_t redis_command_length(const char *bytes, size_t length)
{
    const char *at = bytes, *argument;
    size_t arguments, ignored;
    if (!read_head(&at, bytes + length, '*', &arguments))
        return 0;
    for (size_t i = 0; i < arguments; i++)
        if (!read_argument(&at, bytes + length, &argument, &ignored))
            return 0;
    return (size_t)(at - bytes);
}

static bool is_word(const char *argument, size_t length, const char *word)
{
    return length == strlen(word) && strncasecmp(argument, word, length) == 0;
}

/* A channel is no key, but one with a sensor's hash tag had better go where the sensor's keys go: one
 * connection. */
static bool has_key(const char *name, size_t length)
{
    static const char *const without[] = {"PING",      "SCAN",    "INFO",   "ROLE",       "AUTH",
                                          "CLIENT",    "CLUSTER", "CONFIG", "DBSIZE",     "TIME",
                                          "SUBSCRIBE", "SELECT",  "ACL",    "PSUBSCRIBE", "UNSUBSCRIBE"};
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        if (is_word(name, length, without[i]))
            return false;
    return true;
}

int redis_command_slot(const char *bytes, size_t length)
{
    const char *at = bytes, *end = bytes + length, *name, *argument = NULL;
    size_t arguments, name_length, argument_length;
    if (!read_head(&at, end, '*', &arguments) || arguments < 2 ||
        !read_argument(&at, end, &name, &name_length) || !has_key(name, name_length) ||
        !read_argument(&at, end, &argument, &argument_length))
        return REDIS_NO_SLOT;
    if (is_word(name, name_length, "XREAD") || is_word(name, name_length, "XREADGROUP"))
        for (bool found = false; !found;) { /* the keys stand behind STREAMS */
            found = is_word(argument, argument_length, "STREAMS");
            if (!read_argument(&at, end, &argument, &argument_length))
                return REDIS_NO_SLOT;
        }
    return redis_slot(argument, argument_length);
}

static bool read_number(const char **at, const char *end, unsigned max, unsigned *number)
{
    const char *digit = *at;
    unsigned value = 0;
    for (; digit < end && *digit >= '0' && *digit <= '9' && value <= max; digit++)
        value = value * 10 + (unsigned)(*digit - '0');
    if (digit == *at || value > max)
        return false;
    *at = digit;
    *number = value;
    return true;
}

bool redis_redirect_read(const char *text, size_t length, struct redis_redirect *redirect)
{
    const char *at = text, *end = text + length;
    unsigned slot, port;
    *redirect = (struct redis_redirect){.is_ask = length > 4 && memcmp(text, "ASK ", 4) == 0};
    if (!redirect->is_ask && (length <= 6 || memcmp(text, "MOVED ", 6) != 0))
        return false;
    at += redirect->is_ask ? 4 : 6;
    if (!read_number(&at, end, REDIS_SLOTS - 1, &slot) || at == end || *at++ != ' ')
        return false;
    const char *colon = memrchr(at, ':', (size_t)(end - at)); /* IPv6 addresses stand without brackets */
    if (colon == NULL || memchr(at, '\0', (size_t)(colon - at)) != NULL)
        return false;
    const char *digits = colon + 1;
    if (!read_number(&digits, end, UINT16_MAX, &port) || digits != end || port == 0)
        return false;
    redirect->slot = (int)slot;
    /* "?": the server's name is not known (cluster-preferred-endpoint-type) */
    return !(colon - at == 1 && *at == '?') &&
           redis_address_set(&redirect->address, at, (size_t)(colon - at), (uint16_t)port);
}
