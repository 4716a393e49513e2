// SPDX-License-Identifier: Apache-2.0
#include "flow/reassembly.h"

#include "flow/early_store.h"
#include "flow/pages.h"

#include <stdlib.h>

enum {
    NEAR = 1 << 20,         /* bytes from what is expected; what is further away is stray */
    START_WINDOW = 1 << 16, /* bytes before the first segment that are waited for */
    STRAY_WINDOW = 1 << 16, /* bytes between stray segments that continue each other */
    STRAY_LIMIT = 3,        /* stray segments in a row that make the direction go on there */
    PATIENCE_S = 10,        /* that a gap is waited for; a sender repeats within seconds (RFC 6298) */
};

/* One direction. */
struct half {
    uint32_t next;         /* sequence number of the next byte to hand on */
    uint32_t acknowledged; /* by the other side */
    struct early_list early;
    uint32_t stray_next;    /* sequence number behind the latest stray segment */
    uint16_t waits_since_s; /* packet time, its low bits: when the first of what waits came, or a gap was
                               given up */
    uint8_t stray_count;
    bool started : 1, has_acknowledged : 1;
};

struct streams {
    struct half halves[2]; /* by direction */
    uint32_t next_free;
    uint32_t reserved;
};
_Static_assert(sizeof(struct streams) == 64, "the streams of a flow are a cache line");

struct reassembler {
    struct stream_handler handler;
    void *context;
    struct early_store store;
    struct streams *slab; /* [0] is not used */
    uint32_t max_flows, free, touched;
    uint32_t share; /* blocks of one direction */
    struct reassembly_statistics statistics;
};

/* A direction of a flow that is being worked on. The handler may release the flow: each function that calls
 * it returns whether the streams are still there, and nothing is touched after a false. */
struct channel {
    struct reassembler *reassembler;
    struct flow *flow;
    struct streams *streams;
    struct half *half;
    enum direction direction;
};

static struct channel channel_of(struct reassembler *reassembler, struct flow *flow, enum direction direction)
{
    return (struct channel){.reassembler = reassembler,
                            .flow = flow,
                            .streams = flow->streams,
                            .half = &flow->streams->halves[direction],
                            .direction = direction};
}

/* Packet time, its low bits. */
static uint16_t now_s(const struct channel *channel)
{
    return (uint16_t)(channel->flow->last_us / 1000000);
}

static bool alive(const struct channel *channel)
{
    return channel->flow->streams == channel->streams;
}

/* --- handing on
 * --------------------------------------------------------------------------------------------------- */

static bool hand_on(const struct channel *channel, const uint8_t *bytes, size_t length)
{
    const struct reassembler *reassembler = channel->reassembler;
    channel->half->next += (uint32_t)length;
    reassembler->handler.bytes(reassembler->context, channel->flow, channel->direction, bytes, length);
    return alive(channel);
}

static bool tell_gap(const struct channel *channel, uint32_t missing)
{
    struct reassembler *reassembler = channel->reassembler;
    channel->half->next += missing;
    reassembler->statistics.gaps++;
    reassembler->statistics.gap_bytes += missing;
    reassembler->handler.gap(reassembler->context, channel->flow, channel->direction, missing);
    return alive(channel);
}

/* Bytes from what is expected to the first waiting block; there must be one. */
static uint32_t first_hole(const struct channel *channel)
{
    const struct early_store *store = &channel->reassembler->store;
    return store->blocks[channel->half->early.first].sequence - channel->half->next;
}

static bool waits(const struct channel *channel)
{
    return channel->half->early.first != 0;
}

/* Hands on the waiting blocks that are expected now. */
static bool hand_on_early(const struct channel *channel)
{
    struct early_store *store = &channel->reassembler->store;
    bool there = true;
    while (there && waits(channel) && first_hole(channel) == 0) {
        uint32_t block = early_store_take(store, &channel->half->early);
        there = hand_on(channel, store->blocks[block].bytes, store->blocks[block].length);
        early_store_give_back(store, block);
    }
    return there;
}

/* Goes on to `target`, and behind it as far as there are bytes: hands on what waits, tells the gaps in
 * between. */
static bool skip_to(const struct channel *channel, uint32_t target)
{
    while ((int32_t)(target - channel->half->next) > 0) {
        uint32_t missing = target - channel->half->next;
        if (waits(channel) && first_hole(channel) < missing)
            missing = first_hole(channel);
        if (!tell_gap(channel, missing) || !hand_on_early(channel))
            return false;
    }
    return true;
}

static bool hand_on_all(const struct channel *channel)
{
    while (waits(channel))
        if (!skip_to(channel, channel->half->next + first_hole(channel)))
            return false;
    return true;
}

/* --- a segment
 * ---------------------------------------------------------------------------------------------------- */

/* Whether the receiver is known to have all bytes before one that is `ahead` bytes from the expected one. */
static bool is_acknowledged(const struct half *half, uint32_t ahead)
{
    uint32_t acknowledged = half->acknowledged - half->next;
    return half->has_acknowledged && acknowledged <= NEAR && acknowledged >= ahead;
}

