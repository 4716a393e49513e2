// SPDX-License-Identifier: Apache-2.0
#include "protocol/socks.h"

#include "base/address.h"

#include <stdio.h>
#include <string.h>

enum {
    VERSION_4 = 4,
    VERSION_5 = 5,
    COMMAND_CONNECT = 1,
    METHOD_NONE = 0, /* RFC 1928, section 3 */
    METHOD_PASSWORD = 2,
    METHOD_REFUSED = 0xff,
    MAX_METHODS = 12,           /* in real greetings one to four */
    LAST_METHOD = 9,            /* IANA: 0 to 9 are assigned, 0x80 and more private */
    AUTHENTICATION_VERSION = 1, /* RFC 1929 */
    ADDRESS_IPV4 = 1,           /* RFC 1928, section 5 */
    ADDRESS_NAME = 3,
    ADDRESS_IPV6 = 4,
    ANSWER_4_GRANTED = 0x5a,
    ANSWER_4_LAST = 0x5d,
    ANSWER_4_LENGTH = 8,
    MAX_USER_4 = 255,
};

static uint16_t port_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* Letters, digits and marks: a host's name, a user's. */
static bool is_printable(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] <= ' ' || bytes[i] > '~')
            return false;
    return true;
}

static bool is_method(uint8_t method)
{
    return method <= LAST_METHOD || (method >= 0x80 && method < METHOD_REFUSED);
}

/* ---- destinations ---- */

static bool set_name(struct socks_side *side, const uint8_t *name, size_t length, uint16_t port)
{
    if (length == 0 || length > 255 || !is_printable(name, length) || port == 0)
        return false;
    snprintf(side->destination, sizeof side->destination, "%.*s:%u", (int)length, (const char *)name, port);
    return true;
}

static bool set_address(struct socks_side *side, const uint8_t *bytes, bool is_ipv6, uint16_t port)
{
    struct address address = is_ipv6 ? address_from_ipv6(bytes) : address_from_ipv4(bytes);
    char text[ADDRESS_TEXT_SIZE];
    address_format(&address, text);
    snprintf(side->destination, sizeof side->destination, is_ipv6 ? "[%s]:%u" : "%s:%u", text, port);
    return port != 0;
}

/* ---- version 4 ---- */

/* 04 01 port address user NUL (host NUL where the address is 0.0.0.x) */
static int read_request_4(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length >= 2 && bytes[1] != COMMAND_CONNECT)
        return SOCKS_NOT;
    if (length < 9)
        return SOCKS_MORE;
    const uint8_t *user = bytes + 8, *end = bytes + length;
    const uint8_t *user_end = memchr(user, 0, length - 8);
    size_t user_length = (size_t)((user_end == NULL ? end : user_end) - user);
    if (user_length > MAX_USER_4 || !is_printable(user, user_length))
        return SOCKS_NOT;
    if (user_end == NULL)
        return SOCKS_MORE;
    bool named = bytes[4] == 0 && bytes[5] == 0 && bytes[6] == 0 && bytes[7] != 0;
    const uint8_t *last = user_end;
    if (named) {
        const uint8_t *host = user_end + 1;
        last = host < end ? memchr(host, 0, (size_t)(end - host)) : NULL;
        if (last == NULL)
            return (size_t)(end - host) <= 255 && is_printable(host, (size_t)(end - host)) ? SOCKS_MORE
                                                                                           : SOCKS_NOT;
        if (!set_name(side, host, (size_t)(last - host), port_at(bytes + 2)))
            return SOCKS_NOT;
    } else if (!set_address(side, bytes + 4, false, port_at(bytes + 2))) {
        return SOCKS_NOT;
    }
    side->version = named ? SOCKS_4A : SOCKS_4;
    side->stage = SOCKS_PASSES;
    return (int)(last + 1 - bytes);
}

/* ---- version 5, client ---- */

static int read_methods(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return SOCKS_MORE;
    size_t count = bytes[1];
    if (count == 0 || count > MAX_METHODS)
        return SOCKS_NOT;
    for (size_t i = 2; i < length && i < 2 + count; i++)
        if (!is_method(bytes[i]))
            return SOCKS_NOT;
    if (length < 2 + count)
        return SOCKS_MORE;
    side->version = SOCKS_5;
    side->stage = SOCKS_REQUEST;
    return (int)(2 + count);
}

