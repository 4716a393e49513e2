// SPDX-License-Identifier: Apache-2.0
/* What leaves the inspector for the verdict thread. */
#include "base/text.h"
#include "inspect/application.h"
#include "inspect/inspector_private.h"
#include "protocol/dns.h"
#include "protocol/x509.h"

#include <string.h>

enum { MAX_SIGHTINGS = 16 }; /* names reported of one flow: a proxy's client may name thousands */

/* ---- the ring ---- */

static void *reserve(struct inspector *inspector, enum report_type type, int64_t time_us, size_t size)
{
    struct report *report;
    while ((report = ring_reserve(inspector->reports->ring, size)) == NULL) {
        if (!inspector->limits.wait) {
            inspector->dropped++;
            return NULL;
        }
        report_writer_wait(inspector->reports);
    }
    *report = (struct report){type, time_us, inspector->reports->order};
    return report;
}

struct proof_share *inspector_reserve_proof(void *context, uint64_t flow_id)
{
    struct report_proof *report = reserve(context, REPORT_PROOF, 0, sizeof *report);
    if (report == NULL)
        return NULL;
    report->flow_id = flow_id;
    return &report->share;
}

void inspector_commit_proof(void *context, struct proof_share *share)
{
    struct inspector *inspector = context;
    ring_commit(inspector->reports->ring,
                offsetof(struct report_proof, share) + offsetof(struct proof_share, bytes) + share->length);
}

/* ---- reports ---- */

void inspector_report_conversation(struct inspector *inspector, struct flow *flow, bool ended)
{
    struct session *session = inspection_session(flow->inspection);
    struct report_conversation *report =
        reserve(inspector, REPORT_CONVERSATION, flow->last_us, sizeof *report);
    if (report == NULL)
        return; /* session->changed stays: it is tried again with the next message */
    flow_record_fill(&report->flow, flow);
    report->ended = ended;
    channel_tell(&flow->inspection->channel, &session->conversation);
    report->conversation = session->conversation;
    ring_commit(inspector->reports->ring, sizeof *report);
    flow->noted = true;
    session->changed = false;
    session->reported = true;
    session->reported_us = flow->last_us;
}

void inspector_report_flow(struct inspector *inspector, struct flow *flow, bool ended, enum flow_end why)
{
    struct report_flow *report = reserve(inspector, REPORT_FLOW, flow->last_us, sizeof *report);
    if (report == NULL)
        return;
    flow_record_fill(&report->flow, flow);
    report->flow.ended = ended;
    report->flow.why = (uint8_t)why;
    flow->reported = true;
    ring_commit(inspector->reports->ring, sizeof *report);
}

void inspector_reading_ended(struct inspector *inspector)
{
    inspector->limits.wait = true;
}

bool inspector_report_time(struct inspector *inspector, int64_t now_us,
                           const struct worker_statistics *statistics)
{
    application_ration_adapt(&inspector->ration);
    struct report_time *report = reserve(inspector, REPORT_TIME, now_us, sizeof *report);
    if (report == NULL)
        return false;
    report->has_statistics = statistics != NULL;
    if (statistics != NULL)
        report->statistics = *statistics;
    ring_commit(inspector->reports->ring, sizeof *report);
    return true;
}

void inspector_report_end(struct inspector *inspector, int64_t now_us)
{
    inspector_reading_ended(inspector); /* the last report must arrive */
    (void)reserve(inspector, REPORT_END, now_us, sizeof(struct report));
    ring_commit(inspector->reports->ring, sizeof(struct report));
    report_writer_flush(inspector->reports);
}

void inspector_get_statistics(const struct inspector *inspector, struct worker_statistics *statistics)
{
    statistics->reassembly = *reassembler_statistics(inspector->reassembler);
    statistics->inspected_flows = inspector->inspected_flows;
    statistics->json_messages = inspector->json_messages;
    statistics->sessions = inspector->sessions_made;
    statistics->dropped = inspector->dropped;
    statistics->applications_asked = inspector->applications_asked;
    statistics->applications_named = inspector->applications_named;
    statistics->applications_shed = inspector->applications_shed;
    statistics->ndpi_ns = inspector->ration.spent_ns;
    statistics->worker_ns = (uint64_t)application_thread_ns();
    statistics->ndpi_one_in = inspector->engine == NULL ? 0 : inspector->ration.one_in;
    statistics->flows_refused = inspector->flows_refused;
    statistics->sessions_refused = inspector->sessions_refused;
    statistics->flows_revived = inspector->revived;
    statistics->messages_evicted = inspector->partials.evicted;
    statistics->messages_refused = inspector->partials.refused;
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
    size_t addresses = message.address_count * sizeof *message.addresses;
    memcpy(report->addresses, message.addresses, addresses);
    text_copy(report->name, sizeof report->name, message.name);
    ring_commit(inspector->reports->ring, offsetof(struct report_answer, addresses) + addresses);
}

void inspector_sighting(struct inspector *inspector, struct flow *flow, enum sighting how, const char *name)
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
    ring_commit(inspector->reports->ring, offsetof(struct report_sighting, name) + strlen(report->name) + 1);
}

void inspector_tls(struct inspector *inspector, struct flow *flow, bool nested, const struct tls_seen *seen,
                   const struct x509_certificate *certificate)
{
    struct report_tls *report = reserve(inspector, REPORT_TLS, flow->last_us, sizeof *report);
    if (report == NULL)
        return;
    flow_record_fill(&report->flow, flow);
    flow->noted = true;
    report->nested = nested;
    report->seen = *seen;
    report->hosts_left_out = certificate->hosts_left_out;
    report->hosts_length = (uint32_t)certificate->hosts_length;
    memcpy(report->hosts, certificate->hosts, certificate->hosts_length);
    ring_commit(inspector->reports->ring, offsetof(struct report_tls, hosts) + certificate->hosts_length);
}
