// SPDX-License-Identifier: Apache-2.0
/*
 * SOCKS 4, 4a and 5: peels the handshake off both directions and looks at what passes behind it as an inner
 * channel. Whom the client asked for is the pool, where a miner turns out to be inside. What turns out to be
 * no SOCKS after all is looked at inside as well: a false greeting in front must not hide a miner.
 *
 * Behind UDP ASSOCIATE nothing passes here, and of its datagrams nothing is read: nobody mines over UDP.
 * Behind GSSAPI the content is read where the ends agreed on no protection, as curl always does (curl/curl:
 * lib/socks_gssapi.c).
 */
#include "inspect/recogniser.h"

#include "inspect/channel.h"
#include "protocol/socks.h"

#include <string.h>

struct socks_lane {
    struct socks_side side;
    uint16_t length;
    uint8_t message[SOCKS_MAX_MESSAGE]; /* what is here of the message that is being read */
    bool passes;                        /* bytes belong to the inner channel */
};

struct socks_state {
    struct socks_lane lanes[2];
};

static enum begins socks_begins_here(const uint8_t *bytes, size_t length)
{
    int begins = socks_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

static bool pass(struct inspector *inspector, struct channel *channel, enum direction direction,
                 const uint8_t *bytes, size_t length)
{
    struct channel *inner = channel_open_inner(inspector, channel);
    if (inner == NULL)
        return false;
    channel_bytes(inspector, inner, direction, bytes, length);
    return !inner->lanes[direction].deaf;
}

/* What alerts call it: the version, and what is not the common case. */
static const char *carrier_of(const struct socks_side *side)
{
    static const char *const names[][SOCKS_UDP + 1] = {
        [SOCKS_4] = {"socks4", "socks4", "socks4-bind", "socks4"},
        [SOCKS_4A] = {"socks4a", "socks4a", "socks4a-bind", "socks4a"},
        [SOCKS_5] = {"socks5", "socks5", "socks5-bind", "socks5-udp"},
    };
    return side->gssapi ? "socks5-gssapi" : names[side->version][side->command];
}

/* The client asked for something, or the server granted it: what is inside has a name from now on. */
static void name_inside(struct inspector *inspector, struct channel *channel, const struct socks_side *side)
{
    struct channel *inner = channel_open_inner(inspector, channel);
    if (inner == NULL)
        return;
    if (inner->aside->way.carrier == NULL || side->destination[0] != '\0') /* the client knows 4 from 4a */
        inner->aside->way.carrier = carrier_of(side);
    if (side->destination[0] == '\0')
        return;
    inner->aside->way.destination = side->destination;
    inspector_sighting(inspector, channel->flow, SIGHTING_SOCKS, side->destination);
}

/* Bytes of a token that say nothing are passed over; of others, as many as fit are kept. */
static size_t take(struct socks_lane *lane, const uint8_t *bytes, size_t length)
{
    size_t skipped = length < lane->side.skip ? length : lane->side.skip;
    lane->side.skip = (uint16_t)(lane->side.skip - skipped);
    size_t room = sizeof lane->message - lane->length, left = length - skipped;
    size_t kept = left < room ? left : room;
    memcpy(lane->message + lane->length, bytes + skipped, kept);
    lane->length = (uint16_t)(lane->length + kept);
    return skipped + kept;
}

static void drop(struct socks_lane *lane, size_t count)
{
    memmove(lane->message, lane->message + count, lane->length - count);
    lane->length = (uint16_t)(lane->length - count);
}

/* The next message in the lane's buffer: its length, or as socks.h says. */
static int read_message(struct socks_lane *lane, enum direction direction)
{
    if (lane->side.stage == SOCKS_PASSES)
        return socks_read_bound(&lane->side, lane->message, lane->length);
    return direction == TO_SERVER ? socks_read_client(&lane->side, lane->message, lane->length)
                                  : socks_read_server(&lane->side, lane->message, lane->length);
}

/* The handshake is over, but for the second answer to a BIND, which may be one where nobody saw what was
 * asked for. */
static bool awaits_second(const struct socks_lane *lane, enum direction direction)
{
    const struct socks_side *side = &lane->side;
    return direction == TO_CLIENT && side->answers == 1 && !side->refused &&
           (side->command == SOCKS_BIND || (side->command == SOCKS_UNKNOWN && side->version == SOCKS_5));
}

/* Reads the messages that are complete in the lane's buffer. What is none is what passes. */
static void read_messages(struct inspector *inspector, struct channel *channel, struct socks_lane *lane,
                          enum direction direction)
{
    int used = 1;
    while (lane->length > 0 && used > 0 && !lane->passes) {
        used = read_message(lane, direction);
        lane->passes = used < 0 || (used == 0 && lane->length == sizeof lane->message);
        if (used <= 0)
            break;
        drop(lane, (size_t)used);
        size_t skipped = lane->length < lane->side.skip ? lane->length : lane->side.skip;
        lane->side.skip = (uint16_t)(lane->side.skip - skipped);
        drop(lane, skipped);
        if (lane->side.stage == SOCKS_PASSES && !lane->side.refused)
            name_inside(inspector, channel, &lane->side);
        lane->passes = lane->side.stage == SOCKS_PASSES && !awaits_second(lane, direction);
    }
}

static bool socks_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                        enum direction direction, const uint8_t *bytes, size_t length)
{
    struct socks_state *state = opaque;
    struct socks_lane *lane = &state->lanes[direction];
    if (lane->passes)
        return pass(inspector, channel, direction, bytes, length);
    if (direction == TO_CLIENT && lane->side.command == SOCKS_UNKNOWN)
        lane->side.command = state->lanes[TO_SERVER].side.command;
    while (length > 0 && !lane->passes) {
        size_t taken = take(lane, bytes, length);
        bytes += taken;
        length -= taken;
        read_messages(inspector, channel, lane, direction);
    }
    if (lane->side.sealed) /* nothing that follows can be read */
        return false;
    if (!lane->passes)
        return !lane->side.refused;
    bool more = lane->length == 0 || pass(inspector, channel, direction, lane->message, lane->length);
    return more && (length == 0 || pass(inspector, channel, direction, bytes, length));
}

static void socks_gap(struct inspector *inspector, struct channel *channel, void *opaque,
                      enum direction direction, uint32_t missing)
{
    struct socks_lane *lane = &((struct socks_state *)opaque)->lanes[direction];
    lane->passes = true; /* the rest of the handshake may be among what follows: a line finds its way */
    struct channel *inner = channel_open_inner(inspector, channel);
    if (inner != NULL)
        channel_gap(inspector, inner, direction, missing);
}

const struct recogniser recogniser_socks = {
    .name = "socks",
    .pairs = true,
    .state_size = sizeof(struct socks_state),
    .begins = socks_begins_here,
    .bytes = socks_bytes,
    .gap = socks_gap,
};
