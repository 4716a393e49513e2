// SPDX-License-Identifier: Apache-2.0
/*
 * Finds out what a flow is: shows its first packets to the application engine and its bytes to the
 * recognisers, keeps what they find, reports it to the verdict thread, and dismisses the flow once nobody
 * wants more of it. From then on its packets are only counted. Belongs to one worker thread.
 */
#ifndef INSPECT_INSPECTOR_H
#define INSPECT_INSPECTOR_H

#include "base/error.h"
#include "decode/packet.h"
#include "flow/flow.h"
#include "flow/flow_table.h"
#include "flow/reassembly.h"
#include "inspect/partial.h"
#include "inspect/report_queue.h"
#include "protocol/inflate.h"

struct channel_states;
struct dialect_exchange;
struct inspector;
struct rpc_origin;
struct tls_digests;
struct tls_seen;
union opening_state;
struct x509_certificate;

struct inspector_limits {
    uint32_t max_flows;    /* flows that are looked into at the same time; default 1 Mi */
    uint32_t max_sessions; /* mining conversations at the same time; default 64 Ki */
    uint32_t
        max_partial; /* JSON messages split over segments, at the same time; default 2000 (some 8 KiB each) */
    uint32_t max_ndpi_flows; /* flows that nDPI looks at at the same time, in some 3 kB each */
    uint32_t ndpi_packets;   /* packets of a flow that nDPI may see; 0: it is not asked */
    bool ndpi_rationed;      /* false: it is asked about every flow that geophone has no name for */
    bool wait;               /* reading files: wait for room in the ring instead of dropping reports */
    struct reassembly_limits reassembly;
};

struct inspector *inspector_create(const struct inspector_limits *limits, struct report_writer *reports,
                                   struct error *error);
void inspector_free(struct inspector *inspector);

/* The table is made after the inspector, whose inspector_flow_ended() it calls. */
void inspector_set_table(struct inspector *inspector, struct flow_table *table);

/* The dialects in force are `now`; the worker takes those handed over between two batches of packets. */
struct dialect_exchange *inspector_dialects(struct inspector *inspector);

static inline bool begins_message(const struct packet *packet)
{
    return packet->payload_captured >= 2 && packet->payload[0] == '{' &&
           (packet->payload[1] == '"' || packet->payload[1] == ' ');
}

/* Whether a packet is of interest: of a dismissed flow only what may begin a message. */
static inline bool inspector_wants(const struct flow *flow, const struct packet *packet)
{
    return !flow->dismissed || begins_message(packet);
}

/* What a packet of the flow will touch: where its inspection stands, and its streams. Always inline: gcc
 * takes a function that only prefetches for one that does nothing, and leaves its calls out. */
__attribute__((always_inline)) static inline void inspector_prefetch(const struct flow *flow)
{
    __builtin_prefetch(flow->inspection, 1); /* of which each is a cache line, as are streams */
    __builtin_prefetch(flow->streams, 1);
}

/* One packet of a flow, already counted into it. */
void inspector_packet(struct inspector *inspector, struct flow *flow, enum direction direction,
                      const struct packet *packet);

/* The flow is about to be forgotten: hands on what waits behind gaps, reports, frees. A flow_ended callback.
 */
void inspector_flow_ended(void *opaque, struct flow *flow, enum flow_end why, int64_t now_us);

/* The flow goes on for long: an interim record. */
void inspector_flow_goes_on(struct inspector *inspector, struct flow *flow);

/* Nothing more is read: from here on reports wait for room, live as well, where no packet is lost meanwhile.
 */
void inspector_reading_ended(struct inspector *inspector);

/* Packet time went on: tells the verdict thread, with counters where there are any. False where there was no
 * room for it. */
bool inspector_report_time(struct inspector *inspector, int64_t now_us,
                           const struct worker_statistics *statistics);
void inspector_report_end(struct inspector *inspector, int64_t now_us);

/* Fills the counters that the inspector keeps. */
void inspector_get_statistics(const struct inspector *inspector, struct worker_statistics *statistics);

/* ---- for recognisers ---- */

/* The flow's session; `make`: makes it where there is none. NULL where there is none or no more may be made.
 */
struct session *inspector_session(struct inspector *inspector, struct flow *flow, bool make);

/* Where an opening of the flow that goes on keeps what it has; NULL where memory is short. */
union opening_state *inspector_opening_state(struct flow *flow);

/* Where channels have the states of their recognisers. */
struct channel_states *inspector_channel_states(struct inspector *inspector);

/* Something of a conversation was read: protects the flow where that is due, and reports what is worth
 * reporting. */
void inspector_conversation_moved(struct inspector *inspector, struct flow *flow,
                                  const struct rpc_origin *origin);

/* A host name was seen in the flow (NUL-terminated, as on the wire). */
void inspector_sighting(struct inspector *inspector, struct flow *flow, enum sighting how, const char *name);

/* A TLS handshake told something: first the client's hello, then what the server said, with its certificate,
 * which is empty where it could not be read. `nested`: inside a tunnel, so that the flow's server is not the
 * one that speaks. */
void inspector_tls(struct inspector *inspector, struct flow *flow, bool nested, const struct tls_seen *seen,
                   const struct x509_certificate *certificate);

/* What geophone itself recognised the flow to be, an enum application: wins over nDPI's name. */
void inspector_name_application(struct flow *flow, uint16_t application);

/* Reads on in a JSON message of the flow that may span segments: see partial_read(). */
enum json_result inspector_json_read(struct inspector *inspector, struct flow *flow, struct partial *partial,
                                     const uint8_t *bytes, size_t length, size_t *used,
                                     const struct json_reader **message);
void inspector_json_drop(struct inspector *inspector, struct partial *partial);
/* An inflater; NULL where too many are in use. */
struct inflater *inspector_inflater(struct inspector *inspector, enum inflate_format format);
void inspector_inflater_give_back(struct inspector *inspector, struct inflater *inflater); /* NULL is fine */
/* What fingerprints were made of lately, of all flows. */
struct tls_digests *inspector_tls_digests(struct inspector *inspector);
/* TLS_ROOM bytes for a handshake message in pieces; NULL where too many are in use. */
uint8_t *inspector_handshake_room(struct inspector *inspector);
void inspector_handshake_room_give_back(struct inspector *inspector, uint8_t *room); /* NULL is fine */
/* A DNS message of the flow, without what it is carried in. */
void inspector_dns(struct inspector *inspector, struct flow *flow, enum direction direction,
                   const uint8_t *bytes, size_t length);
void inspector_count_message(struct inspector *inspector);

#endif
