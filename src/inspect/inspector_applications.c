// SPDX-License-Identifier: Apache-2.0
/* What a flow is called: by its first payloads, else by nDPI, as far as that may be asked. */
#include "inspect/application.h"
#include "inspect/inspector_private.h"

enum {
    FIRST_PACKETS = 10, /* of a flow: in them both directions begin, behind a handshake and its repetitions */
};

bool inspector_is_past_naming(const struct flow *flow)
{
    return flow->packets[TO_SERVER] + flow->packets[TO_CLIENT] >= FIRST_PACKETS;
}

bool inspector_name_by_payload(struct flow *flow, enum direction direction, const struct packet *packet)
{
    uint16_t application = application_by_payload(packet, direction);
    if (application == APPLICATION_UNKNOWN)
        return false;
    if (flow->application != APPLICATION_STRATUM)
        flow->application = application;
    return true;
}

bool inspector_may_ask(struct inspector *inspector, const struct flow *flow)
{
    if (inspector->engine == NULL)
        return false;
    bool may =
        inspector->application_states < inspector->limits.max_ndpi_flows &&
        application_ration_allows(&inspector->ration, &flow->key, inspector->reports->order / REPORT_PHASES);
    inspector->applications_asked += may;
    inspector->applications_shed += !may;
    return may;
}

static void show(struct inspector *inspector, struct flow *flow, const struct packet *packet)
{
    struct inspection *inspection = flow->inspection;
    struct inspection_more *more = inspector_more(inspection);
    uint16_t application = APPLICATION_UNKNOWN;
    inspection->application_done = more == NULL || !application_engine_start(inspector->engine);
    if (inspection->application_done)
        return;
    bool had_state = more->application != NULL;
    application_ration_begin(&inspector->ration);
    inspection->application_done = application_packet(inspector->engine, &more->application, packet,
                                                      inspector->limits.ndpi_packets, &application);
    application_ration_end(&inspector->ration);
    inspector->application_states += more->application != NULL;
    inspector->application_states -= had_state;
    if (application == APPLICATION_UNKNOWN)
        return;
    inspector->applications_named++;
    if (flow->application < APPLICATION_OWN_COUNT && flow->application != APPLICATION_STRATUM)
        flow->application = application;
}

void inspector_ask_application(struct inspector *inspector, struct flow *flow, enum direction direction,
                               const struct packet *packet)
{
    enum { BOTH = 1 << TO_SERVER | 1 << TO_CLIENT };
    struct inspection *inspection = flow->inspection;
    uint8_t begun = inspection->begun;
    inspection->begun = (begun | 1u << direction) & BOTH;
    if (begun != inspection->begun && inspector_name_by_payload(flow, direction, packet)) {
        inspector_forget_application(inspector, inspection); /* names stand at the beginning */
        return;
    }
    if (inspection->ndpi == NDPI_UNDECIDED)
        inspection->ndpi = inspector_may_ask(inspector, flow) ? NDPI_ASKED : NDPI_NOT_ASKED;
    if (inspection->ndpi == NDPI_ASKED)
        show(inspector, flow, packet);
    else
        inspection->application_done = inspection->begun == BOTH || inspector_is_past_naming(flow);
}

void inspector_forget_application(struct inspector *inspector, struct inspection *inspection)
{
    inspection->application_done = true;
    if (inspection->more == NULL || inspection->more->application == NULL)
        return;
    inspector->application_states--;
    application_state_free(inspector->engine, inspection->more->application);
    inspection->more->application = NULL;
}
