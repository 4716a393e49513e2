// SPDX-License-Identifier: Apache-2.0
#include "protocol/websocket.h"

#include "protocol/socks.h"

#include <string.h>

/* RFC 6455, section 5.2 */
enum {
    BIT_FINAL = 0x80,
    BIT_COMPRESSED = 0x40, /* RSV1: RFC 7692, section 6 */
    BITS_RESERVED = 0x30,
    BITS_OPCODE = 0x0f,
    BIT_MASK = 0x80,
    BITS_LENGTH = 0x7f,
    LENGTH_16 = 126,
    LENGTH_64 = 127,
    OPCODE_CONTINUATION = 0,
    OPCODE_TEXT = 1,
    OPCODE_BINARY = 2,
    OPCODE_CLOSE = 8,
    OPCODE_PONG = 10,
    MAX_CONTROL = 125, /* section 5.5 */
};

enum { UNMASKED_PIECE = 2048 };

struct feed {
    struct websocket_parser *parser;
    const struct websocket_handler *handler;
    void *context;
};

/* Length of the head that begins so; at least two bytes are there. */
static size_t head_size(const uint8_t *head)
{
    unsigned length = head[1] & BITS_LENGTH;
    return 2u +
           (length == LENGTH_16   ? 2u
            : length == LENGTH_64 ? 8u
                                  : 0u) +
           ((head[1] & BIT_MASK) != 0 ? 4u : 0u);
}

/* False where it was not written in the fewest bytes, which section 5.2 demands. */
static bool payload_length(const uint8_t *head, uint64_t *length)
{
    unsigned code = head[1] & BITS_LENGTH, count = code == LENGTH_16 ? 2 : code == LENGTH_64 ? 8 : 0;
    *length = count == 0 ? code : 0;
    for (unsigned i = 0; i < count; i++)
        *length = *length << 8 | head[2 + i];
    return count == 0 || *length > (count == 2 ? 125u : UINT16_MAX);
}

static bool opcode_fits(const struct websocket_parser *parser, uint8_t first)
{
    unsigned opcode = first & BITS_OPCODE;
    if ((first & BITS_RESERVED) != 0)
        return false;
    if (opcode >= OPCODE_CLOSE)
        return opcode <= OPCODE_PONG && (first & BIT_FINAL) != 0 && (first & BIT_COMPRESSED) == 0;
    if (opcode == OPCODE_CONTINUATION)
        return (parser->in_message || parser->lost) && (first & BIT_COMPRESSED) == 0;
    return opcode <= OPCODE_BINARY && (!parser->in_message || parser->lost);
}

static void end_message(const struct feed *feed)
{
    struct websocket_parser *parser = feed->parser;
    bool was_in_message = parser->in_message, whole = !parser->damaged;
    parser->in_message = false;
    parser->damaged = false;
    if (was_in_message)
        feed->handler->end(feed->context, whole);
}

static void end_frame(const struct feed *feed)
{
    feed->parser->in_payload = false;
    if (!feed->parser->control && feed->parser->final)
        end_message(feed);
}

/* A message of which bytes were missed ends where the next one begins. */
static void begin_message(const struct feed *feed, uint8_t first)
{
    struct websocket_parser *parser = feed->parser;
    unsigned opcode = first & BITS_OPCODE;
    if (opcode == OPCODE_CONTINUATION)
        return;
    parser->damaged |= parser->in_message;
    end_message(feed);
    parser->in_message = true;
    parser->damaged = false;
    feed->handler->begin(feed->context, opcode == OPCODE_TEXT, (first & BIT_COMPRESSED) != 0);
}

static bool take_head(const struct feed *feed)
{
    struct websocket_parser *parser = feed->parser;
    const uint8_t *head = parser->head;
    bool control = (head[0] & BITS_OPCODE) >= OPCODE_CLOSE;
    uint64_t length;
    if (!payload_length(head, &length) || length > (control ? (uint64_t)MAX_CONTROL : WEBSOCKET_MAX_FRAME))
        return false;
    parser->final = (head[0] & BIT_FINAL) != 0;
    parser->control = control;
    parser->masked = (head[1] & BIT_MASK) != 0;
    parser->mask_at = 0;
    if (parser->masked)
        memcpy(parser->mask, head + parser->head_length - 4, 4);
    parser->payload_left = length;
    parser->head_length = 0;
    parser->in_payload = true;
    if (!control)
        begin_message(feed, head[0]);
    parser->lost = false;
    if (length == 0)
        end_frame(feed);
    return true;
}

