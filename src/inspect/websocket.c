// SPDX-License-Identifier: Apache-2.0
/*
 * WebSocket: JSON in its messages, one or several each, compressed or not; a message that is no JSON is a
 * piece of an inner stream, as gateways carry TCP connections in binary messages.
 *
 * web.c gives a connection to it behind 101 Switching Protocols. Where the handshake was not seen, the first
 * frame must be a whole JSON message.
 */
#include "inspect/recogniser.h"

#include "inspect/application.h"
#include "inspect/channel.h"
#include "inspect/json_rpc.h"
#include "protocol/inflate.h"
#include "protocol/json.h"
#include "protocol/websocket.h"

#include <ctype.h>
#include <string.h>

enum {
    MAX_FOREIGN = 64,    /* messages that are no JSON, before a direction is given up */
    FOREIGN_LENGTH = 16, /* shorter ones of one word are heartbeats: "ping", "2" */
    MAX_BROKEN = 8,      /* compressed messages that could not be read, before a direction is given up */
};

enum content { CONTENT_UNKNOWN, CONTENT_JSON, CONTENT_STREAM, CONTENT_PASSED };

struct websocket_lane {
    struct websocket_parser parser;
    struct partial partial;    /* a JSON message that is not complete yet */
    struct inflater *inflater; /* once a compressed message came: its window outlives the message */
    uint32_t length;           /* of the message so far, inflated */
    uint8_t content;           /* enum content */
    uint8_t foreign;           /* messages that were no JSON */
    uint8_t broken;            /* that could not be inflated, since the latest that could */
    bool entered;              /* bytes came */
    bool begun, text_first;    /* a message longer than a heartbeat came; the first one was no JSON */
    bool is_text, compressed, deaf;
    bool prose; /* the message has more than letters and digits */
    bool raw;   /* what comes is no WebSocket after all, and belongs to the inner channel */
};

struct websocket_state {
    struct websocket_lane lanes[2];
};

struct websocket_call {
    struct inspector *inspector;
    struct channel *channel;
    struct websocket_state *state;
    struct websocket_lane *lane;
    enum direction direction;
};

static enum begins websocket_begins_here(const uint8_t *bytes, size_t length)
{
    int begins = websocket_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\0';
}

static void drop_partial(struct websocket_call *call)
{
    inspector_json_drop(call->inspector, &call->lane->partial);
}

static void drop_inflater(struct websocket_call *call)
{
    inspector_inflater_give_back(call->inspector, call->lane->inflater);
    call->lane->inflater = NULL;
}

/* ---- content ---- */

static struct rpc_origin origin_of(const struct websocket_call *call)
{
    const char *target = channel_way(call->channel)->target == NULL ? "" : channel_way(call->channel)->target;
    return (struct rpc_origin){call->direction, CARRIER_WEBSOCKET, target, channel_time_us(call->channel),
                               false};
}

/* People who talk about mining send other text beside the message that they quote, before it as a rule. */
static void state_foreign(struct websocket_call *call)
{
    const struct websocket_lane *lanes = call->state->lanes;
    struct session *session = inspector_session(call->inspector, call->channel->flow, false);
    int many = channel_way(call->channel)->target == NULL
                   ? 1
                   : 2; /* without the handshake the beginning was missed as well */
    if (session != NULL && (call->lane->text_first || lanes[0].foreign + lanes[1].foreign >= many))
        session_state(session, FACT_FOREIGN_TEXT);
    bool seen_open =
        channel_way(call->channel)->target != NULL && channel_way(call->channel)->target[0] != '\0';
    if (session != NULL && seen_open && lanes[0].foreign > 0 && lanes[1].foreign > 0)
        session_state(session, FACT_QUOTED_TALK);
    struct rpc_origin origin = origin_of(call);
    if (session != NULL && session->changed) /* before the alert is due */
        inspector_conversation_moved(call->inspector, call->channel->flow, &origin);
}

static void complete(struct websocket_call *call, const struct json_reader *reader)
{
    struct rpc_origin origin = origin_of(call);
    inspector_count_message(call->inspector);
    if (!json_rpc_message(call->inspector, call->channel->flow, reader, &origin))
        return;
    inspector_name_application(call->channel->flow, APPLICATION_STRATUM);
    state_foreign(call);
}

