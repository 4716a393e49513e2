// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_table.h"

#include "flow/flow_begin.h"
#include "flow/flow_count.h"
#include "flow/flow_index.h"
#include "flow/flow_key.h"
#include "flow/flow_silence.h"
#include "flow/packet_clock.h"
#include "flow/pages.h"
#include "flow/wheel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    ADVANCE_VISITS = 256, /* flows that one flow_table_advance() looks at */
    EVICTION_TRIES = 64,  /* flows that are looked at to find the one that makes room */
    NUMBER_SHIFT = 45,    /* identifiers stay below 2^53, which JSON readers that use doubles keep exact */
};
#define SECOND_US PACKET_CLOCK_SECOND_US

struct flow_table {
    struct flow *flows; /* [0] is not used, so that 0 is no flow */
    struct flow_index index;
    uint32_t free;    /* first of the flows that ended, linked by chain_next */
    uint32_t touched; /* flows [1..touched] were in use at some time */
    uint32_t max_flows;

    struct packet_clock clock;
    enum vlan_use vlans;
    struct universal_secret secret;
    int64_t new_us, tcp_us, other_us, closed_us, mining_us; /* timeouts */
    int64_t shortest_us;                                    /* of them */
    flow_ended *ended;
    void *context;
    struct wheel ordinary, protected_;
    struct flow_statistics statistics;
    uint64_t last_id;
    size_t flows_size;
};

/* --- the key
 * ------------------------------------------------------------------------------------------------------ */

static inline void expect(const struct flow_table *table, struct flow_lookup *lookup, uint64_t hash)
{
    lookup->hash = hash;
    lookup->guess = NULL;
    __builtin_prefetch(flow_index_bucket(&table->index, (uint32_t)hash));
}

/* Apart, as are all ways that few packets go: what they need of registers would be saved for each packet. */
__attribute__((noinline)) static void prepare_ipv6(const struct flow_table *table,
                                                   const struct packet *packet, struct flow_lookup *lookup)
{
    bool tagged = table->vlans == VLAN_EXACT;
    expect(table, lookup, hash_ipv6(&table->secret, packet, tagged, &lookup->source_is_low));
}

void flow_table_prepare(const struct flow_table *table, const struct packet *packet,
                        struct flow_lookup *lookup)
{
    bool tagged = table->vlans == VLAN_EXACT; /* VLAN_AUTO: a flow is found with its tags and without */
    if (packet->ip_version == 4)
        expect(table, lookup, hash_ipv4(&table->secret, packet, tagged, &lookup->source_is_low));
    else
        prepare_ipv6(table, packet, lookup);
}

void flow_table_prefetch(const struct flow_table *table, struct flow_lookup *lookup)
{
    uint32_t hash = (uint32_t)lookup->hash;
    const struct flow_bucket *bucket = flow_index_bucket(&table->index, hash);
    for (unsigned i = 0; i < FLOW_BUCKET_SLOTS; i++) {
        if (bucket->hashes[i] == hash && bucket->flows[i] != 0) {
            struct flow *flow = &table->flows[bucket->flows[i]];
            __builtin_prefetch(flow, 1);
            __builtin_prefetch(&flow->bytes, 1);
            lookup->guess = flow;
            return;
        }
    }
}

/* --- life of a flow
 * ----------------------------------------------------------------------------------------------- */

static int64_t timeout_of(const struct flow_table *table, const struct flow *flow)
{
    if (flow->state == FLOW_CLOSED)
        return table->closed_us;
    if (flow->protected_)
        return table->mining_us;
    if (flow->state == FLOW_NEW)
        return table->new_us;
    return flow->key.protocol == PROTOCOL_TCP ? table->tcp_us : table->other_us;
}

static uint32_t index_of(const struct flow_table *table, const struct flow *flow)
{
    return (uint32_t)(flow - table->flows);
}