static size_t feed_head(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    struct websocket_parser *parser = feed->parser;
    (void)length; /* at least 1 */
    parser->head[parser->head_length++] = bytes[0];
    if (parser->head_length == 1)
        parser->fault = !opcode_fits(parser, bytes[0]);
    else if (parser->head_length == head_size(parser->head))
        parser->fault = !take_head(feed);
    return 1;
}

static void hand_on_unmasked(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    struct websocket_parser *parser = feed->parser;
    uint8_t piece[UNMASKED_PIECE];
    while (length > 0) {
        size_t count = length < sizeof piece ? length : sizeof piece;
        for (size_t i = 0; i < count; i++)
            piece[i] = bytes[i] ^ parser->mask[(parser->mask_at + i) & 3];
        parser->mask_at = (uint8_t)((parser->mask_at + count) & 3);
        feed->handler->piece(feed->context, piece, count);
        bytes += count;
        length -= count;
    }
}

static size_t feed_payload(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    struct websocket_parser *parser = feed->parser;
    size_t used = length < parser->payload_left ? length : (size_t)parser->payload_left;
    if (!parser->control && parser->in_message && parser->masked)
        hand_on_unmasked(feed, bytes, used);
    else if (!parser->control && parser->in_message)
        feed->handler->piece(feed->context, bytes, used);
    parser->payload_left -= used;
    if (parser->payload_left == 0)
        end_frame(feed);
    return used;
}

/* Behind a gap a piece is looked at only where a whole message begins in it: 3 of 2^16 pieces of noise do. */
static bool found_again(struct websocket_parser *parser, const uint8_t *bytes, size_t length)
{
    bool plausible = length >= 2 && (bytes[0] & ~(unsigned)BIT_COMPRESSED) >= (BIT_FINAL | OPCODE_TEXT) &&
                     opcode_fits(parser, bytes[0]);
    uint64_t payload;
    return plausible && length >= head_size(bytes) && payload_length(bytes, &payload) &&
           payload <= length - head_size(bytes);
}

bool websocket_feed(struct websocket_parser *parser, const struct websocket_handler *handler, void *context,
                    const uint8_t *bytes, size_t length)
{
    struct feed feed = {parser, handler, context};
    if (parser->lost && !parser->fault && !found_again(parser, bytes, length))
        return true;
    while (length > 0 && !parser->fault) {
        size_t used =
            parser->in_payload ? feed_payload(&feed, bytes, length) : feed_head(&feed, bytes, length);
        bytes += used;
        length -= used;
    }
    return !parser->fault;
}

void websocket_gap(struct websocket_parser *parser, uint32_t missing)
{
    parser->damaged |= parser->in_message;
    if (parser->in_payload && missing > 0 && missing < parser->payload_left) {
        parser->payload_left -= missing;
        parser->mask_at = (uint8_t)((parser->mask_at + missing) & 3);
        return;
    }
    parser->in_payload = false;
    parser->head_length = 0;
    parser->lost = true;
}

/* A whole binary message that is a request or an answer of SOCKS, as gateways carry them. */
static bool carries_socks(const uint8_t *bytes, size_t length)
{
    uint8_t payload[SOCKS_MAX_MESSAGE];
    uint64_t payload_size;
    if (length < 2 || bytes[0] != (BIT_FINAL | OPCODE_BINARY) || length < head_size(bytes) ||
        !payload_length(bytes, &payload_size) || payload_size > length - head_size(bytes) ||
        payload_size > sizeof payload)
        return false;
    bool masked = (bytes[1] & BIT_MASK) != 0;
    const uint8_t *mask = bytes + head_size(bytes) - 4;
    for (size_t i = 0; i < payload_size; i++)
        payload[i] = (uint8_t)(bytes[head_size(bytes) + i] ^ (masked ? mask[i & 3] : 0));
    return socks_is_message(payload, (size_t)payload_size);
}

int websocket_begins(const uint8_t *bytes, size_t length)
{
    if (carries_socks(bytes, length))
        return 1;
    if (bytes[0] != (BIT_FINAL | OPCODE_TEXT) && bytes[0] != (BIT_FINAL | OPCODE_BINARY))
        return 0;
    if (length < 16)
        return -1;
    size_t size = head_size(bytes);
    uint64_t payload;
    if (!payload_length(bytes, &payload) || payload < 16 || payload > WEBSOCKET_MAX_FRAME)
        return 0;
    bool masked = (bytes[1] & BIT_MASK) != 0;
    const uint8_t *mask = bytes + size - 4;
    uint8_t first = (uint8_t)(bytes[size] ^ (masked ? mask[0] : 0));
    uint8_t second = (uint8_t)(bytes[size + 1] ^ (masked ? mask[1] : 0));
    return first == '{' && (second == '"' || second == ' ' || second == '\n');
}
