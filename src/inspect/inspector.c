// SPDX-License-Identifier: Apache-2.0
#include "inspect/inspector.h"

#include "inspect/application.h"
#include "inspect/inspector_private.h"
#include "inspect/json_rpc.h"
#include "intel/wallet.h"
#include "protocol/tls_handshake.h"

#include <stdlib.h>
#include <string.h>

enum {
    REPORT_EVERY_US = 1000000, /* a conversation in which only counters move */
    MAX_INFLATERS =
        1024,       /* compressed messages or bodies that are read at the same time, at some 40 KiB each */
    MAX_EAGER = 32, /* reports of one conversation within that time, whatever changes in it */
    MAX_PROOF_NOTES = 8192,                /* sessions whose shares can be proven, at some 4 kB each */
    MAX_REVIVALS = 4,                      /* of a flow that was dismissed */
    MAX_LATE_BYTES = 2 * CHANNEL_PATIENCE, /* behind other bytes, in which no word of mining comes */
    MAX_HANDSHAKE_ROOMS = 2048, /* TLS messages in pieces that are read at the same time, at 16 KiB each */
    DNS_PORT = 53,
};

_Static_assert(MAX_LATE_BYTES < UINT16_MAX, "inspection.late_bytes counts beyond it");

/* ---- life ---- */

static void on_bytes(void *context, struct flow *flow, enum direction direction, const uint8_t *bytes,
                     size_t length)
{
    struct inspector *inspector = context;
    struct inspection *inspection = flow->inspection;
    inspector->went_on = true;
    if (inspection->opening.kind != OPENING_DONE)
        opening_bytes(inspector, flow, &inspection->opening, direction, bytes, length);
    channel_bytes(inspector, &inspection->channel, direction, bytes, length);
}

static void end_opening(struct inspection *inspection)
{
    opening_done(&inspection->opening, inspection->more == NULL ? NULL : &inspection->more->opening);
}

static void on_gap(void *context, struct flow *flow, enum direction direction, uint32_t missing)
{
    struct inspector *inspector = context;
    inspector->went_on = true;
    end_opening(flow->inspection);
    channel_gap(inspector, &flow->inspection->channel, direction, missing);
}

struct inspector *inspector_create(const struct inspector_limits *limits, struct report_writer *reports,
                                   struct error *error)
{
    static const struct stream_handler handler = {on_bytes, on_gap};
    struct inspector *inspector = calloc(1, sizeof *inspector);
    if (inspector == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the inspector");
        return NULL;
    }
    inspector->limits = *limits;
    inspector->reports = reports;
    application_ration_init(&inspector->ration, limits->ndpi_rationed, !limits->wait);
    dialect_exchange_init(&inspector->dialects);
    tls_digests_init(&inspector->digests);
    slab_init(&inspector->inspections, sizeof(struct inspection), limits->max_flows);
    channel_states_init(&inspector->states, limits->max_flows);
    slab_init(&inspector->sessions, sizeof(struct session), limits->max_sessions);
    slab_init(&inspector->handshake_rooms, TLS_ROOM, MAX_HANDSHAKE_ROOMS);
    slab_init(&inspector->proofs.notes, sizeof(struct proof_notes), MAX_PROOF_NOTES);
    inspector->proofs.reserve = inspector_reserve_proof;
    inspector->proofs.commit = inspector_commit_proof;
    inspector->proofs.context = inspector;
    bool has_partials = partial_store_init(&inspector->partials, limits->max_partial);
    inspector->reassembler = reassembler_create(&limits->reassembly, &handler, inspector, error);
    if (limits->ndpi_packets > 0)
        inspector->engine = application_engine_create(error);
    if (inspector->engine != NULL && !limits->wait)
        application_engine_start(inspector->engine); /* live, packets would wait for it later */
    if (!has_partials || inspector->reassembler == NULL ||
        (limits->ndpi_packets > 0 && inspector->engine == NULL)) {
        inspector_free(inspector);
        return NULL;
    }
    return inspector;
}

void inspector_free(struct inspector *inspector)
{
    if (inspector == NULL)
        return;
    reassembler_free(inspector->reassembler);
    application_engine_free(inspector->engine);
    slab_done(&inspector->inspections);
    channel_states_done(&inspector->states);
    slab_done(&inspector->sessions);
    partial_store_done(&inspector->partials);
    slab_done(&inspector->handshake_rooms);
    slab_done(&inspector->proofs.notes);
    dialect_exchange_done(&inspector->dialects);
    free(inspector);
}

