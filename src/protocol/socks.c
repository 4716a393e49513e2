// SPDX-License-Identifier: Apache-2.0
#include "protocol/socks.h"

#include "base/address.h"
#include "base/big_endian.h"

#include <stdio.h>
#include <string.h>

enum {
    VERSION_4 = 4,
    VERSION_5 = 5,
    METHOD_NONE = 0, /* RFC 1928, section 3 */
    METHOD_GSSAPI = 1,
    METHOD_PASSWORD = 2,
    METHOD_REFUSED = 0xff,
    MAX_METHODS = 12,           /* in real greetings one to four */
    LAST_METHOD = 9,            /* IANA: 0 to 9 are assigned, 0x80 and more private */
    AUTHENTICATION_VERSION = 1, /* RFC 1929; RFC 1961, section 3.3: theirs is 1 as well */
    GSSAPI_HEADER = 4,          /* RFC 1961, section 3.3: version, type, length of the token */
    GSSAPI_TOKEN = 1,
    GSSAPI_PROTECTION = 2, /* section 4.2: what is agreed on */
    GSSAPI_SEALED = 3,     /* section 5: all that follows, the request as well */
    ANSWER_LAST = 8,       /* RFC 1928, section 6 */
    ADDRESS_IPV4 = 1,      /* RFC 1928, section 5 */
    ADDRESS_NAME = 3,
    ADDRESS_IPV6 = 4,
    ANSWER_4_GRANTED = 0x5a,
    ANSWER_4_LAST = 0x5d,
    ANSWER_4_LENGTH = 8,
    MAX_USER_4 = 255,
};

/* Letters, digits and marks: a host's name, a user's. */
static bool is_printable(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] <= ' ' || bytes[i] > '~')
            return false;
    return true;
}

/* RFC 1928, section 4; those of version 4 have the same numbers. */
static bool is_command(uint8_t command, uint8_t last)
{
    return command >= SOCKS_CONNECT && command <= last;
}

static bool is_method(uint8_t method)
{
    return method <= LAST_METHOD || (method >= 0x80 && method < METHOD_REFUSED);
}

/* ---- destinations ---- */

/* Only who connects must know the port; who is connected to may leave it open. */
static bool is_port(const struct socks_side *side, uint16_t port)
{
    return port != 0 || side->command != SOCKS_CONNECT;
}

static bool set_name(struct socks_side *side, const uint8_t *name, size_t length, uint16_t port)
{
    if (length == 0 || length > 255 || !is_printable(name, length) || !is_port(side, port))
        return false;
    if (port == 0)
        return true;
    snprintf(side->destination, sizeof side->destination, "%.*s:%u", (int)length, (const char *)name, port);
    return true;
}

static bool set_address(struct socks_side *side, const uint8_t *bytes, bool is_ipv6, uint16_t port)
{
    struct address address = is_ipv6 ? address_from_ipv6(bytes) : address_from_ipv4(bytes);
    char text[ADDRESS_TEXT_SIZE];
    if (port == 0)
        return is_port(side, port);
    address_format(&address, text);
    snprintf(side->destination, sizeof side->destination, is_ipv6 ? "[%s]:%u" : "%s:%u", text, port);
    return true;
}

/* ---- version 4 ---- */

