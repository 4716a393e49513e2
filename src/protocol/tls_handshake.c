// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls_handshake.h"

#include "base/big_endian.h"

#include <string.h>

enum {
    RECORD_HANDSHAKE = 22,
    RECORD_MAX = 1 << 14,
    LIST_HEAD = 6, /* of a Certificate: length of the list, length of the first one (RFC 5246, 7.4.2) */
};

int tls_begins(const uint8_t *bytes, size_t length)
{
    if ((length > 0 && bytes[0] != RECORD_HANDSHAKE) || (length > 1 && bytes[1] != 3) ||
        (length > 2 && bytes[2] > 4))
        return 0;
    return length < 3 ? -1 : 1;
}

static uint32_t read_u24(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
}

static void advance(struct tls_handshake *handshake, const uint8_t **bytes, size_t *length, size_t count)
{
    *bytes += count;
    *length -= count;
    handshake->record_left = (uint16_t)(handshake->record_left - count);
}

/* TLS_MESSAGE: the head of a record is complete. */
static enum tls_result take_record_head(struct tls_handshake *handshake, const uint8_t **bytes,
                                        size_t *length)
{
    uint8_t *head = handshake->record_head;
    while (handshake->record_head_length < sizeof handshake->record_head) {
        if (*length == 0)
            return TLS_MORE;
        head[handshake->record_head_length++] = *(*bytes)++;
        --*length;
        if (tls_begins(head, handshake->record_head_length) == 0)
            return TLS_NOT;
    }
    uint16_t content = big_endian_u16(head + 3);
    if (content == 0 || content > RECORD_MAX)
        return TLS_NOT;
    handshake->record_head_length = 0;
    handshake->record_left = content;
    return TLS_MESSAGE;
}

/* How much of the message is wanted, as far as its first `have` bytes tell. */
static size_t wanted(const struct tls_handshake *handshake, const uint8_t *body, size_t have)
{
    if (handshake->message_head[0] != TLS_CERTIFICATE || handshake->total < LIST_HEAD)
        return handshake->total;
    if (have < LIST_HEAD)
        return LIST_HEAD;
    uint32_t first = read_u24(body + 3);
    return first < handshake->total - LIST_HEAD ? LIST_HEAD + first : handshake->total;
}

/* The head of a message, or what is left of one whose beginning was enough. */
static enum tls_result take_message_head(struct tls_handshake *handshake, const uint8_t **bytes,
                                         size_t *length)
{
    if (handshake->passed_over > 0) {
        size_t there = *length < handshake->record_left ? *length : handshake->record_left;
        size_t count = there < handshake->passed_over ? there : handshake->passed_over;
        handshake->passed_over -= (uint32_t)count;
        advance(handshake, bytes, length, count);
        return TLS_MORE;
    }
    handshake->message_head[handshake->message_head_length++] = **bytes;
    advance(handshake, bytes, length, 1);
    if (handshake->message_head_length < sizeof handshake->message_head)
        return TLS_MORE;
    handshake->total = read_u24(handshake->message_head + 1);
    handshake->kept = 0;
    return wanted(handshake, NULL, 0) > TLS_ROOM ? TLS_NOT : TLS_MORE;
}

static enum tls_result complete(struct tls_handshake *handshake, const uint8_t *body, size_t length,
                                struct tls_message *message)
{
    *message = (struct tls_message){handshake->message_head[0], body, length};
    handshake->message_head_length = 0;
    handshake->passed_over = handshake->total - (uint32_t)length;
    return TLS_MESSAGE;
}

static enum tls_result take_body(struct tls_handshake *handshake, const uint8_t **bytes, size_t *length,
                                 struct tls_message *message)
{
    size_t there = *length < handshake->record_left ? *length : handshake->record_left;
    const uint8_t *body = *bytes;
    size_t want = handshake->kept > 0 ? wanted(handshake, handshake->room, handshake->kept)
                                      : wanted(handshake, body, there);
    if (want > TLS_ROOM)
        return TLS_NOT;
    if (handshake->kept == 0 && there >= want) {
        advance(handshake, bytes, length, want);
        return complete(handshake, body, want, message);
    }
    if (there == 0)
        return TLS_MORE;
    if (handshake->room == NULL)
        return TLS_NO_ROOM;
    size_t count = there < want - handshake->kept ? there : want - handshake->kept;
    memcpy(handshake->room + handshake->kept, body, count);
    handshake->kept += (uint32_t)count;
    advance(handshake, bytes, length, count);
    want = wanted(handshake, handshake->room, handshake->kept);
    if (handshake->kept < want)
        return want > TLS_ROOM ? TLS_NOT : TLS_MORE;
    return complete(handshake, handshake->room, handshake->kept, message);
}

/* What is next in the record; TLS_MORE: look on. */
static enum tls_result take_content(struct tls_handshake *handshake, const uint8_t **bytes, size_t *length,
                                    struct tls_message *message)
{
    if (handshake->message_head_length < sizeof handshake->message_head)
        return take_message_head(handshake, bytes, length);
    return take_body(handshake, bytes, length, message);
}

enum tls_result tls_handshake_read(struct tls_handshake *handshake, const uint8_t **bytes, size_t *length,
                                   struct tls_message *message)
{
    for (;;) {
        bool empty_body =
            handshake->message_head_length == sizeof handshake->message_head && handshake->total == 0;
        if (handshake->record_left == 0 && !empty_body) {
            enum tls_result result = take_record_head(handshake, bytes, length);
            if (result != TLS_MESSAGE)
                return result;
        }
        if (*length == 0 && !empty_body)
            return TLS_MORE;
        enum tls_result result = take_content(handshake, bytes, length, message);
        if (result != TLS_MORE)
            return result;
    }
}