void inspector_set_table(struct inspector *inspector, struct flow_table *table)
{
    inspector->table = table;
}

struct inspection_more *inspector_more(struct inspection *inspection)
{
    if (inspection->more == NULL)
        inspection->more = calloc(1, sizeof *inspection->more);
    return inspection->more;
}

static void release_more(struct inspector *inspector, struct inspection *inspection)
{
    struct session *session = inspection->more->session;
    end_opening(inspection);
    inspector_forget_application(inspector, inspection);
    if (session != NULL)
        slab_give(&inspector->proofs.notes, session->notes);
    slab_give(&inspector->sessions, session);
    free(inspection->more);
    inspection->more = NULL;
}

static void release(struct inspector *inspector, struct flow *flow)
{
    struct inspection *inspection = flow->inspection;
    reassembler_release(inspector->reassembler, flow);
    if (inspection == NULL)
        return;
    channel_done(inspector, &inspection->channel);
    if (inspection->more != NULL)
        release_more(inspector, inspection);
    slab_give(&inspector->inspections, inspection);
    flow->inspection = NULL;
}

static bool begin(struct inspector *inspector, struct flow *flow)
{
    struct inspection *inspection = slab_take(&inspector->inspections);
    if (inspection == NULL)
        return false;
    memset(inspection, 0, sizeof *inspection);
    channel_init(&inspection->channel, flow, 0);
    flow->inspection = inspection;
    inspector->inspected_flows +=
        !flow->inspected; /* DNS on one pair of ports begins anew with each question */
    flow->inspected = true;
    return true;
}

/* ---- packets ---- */

static bool begin_or_refuse(struct inspector *inspector, struct flow *flow)
{
    if (flow->inspection != NULL || begin(inspector, flow))
        return true;
    inspector->flows_refused++;
    flow->dismissed = true;
    return false;
}

static bool is_dns(const struct flow *flow)
{
    return flow->key.low_port == DNS_PORT || flow->key.high_port == DNS_PORT;
}

/* Later questions on the same ports are read as well: the flow is not dismissed. */
static void dns_datagram(struct inspector *inspector, struct flow *flow, enum direction direction,
                         const struct packet *packet)
{
    if (!begin_or_refuse(inspector, flow))
        return;
    inspector_dns(inspector, flow, direction, packet->payload, packet->payload_captured);
    if (flow->application == APPLICATION_UNKNOWN)
        inspector_ask_application(inspector, flow, direction, packet);
    if (flow->application != APPLICATION_UNKNOWN || flow->inspection->application_done)
        release(inspector, flow);
}

/* Of most datagrams nothing is wanted but a name, which their first payload tells: nothing need be kept. */
static void datagram(struct inspector *inspector, struct flow *flow, enum direction direction,
                     const struct packet *packet)
{
    if (flow->inspection == NULL) {
        bool first = !flow->inspected;
        inspector->inspected_flows += first;
        flow->inspected = true;
        flow->dismissed =
            inspector_name_by_payload(flow, direction, packet) || inspector_is_past_naming(flow);
        if (flow->dismissed || !first || !inspector_may_ask(inspector, flow) ||
            !begin_or_refuse(inspector, flow))
            return;
        flow->inspection->ndpi = NDPI_ASKED;
    }
    inspector_ask_application(inspector, flow, direction, packet);
    if (flow->inspection->application_done) {
        release(inspector, flow);
        flow->dismissed = true;
    }
}

static uint16_t add_up_to_most(uint16_t sum, uint32_t more)
{
    return more < (uint32_t)UINT16_MAX - sum ? (uint16_t)(sum + more) : UINT16_MAX;
}

/* Nobody reads the flow any more; it may still be waiting for a name. */
static bool is_past_reading(const struct inspection *inspection)
{
    return inspection_session(inspection) == NULL &&
           (channel_is_deaf(&inspection->channel) || inspection->late_bytes > MAX_LATE_BYTES);
}

static void dismiss_if_done(struct inspector *inspector, struct flow *flow)
{
    const struct inspection *inspection = flow->inspection;
    if (inspection == NULL || !inspection->application_done || !is_past_reading(inspection))
        return;
    release(inspector, flow);
    flow->dismissed = true;
}