/* RFC 1929: 01 length user length password */
static int read_password(const uint8_t *bytes, size_t length)
{
    size_t need = 3;
    if (length >= 2)
        need += bytes[1];
    if (length >= need)
        need += bytes[need - 1];
    return length < need ? SOCKS_MORE : (int)need;
}

/* Length of the address field (with its port) that begins with its type; 0 where the type is none, or more
 * bytes are needed to tell. */
static size_t address_size(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 0;
    return bytes[0] == ADDRESS_IPV4   ? 7u
           : bytes[0] == ADDRESS_IPV6 ? 19u
           : bytes[0] == ADDRESS_NAME ? 4u + bytes[1]
                                      : 0;
}

/* 05 01 00 type address port */
static int read_request_5(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length >= 2 && bytes[1] != COMMAND_CONNECT)
        return SOCKS_NOT;
    if (length < 5)
        return SOCKS_MORE;
    const uint8_t *address = bytes + 3;
    size_t size = address_size(address, length - 3);
    if (bytes[2] != 0 || size == 0)
        return SOCKS_NOT;
    if (length < 3 + size)
        return SOCKS_MORE;
    uint16_t port = port_at(address + size - 2);
    bool good = address[0] == ADDRESS_NAME ? set_name(side, address + 2, address[1], port)
                                           : set_address(side, address + 1, address[0] == ADDRESS_IPV6, port);
    side->stage = SOCKS_PASSES;
    return good ? (int)(3 + size) : SOCKS_NOT;
}

int socks_read_client(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return SOCKS_MORE;
    if (side->stage == SOCKS_GREETING && bytes[0] == VERSION_4)
        return read_request_4(side, bytes, length);
    if (side->stage == SOCKS_GREETING && bytes[0] == VERSION_5)
        return read_methods(side, bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == AUTHENTICATION_VERSION)
        return read_password(bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == VERSION_5)
        return read_request_5(side, bytes, length);
    return SOCKS_NOT;
}

/* ---- server ---- */

static int read_method(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return SOCKS_MORE;
    side->version = SOCKS_5;
    side->stage = SOCKS_REQUEST;
    side->refused = bytes[1] == METHOD_REFUSED;
    return bytes[1] == METHOD_NONE || bytes[1] == METHOD_PASSWORD || side->refused ? 2 : SOCKS_NOT;
}

static int read_answer_4(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length >= 2 && (bytes[1] < ANSWER_4_GRANTED || bytes[1] > ANSWER_4_LAST))
        return SOCKS_NOT;
    if (length < ANSWER_4_LENGTH)
        return SOCKS_MORE;
    side->version = SOCKS_4;
    side->stage = SOCKS_PASSES;
    side->refused = bytes[1] != ANSWER_4_GRANTED;
    return ANSWER_4_LENGTH;
}

static int read_authenticated(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return SOCKS_MORE;
    side->refused = bytes[1] != 0;
    return 2;
}

static int read_answer_5(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length < 5)
        return SOCKS_MORE;
    size_t size = address_size(bytes + 3, length - 3);
    if (bytes[2] != 0 || size == 0)
        return SOCKS_NOT;
    if (length < 3 + size)
        return SOCKS_MORE;
    side->stage = SOCKS_PASSES;
    side->refused = bytes[1] != 0;
    return (int)(3 + size);
}

int socks_read_server(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return SOCKS_MORE;
    if (side->stage == SOCKS_GREETING && bytes[0] == 0)
        return read_answer_4(side, bytes, length);
    if (side->stage == SOCKS_GREETING && bytes[0] == VERSION_5)
        return read_method(side, bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == AUTHENTICATION_VERSION)
        return read_authenticated(side, bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == VERSION_5)
        return read_answer_5(side, bytes, length);
    return SOCKS_NOT;
}

int socks_begins(const uint8_t *bytes, size_t length)
{
    struct socks_side client = {0}, server = {0};
    if (bytes[0] != 0 && bytes[0] != VERSION_4 && bytes[0] != VERSION_5)
        return 0;
    int as_client = socks_read_client(&client, bytes, length);
    int as_server = bytes[0] == VERSION_4 ? SOCKS_NOT : socks_read_server(&server, bytes, length);
    if (as_client > 0 || as_server > 0)
        return 1;
    if (as_client == SOCKS_NOT && as_server == SOCKS_NOT)
        return 0;
    return length < 16 ? -1 : as_client == SOCKS_MORE; /* a request of version 4 with a long user */
}
