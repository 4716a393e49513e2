// SPDX-License-Identifier: Apache-2.0
#include "inspect/inspector.h"

#include "base/slab.h"
#include "base/text.h"
#include "inspect/application.h"
#include "inspect/channel.h"
#include "inspect/dialect/dialect_set.h"
#include "inspect/json_rpc.h"
#include "inspect/opening.h"
#include "intel/wallet.h"
#include "protocol/tls.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    MAX_SIGHTINGS = 16,             /* names reported of one flow: a proxy's client may name thousands */
    MAX_APPLICATION_STATES = 32768, /* flows that nDPI looks at at the same time, at some 3 kB each */
    REPORT_EVERY_US = 1000000,      /* a conversation in which only counters move */
    MAX_INFLATERS =
        1024,       /* compressed messages or bodies that are read at the same time, at some 40 KiB each */
    MAX_EAGER = 32, /* reports of one conversation within that time, whatever changes in it */
    MAX_PROOF_NOTES = 8192, /* sessions whose shares can be proven, at some 4 kB each */
    DNS_PORT = 53,
};

struct inspection {
    struct channel channel;
    struct opening opening;
    struct session *session; /* NULL before the first mining word */
    struct application_state *application;
    bool application_done;
    uint8_t sightings;
};

struct inspector {
    struct inspector_limits limits;
    struct ring *reports;
    struct flow_table *table;
    struct reassembler *reassembler;
    struct application_engine *engine; /* NULL: nDPI is not asked */
    struct slab inspections, sessions;
    struct partial_store partials;
    struct proof_desk proofs;
    struct dialect_exchange dialects;
    uint32_t application_states, inflaters;
    bool ending; /* a flow is being ended: the table must not be called */
    uint64_t inspected_flows, json_messages, sessions_made, dropped, applications_shed, flows_refused;
};

/* ---- the ring ---- */

static void *reserve(struct inspector *inspector, enum report_type type, int64_t time_us, size_t size)
{
    struct report *report;
    while ((report = ring_reserve(inspector->reports, size)) == NULL) {
        if (!inspector->limits.wait) {
            inspector->dropped++;
            return NULL;
        }
        ring_wake(inspector->reports);
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
    }
    report->type = type;
    report->time_us = time_us;
    return report;
}

static struct proof_share *reserve_proof(void *context, uint64_t flow_id)
{
    struct report_proof *report = reserve(context, REPORT_PROOF, 0, sizeof *report);
    if (report == NULL)
        return NULL;
    report->flow_id = flow_id;
    return &report->share;
}

static void commit_proof(void *context, struct proof_share *share)
{
    struct inspector *inspector = context;
    ring_commit(inspector->reports,
                offsetof(struct report_proof, share) + offsetof(struct proof_share, bytes) + share->length);
}

/* ---- life ---- */

static void on_bytes(void *context, struct flow *flow, enum direction direction, const uint8_t *bytes,
                     size_t length)
{
    struct inspection *inspection = flow->inspection;
    if (inspection->opening.kind != OPENING_DONE)
        opening_bytes(context, flow, &inspection->opening, direction, bytes, length);
    channel_bytes(context, &inspection->channel, direction, bytes, length);
}

static void on_gap(void *context, struct flow *flow, enum direction direction, uint32_t missing)
{
    opening_gap(&flow->inspection->opening);
    channel_gap(context, &flow->inspection->channel, direction, missing);
}

struct inspector *inspector_create(const struct inspector_limits *limits, struct ring *reports,
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
    dialect_exchange_init(&inspector->dialects);
    slab_init(&inspector->inspections, sizeof(struct inspection), limits->max_flows);
    slab_init(&inspector->sessions, sizeof(struct session), limits->max_sessions);
    slab_init(&inspector->proofs.notes, sizeof(struct proof_notes), MAX_PROOF_NOTES);
    inspector->proofs.reserve = reserve_proof;
    inspector->proofs.commit = commit_proof;
    inspector->proofs.context = inspector;
    bool has_partials = partial_store_init(&inspector->partials, limits->max_partial);
    inspector->reassembler = reassembler_create(&limits->reassembly, &handler, inspector, error);
    if (limits->ndpi_packets > 0)
        inspector->engine = application_engine_create(error);
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
    slab_done(&inspector->sessions);
    partial_store_done(&inspector->partials);
    slab_done(&inspector->proofs.notes);
    dialect_exchange_done(&inspector->dialects);
    free(inspector);
}

void inspector_set_table(struct inspector *inspector, struct flow_table *table)
{
    inspector->table = table;
}