static void segment(struct inspector *inspector, struct flow *flow, enum direction direction,
                    const struct packet *packet)
{
    struct inspection *inspection = flow->inspection;
    if (!inspection->application_done)
        inspector_ask_application(inspector, flow, direction, packet);
    reassembler_push(inspector->reassembler, flow, direction, packet);
    if (inspection->channel.late)
        inspection->late_bytes = add_up_to_most(inspection->late_bytes, packet->payload_length);
    dismiss_if_done(inspector, flow);
}

/* A third of all segments carry nothing: while no gap ends with them, the inspection is not touched. */
static void acknowledgement(struct inspector *inspector, struct flow *flow, enum direction direction,
                            const struct packet *packet)
{
    if (flow->streams == NULL)
        return;
    inspector->went_on = false;
    reassembler_push(inspector->reassembler, flow, direction, packet);
    if (inspector->went_on)
        dismiss_if_done(inspector, flow);
}

/* A segment that begins as a message does: noise in front must not hide a miner. */
static bool comes_back(const struct flow *flow, const struct packet *packet)
{
    return begins_message(packet) && flow->revivals < MAX_REVIVALS &&
           (flow->dismissed || (flow->inspection != NULL && is_past_reading(flow->inspection)));
}

static void revive(struct inspector *inspector, struct flow *flow, enum direction direction,
                   const struct packet *packet)
{
    release(inspector, flow);
    flow->dismissed = false;
    flow->revivals++;
    inspector->revived++;
    flow->tcp_start[direction] = packet->tcp_sequence; /* what was passed over is not waited for */
    flow->tcp_start[direction_reverse(direction)] = packet->tcp_acknowledgement;
    if (!begin(inspector, flow))
        return;
    channel_init_late(&flow->inspection->channel, flow);
    flow->inspection->application_done = true;
    end_opening(flow->inspection);
}

static void tcp_packet(struct inspector *inspector, struct flow *flow, enum direction direction,
                       const struct packet *packet)
{
    if (packet->payload_length == 0) {
        acknowledgement(inspector, flow, direction, packet); /* nor do handshakes and floods of them cost */
        return;
    }
    if (comes_back(flow, packet))
        revive(inspector, flow, direction, packet);
    if (!flow->dismissed && begin_or_refuse(inspector, flow))
        segment(inspector, flow, direction, packet);
}

static void udp_packet(struct inspector *inspector, struct flow *flow, enum direction direction,
                       const struct packet *packet)
{
    if (flow->dismissed || (packet->payload_length == 0 && flow->inspection == NULL))
        return;
    (is_dns(flow) ? dns_datagram : datagram)(inspector, flow, direction, packet);
}

void inspector_packet(struct inspector *inspector, struct flow *flow, enum direction direction,
                      const struct packet *packet)
{
    if (flow->key.protocol == PROTOCOL_TCP)
        tcp_packet(inspector, flow, direction, packet);
    else if (flow->key.protocol == PROTOCOL_UDP)
        udp_packet(inspector, flow, direction, packet);
}

void inspector_flow_ended(void *opaque, struct flow *flow, enum flow_end why, int64_t now_us)
{
    (void)now_us;
    struct inspector *inspector = opaque;
    inspector_prefetch(flow); /* both at once: flows end in no order that the cache could follow */
    inspector->ending = true;
    if (flow->streams != NULL)
        reassembler_flush(inspector->reassembler, flow);
    inspector->ending = false;
    const struct session *session = flow->inspection == NULL ? NULL : inspection_session(flow->inspection);
    if (session != NULL && !session->held)
        inspector_report_conversation(inspector, flow, true);
    inspector_report_flow(inspector, flow, true, why);
    release(inspector, flow);
}

void inspector_flow_goes_on(struct inspector *inspector, struct flow *flow)
{
    inspector_report_flow(inspector, flow, false, FLOW_END_TIMEOUT);
}

/* ---- for recognisers ---- */

static struct session *make_session(struct inspector *inspector, const struct flow *flow)
{
    struct inspection_more *more = inspector_more(flow->inspection);
    struct session *session = more == NULL ? NULL : slab_take(&inspector->sessions);
    inspector->sessions_refused += session == NULL;
    if (session == NULL)
        return NULL;
    memset(session, 0, sizeof *session);
    session->conversation.first_us = flow->last_us;
    session->flow_id = flow->id;
    session->desk = &inspector->proofs;
    more->session = session;
    return session;
}