static bool is_patient(const struct channel *channel)
{
    uint16_t waited_s = (uint16_t)(now_s(channel) - channel->half->waits_since_s);
    return !waits(channel) || waited_s <= PATIENCE_S || waited_s > UINT16_MAX / 2;
}

/* A segment behind a gap of `ahead` bytes: stores it (true), or gives up a gap before it so that there is
 * room. */
static bool store_early(const struct channel *channel, uint32_t ahead, const uint8_t *bytes, size_t length,
                        bool *there)
{
    struct reassembler *reassembler = channel->reassembler;
    uint32_t sequence = channel->half->next + ahead;
    *there = true;
    if (!is_acknowledged(channel->half, ahead) && is_patient(channel)) {
        if (!waits(channel))
            channel->half->waits_since_s = now_s(channel);
        enum early_result result = early_store_insert(&reassembler->store, &channel->half->early, sequence,
                                                      bytes, length, reassembler->share);
        if (result == EARLY_STORED)
            return true;
        reassembler->statistics.store_full += result == EARLY_FULL;
    }
    if (waits(channel) && first_hole(channel) < ahead)
        sequence = channel->half->next + first_hole(channel);
    channel->half->waits_since_s = now_s(channel);
    *there = skip_to(channel, sequence);
    return false;
}

/* Hands on or stores the bytes, which are near. */
static bool take_bytes(const struct channel *channel, uint32_t sequence, const uint8_t *bytes, size_t length)
{
    struct half *half = channel->half;
    while (length > 0) {
        int32_t ahead = (int32_t)(sequence - half->next);
        size_t part;
        if (ahead < 0) {
            part = (size_t)-ahead < length ? (size_t)-ahead : length;
        } else if (ahead == 0) {
            part = waits(channel) && first_hole(channel) < length ? first_hole(channel) : length;
            if (!hand_on(channel, bytes, part) || (waits(channel) && !hand_on_early(channel)))
                return false;
        } else {
            bool there;
            if (store_early(channel, (uint32_t)ahead, bytes, length, &there) || !there)
                return there;
            continue;
        }
        sequence += (uint32_t)part;
        bytes += part;
        length -= part;
    }
    return true;
}

/* The first segment with payload of a direction: decides where it begins. */
static void start(const struct channel *channel, uint32_t sequence, uint32_t length)
{
    struct half *half = channel->half;
    const struct flow *flow = channel->flow;
    half->started = true;
    half->next = sequence;
    if ((flow->tcp_flags[channel->direction] & TCP_SYN) != 0 &&
        sequence - flow->tcp_start[channel->direction] < START_WINDOW)
        half->next = flow->tcp_start[channel->direction];
    else if (half->has_acknowledged && sequence - half->acknowledged < START_WINDOW)
        half->next = half->acknowledged;
    else if (length == 1)
        half->next = sequence + 1;
}

static bool is_near(const struct half *half, uint32_t sequence)
{
    return sequence - half->next + NEAR <= 2 * (uint32_t)NEAR;
}

/* A segment far from what is expected: whether the direction is to go on with it. */
static bool stray_settles(struct half *half, uint32_t sequence, uint32_t length)
{
    bool continues = half->stray_count > 0 && sequence - half->stray_next < STRAY_WINDOW;
    half->stray_count = continues ? (uint8_t)(half->stray_count + 1) : 1;
    half->stray_next = sequence + length;
    return half->stray_count >= STRAY_LIMIT;
}

static bool go_on_at(const struct channel *channel, uint32_t sequence)
{
    if (!hand_on_all(channel))
        return false;
    channel->half->next = sequence;
    channel->half->stray_count = 0;
    channel->half->has_acknowledged = false;
    return tell_gap(channel, 0);
}

static void take_segment(const struct channel *channel, uint32_t sequence, const struct packet *packet)
{
    struct half *half = channel->half;
    struct reassembly_statistics *statistics = &channel->reassembler->statistics;
    uint32_t captured = packet->payload_captured < NEAR ? packet->payload_captured : NEAR;
    uint32_t length = packet->payload_length < NEAR ? packet->payload_length : captured;
    if (captured > length)
        captured = length;
    statistics->segments++;
    if (!half->started)
        start(channel, sequence, length);
    if (!is_near(half, sequence) && (!stray_settles(half, sequence, length) || !go_on_at(channel, sequence)))
        return;
    int32_t ahead = (int32_t)(sequence - half->next);
    statistics->segments_early += ahead > 0;
    if ((int32_t)(sequence + length - half->next) <= 0) {
        statistics->segments_old++;
        return;
    }
    half->stray_count = 0;
    if (!take_bytes(channel, sequence, packet->payload, captured))
        return;
    /* the frame was cut: what it did not hold is missing, unless it waits already */
    if (captured < length && (int32_t)(sequence + captured - half->next) <= 0)
        (void)skip_to(channel, sequence + length);
}

/* The other side has all bytes before `sequence`: those that are still missing will not come. */
static bool give_up_missing(const struct channel *channel, uint32_t sequence)
{
    struct half *half = channel->half;
    while (waits(channel) && first_hole(channel) <= sequence - half->next) {
        if (!skip_to(channel, half->next + first_hole(channel)))
            return false;
        if ((int32_t)(sequence - half->next) < 0)
            break;
    }
    return true;
}

