// SPDX-License-Identifier: Apache-2.0
/*
 * The inspector's inside, shared by inspector.c (packets, flows, what recognisers need) and
 * inspector_reports.c (what leaves).
 */
#ifndef INSPECT_INSPECTOR_PRIVATE_H
#define INSPECT_INSPECTOR_PRIVATE_H

#include "base/ring.h"
#include "base/slab.h"
#include "inspect/application_ration.h"
#include "inspect/channel.h"
#include "inspect/dialect/dialect_set.h"
#include "inspect/inspector.h"
#include "inspect/opening.h"
#include "protocol/tls.h"

enum ndpi_turn { NDPI_UNDECIDED, NDPI_ASKED, NDPI_NOT_ASKED };

/* What few have of the flows that are looked into. */
struct inspection_more {
    struct session *session; /* NULL before the first mining word */
    struct application_state *application;
    union opening_state opening;
};

struct inspection {
    struct channel channel;
    struct inspection_more *more; /* NULL: nothing of it */
    struct opening opening;
    uint16_t late_bytes; /* payload since something was read late; stays at UINT16_MAX once there */
    uint8_t sightings;
    uint8_t ndpi : 2;          /* enum ndpi_turn */
    bool application_done : 1; /* it has a name, or is not to get one */
    uint8_t begun : 2;         /* a bit a direction: a payload was seen */
};
_Static_assert(sizeof(struct inspection) == 64,
               "of a million flows that are looked into, each is a cache line");

static inline struct session *inspection_session(const struct inspection *inspection)
{
    return inspection->more == NULL ? NULL : inspection->more->session;
}

struct inspector {
    struct inspector_limits limits;
    struct report_writer *reports;
    struct flow_table *table;
    struct reassembler *reassembler;
    struct application_engine *engine; /* NULL: nDPI is not asked */
    struct slab inspections, sessions, handshake_rooms;
    struct channel_states states;
    struct partial_store partials;
    struct proof_desk proofs;
    struct tls_digests digests;
    struct dialect_exchange dialects;
    uint32_t application_states, inflaters;
    bool ending;  /* a flow is being ended: the table must not be called */
    bool went_on; /* by the packet that is looked at, a stream did */
    struct application_ration ration;
    uint64_t applications_asked, applications_named, applications_shed; /* flows, of nDPI */
    uint64_t inspected_flows, json_messages, sessions_made, dropped, flows_refused, revived, sessions_refused;
};

/* Made where there is none yet; NULL where memory is short. */
struct inspection_more *inspector_more(struct inspection *inspection);

/* ---- inspector_applications.c ---- */

/* Names the flow by one payload; false where that tells nothing. */
bool inspector_name_by_payload(struct flow *flow, enum direction direction, const struct packet *packet);
/* Both directions have begun: payloads tell nothing any more. */
bool inspector_is_past_naming(const struct flow *flow);
/* Whether nDPI may see this flow: asked once a flow, and counted. */
bool inspector_may_ask(struct inspector *inspector, const struct flow *flow);
/* A payload of an inspected flow that has no name yet. */
void inspector_ask_application(struct inspector *inspector, struct flow *flow, enum direction direction,
                               const struct packet *packet);
/* Nothing more is wanted of nDPI. */
void inspector_forget_application(struct inspector *inspector, struct inspection *inspection);

/* ---- inspector_reports.c ---- */

/* For the proof desk. NULL where the ring is full and nobody may wait. */
struct proof_share *inspector_reserve_proof(void *context, uint64_t flow_id);
void inspector_commit_proof(void *context, struct proof_share *share);
void inspector_report_conversation(struct inspector *inspector, struct flow *flow, bool ended);
void inspector_report_flow(struct inspector *inspector, struct flow *flow, bool ended, enum flow_end why);

#endif