static inline void prefetch_record(const struct flow *flow)
{
    for (size_t line = 0; line < sizeof *flow; line += 64)
        __builtin_prefetch((const char *)flow + line, 1);
}

static struct wheel *wheel_of(struct flow_table *table, const struct flow *flow)
{
    return flow->protected_ ? &table->protected_ : &table->ordinary;
}

/* The first whole second at which a flow that was last seen at `since_us` has timed out. */
static int64_t due_second(const struct flow_table *table, const struct flow *flow, int64_t since_us)
{
    return (since_us + timeout_of(table, flow)) / SECOND_US + 1;
}

static void link_flow(struct flow_table *table, struct flow *flow, int64_t since_us)
{
    wheel_link(wheel_of(table, flow), table->flows, index_of(table, flow), due_second(table, flow, since_us));
}

static void unlink_flow(struct flow_table *table, struct flow *flow)
{
    wheel_unlink(wheel_of(table, flow), table->flows, index_of(table, flow));
}

/* Tells of a flow's end and counts it. Its record is free then, but is still found and linked. */
static void conclude(struct flow_table *table, struct flow *flow, enum flow_end why)
{
    table->ended(table->context, flow, why, table->clock.now_us);
    bool has_sides = flow_has_sides(flow);
    table->statistics.tcp_ended += has_sides;
    table->statistics.tcp_one_sided +=
        has_sides && (flow->packets[TO_SERVER] == 0 || flow->packets[TO_CLIENT] == 0);
    if (why == FLOW_END_TIMEOUT)
        table->statistics.timed_out++;
    else if (why == FLOW_END_EVICTED)
        table->statistics.evicted++;
    table->statistics.protected_ -= flow->protected_;
    table->statistics.active--;
    flow->id = 0;
    flow->epoch = (uint16_t)(table->clock.steps_back - 1); /* who still guesses it looks again */
}

static void end_flow(struct flow_table *table, struct flow *flow, enum flow_end why)
{
    uint32_t index = index_of(table, flow);
    __builtin_prefetch(flow_index_bucket(&table->index, (uint32_t)flow->hash),
                       1); /* on its way while the end is told */
    conclude(table, flow, why);
    unlink_flow(table, flow);
    flow_index_remove(&table->index, table->flows, index);
    flow->chain_next = table->free;
    table->free = index;
}

/* What the beginning of time, or a step back, means for the table. */
static void begin_anew(struct flow_table *table, int64_t time_us)
{
    /* identifiers of a later run lie above those of this one, up to 8,000 flows a second: logs are joined by
     * them */
    uint64_t number = table->last_id >> NUMBER_SHIFT << NUMBER_SHIFT;
    uint64_t first = number | ((uint64_t)(time_us / 1000 * 8) & ((UINT64_C(1) << NUMBER_SHIFT) - 1));
    table->last_id = first > table->last_id ? first : table->last_id;
    wheel_turn_to(&table->ordinary, time_us / SECOND_US);
    wheel_turn_to(&table->protected_, time_us / SECOND_US);
}

static inline void follow(struct flow_table *table, int64_t time_us)
{
    if (packet_clock_follow(&table->clock, time_us) == PACKET_CLOCK_BEGAN)
        begin_anew(table, time_us);
}

static int64_t silence_us(const struct flow_table *table, const struct flow *flow)
{
    return flow_silence_us(flow, &table->clock, table->clock.now_us);
}

/* Whether a flow that the wheel came to has timed out. Where it has not it is linked anew. */
static bool visit(struct flow_table *table, struct flow *flow)
{
    int64_t silent_us = silence_us(table, flow);
    if (silent_us > timeout_of(table, flow))
        return true;
    unlink_flow(table, flow);
    link_flow(table, flow, table->clock.now_us - silent_us);
    return false;
}