static bool acknowledge(struct reassembler *reassembler, struct flow *flow, enum direction direction,
                        uint32_t sequence)
{
    struct half *half = &flow->streams->halves[direction];
    if (half->started && sequence - half->next > NEAR)
        return true; /* of old, or forged */
    half->acknowledged = sequence;
    half->has_acknowledged = true;
    if (half->early.first == 0)
        return true;
    struct channel channel = channel_of(reassembler, flow, direction);
    return give_up_missing(&channel, sequence);
}

/* --- streams
 * ------------------------------------------------------------------------------------------------------ */

static bool make_streams(struct reassembler *reassembler, struct flow *flow)
{
    uint32_t index = reassembler->free;
    if (index != 0) {
        reassembler->free = reassembler->slab[index].next_free;
        __builtin_prefetch(&reassembler->slab[reassembler->free], 1); /* for the next flow */
    } else if (reassembler->touched < reassembler->max_flows) {
        index = ++reassembler->touched;
    } else {
        reassembler->statistics.flows_refused += !flow->streams_refused;
        flow->streams_refused = true;
        return false;
    }
    reassembler->slab[index] = (struct streams){0};
    flow->streams = &reassembler->slab[index];
    reassembler->statistics.flows++;
    return true;
}

void reassembler_push(struct reassembler *reassembler, struct flow *flow, enum direction direction,
                      const struct packet *packet)
{
    if ((packet->tcp_flags & TCP_RST) != 0)
        return;
    if (flow->streams == NULL && (packet->payload_length == 0 || !make_streams(reassembler, flow)))
        return;
    bool there = (packet->tcp_flags & TCP_ACK) == 0 ||
                 acknowledge(reassembler, flow, direction_reverse(direction), packet->tcp_acknowledgement);
    if (there && (packet->payload_length > 0 || (packet->tcp_flags & TCP_SYN) != 0)) {
        struct channel channel = channel_of(reassembler, flow, direction);
        bool syn = (packet->tcp_flags & TCP_SYN) != 0;
        uint32_t sequence = packet->tcp_sequence + syn; /* a SYN takes up one number, RFC 9293, section 3.4 */
        if (syn && channel.half->started && !is_near(channel.half, sequence)) {
            channel.half->stray_next = sequence;
            channel.half->stray_count = STRAY_LIMIT - 1;
        } else if (packet->payload_length > 0) {
            take_segment(&channel, sequence, packet);
        }
    }
}

void reassembler_flush(struct reassembler *reassembler, struct flow *flow)
{
    for (enum direction direction = TO_SERVER; direction <= TO_CLIENT && flow->streams != NULL; direction++) {
        struct channel channel = channel_of(reassembler, flow, direction);
        (void)hand_on_all(&channel);
    }
}

void reassembler_release(struct reassembler *reassembler, struct flow *flow)
{
    struct streams *streams = flow->streams;
    if (streams == NULL)
        return;
    for (int direction = 0; direction < 2; direction++)
        early_store_clear(&reassembler->store, &streams->halves[direction].early);
    streams->next_free = reassembler->free;
    reassembler->free = (uint32_t)(streams - reassembler->slab);
    flow->streams = NULL;
    reassembler->statistics.flows--;
}

struct reassembler *reassembler_create(const struct reassembly_limits *limits,
                                       const struct stream_handler *handler, void *context,
                                       struct error *error)
{
    struct reassembler *reassembler = calloc(1, sizeof *reassembler);
    if (reassembler == NULL) {
        error_set(error, STATUS_FAILED, "cannot make the reassembler: no memory");
        return NULL;
    }
    reassembler->handler = *handler;
    reassembler->context = context;
    reassembler->max_flows = limits->max_flows;
    reassembler->share =
        limits->direction_bytes / EARLY_PAYLOAD + (limits->direction_bytes % EARLY_PAYLOAD != 0);
    reassembler->slab = pages_map((limits->max_flows + (size_t)1) * sizeof *reassembler->slab, true);
    if (!early_store_init(&reassembler->store, limits->store_bytes) || reassembler->slab == NULL) {
        error_set(error, STATUS_FAILED,
                  "cannot make the reassembler: no address space for %u bytes and %u flows; give less",
                  limits->store_bytes, limits->max_flows);
        reassembler_free(reassembler);
        return NULL;
    }
    return reassembler;
}

void reassembler_free(struct reassembler *reassembler)
{
    if (reassembler == NULL)
        return;
    early_store_done(&reassembler->store);
    pages_unmap(reassembler->slab, (reassembler->max_flows + (size_t)1) * sizeof *reassembler->slab);
    free(reassembler);
}

const struct reassembly_statistics *reassembler_statistics(struct reassembler *reassembler)
{
    reassembler->statistics.memory_bytes = (uint64_t)reassembler->store.used * EARLY_BLOCK +
                                           (uint64_t)reassembler->statistics.flows * sizeof(struct streams);
    return &reassembler->statistics;
}
