// SPDX-License-Identifier: Apache-2.0
/*
 * The inspector's inside, shared by inspector.c (packets, flows, what recognisers need) and
 * inspector_reports.c (what leaves).
 */
#ifndef INSPECT_INSPECTOR_PRIVATE_H
#define INSPECT_INSPECTOR_PRIVATE_H

#include "base/ring.h"
#include "base/slab.h"
#include "inspect/channel.h"
#include "inspect/dialect/dialect_set.h"
#include "inspect/inspector.h"
#include "inspect/opening.h"

struct inspection {
    struct channel channel;
    struct opening opening;
    struct session *session; /* NULL before the first mining word */
    struct application_state *application;
    bool application_done;
    uint32_t late_bytes; /* payload since something was read late */
    uint8_t sightings;
};

struct inspector {
    struct inspector_limits limits;
    struct report_writer *reports;
    struct flow_table *table;
    struct reassembler *reassembler;
    struct application_engine *engine; /* NULL: nDPI is not asked */
    struct slab inspections, sessions, handshake_rooms;
    struct partial_store partials;
    struct proof_desk proofs;
    struct dialect_exchange dialects;
    uint32_t application_states, inflaters;
    bool ending; /* a flow is being ended: the table must not be called */
    uint64_t inspected_flows, json_messages, sessions_made, dropped, applications_shed, flows_refused,
        revived;
};

/* ---- inspector_reports.c ---- */

/* For the proof desk. NULL where the ring is full and nobody may wait. */
struct proof_share *inspector_reserve_proof(void *context, uint64_t flow_id);
void inspector_commit_proof(void *context, struct proof_share *share);
void inspector_report_conversation(struct inspector *inspector, struct flow *flow, bool ended);
void inspector_report_flow(struct inspector *inspector, struct flow *flow, bool ended, enum flow_end why);

#endif