/* The unprotected flow that is closest to its timeout, as far as a bounded search finds it. */
static struct flow *find_victim(struct flow_table *table)
{
    struct flow *best = NULL;
    int64_t best_due = INT64_MAX;
    for (int tries = 0; tries < EVICTION_TRIES; tries++) {
        uint32_t index = wheel_soonest(&table->ordinary);
        if (index == 0)
            break;
        struct flow *flow = &table->flows[index];
        uint16_t slot = flow->wheel_slot;
        if (visit(table, flow) || flow->wheel_slot == slot)
            return flow;
        int64_t due = due_second(table, flow, table->clock.now_us - silence_us(table, flow));
        if (due < best_due) {
            best = flow;
            best_due = due;
        }
    }
    return best;
}

static bool make_room(struct flow_table *table)
{
    struct flow *victim = find_victim(table);
    if (victim == NULL)
        return false;
    bool over = silence_us(table, victim) > timeout_of(table, victim);
    end_flow(table, victim, over ? FLOW_END_TIMEOUT : FLOW_END_EVICTED);
    return true;
}

static uint32_t take_record(struct flow_table *table)
{
    if (table->free == 0 && table->touched < table->max_flows)
        return ++table->touched;
    if (table->free == 0 && !make_room(table))
        return 0;
    uint32_t index = table->free;
    table->free = table->flows[index].chain_next;
    prefetch_record(&table->flows[table->free]); /* for the next new flow */
    return index;
}

/* --- a packet of a flow
 * ------------------------------------------------------------------------------------------- */

static struct flow *make_flow(struct flow_table *table, const struct packet *packet,
                              const struct flow_lookup *lookup, int64_t time_us)
{
    uint32_t index = take_record(table);
    if (index == 0) {
        table->statistics.refused++;
        return NULL;
    }
    struct flow *flow = &table->flows[index];
    flow_begin(flow, packet, lookup->source_is_low, table->vlans != VLAN_IGNORED, time_us);
    flow->hash = lookup->hash;
    flow->id = ++table->last_id;
    flow_index_add(&table->index, table->flows, index);
    link_flow(table, flow, time_us);
    table->statistics.created++;
    table->statistics.active++;
    return flow;
}

/* Its timeout came closer. */
__attribute__((noinline)) static struct flow *closed(struct flow_table *table, struct flow *flow)
{
    unlink_flow(table, flow);
    link_flow(table, flow, flow->last_us);
    return flow;
}

/* All 64 bits of a hash whose secret nobody outside knows stand for the key: that another has the same is
 * less likely than that memory errs. */
static inline bool is_its_flow(const struct flow_table *table, const struct flow *flow,
                               const struct packet *packet, const struct flow_lookup *lookup)
{
    bool same_tags =
        table->vlans == VLAN_IGNORED || memcmp(flow->key.vlans, packet->vlans, sizeof packet->vlans) == 0;
    return flow->hash == lookup->hash && same_tags;
}

/* True where the flow is the packet's. One that fits as well as the tags of VLANs allow is noted in
 * `fitting`, the youngest of several. */
static inline bool matches(const struct flow_table *table, struct flow *flow, const struct packet *packet,
                           const struct flow_lookup *lookup, struct flow **fitting)
{
    if (is_its_flow(table, flow, packet, lookup))
        return true;
    if (table->vlans == VLAN_AUTO && flow->hash == lookup->hash &&
        (*fitting == NULL || (*fitting)->id < flow->id) && fits(flow, packet, lookup->source_is_low))
        *fitting = flow;
    return false;
}

static struct flow *find(const struct flow_table *table, const struct packet *packet,
                         const struct flow_lookup *lookup)
{
    struct flow *fitting = NULL, *flow;
    const struct flow_bucket *bucket = flow_index_bucket(&table->index, (uint32_t)lookup->hash);
    for (unsigned i = 0; i < FLOW_BUCKET_SLOTS && bucket->flows[i] != 0; i++) {
        flow = &table->flows[bucket->flows[i]];
        if (bucket->hashes[i] == (uint32_t)lookup->hash && matches(table, flow, packet, lookup, &fitting))
            return flow;
    }
    for (uint32_t number = bucket->chain; number != 0; number = flow->chain_next) {
        flow = &table->flows[number];
        if (matches(table, flow, packet, lookup, &fitting))
            return flow;
    }
    /* the first packet with tags says whose flow it is; the hash is that of the key without them */
    if (fitting != NULL && !is_tagged(&fitting->key))
        memcpy(fitting->key.vlans, packet->vlans, sizeof fitting->key.vlans);
    return fitting;
}