static void release(struct inspector *inspector, struct flow *flow)
{
    struct inspection *inspection = flow->inspection;
    reassembler_release(inspector->reassembler, flow);
    if (inspection == NULL)
        return;
    channel_done(inspector, &inspection->channel);
    opening_done(&inspection->opening);
    inspector->application_states -= inspection->application != NULL;
    application_state_free(inspector->engine, inspection->application);
    if (inspection->session != NULL)
        slab_give(&inspector->proofs.notes, inspection->session->notes);
    slab_give(&inspector->sessions, inspection->session);
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
    inspection->application_done = inspector->engine == NULL;
    flow->inspection = inspection;
    inspector->inspected_flows +=
        !flow->inspected; /* DNS on one pair of ports begins anew with each question */
    flow->inspected = true;
    return true;
}

/* ---- reports ---- */

static void report_conversation(struct inspector *inspector, struct flow *flow, bool ended)
{
    struct session *session = flow->inspection->session;
    struct report_conversation *report =
        reserve(inspector, REPORT_CONVERSATION, flow->last_us, sizeof *report);
    if (report == NULL)
        return; /* session->changed stays: it is tried again with the next message */
    flow_record_fill(&report->flow, flow);
    report->ended = ended;
    channel_tell(&flow->inspection->channel, &session->conversation);
    report->conversation = session->conversation;
    ring_commit(inspector->reports, sizeof *report);
    session->changed = false;
    session->reported = true;
    session->reported_us = flow->last_us;
}

static void report_flow(struct inspector *inspector, struct flow *flow, bool ended, enum flow_end why)
{
    struct report_flow *report = reserve(inspector, REPORT_FLOW, flow->last_us, sizeof *report);
    if (report == NULL)
        return;
    flow_record_fill(&report->flow, flow);
    report->flow.ended = ended;
    report->flow.why = (uint8_t)why;
    flow->reported = true;
    ring_commit(inspector->reports, sizeof *report);
}

void inspector_report_time(struct inspector *inspector, int64_t now_us,
                           const struct worker_statistics *statistics)
{
    struct report_time *report = reserve(inspector, REPORT_TIME, now_us, sizeof *report);
    if (report == NULL)
        return;
    report->has_statistics = statistics != NULL;
    if (statistics != NULL)
        report->statistics = *statistics;
    ring_commit(inspector->reports, sizeof *report);
}

void inspector_report_end(struct inspector *inspector, int64_t now_us)
{
    struct report *report;
    while ((report = ring_reserve(inspector->reports, sizeof *report)) == NULL)
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL); /* the last report must arrive */
    *report = (struct report){REPORT_END, now_us};
    ring_commit(inspector->reports, sizeof *report);
    ring_wake(inspector->reports);
}

void inspector_get_statistics(const struct inspector *inspector, struct worker_statistics *statistics)
{
    statistics->reassembly = *reassembler_statistics(inspector->reassembler);
    statistics->inspected_flows = inspector->inspected_flows;
    statistics->json_messages = inspector->json_messages;
    statistics->sessions = inspector->sessions_made;
    statistics->dropped = inspector->dropped;
    statistics->applications_shed = inspector->applications_shed;
    statistics->flows_refused = inspector->flows_refused;
    statistics->messages_evicted = inspector->partials.evicted;
    statistics->messages_refused = inspector->partials.refused;
}

/* ---- packets ---- */

static void ask_application(struct inspector *inspector, struct flow *flow, enum direction direction,
                            const struct packet *packet)
{
    struct inspection *inspection = flow->inspection;
    uint16_t application = APPLICATION_UNKNOWN;
    bool had_state = inspection->application != NULL;
    if (!had_state && inspector->application_states >= MAX_APPLICATION_STATES) {
        inspection->application_done = true;
        inspector->applications_shed++;
        return;
    }
    inspection->application_done =
        application_packet(inspector->engine, &inspection->application, packet, direction,
                           inspector->limits.ndpi_packets, &application);
    inspector->application_states += inspection->application != NULL;
    inspector->application_states -= had_state;
    if (application != APPLICATION_UNKNOWN && flow->application < APPLICATION_OWN_COUNT &&
        flow->application != APPLICATION_STRATUM)
        flow->application = application;
}

void inspector_dns(struct inspector *inspector, struct flow *flow, enum direction direction,
                   const uint8_t *bytes, size_t length)
{
    struct dns_message message;
    if (!dns_parse(bytes, length, &message))
        return;
    inspector_name_application(flow, APPLICATION_DNS);
    if (!message.is_response)
        inspector_sighting(inspector, flow, SIGHTING_DNS, message.name);
    if (message.address_count == 0)
        return;
    struct report_answer *report = reserve(inspector, REPORT_ANSWER, flow->last_us, sizeof *report);
    if (report == NULL)
        return;
    report->client = direction == TO_CLIENT ? *flow_client(flow) : *flow_server(flow);
    report->address_count = message.address_count;
    memcpy(report->addresses, message.addresses, sizeof report->addresses);
    memcpy(report->name, message.name, sizeof report->name);
    ring_commit(inspector->reports, sizeof *report);
}