/* Reads on in a JSON value; gives the number of bytes used. */
static size_t read_json(struct websocket_call *call, const uint8_t *bytes, size_t length)
{
    struct websocket_lane *lane = call->lane;
    size_t used;
    const struct json_reader *reader;
    enum json_result result = inspector_json_read(call->inspector, call->channel->flow, &lane->partial, bytes,
                                                  length, &used, &reader);
    if (result == JSON_MORE)
        return used;
    if (result == JSON_COMPLETE)
        complete(call, reader);
    else
        lane->content = CONTENT_PASSED;
    drop_partial(call);
    return used;
}

static void json_piece(struct websocket_call *call, const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && call->lane->content == CONTENT_JSON) {
        if (call->lane->partial.lost) { /* no room for it: the rest of the message is passed over */
            call->lane->content = CONTENT_PASSED;
            break;
        }
        if (call->lane->partial.entry != NULL || bytes[at] == '{' || bytes[at] == '[')
            at += read_json(call, bytes + at, length - at);
        else if (is_blank(bytes[at]))
            at++;
        else
            call->lane->content = CONTENT_PASSED;
    }
}

static void stream_piece(struct websocket_call *call, const uint8_t *bytes, size_t length)
{
    struct channel *inner = channel_open_inner(call->inspector, call->channel);
    if (inner != NULL)
        channel_bytes(call->inspector, inner, call->direction, bytes, length);
    else
        call->lane->content = CONTENT_PASSED;
}

/* A stream that somebody reads goes on with the next message, whatever that begins with. */
static bool stream_is_read(struct websocket_call *call)
{
    const struct channel *inner = channel_inner(call->channel);
    return inner != NULL && inner->lanes[call->direction].recogniser != 0 &&
           !inner->lanes[call->direction].deaf;
}

static void content_piece(struct websocket_call *call, const uint8_t *bytes, size_t length)
{
    struct websocket_lane *lane = call->lane;
    size_t at = 0;
    if (lane->length < UINT32_MAX - length)
        lane->length += (uint32_t)length;
    for (size_t i = 0; i < length && lane->length <= FOREIGN_LENGTH; i++)
        lane->prose |= !isalnum(bytes[i]);
    if (lane->content == CONTENT_UNKNOWN) {
        while (at < length && is_blank(bytes[at]) && !stream_is_read(call))
            at++;
        if (at == length)
            return;
        bool is_json = !stream_is_read(call) && (bytes[at] == '{' || bytes[at] == '[');
        lane->content = is_json ? CONTENT_JSON : lane->is_text ? CONTENT_PASSED : CONTENT_STREAM;
    }
    if (lane->content == CONTENT_JSON)
        json_piece(call, bytes + at, length - at);
    else if (lane->content == CONTENT_STREAM)
        stream_piece(call, bytes + at, length - at);
}

/* ---- messages ---- */

static void on_begin(void *context, bool is_text, bool compressed)
{
    struct websocket_call *call = context;
    struct websocket_lane *lane = call->lane;
    lane->is_text = is_text;
    lane->compressed = compressed;
    lane->length = 0;
    lane->prose = false;
    /* a gateway cuts the stream that it carries anywhere; a text message is whole in itself */
    if (is_text || lane->partial.lost)
        drop_partial(call);
    lane->content = lane->partial.entry != NULL ? CONTENT_JSON : CONTENT_UNKNOWN;
    if (compressed && lane->inflater == NULL)
        lane->inflater = inspector_inflater(call->inspector, INFLATE_BARE);
    lane->deaf |= compressed && lane->inflater == NULL;
}

/* To the end also where the content is of no interest: what follows may refer to it. */
static bool on_inflated(void *context, const uint8_t *bytes, size_t length)
{
    content_piece(context, bytes, length);
    return true;
}