struct session *inspector_session(struct inspector *inspector, struct flow *flow, bool make)
{
    struct session *session = inspection_session(flow->inspection);
    return session == NULL && make ? make_session(inspector, flow) : session;
}

struct channel_states *inspector_channel_states(struct inspector *inspector)
{
    return &inspector->states;
}

union opening_state *inspector_opening_state(struct flow *flow)
{
    struct inspection_more *more = inspector_more(flow->inspection);
    return more == NULL ? NULL : &more->opening;
}

struct tls_digests *inspector_tls_digests(struct inspector *inspector)
{
    return &inspector->digests;
}

struct dialect_exchange *inspector_dialects(struct inspector *inspector)
{
    return &inspector->dialects;
}

static void prove_wallet(struct session *session)
{
    struct wallet wallet;
    wallet_read(session->conversation.user, &wallet);
    if (wallet.proof == WALLET_CHECKSUM)
        session_state(session, FACT_WALLET_PROVEN);
}

/* False: the session is held back, as a quotation may be. */
static bool is_told(struct inspector *inspector, const struct flow *flow, struct session *session,
                    const struct rpc_origin *origin)
{
    bool was_held = session->held;
    if (was_held)
        session_note_message(session, origin->direction, origin->time_us);
    if (was_held && !session_settle(session))
        return false;
    const struct channel *channel = &flow->inspection->channel;
    if (was_held && channel_spoke(channel, TO_SERVER) == FLOW_SPOKE_TEXT &&
        channel_spoke(channel, TO_CLIENT) == FLOW_SPOKE_TEXT)
        session_state(session, FACT_QUOTED_TALK);
    inspector->sessions_made += !session->told;
    session->told = true;
    return true;
}

void inspector_conversation_moved(struct inspector *inspector, struct flow *flow,
                                  const struct rpc_origin *origin)
{
    struct session *session = inspector_session(inspector, flow, false);
    if (session == NULL)
        return;
    session->conversation.last_us = origin->time_us;
    if (!is_told(inspector, flow, session, origin))
        return;
    const uint64_t strong = fact_bit(FACT_MINER_SPEAKS) | fact_bit(FACT_POOL_SPEAKS) |
                            fact_bit(FACT_HTTP_HEADERS) | fact_bit(FACT_NOISE_RHYTHM) |
                            fact_bit(FACT_NOISE_NEGOTIATED);
    if ((session->conversation.facts & strong) != 0 && !flow->protected_ && !inspector->ending)
        flow_table_protect(inspector->table, flow);
    if (session->changed)
        prove_wallet(session);
    bool due = origin->time_us - session->reported_us >= REPORT_EVERY_US || !session->reported;
    if (due)
        session->eager = 0;
    if (due || (session->changed && session->eager < MAX_EAGER)) {
        session->eager++;
        inspector_report_conversation(inspector, flow, false);
    }
}

void inspector_name_application(struct flow *flow, uint16_t application)
{
    const struct session *session = inspection_session(flow->inspection);
    if (application == APPLICATION_STRATUM && session != NULL && session->held)
        return; /* it may be quoted */
    if (flow->application == APPLICATION_UNKNOWN || application == APPLICATION_STRATUM)
        flow->application = application;
}

enum json_result inspector_json_read(struct inspector *inspector, struct flow *flow, struct partial *partial,
                                     const uint8_t *bytes, size_t length, size_t *used,
                                     const struct json_reader **message)
{
    return partial_read(&inspector->partials, flow, partial, bytes, length, used, message);
}

void inspector_json_drop(struct inspector *inspector, struct partial *partial)
{
    partial_drop(&inspector->partials, partial);
}

struct inflater *inspector_inflater(struct inspector *inspector, enum inflate_format format)
{
    struct inflater *inflater = inspector->inflaters < MAX_INFLATERS ? inflater_create(format) : NULL;
    inspector->inflaters += inflater != NULL;
    return inflater;
}

void inspector_inflater_give_back(struct inspector *inspector, struct inflater *inflater)
{
    inspector->inflaters -= inflater != NULL;
    inflater_free(inflater);
}

uint8_t *inspector_handshake_room(struct inspector *inspector)
{
    return slab_take(&inspector->handshake_rooms);
}

void inspector_handshake_room_give_back(struct inspector *inspector, uint8_t *room)
{
    slab_give(&inspector->handshake_rooms, room);
}

void inspector_count_message(struct inspector *inspector)
{
    inspector->json_messages++;
}