static void datagram(struct inspector *inspector, struct flow *flow, enum direction direction,
                     const struct packet *packet)
{
    bool is_dns = flow->key.low_port == DNS_PORT || flow->key.high_port == DNS_PORT;
    if (is_dns)
        inspector_dns(inspector, flow, direction, packet->payload, packet->payload_captured);
    if (flow->inspection != NULL && flow->inspection->application_done) {
        release(inspector, flow);
        flow->dismissed = !is_dns; /* later questions on the same ports are read as well */
    }
}

static void segment(struct inspector *inspector, struct flow *flow, enum direction direction,
                    const struct packet *packet)
{
    reassembler_push(inspector->reassembler, flow, direction, packet);
    if (channel_is_deaf(&flow->inspection->channel) && flow->inspection->application_done &&
        flow->inspection->session == NULL) {
        release(inspector, flow);
        flow->dismissed = true;
    }
}

void inspector_packet(struct inspector *inspector, struct flow *flow, enum direction direction,
                      const struct packet *packet)
{
    bool is_tcp = flow->key.protocol == PROTOCOL_TCP;
    if (flow->dismissed || (!is_tcp && flow->key.protocol != PROTOCOL_UDP))
        return;
    if (packet->payload_length == 0 && flow->inspection == NULL)
        return; /* handshakes cost nothing: a flood of them neither */
    bool is_new = flow->inspection == NULL;
    if (is_new && (!begin(inspector, flow))) {
        inspector->flows_refused++;
        flow->dismissed = true;
        return;
    }
    if (!flow->inspection->application_done && packet->payload_length > 0)
        ask_application(inspector, flow, direction, packet);
    if (is_tcp)
        segment(inspector, flow, direction, packet);
    else
        datagram(inspector, flow, direction, packet);
}

void inspector_flow_ended(void *opaque, struct flow *flow, enum flow_end why, int64_t now_us)
{
    (void)now_us;
    struct inspector *inspector = opaque;
    inspector->ending = true;
    if (flow->streams != NULL)
        reassembler_flush(inspector->reassembler, flow);
    inspector->ending = false;
    if (flow->inspection != NULL && flow->inspection->session != NULL)
        report_conversation(inspector, flow, true);
    report_flow(inspector, flow, true, why);
    release(inspector, flow);
}

void inspector_flow_goes_on(struct inspector *inspector, struct flow *flow)
{
    report_flow(inspector, flow, false, FLOW_END_TIMEOUT);
}

/* ---- for recognisers ---- */

struct session *inspector_session(struct inspector *inspector, struct flow *flow, bool make)
{
    struct inspection *inspection = flow->inspection;
    if (inspection->session == NULL && make) {
        inspection->session = slab_take(&inspector->sessions);
        if (inspection->session != NULL) {
            memset(inspection->session, 0, sizeof *inspection->session);
            inspection->session->conversation.first_us = flow->last_us;
            inspection->session->flow_id = flow->id;
            inspection->session->desk = &inspector->proofs;
            inspector->sessions_made++;
        }
    }
    return inspection->session;
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

void inspector_conversation_moved(struct inspector *inspector, struct flow *flow,
                                  const struct rpc_origin *origin)
{
    struct session *session = inspector_session(inspector, flow, false);
    if (session == NULL)
        return;
    session->conversation.last_us = origin->time_us;
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
        report_conversation(inspector, flow, false);
    }
}

static void report_sighting(struct inspector *inspector, struct flow *flow, enum sighting how,
                            const char *name, const struct tls_client_hello *hello)
{
    struct inspection *inspection = flow->inspection;
    if (name[0] == '\0' || inspection->sightings >= MAX_SIGHTINGS)
        return;
    struct report_sighting *report = reserve(inspector, REPORT_SIGHTING, flow->last_us, sizeof *report);
    if (report == NULL)
        return;
    inspection->sightings++;
    flow_record_fill(&report->flow, flow);
    report->how = (uint8_t)how;
    text_copy(report->name, sizeof report->name, name);
    report->client = (struct tls_client){0};
    if (hello != NULL) {
        text_copy(report->client.ja3, sizeof report->client.ja3, hello->ja3);
        text_copy(report->client.ja4, sizeof report->client.ja4, hello->ja4);
        text_copy(report->client.alpn, sizeof report->client.alpn, hello->alpn);
    }
    ring_commit(inspector->reports, sizeof *report);
}

void inspector_sighting(struct inspector *inspector, struct flow *flow, enum sighting how, const char *name)
{
    report_sighting(inspector, flow, how, name, NULL);
}

void inspector_sighting_tls(struct inspector *inspector, struct flow *flow,
                            const struct tls_client_hello *hello)
{
    report_sighting(inspector, flow, SIGHTING_TLS, hello->server_name, hello);
}

void inspector_name_application(struct flow *flow, uint16_t application)
{
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

void inspector_count_message(struct inspector *inspector)
{
    inspector->json_messages++;
}