/* 04 command port address user NUL (host NUL where the address is 0.0.0.x) */
static int read_request_4(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length >= 2 && !is_command(bytes[1], SOCKS_BIND))
        return SOCKS_NOT;
    if (length < 9)
        return SOCKS_MORE;
    side->command = bytes[1];
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
        if (!set_name(side, host, (size_t)(last - host), big_endian_u16(bytes + 2)))
            return SOCKS_NOT;
    } else if (!set_address(side, bytes + 4, false, big_endian_u16(bytes + 2))) {
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

/* RFC 1961: 01 type length token, or 01 ff; the token is passed over */
static int read_gssapi(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    enum { ABORT = 0xff };
    if (length < 2)
        return SOCKS_MORE;
    side->refused |= bytes[1] == ABORT;
    if (bytes[1] == ABORT)
        return 2;
    if (bytes[1] < GSSAPI_TOKEN || bytes[1] > GSSAPI_SEALED)
        return SOCKS_NOT;
    if (length < GSSAPI_HEADER)
        return SOCKS_MORE;
    side->gssapi = true;
    side->sealed |= bytes[1] == GSSAPI_SEALED;
    side->skip = big_endian_u16(bytes + 2);
    return GSSAPI_HEADER;
}

/* Which of the two begins so: a token is long, and a user's name longer than three letters or no bytes of
 * control. */
static bool is_gssapi(const struct socks_side *side, const uint8_t *bytes, size_t length)
{
    return side->gssapi || (length >= 3 && bytes[1] <= GSSAPI_SEALED && bytes[2] < ' ');
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

/* The address field with its port, `size` bytes of it. */
static bool set_destination(struct socks_side *side, const uint8_t *address, size_t size)
{
    uint16_t port = big_endian_u16(address + size - 2);
    return address[0] == ADDRESS_NAME ? set_name(side, address + 2, address[1], port)
                                      : set_address(side, address + 1, address[0] == ADDRESS_IPV6, port);
}

/* 05 command 00 type address port */
static int read_request_5(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length >= 2 && !is_command(bytes[1], SOCKS_UDP))
        return SOCKS_NOT;
    if (length < 5)
        return SOCKS_MORE;
    const uint8_t *address = bytes + 3;
    size_t size = address_size(address, length - 3);
    if (bytes[2] != 0 || size == 0)
        return SOCKS_NOT;
    if (length < 3 + size)
        return SOCKS_MORE;
    side->version = SOCKS_5;
    side->command = bytes[1];
    side->stage = SOCKS_PASSES;
    return set_destination(side, address, size) ? (int)(3 + size) : SOCKS_NOT;
}

/* 05 x 00 type: how requests and answers begin. */
static bool begins_message(const uint8_t *bytes, size_t length, uint8_t first, uint8_t last)
{
    return length >= 4 && bytes[0] == VERSION_5 && bytes[1] >= first && bytes[1] <= last && bytes[2] == 0 &&
           (bytes[3] == ADDRESS_IPV4 || bytes[3] == ADDRESS_NAME || bytes[3] == ADDRESS_IPV6);
}

/* A request whose greeting was not seen. Who offers one method, none, goes on with 05 in a greeting; of two
 * or three (05 02 00 01 is curl's greeting) the length tells. */
static bool is_joined_request(const uint8_t *bytes, size_t length)
{
    return begins_message(bytes, length, SOCKS_CONNECT, SOCKS_CONNECT) ||
           (begins_message(bytes, length, SOCKS_BIND, SOCKS_UDP) &&
            length == 3 + address_size(bytes + 3, length - 3));
}

/* An answer whose greeting was not seen: behind the choice of a method comes 05 or 01, never 00. */
static bool is_joined_answer(const uint8_t *bytes, size_t length)
{
    return begins_message(bytes, length, 0, ANSWER_LAST);
}

/* A user and a password that can be typed, and nothing behind them but a request: for a direction that begins
 * so. */
static bool is_password(const uint8_t *bytes, size_t length)
{
    int used = bytes[0] == AUTHENTICATION_VERSION ? read_password(bytes, length) : SOCKS_NOT;
    if (used <= 0 || bytes[1] == 0 || (length > (size_t)used && bytes[used] != VERSION_5))
        return false;
    size_t user = bytes[1], password = bytes[2 + user];
    return password > 0 && is_printable(bytes + 2, user) && is_printable(bytes + 3 + user, password);
}

int socks_read_client(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return SOCKS_MORE;
    if (side->stage == SOCKS_GREETING && bytes[0] == VERSION_4)
        return read_request_4(side, bytes, length);
    if (side->stage == SOCKS_GREETING && is_joined_request(bytes, length))
        return read_request_5(side, bytes, length);
    if (side->stage == SOCKS_GREETING && bytes[0] == VERSION_5)
        return read_methods(side, bytes, length);
    if (side->stage == SOCKS_GREETING && is_password(bytes, length)) {
        side->version = SOCKS_5;
        side->stage = SOCKS_REQUEST;
    }
    if (side->stage == SOCKS_REQUEST && bytes[0] == AUTHENTICATION_VERSION)
        return is_gssapi(side, bytes, length) ? read_gssapi(side, bytes, length)
                                              : read_password(bytes, length);
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
    side->gssapi = bytes[1] == METHOD_GSSAPI;
    return bytes[1] <= METHOD_PASSWORD || side->refused ? 2 : SOCKS_NOT;
}

static int read_answer_4(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length >= 2 && (bytes[1] < ANSWER_4_GRANTED || bytes[1] > ANSWER_4_LAST))
        return SOCKS_NOT;
    if (length < ANSWER_4_LENGTH)
        return SOCKS_MORE;
    side->version = SOCKS_4;
    side->stage = SOCKS_PASSES;
    side->answers++;
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
    side->version = SOCKS_5;
    side->stage = SOCKS_PASSES;
    side->answers++;
    side->refused = bytes[1] != 0;
    return (int)(3 + size);
}

