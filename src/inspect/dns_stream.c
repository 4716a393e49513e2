// SPDX-License-Identifier: Apache-2.0
/*
 * DNS over TCP (RFC 1035, section 4.2.2): messages behind their lengths, read as those of datagrams are.
 */
#include "inspect/recogniser.h"

#include "base/big_endian.h"
#include "inspect/channel.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 12, /* RFC 1035, section 4.1.1 */
    QUESTION_MIN = 5,
    MESSAGE_KEPT = 1024, /* of a longer one the beginning is read: the question, and the first answers */
};

struct dns_lane {
    uint8_t head[2];
    uint8_t head_length;
    uint16_t left, kept;
    uint8_t *message; /* malloc'd while one is split over segments; NULL otherwise */
    bool passes; /* what comes is JSON, and belongs to the inner channel: a question must not hide a miner */
};

struct dns_state {
    struct dns_lane lanes[2];
};

/* A query or an answer with one question, no more answers than fit, and its length in front. */
static enum begins dns_begins(const uint8_t *bytes, size_t length)
{
    if (length >= 2 && big_endian_u16(bytes) < HEADER + QUESTION_MIN)
        return BEGINS_NO;
    if (length >= 5 && (bytes[4] & 0x78) != 0) /* a standard query: opcode 0 */
        return BEGINS_NO;
    if (length < 14)
        return bytes[0] < 0x10 ? BEGINS_MAYBE : BEGINS_NO;
    bool one_question = bytes[6] == 0 && bytes[7] == 1, is_answer = (bytes[4] & 0x80) != 0;
    bool plausible = bytes[0] < 0x10 && bytes[8] == 0 && bytes[10] == 0 && bytes[12] == 0 &&
                     (bytes[5] & 0x40) == 0 &&
                     (is_answer || (bytes[9] == 0 && bytes[11] == 0 && (bytes[5] & 0x0f) == 0));
    return one_question && plausible ? BEGINS_YES : BEGINS_NO;
}

static size_t take_head(struct dns_lane *lane, const uint8_t *bytes)
{
    lane->head[lane->head_length++] = bytes[0];
    if (lane->head_length == 2)
        lane->left = big_endian_u16(lane->head);
    lane->head_length = lane->head_length == 2 && lane->left == 0 ? 0 : lane->head_length;
    return 1;
}

static void end_message(struct dns_lane *lane)
{
    free(lane->message);
    lane->message = NULL;
    lane->kept = 0;
    lane->left = 0;
    lane->head_length = 0;
}

/* A piece of the message; read in place where that is all of it. */
static size_t take_message(struct inspector *inspector, struct channel *channel, struct dns_lane *lane,
                           enum direction direction, const uint8_t *bytes, size_t length)
{
    size_t used = length < lane->left ? length : lane->left;
    if (lane->message == NULL && used == lane->left) {
        inspector_dns(inspector, channel->flow, direction, bytes, used);
        end_message(lane);
        return used;
    }
    if (lane->message == NULL)
        lane->message = malloc(MESSAGE_KEPT);
    size_t room = MESSAGE_KEPT - lane->kept, kept = used < room ? used : room;
    if (lane->message != NULL) {
        memcpy(lane->message + lane->kept, bytes, kept);
        lane->kept = (uint16_t)(lane->kept + kept);
    }
    lane->left = (uint16_t)(lane->left - used);
    if (lane->left == 0) {
        if (lane->message != NULL)
            inspector_dns(inspector, channel->flow, direction, lane->message, lane->kept);
        end_message(lane);
    }
    return used;
}

static bool dns_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                      enum direction direction, const uint8_t *bytes, size_t length)
{
    struct dns_lane *lane = &((struct dns_state *)opaque)->lanes[direction];
    size_t at = 0;
    while (at < length && !lane->passes) {
        if (lane->head_length == 0 && bytes[at] == '{') /* no message of 31 kB */
            lane->passes = true;
        else
            at += lane->head_length < 2
                      ? take_head(lane, bytes + at)
                      : take_message(inspector, channel, lane, direction, bytes + at, length - at);
    }
    struct channel *inner = lane->passes ? channel_open_inner(inspector, channel) : NULL;
    if (inner != NULL)
        channel_bytes(inspector, inner, direction, bytes + at, length - at);
    return !lane->passes || (inner != NULL && !inner->lanes[direction].deaf);
}

static void dns_done(struct inspector *inspector, void *opaque)
{
    (void)inspector;
    struct dns_state *state = opaque;
    free(state->lanes[0].message);
    free(state->lanes[1].message);
}

const struct recogniser recogniser_dns_stream = {
    .name = "dns-stream",
    .state_size = sizeof(struct dns_state),
    .begins = dns_begins,
    .bytes = dns_bytes,
    .done = dns_done,
};
