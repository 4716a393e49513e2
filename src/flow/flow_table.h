// SPDX-License-Identifier: Apache-2.0
/*
 * All flows of one worker: found by key, expired by packet time, bounded in number. Belongs to one thread;
 * nothing is allocated after creation (flow records come from one block that the kernel fills page by page as
 * it is used).
 *
 * When the table is full, the flow closest to its timeout that is not protected makes room (counted, ended
 * with FLOW_END_EVICTED); where only protected flows are left, the new flow is refused (counted). Flow by
 * flow this is bounded work.
 *
 * Time is that of the packets. The clock follows them: up to a minute ahead at once; further ahead, or more
 * than a minute back, only when three packets in a row say so (then it takes the one nearest to where it
 * was). A single odd time stamp so touches nothing but its own flow. What flow_table_advance() is told counts
 * like a packet, unless it repeats the latest one.
 *   - A flow that was silent for longer than its timeout (flow_silence.h) is ended by its own next packet, if
 *     the wheel has not come to it before: how packets are grouped into flows depends on the clock and on no
 *     batch, and where the clock heard of all packets, on no other table.
 *   - After a step back, flows have their whole timeout once more; who says nothing until the next one is
 *     over.
 *   - A flow whose last packet lies ahead of the clock has not timed out before the clock came there, or
 *     stepped back.
 */
#ifndef FLOW_FLOW_TABLE_H
#define FLOW_FLOW_TABLE_H

#include "base/error.h"
#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

/* Whether VLANs tell flows apart. */
enum vlan_use {
    VLAN_AUTO, /* they do, but a packet without tags fits a flow of any VLAN: mirrors often tag one direction
                  only */
    VLAN_EXACT,
    VLAN_IGNORED,
};

struct flow_limits {
    uint32_t max_flows;        /* default 1 Mi */
    uint32_t new_timeout_s;    /* FLOW_NEW; default 30 */
    uint32_t tcp_timeout_s;    /* FLOW_ESTABLISHED TCP; default 300 */
    uint32_t other_timeout_s;  /* FLOW_ESTABLISHED, other protocols; default 60 */
    uint32_t closed_timeout_s; /* FLOW_CLOSED; default 10 */
    uint32_t mining_timeout_s; /* protected flows; default 900 */
    enum vlan_use vlans;       /* default VLAN_AUTO */
    uint8_t number;            /* of this table: flow identifiers of tables with different numbers differ */
};

struct flow_statistics {
    uint64_t created, timed_out, evicted, refused;
    uint64_t active, protected_;
    uint64_t tcp_ended,
        tcp_one_sided; /* TCP flows that ended with some packets; of them those seen in one direction only */
    uint64_t clock_steps_back;
    uint64_t memory_bytes; /* in use by flow records and buckets */
};

/* Called for each flow just before it is forgotten; `now_us` is the table's clock. Must not call the table.
 */
typedef void flow_ended(void *context, struct flow *flow, enum flow_end why, int64_t now_us);

/* `secret` keys the hash: 16 random bytes. */
struct flow_table *flow_table_create(const struct flow_limits *limits, const uint8_t secret[static 16],
                                     flow_ended *ended, void *context, struct error *error);
void flow_table_free(struct flow_table *table); /* without calling `ended`: see flow_table_flush() */

/* Two steps, so that a batch can hash and prefetch all its packets before it touches the first flow; with
 * prefetch in between they are three: prepare all packets of the batch, prefetch all, get one after the
 * other. */
struct flow_lookup {
    uint64_t hash;      /* as the flow has it; the secret is in all bits */
    struct flow *guess; /* which flow it most likely is, its memory prefetched, but nothing more may be done
                           with it; NULL: flow_table_prefetch() was left out, or knows none */
    bool source_is_low;
};
void flow_table_prepare(const struct flow_table *table, const struct packet *packet,
                        struct flow_lookup *lookup);
void flow_table_prefetch(const struct flow_table *table, struct flow_lookup *lookup); /* may be left out */

/* Finds the packet's flow or makes it, counts the packet into it and tells the packet's direction.
 *
 * The client is who sent the SYN or got the SYN+ACK. Where TCP was joined midstream it is the endpoint with
 * the higher port; other protocols: the endpoint that faces a port below 1024, where just one is; else who
 * sent the first packet. A SYN on a closed flow begins a new one; on a live flow it is only counted, so that
 * forged SYNs split nothing. Data from an endpoint whose RST was seen shows that the RST was forged: the flow
 * is established again.
 *
 * NULL: the table is full of protected flows. The pointer stays valid until the flow ends. */
struct flow *flow_table_get(struct flow_table *table, const struct packet *packet,
                            const struct flow_lookup *lookup, enum direction *direction);

/* A frame that is not for this table, of whatever kind: its time counts, so that tables which share packets
 * have the same clock. */
void flow_table_follow(struct flow_table *table, int64_t time_us);

/* Never evict this flow, and give it the mining timeout. */
void flow_table_protect(struct flow_table *table, struct flow *flow);

/* Ends what has timed out by `now_us`. Once a batch; bounded work a call, the rest follows in the next calls.
 */
void flow_table_advance(struct flow_table *table, int64_t now_us);

/* Ends all flows. */
void flow_table_flush(struct flow_table *table);

int64_t
flow_table_now(const struct flow_table *table); /* microseconds since 1970; 0 before the first packet */
void flow_table_get_statistics(const struct flow_table *table, struct flow_statistics *statistics);

#endif