int socks_read_bound(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    bool known = side->command == SOCKS_BIND;
    if (side->answers != 1 || side->refused || (!known && side->command != SOCKS_UNKNOWN))
        return SOCKS_NOT;
    if (length == 0)
        return SOCKS_MORE;
    if (side->version != SOCKS_5) /* alone it may as well be the answer inside another SOCKS 4 */
        return known && bytes[0] == 0 ? read_answer_4(side, bytes, length) : SOCKS_NOT;
    if (bytes[0] != VERSION_5 || (length >= 4 && !is_joined_answer(bytes, length)))
        return SOCKS_NOT;
    int used = read_answer_5(side, bytes, length);
    if (used <= 0)
        return used;
    side->command = SOCKS_BIND;
    if (!set_destination(side, bytes + 3, (size_t)used - 3))
        side->destination[0] = '\0';
    return used;
}

int socks_read_server(struct socks_side *side, const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return SOCKS_MORE;
    if (side->stage == SOCKS_GREETING && bytes[0] == 0)
        return read_answer_4(side, bytes, length);
    if (side->stage == SOCKS_GREETING && is_joined_answer(bytes, length))
        return read_answer_5(side, bytes, length);
    if (side->stage == SOCKS_GREETING && bytes[0] == VERSION_5)
        return read_method(side, bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == AUTHENTICATION_VERSION && side->gssapi)
        return read_gssapi(side, bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == AUTHENTICATION_VERSION)
        return read_authenticated(side, bytes, length);
    if (side->stage == SOCKS_REQUEST && bytes[0] == VERSION_5)
        return read_answer_5(side, bytes, length);
    return SOCKS_NOT;
}

/* Nothing is read yet. The text's other bytes stay as they are: clearing both sides' took most of the time
 * that it takes to see that a stream is no SOCKS. */
static void begin_side(struct socks_side *side)
{
    memset(side, 0, offsetof(struct socks_side, destination));
    side->destination[0] = '\0';
}

bool socks_is_message(const uint8_t *bytes, size_t length)
{
    struct socks_side client, server;
    begin_side(&client);
    begin_side(&server);
    return (begins_message(bytes, length, SOCKS_CONNECT, SOCKS_UDP) &&
            read_request_5(&client, bytes, length) == (int)length) ||
           (is_joined_answer(bytes, length) && read_answer_5(&server, bytes, length) == (int)length);
}

/* The head of a DCE/RPC message (C706, section 12.6.3.1): version 5.0 or 5.1, as a server of SOCKS begins
 * that chooses a method, but then what no SOCKS has: numbers are little-endian (section 14.1: 10 00 00 00,
 * which is no host), and at least a head is its length. */
static bool is_dce_rpc(const uint8_t *bytes, size_t length)
{
    enum { HEAD = 16, LAST_TYPE = 19 };
    static const uint8_t representation[] = {0x10, 0, 0, 0};
    return length >= HEAD && bytes[0] == VERSION_5 && bytes[1] <= 1 && bytes[2] <= LAST_TYPE &&
           memcmp(bytes + 4, representation, sizeof representation) == 0 &&
           (bytes[9] << 8 | bytes[8]) >= HEAD;
}

int socks_begins(const uint8_t *bytes, size_t length)
{
    if (is_dce_rpc(bytes, length))
        return 0;
    if (bytes[0] ==
        AUTHENTICATION_VERSION) /* joined behind the greeting; in one piece, as it nearly always is */
        return is_password(bytes, length);
    if (bytes[0] != 0 && bytes[0] != VERSION_4 && bytes[0] != VERSION_5)
        return 0;
    struct socks_side client, server;
    begin_side(&client);
    begin_side(&server);
    int as_client = socks_read_client(&client, bytes, length);
    int as_server = bytes[0] == VERSION_4 ? SOCKS_NOT : socks_read_server(&server, bytes, length);
    if (as_client > 0 || as_server > 0)
        return 1;
    if (as_client == SOCKS_NOT && as_server == SOCKS_NOT)
        return 0;
    return length < 16 ? -1 : as_client == SOCKS_MORE; /* a request of version 4 with a long user */
}
