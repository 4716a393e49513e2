// SPDX-License-Identifier: Apache-2.0
/*
 * WebSocket (RFC 6455, section 5) as a stream: the frames of one direction after the handshake, their payload
 * handed on unmasked and piece by piece, fragments of a message joined, control frames between them passed
 * over. Nothing is buffered but the 14 bytes of a frame's head. Knows nothing of compression but the bit that
 * announces it (RFC 7692).
 */
#ifndef PROTOCOL_WEBSOCKET_H
#define PROTOCOL_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WEBSOCKET_MAX_HEAD = 14,
    WEBSOCKET_MAX_FRAME = 64 << 20, /* a longer frame is a fault: no such message is a miner's */
};

/* No handler may feed the parser that calls it. */
struct websocket_handler {
    void (*begin)(void *context, bool is_text, bool compressed);
    void (*piece)(void *context, const uint8_t *bytes, size_t length); /* 1 byte or more */
    /* `whole`: no byte of the message was missed. */
    void (*end)(void *context, bool whole);
};

/* Zero-initialise. */
struct websocket_parser {
    uint8_t head[WEBSOCKET_MAX_HEAD];
    uint8_t head_length;
    bool in_payload;
    bool in_message; /* a message has begun whose last fragment did not come yet */
    bool final, control, masked;
    bool damaged; /* bytes of the message were missed */
    bool lost;    /* behind a gap: the next frame is looked for where a piece begins */
    bool fault;
    uint8_t mask[4], mask_at;
    uint64_t payload_left;
};

/* Feeds a piece of the stream. False once it is no WebSocket: it stays so. */
bool websocket_feed(struct websocket_parser *parser, const struct websocket_handler *handler, void *context,
                    const uint8_t *bytes, size_t length);

/* Bytes are missing: a payload goes on where its length allows it, anything else waits for a frame at the
 * beginning of a piece. 0: unknown. */
void websocket_gap(struct websocket_parser *parser, uint32_t missing);

/* For streams whose handshake was not seen: whether `bytes` begin with the head of a whole text or binary
 * message that is not compressed and opens with `{` and `"`, or is one of SOCKS: 1 yes, 0 no, -1 too few
 * bytes (fewer than 16). */
int websocket_begins(const uint8_t *bytes, size_t length);

#endif