/* What refers to something that was missed cannot be read; a later message may do without. */
static void inflate_piece(struct websocket_call *call, const uint8_t *bytes, size_t length)
{
    struct websocket_lane *lane = call->lane;
    if (lane->inflater == NULL || inflater_feed(lane->inflater, bytes, length, on_inflated, call))
        return;
    drop_partial(call);
    drop_inflater(call);
    lane->content = CONTENT_PASSED;
    lane->deaf |= ++lane->broken >= MAX_BROKEN;
}

static void on_piece(void *context, const uint8_t *bytes, size_t length)
{
    struct websocket_call *call = context;
    if (call->lane->compressed)
        inflate_piece(call, bytes, length);
    else
        content_piece(call, bytes, length);
}

static void on_end(void *context, bool whole)
{
    static const uint8_t tail[] = {0x00, 0x00, 0xff, 0xff}; /* RFC 7692, section 7.2.2 */
    struct websocket_call *call = context;
    struct websocket_lane *lane = call->lane;
    if (whole && lane->compressed)
        inflate_piece(call, tail, sizeof tail);
    if (whole && lane->compressed && lane->inflater != NULL)
        lane->broken = 0;
    if (!whole) { /* the next compressed message may do without what was missed */
        drop_partial(call);
        drop_inflater(call);
        return;
    }
    bool is_long = lane->length > FOREIGN_LENGTH || lane->prose;
    bool is_foreign = lane->is_text && is_long && lane->content != CONTENT_JSON;
    lane->text_first |= is_foreign && !lane->begun;
    lane->begun |= is_long;
    if (is_foreign && lane->foreign < MAX_FOREIGN) {
        lane->foreign++;
        state_foreign(call);
    }
}

/* ---- the recogniser ---- */

/* A handshake in front must not hide a miner. */
static bool raw_bytes(struct websocket_call *call, const uint8_t *bytes, size_t length)
{
    struct channel *inner = channel_open_inner(call->inspector, call->channel);
    if (inner == NULL)
        return false;
    channel_bytes(call->inspector, inner, call->direction, bytes, length);
    return !inner->lanes[call->direction].deaf;
}

static bool websocket_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                            enum direction direction, const uint8_t *bytes, size_t length)
{
    static const struct websocket_handler handler = {on_begin, on_piece, on_end};
    struct websocket_state *state = opaque;
    struct websocket_lane *lane = &state->lanes[direction];
    struct websocket_call call = {inspector, channel, state, lane, direction};
    if (channel_way(channel)->carrier == NULL)
        channel_set_carrier(channel, "websocket");
    if (!lane->entered) /* in the middle of a stream the first piece may be that of a frame */
        lane->parser.lost = channel_way(channel)->target == NULL;
    lane->entered = true;
    lane->raw = lane->raw || !websocket_feed(&lane->parser, &handler, &call, bytes, length);
    if (!lane->raw && !lane->deaf && lane->foreign < MAX_FOREIGN)
        return true;
    drop_partial(&call);
    drop_inflater(&call);
    return lane->raw && raw_bytes(&call, bytes, length);
}

static void websocket_lost(struct inspector *inspector, struct channel *channel, void *opaque,
                           enum direction direction, uint32_t missing)
{
    struct websocket_state *state = opaque;
    struct websocket_lane *lane = &state->lanes[direction];
    struct websocket_call call = {inspector, channel, state, lane, direction};
    drop_partial(&call);
    drop_inflater(&call); /* also where the message goes on: it cannot be inflated any more */
    if (!lane->raw && lane->content != CONTENT_STREAM)
        lane->content = CONTENT_PASSED;
    else if (channel_inner(channel) != NULL)
        channel_gap(inspector, channel_inner(channel), direction, missing);
    websocket_gap(&lane->parser, missing);
}

static void websocket_done(struct inspector *inspector, void *opaque)
{
    struct websocket_state *state = opaque;
    for (int i = 0; i < 2; i++) {
        inspector_json_drop(inspector, &state->lanes[i].partial);
        inspector_inflater_give_back(inspector, state->lanes[i].inflater);
    }
}

const struct recogniser recogniser_websocket = {
    .name = "websocket",
    .pairs = true,
    .state_size = sizeof(struct websocket_state),
    .begins = websocket_begins_here,
    .bytes = websocket_bytes,
    .gap = websocket_lost,
    .done = websocket_done,
};
