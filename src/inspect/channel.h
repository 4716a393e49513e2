// SPDX-License-Identifier: Apache-2.0
/*
 * A two-way byte stream inside a flow, and which recogniser reads which of its directions. The outermost
 * channel is the TCP stream; inner ones are what a carrier (a CONNECT tunnel) holds.
 *
 * The two directions are decided each for itself by what they begin with, since they may disagree: a pool
 * answers an HTTP request with a bare JSON line. A direction that nobody recognises is looked at for
 * CHANNEL_PATIENCE bytes more, then left alone; where the flow was picked up midstream, or where the other
 * direction is JSON, a later line that begins with `{` still counts.
 *
 * In all other streams such a line is read as well, for as long, but held: it says nothing before the other
 * end answers it in its own role (session_settle()), as mails and logs quote whole sessions. So bytes in
 * front do not hide a miner. A flow that was dismissed comes back a few times where a segment begins so.
 */
#ifndef INSPECT_CHANNEL_H
#define INSPECT_CHANNEL_H

#include "base/slab.h"
#include "flow/flow.h"
#include "inspect/conversation.h"
#include "inspect/recogniser.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHANNEL_MAX_DEPTH = 8, CHANNEL_PATIENCE = 16384 };

/* A million flows may each have a channel: what most of them need fits into a cache line, the rest is put
 * aside. */
struct lane {
    uint16_t seen;      /* bytes while undecided; stays at UINT16_MAX once there */
    uint8_t recogniser; /* row of recognisers.def, from 1; 0: undecided, or deaf */
    uint8_t deaf : 1;   /* nothing more is wanted */
    uint8_t text : 2;   /* segments that ended in a line of text while undecided, up to 2 */
    uint8_t pieces : 1; /* its first bytes are kept aside */
    uint8_t spoke : 2;  /* enum flow_spoke, until channel_done() tells the flow: that is far away in memory */
};
_Static_assert(CHANNEL_PATIENCE < UINT16_MAX, "a lane counts so far");

/* How a channel is carried; told by the outer channel's recogniser, whose state the texts belong to; NULL:
 * nothing. */
struct channel_way {
    const char *carrier;     /* "socks5": static storage */
    const char *destination; /* whom the carrier was asked for: "pool.example:3333" */
    const char *origin;      /* who the client is, as a PROXY header says: "198.51.100.7:40001" */
    const char *target;      /* of the HTTP request that opened it */
};

/* First bytes of a direction, while it is too early to tell. */
struct channel_prefix {
    uint8_t length;
    uint8_t bytes[CHANNEL_PREFIX];
};

struct channel_aside {
    struct channel *inner; /* what the channel carries; NULL: nothing, or it is not looked into */
    struct channel_way way;
    struct channel_prefix prefixes[2];
};

struct channel {
    struct flow *flow;
    struct channel_aside *aside; /* NULL: nothing is aside; inner channels always have one */
    void *states[2];   /* of the recognisers in `owners`, one each; the JSON one serves both directions */
    uint8_t owners[2]; /* rows as in lane.recogniser; 0: none */
    uint8_t depth;     /* 0: the TCP stream itself */
    bool late;         /* what is read began behind other bytes: it is held */
    struct lane lanes[2];
};
_Static_assert(sizeof(struct channel) <= 48, "with the rest of an inspection, a cache line");

/* What recognisers remember, of all channels of a worker: a slab each, since a flow has one or none. */
enum {
#define RECOGNISER(name, first) CHANNEL_PLACE_OF_##name,
#include "inspect/recognisers.def"
#undef RECOGNISER
    CHANNEL_RECOGNISERS
};

struct channel_states {
    struct slab slabs[CHANNEL_RECOGNISERS];
};

/* Before the first channel is made; at most so many states of each recogniser at once. */
void channel_states_init(struct channel_states *states, uint32_t max_states);
void channel_states_done(struct channel_states *states);

void channel_init(struct channel *channel, struct flow *flow, uint8_t depth);
/* As if both directions had been undecided so far: what comes is held. */
void channel_init_late(struct channel *channel, struct flow *flow);
void channel_done(struct inspector *inspector, struct channel *channel); /* with its inner ones */

void channel_bytes(struct inspector *inspector, struct channel *channel, enum direction direction,
                   const uint8_t *bytes, size_t length);
void channel_gap(struct inspector *inspector, struct channel *channel, enum direction direction,
                 uint32_t missing);

/* Nobody wants to hear more of either direction. */
static inline bool channel_is_deaf(const struct channel *channel)
{
    return channel->lanes[TO_SERVER].deaf && channel->lanes[TO_CLIENT].deaf;
}

/* What was said in that direction of the flow that nobody could read: enum flow_spoke. */
uint8_t channel_spoke(const struct channel *outermost, enum direction direction);

/* The channel inside `channel`; NULL where there is none. */
static inline struct channel *channel_inner(const struct channel *channel)
{
    return channel->aside == NULL ? NULL : channel->aside->inner;
}

/* Opens (once) the channel inside `channel`; NULL where that would be too deep or memory is short. */
struct channel *channel_open_inner(struct inspector *inspector, struct channel *channel);

/* Never NULL; without texts where nothing is known. */
const struct channel_way *channel_way(const struct channel *channel);
void channel_set_carrier(struct channel *channel, const char *carrier); /* of any channel */

/* Gives a direction that nobody has yet to a recogniser, whatever it begins with. */
void channel_assign(struct inspector *inspector, struct channel *channel, enum direction direction,
                    const struct recogniser *recogniser);

/* Writes how the innermost of these channels is carried into a conversation: path, destination, origin. */
void channel_tell(const struct channel *outermost, struct conversation *conversation);

/* The flow's packet that is being looked at: time for what is found in it. */
int64_t channel_time_us(const struct channel *channel);

#endif
