// SPDX-License-Identifier: Apache-2.0
/*
 * The PROXY protocol's header is peeled off; both directions are then looked at as an inner channel. The
 * client that the header names is the miner's own address, where the sensor sees only the balancer's.
 */
#include "inspect/recogniser.h"

#include "inspect/channel.h"
#include "protocol/proxy_header.h"

#include <stdio.h>
#include <string.h>

struct proxy_lane {
    uint16_t length;
    uint8_t bytes[PROXY_HEADER_MAX]; /* what is here of the header */
    bool passes;
};

struct proxy_state {
    struct proxy_lane lanes[2];
    char origin[ADDRESS_TEXT_SIZE + 9]; /* "[address]:port" */
};

/* Version 2 opens with two line ends, which a channel passes over as it does over all blanks. */
static const uint8_t line_ends[] = {0x0d, 0x0a, 0x0d, 0x0a};

static int header_begins(const uint8_t *bytes, size_t length)
{
    uint8_t joined[CHANNEL_PREFIX + sizeof line_ends];
    if (bytes[0] != '\0')
        return proxy_header_begins(bytes, length);
    size_t taken = length < CHANNEL_PREFIX ? length : CHANNEL_PREFIX;
    memcpy(joined, line_ends, sizeof line_ends);
    memcpy(joined + sizeof line_ends, bytes, taken);
    return proxy_header_begins(joined, taken + sizeof line_ends);
}

static enum begins proxy_begins(const uint8_t *bytes, size_t length)
{
    int begins = header_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

static void name_inside(struct channel *inner, struct proxy_state *state, const struct proxy_header *header)
{
    char text[ADDRESS_TEXT_SIZE];
    if (inner == NULL)
        return;
    inner->aside->way.carrier = header->version == 1 ? "proxy-v1" : "proxy-v2";
    if (!header->has_source)
        return;
    address_format(&header->source, text);
    snprintf(state->origin, sizeof state->origin, address_is_ipv4(&header->source) ? "%s:%u" : "[%s]:%u",
             text, header->source_port);
    inner->aside->way.origin = state->origin;
}

static bool pass(struct inspector *inspector, struct channel *channel, enum direction direction,
                 const uint8_t *bytes, size_t length)
{
    struct channel *inner = channel_open_inner(inspector, channel);
    if (inner == NULL)
        return false;
    if (length > 0)
        channel_bytes(inspector, inner, direction, bytes, length);
    return !inner->lanes[direction].deaf;
}

static bool proxy_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                        enum direction direction, const uint8_t *bytes, size_t length)
{
    struct proxy_state *state = opaque;
    struct proxy_lane *lane = &state->lanes[direction];
    if (lane->passes || (lane->length == 0 && header_begins(bytes, length) == 0)) { /* the server's side */
        lane->passes = true;
        return pass(inspector, channel, direction, bytes, length);
    }
    if (lane->length == 0 && bytes[0] == '\0') {
        memcpy(lane->bytes, line_ends, sizeof line_ends);
        lane->length = sizeof line_ends;
    }
    size_t room = sizeof lane->bytes - lane->length, taken = length < room ? length : room;
    memcpy(lane->bytes + lane->length, bytes, taken);
    lane->length = (uint16_t)(lane->length + taken);
    struct proxy_header header;
    int used = proxy_header_read(lane->bytes, lane->length, &header);
    if (used == PROXY_HEADER_MORE && lane->length < sizeof lane->bytes)
        return true;
    lane->passes = true;
    if (used > 0)
        name_inside(channel_open_inner(inspector, channel), state, &header);
    size_t at = used > 0 ? (size_t)used : 0;
    return pass(inspector, channel, direction, lane->bytes + at, lane->length - at) &&
           pass(inspector, channel, direction, bytes + taken, length - taken);
}

static void proxy_gap(struct inspector *inspector, struct channel *channel, void *opaque,
                      enum direction direction, uint32_t missing)
{
    ((struct proxy_state *)opaque)->lanes[direction].passes = true;
    struct channel *inner = channel_open_inner(inspector, channel);
    if (inner != NULL)
        channel_gap(inspector, inner, direction, missing);
}

const struct recogniser recogniser_proxy_protocol = {
    .name = "proxy-protocol",
    .pairs = true,
    .state_size = sizeof(struct proxy_state),
    .begins = proxy_begins,
    .bytes = proxy_bytes,
    .gap = proxy_gap,
};
