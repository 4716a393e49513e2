// SPDX-License-Identifier: Apache-2.0
/*
 * JSON messages on a bare stream, one a line or one behind the other: Stratum and its relatives.
 *
 * Where the ends agreed on it (EthereumStratum/2.0.0, Alephium), messages come in gzip: one stream of it or a
 * member for each.
 *
 * Only what stands where a message begins is read: a `{` behind a line end, white space, or a complete
 * message. Mining words inside other text are never looked at.
 */
#include "inspect/recogniser.h"

#include "inspect/application.h"
#include "inspect/btcagent.h"
#include "inspect/channel.h"
#include "inspect/json_rpc.h"
#include "protocol/inflate.h"
#include "protocol/json.h"

#include <stdlib.h>
#include <string.h>

enum {
    MIN_FOREIGN = 2,  /* lines that are no JSON, before a stream not seen from its beginning is a quotation */
    MAX_FOREIGN = 64, /* lines that are no JSON, before the direction is given up */
    GZIP_MAGIC = 0x1f, /* RFC 1952, section 2.3.1 */
    GZIP_MAGIC_2 = 0x8b,
};

struct json_lane {
    struct partial partial; /* a message that is not complete yet */
    bool skipping;          /* to the end of a line that is no JSON */
    bool after_gap;         /* that line lost its beginning */
    bool at_line;           /* the latest byte was a line feed */
    uint8_t foreign;        /* lines that were no JSON, since the last message */
    uint8_t foreign_total;  /* and since the beginning */
    uint32_t messages;
    struct btcagent_reader *agent; /* binary frames among the messages; NULL: none came */
    struct inflater *inflater;     /* all that follows is compressed; NULL: it is not */
};

struct json_stream {
    struct json_lane lanes[2];
};

/* Between messages; some writers end them with NUL. */
static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\0';
}

static enum begins json_begins(const uint8_t *bytes, size_t length)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf}; /* UTF-8 byte order mark */
    if (bytes[0] != mark[0] || memcmp(bytes, mark, length < sizeof mark ? length : sizeof mark) != 0)
        return bytes[0] == '{' ? BEGINS_YES : BEGINS_NO; /* the channel passed over blanks */
    if (length < sizeof mark)
        return BEGINS_MAYBE;
    size_t at = sizeof mark;
    while (at < length && is_blank(bytes[at]))
        at++;
    return at == length || bytes[at] == '{' ? BEGINS_YES : BEGINS_NO;
}

/* What was picked up in the middle begins with whatever line looks like a message: a mail, a chat, the reply
 * of a text store may quote one. Other text before or behind it tells. Seen from the beginning, people are
 * told by both sides' text: a miner may be made to send some, its pool does not. */
static void note_quotation(struct inspector *inspector, struct channel *channel, enum direction direction,
                           const struct json_stream *stream)
{
    unsigned first = stream->lanes[0].foreign_total + channel->lanes[0].text;
    unsigned second = stream->lanes[1].foreign_total + channel->lanes[1].text;
    bool both = first > 0 && second > 0;
    bool many = first >= MIN_FOREIGN || second >= MIN_FOREIGN;
    if (!both && !(many && channel->flow->midstream))
        return;
    struct session *session = inspector_session(inspector, channel->flow, false);
    if (session == NULL || session->compressed)
        return;
    uint64_t before = session->conversation.facts;
    if (channel->flow->midstream)
        session_state(session, FACT_QUOTED);
    if (both)
        session_state(session, FACT_QUOTED_TALK);
    struct rpc_origin origin = {direction, CARRIER_LINE, "", channel_time_us(channel), false};
    if (session->conversation.facts != before)
        inspector_conversation_moved(inspector, channel->flow, &origin);
}

/* A line that is no JSON: a mail, a chat, a log that quotes a message is not a conversation of messages. */
static void foreign_line(struct inspector *inspector, struct channel *channel, struct json_lane *lane)
{
    if (lane->foreign < UINT8_MAX)
        lane->foreign++;
    if (lane->foreign_total < UINT8_MAX)
        lane->foreign_total++;
    struct session *session = inspector_session(inspector, channel->flow, false);
    if (session != NULL && lane->foreign == 2 && !session->compressed)
        session_state(session, FACT_FOREIGN_TEXT);
}