/* False, as nearly always: at `now_us` it has not timed out. */
static inline bool may_be_over(const struct flow_table *table, const struct flow *flow, int64_t now_us)
{
    return now_us - flow->last_us > table->shortest_us || flow->epoch != (uint16_t)table->clock.steps_back;
}

/* Whether the packet begins another flow with the same key. Where the clock does not follow it, its own time
 * counts as well. */
static bool is_over(const struct flow_table *table, const struct flow *flow, const struct packet *packet,
                    int64_t time_us)
{
    int64_t now_us = time_us > table->clock.now_us ? time_us : table->clock.now_us;
    if (may_be_over(table, flow, now_us) &&
        flow_silence_us(flow, &table->clock, now_us) > timeout_of(table, flow))
        return true;
    return is_reuse(flow, packet);
}

static inline struct flow *take(struct flow_table *table, struct flow *flow, const struct packet *packet,
                                const struct flow_lookup *lookup, int64_t time_us, enum direction *direction)
{
    *direction = lookup->source_is_low == flow->client_is_low ? TO_SERVER : TO_CLIENT;
    return flow_count(flow, packet, *direction, time_us) ? closed(table, flow) : flow;
}

/* As flow_table_get(), of any packet. */
__attribute__((noinline)) static struct flow *find_or_make(struct flow_table *table,
                                                           const struct packet *packet,
                                                           const struct flow_lookup *lookup,
                                                           enum direction *direction)
{
    int64_t time_us = packet_clock_sane(packet->frame->time_us);
    follow(table, time_us);
    struct flow *flow = find(table, packet, lookup);
    if (flow != NULL && is_over(table, flow, packet, time_us)) {
        end_flow(table, flow, FLOW_END_TIMEOUT);
        flow = NULL;
    }
    if (flow == NULL)
        flow = make_flow(table, packet, lookup, time_us);
    if (flow == NULL)
        return NULL;
    flow = take(table, flow, packet, lookup, time_us, direction);
    flow_note_clock(flow, &table->clock, time_us);
    return flow;
}

/* The short way is that of most packets: nothing odd about their time, and of the flow that was guessed. */
struct flow *flow_table_get(struct flow_table *table, const struct packet *packet,
                            const struct flow_lookup *lookup, enum direction *direction)
{
    int64_t time_us = packet->frame->time_us;
    struct flow *flow = lookup->guess;
    if (flow == NULL || !packet_clock_tick(&table->clock, time_us) ||
        !is_its_flow(table, flow, packet, lookup) || may_be_over(table, flow, table->clock.now_us) ||
        is_reuse(flow, packet))
        return find_or_make(table, packet, lookup, direction);
    return take(table, flow, packet, lookup, time_us, direction);
}

void flow_table_follow(struct flow_table *table, int64_t time_us)
{
    follow(table, packet_clock_sane(time_us));
}

void flow_table_protect(struct flow_table *table, struct flow *flow)
{
    if (flow->protected_)
        return;
    unlink_flow(table, flow);
    flow->protected_ = true;
    link_flow(table, flow, flow->last_us);
    table->statistics.protected_++;
}

/* --- the table
 * ---------------------------------------------------------------------------------------------------- */

/* Returns how many of `visits` are left. */
static int advance(struct flow_table *table, struct wheel *wheel, int visits)
{
    for (; visits > 0; visits--) {
        uint32_t index = wheel_due(wheel, table->clock.now_us / SECOND_US);
        if (index == 0)
            break;
        struct flow *flow = &table->flows[index];
        prefetch_record(&table->flows[flow->wheel_next]);
        if (visit(table, flow))
            end_flow(table, flow, FLOW_END_TIMEOUT);
    }
    return visits;
}

