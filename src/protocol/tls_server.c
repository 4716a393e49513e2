// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls_server.h"

#include "base/cursor.h"

/* RFC 8446, section 4.2; RFC 7301 */
enum { RANDOM_LENGTH = 32, EXTENSION_ALPN = 16, EXTENSION_VERSIONS = 43 };

static struct cursor vector(struct cursor *cursor, size_t length)
{
    const uint8_t *bytes = cursor_take(cursor, length);
    return cursor_of(bytes, bytes == NULL ? 0 : length);
}

static void read_alpn(struct cursor body, struct tls_server_hello *hello)
{
    struct cursor list = vector(&body, cursor_u16_be(&body));
    struct cursor chosen = vector(&list, cursor_u8(&list));
    size_t length = cursor_left(&chosen);
    if (length >= sizeof hello->alpn)
        length = sizeof hello->alpn - 1;
    for (size_t i = 0; i < length; i++)
        hello->alpn[i] = (char)(chosen.at[i] > 0x20 && chosen.at[i] < 0x7f ? chosen.at[i] : '?');
    hello->alpn[length] = '\0';
}

static bool read_extensions(struct cursor extensions, struct tls_server_hello *hello)
{
    while (cursor_left(&extensions) > 0) {
        uint16_t type = cursor_u16_be(&extensions);
        struct cursor body = vector(&extensions, cursor_u16_be(&extensions));
        if (cursor_failed(&extensions))
            return false;
        if (type == EXTENSION_VERSIONS && cursor_left(&body) == 2)
            hello->version = cursor_u16_be(&body);
        else if (type == EXTENSION_ALPN)
            read_alpn(body, hello);
    }
    return true;
}

bool tls_read_server_hello(const uint8_t *body, size_t length, struct tls_server_hello *hello)
{
    struct cursor cursor = cursor_of(body, length);
    *hello = (struct tls_server_hello){.version = cursor_u16_be(&cursor)};
    cursor_skip(&cursor, RANDOM_LENGTH);
    (void)vector(&cursor, cursor_u8(&cursor)); /* session */
    cursor_skip(&cursor, 3);                   /* cipher, compression */
    if (cursor_failed(&cursor) || hello->version >> 8 != 3)
        return false;
    if (cursor_left(&cursor) == 0)
        return true;
    struct cursor extensions = vector(&cursor, cursor_u16_be(&cursor));
    return !cursor_failed(&cursor) && read_extensions(extensions, hello);
}

bool tls_read_certificate(const uint8_t *body, size_t length, struct x509_certificate *certificate)
{
    struct cursor cursor = cursor_of(body, length);
    (void)cursor_u24_be(&cursor); /* length of the list, of which the first is enough */
    struct cursor first = vector(&cursor, cursor_u24_be(&cursor));
    return !cursor_failed(&cursor) && x509_read(first.at, cursor_left(&first), certificate);
}
