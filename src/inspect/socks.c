// SPDX-License-Identifier: Apache-2.0
/*
 * SOCKS 4, 4a and 5: peels the handshake off both directions and looks at what passes behind it as an inner
 * channel. Whom the client asked for is the pool, where a miner turns out to be inside. What turns out to be
 * no SOCKS after all is looked at inside as well: a false greeting in front must not hide a miner.
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

/* The client asked for something, or the server granted it: what is inside has a name from now on. */
static void name_inside(struct inspector *inspector, struct channel *channel, const struct socks_side *side)
{
    static const char *const names[] = {[SOCKS_4] = "socks4", [SOCKS_4A] = "socks4a", [SOCKS_5] = "socks5"};
    struct channel *inner = channel_open_inner(inspector, channel);
    if (inner == NULL)
        return;
    if (inner->carrier == NULL || side->destination[0] != '\0') /* the client knows 4 from 4a */
        inner->carrier = names[side->version];
    if (side->destination[0] == '\0')
        return;
    inner->destination = side->destination;
    inspector_sighting(inspector, channel->flow, SIGHTING_SOCKS, side->destination);
}

/* Reads the messages that are complete in the lane's buffer. False: what is in it is none. */
static bool read_messages(struct inspector *inspector, struct channel *channel, struct socks_lane *lane,
                          enum direction direction)
{
    int used = 1;
    while (lane->length > 0 && lane->side.stage != SOCKS_PASSES && used > 0) {
        used = direction == TO_SERVER ? socks_read_client(&lane->side, lane->message, lane->length)
                                      : socks_read_server(&lane->side, lane->message, lane->length);
        if (used == SOCKS_NOT)
            return false;
        memmove(lane->message, lane->message + used, lane->length - (size_t)used);
        lane->length = (uint16_t)(lane->length - used);
    }
    if (lane->side.stage == SOCKS_PASSES && !lane->side.refused)
        name_inside(inspector, channel, &lane->side);
    return true;
}

static bool socks_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                        enum direction direction, const uint8_t *bytes, size_t length)
{
    struct socks_lane *lane = &((struct socks_state *)opaque)->lanes[direction];
    if (lane->passes)
        return pass(inspector, channel, direction, bytes, length);
    size_t room = sizeof lane->message - lane->length, taken = length < room ? length : room;
    memcpy(lane->message + lane->length, bytes, taken);
    lane->length = (uint16_t)(lane->length + taken);
    bool is_socks = read_messages(inspector, channel, lane, direction);
    if (is_socks && lane->side.stage != SOCKS_PASSES && lane->length < sizeof lane->message)
        return !lane->side.refused;
    lane->passes = true;
    bool more = lane->length == 0 || pass(inspector, channel, direction, lane->message, lane->length);
    return more && (taken == length || pass(inspector, channel, direction, bytes + taken, length - taken));
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