void flow_table_advance(struct flow_table *table, int64_t now_us)
{
    now_us = packet_clock_sane(now_us);
    bool is_news = now_us != table->clock.latest_us && now_us != table->clock.now_us;
    if (table->clock.started && is_news)
        follow(table, now_us);
    int left = advance(table, &table->protected_, ADVANCE_VISITS / 2);
    advance(table, &table->ordinary, left + ADVANCE_VISITS / 2);
}

/* One after the other as they lie, without finding and unlinking each: the index and the wheels are emptied
 * at once. */
void flow_table_flush(struct flow_table *table)
{
    enum { AHEAD = 8 };
    for (uint32_t index = 1; index <= table->touched; index++) {
        struct flow *flow = &table->flows[index];
        if (index + AHEAD <= table->touched)
            __builtin_prefetch(flow[AHEAD].inspection, 1);
        if (flow->id == 0)
            continue;
        conclude(table, flow, FLOW_END_SHUTDOWN);
        flow->chain_next = table->free;
        table->free = index;
    }
    flow_index_clear(&table->index);
    wheel_clear(&table->ordinary);
    wheel_clear(&table->protected_);
}

static void set_limits(struct flow_table *table, const struct flow_limits *limits)
{
    table->clock.now_us = PACKET_CLOCK_UNSET_US;
    table->max_flows = limits->max_flows;
    table->vlans = limits->vlans;
    table->new_us = limits->new_timeout_s * SECOND_US;
    table->tcp_us = limits->tcp_timeout_s * SECOND_US;
    table->other_us = limits->other_timeout_s * SECOND_US;
    table->closed_us = limits->closed_timeout_s * SECOND_US;
    table->mining_us = limits->mining_timeout_s * SECOND_US;
    const int64_t all[] = {table->tcp_us, table->other_us, table->closed_us, table->mining_us};
    table->shortest_us = table->new_us;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        table->shortest_us = all[i] < table->shortest_us ? all[i] : table->shortest_us;
    table->last_id = (uint64_t)limits->number << NUMBER_SHIFT;
}

struct flow_table *flow_table_create(const struct flow_limits *limits, const uint8_t secret[static 16],
                                     flow_ended *ended, void *context, struct error *error)
{
    assert(limits->max_flows > 0 && limits->max_flows < UINT32_MAX);
    struct flow_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        error_set(error, STATUS_FAILED, "cannot make the flow table: no memory");
        return NULL;
    }
    set_limits(table, limits);
    universal_expand(&table->secret, secret);
    table->ended = ended;
    table->context = context;
    table->flows_size = (limits->max_flows + (size_t)1) * sizeof *table->flows;
    table->flows = pages_map(table->flows_size, true);
    if (!flow_index_init(&table->index, limits->max_flows) || table->flows == NULL) {
        error_set(error, STATUS_FAILED,
                  "cannot make the flow table: no %zu MiB of address space for %u flows; give fewer flows",
                  (table->index.size + table->flows_size) >> 20, limits->max_flows);
        flow_table_free(table);
        return NULL;
    }
    return table;
}

void flow_table_free(struct flow_table *table)
{
    if (table == NULL)
        return;
    flow_index_done(&table->index);
    pages_unmap(table->flows, table->flows_size);
    free(table);
}

int64_t flow_table_now(const struct flow_table *table)
{
    return table->clock.started ? table->clock.now_us : 0;
}

void flow_table_get_statistics(const struct flow_table *table, struct flow_statistics *statistics)
{
    *statistics = table->statistics;
    statistics->clock_steps_back = table->clock.steps_back;
    statistics->memory_bytes = flow_index_bytes(&table->index) + table->touched * sizeof(struct flow);
}