static void complete(struct inspector *inspector, struct channel *channel, struct json_lane *lane,
                     enum direction direction, const struct json_reader *reader)
{
    struct rpc_origin origin = {direction, CARRIER_LINE, "", channel_time_us(channel), channel->late};
    lane->messages++;
    lane->foreign = 0;
    inspector_count_message(inspector);
    if (json_rpc_message(inspector, channel->flow, reader, &origin))
        inspector_name_application(channel->flow, APPLICATION_STRATUM);
    else if (lane->messages == 1)
        inspector_name_application(channel->flow, APPLICATION_JSON_RPC);
}

/* The bytes before a line that begins with `{`. Nobody writes a message so that one of its lines does: there
 * the next message begins, whatever the one before lacks. */
static size_t until_next_line(const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length;
    for (const uint8_t *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL;)
        if (++at < end && *at == '{')
            return (size_t)(at - bytes);
    return length;
}

static void drop_partial(struct inspector *inspector, struct json_lane *lane)
{
    inspector_json_drop(inspector, &lane->partial);
}

/* Reads on in a message; gives the number of bytes used. */
static size_t read_message(struct inspector *inspector, struct channel *channel, struct json_lane *lane,
                           enum direction direction, const uint8_t *bytes, size_t length)
{
    size_t used;
    const struct json_reader *reader;
    enum json_result result =
        inspector_json_read(inspector, channel->flow, &lane->partial, bytes, length, &used, &reader);
    if (result == JSON_MORE)
        return used;
    if (result == JSON_COMPLETE)
        complete(inspector, channel, lane, direction, reader);
    else
        lane->skipping = true;
    drop_partial(inspector, lane);
    return used;
}

static size_t skip_line(struct inspector *inspector, struct channel *channel, struct json_lane *lane,
                        const uint8_t *bytes, size_t length)
{
    const uint8_t *end = memchr(bytes, '\n', length);
    if (end == NULL)
        return length;
    lane->skipping = false;
    if (!lane->after_gap)
        foreign_line(inspector, channel, lane);
    lane->after_gap = false;
    return (size_t)(end - bytes) + 1;
}

static bool in_frame(const struct json_lane *lane)
{
    return lane->agent != NULL && lane->agent->seen > 0;
}

/* A frame of a mining proxy where a message could begin; gives the number of bytes used, 0 where it is none.
 */
static size_t read_frame(struct inspector *inspector, struct channel *channel, struct json_lane *lane,
                         enum direction direction, const uint8_t *bytes, size_t length)
{
    if (lane->agent == NULL && btcagent_may_follow(inspector, channel->flow))
        lane->agent = calloc(1, sizeof *lane->agent);
    size_t used = 0;
    if (lane->agent != NULL)
        used = btcagent_read(inspector, channel->flow, lane->agent, direction, bytes, length);
    lane->skipping = used == 0;
    return used;
}

/* Where the ends agreed on it; behind a gap, where a segment begins so. */
static bool begins_gzip(struct inspector *inspector, struct flow *flow, const struct json_lane *lane,
                        const uint8_t *bytes, size_t length, size_t at)
{
    if (bytes[at] != GZIP_MAGIC || lane->inflater != NULL ||
        (lane->skipping && (!lane->after_gap || at > 0 || length < 2 || bytes[1] != GZIP_MAGIC_2)))
        return false;
    const struct session *session = inspector_session(inspector, flow, false);
    return session != NULL && session->compressed;
}

/* Plain text. Stops where compression begins; gives the number of bytes used. */
static size_t read_text(struct inspector *inspector, struct channel *channel, void *state,
                        enum direction direction, const uint8_t *bytes, size_t length)
{
    struct json_lane *lane = &((struct json_stream *)state)->lanes[direction];
    size_t at = 0, next = 0; /* next: where a message begins whatever the one before lacks */
    while (at < length && lane->foreign < MAX_FOREIGN) {
        note_quotation(inspector, channel, direction, state);
        if (lane->partial.lost) { /* no room for it: not the line's fault */
            drop_partial(inspector, lane);
            lane->skipping = lane->after_gap = true;
        }
        bool at_line = at > 0 ? bytes[at - 1] == '\n' : lane->at_line;
        if (lane->partial.entry != NULL && at_line && bytes[at] == '{') {
            drop_partial(inspector, lane);
            foreign_line(inspector, channel, lane);
        }
        if (begins_gzip(inspector, channel->flow, lane, bytes, length, at))
            break;
        if (in_frame(lane))
            at += read_frame(inspector, channel, lane, direction, bytes + at, length - at);
        else if (lane->partial.entry == NULL && lane->skipping)
            at += skip_line(inspector, channel, lane, bytes + at, length - at);
        else if (lane->partial.entry != NULL || bytes[at] == '{') {
            if (next <= at) /* looked for once, not with each message of a long line */
                next = at + until_next_line(bytes + at, length - at);
            at += read_message(inspector, channel, lane, direction, bytes + at, next - at);
        } else if (is_blank(bytes[at]) || bytes[at] == 0xef || bytes[at] == 0xbb || bytes[at] == 0xbf)
            at++;
        else if (bytes[at] == BTCAGENT_MAGIC)
            at += read_frame(inspector, channel, lane, direction, bytes + at, length - at);
        else
            lane->skipping = true;
    }
    lane->at_line = at > 0 && bytes[at - 1] == '\n';
    note_quotation(inspector, channel, direction, state);
    return at;
}

/* What comes out of an inflater needs to know where it belongs. */
struct inflated {
    struct inspector *inspector;
    struct channel *channel;
    void *state;
    enum direction direction;
};

static bool read_inflated(void *context, const uint8_t *bytes, size_t length)
{
    const struct inflated *inflated = context;
    read_text(inflated->inspector, inflated->channel, inflated->state, inflated->direction, bytes, length);
    return true;
}

static void drop_inflater(struct inspector *inspector, struct json_lane *lane)
{
    inspector_inflater_give_back(inspector, lane->inflater);
    lane->inflater = NULL;
}

static bool json_bytes_in(struct inspector *inspector, struct channel *channel, void *state,
                          enum direction direction, const uint8_t *bytes, size_t length)
{
    struct json_lane *lane = &((struct json_stream *)state)->lanes[direction];
    struct inflated inflated = {inspector, channel, state, direction};
    size_t used = lane->inflater == NULL ? read_text(inspector, channel, state, direction, bytes, length) : 0;
    if (used == length || lane->foreign >= MAX_FOREIGN)
        return lane->foreign < MAX_FOREIGN;
    if (lane->inflater == NULL)
        lane->inflater = inspector_inflater(inspector, INFLATE_WRAPPED);
    if (lane->inflater == NULL ||
        !inflater_feed(lane->inflater, bytes + used, length - used, read_inflated, &inflated)) {
        drop_inflater(inspector, lane); /* no gzip after all, or damaged: plain lines may follow */
        drop_partial(inspector, lane);
        foreign_line(inspector, channel, lane);
        lane->skipping = lane->after_gap = true;
    }
    return lane->foreign < MAX_FOREIGN;
}

static void json_gap(struct inspector *inspector, struct channel *channel, void *state,
                     enum direction direction, uint32_t missing)
{
    (void)channel;
    (void)missing;
    /* the message that was being read is lost, and whatever line the stream goes on in */
    struct json_lane *lane = &((struct json_stream *)state)->lanes[direction];
    drop_partial(inspector, lane);
    drop_inflater(inspector, lane);       /* a member that begins with a segment may be read again */
    lane->skipping = lane->agent == NULL; /* frames end no lines; a segment begins with one, mostly */
    lane->after_gap = true;
    if (lane->agent != NULL)
        lane->agent->seen = 0;
}

static void json_done(struct inspector *inspector, void *state)
{
    struct json_stream *stream = state;
    drop_partial(inspector, &stream->lanes[0]);
    drop_partial(inspector, &stream->lanes[1]);
    drop_inflater(inspector, &stream->lanes[0]);
    drop_inflater(inspector, &stream->lanes[1]);
    free(stream->lanes[0].agent);
    free(stream->lanes[1].agent);
}

const struct recogniser recogniser_json_stream = {
    .name = "json-stream",
    .state_size = sizeof(struct json_stream),
    .begins = json_begins,
    .bytes = json_bytes_in,
    .gap = json_gap,
    .done = json_done,
};
