// SPDX-License-Identifier: Apache-2.0
/*
 * What flows that end together bring: they are judged when all workers have told of them, in an order that
 * does not depend on who had them.
 */
#include "verdict/judge_private.h"

static struct ending *note(struct judge *judge, uint64_t order, const struct flow_record *flow)
{
    struct ending *ending = endings_get(&judge->endings, flow);
    if (ending == NULL) {
        judge_endings(judge);
        ending = endings_get(&judge->endings, flow);
    }
    judge->endings.order = order;
    return ending;
}

void judge_note_ending(struct judge *judge, const struct report *report, const struct dossier *dossier)
{
    struct ending *ending = note(judge, report->order, &dossier->flow);
    ending->told = dossier->told;
    ending->judged = true;
}

void judge_note_record(struct judge *judge, const struct report_flow *report,
                       const struct community_digest *digest)
{
    struct ending *ending = note(judge, report->report.order, &report->flow);
    ending->flow = report->flow;
    ending->digest = *digest;
    ending->recorded = true;
}

void judge_flow_ended(struct judge *judge, const struct flow_record *flow,
                      const struct community_digest *digest)
{
    judge_flow_contact(judge, flow);
    judge_emit_flow(judge, flow, digest, flow->last_us);
    if (flow->ended && flow->noted) {
        dossiers_forget(judge->dossiers, flow->id);
        tls_notes_forget(judge->tls_notes, flow->id);
    }
}

void judge_endings(struct judge *judge)
{
    endings_sort(&judge->endings);
    for (uint32_t i = 0; i < judge->endings.count; i++) {
        const struct ending *ending = &judge->endings.list[i];
        if (ending->judged)
            judge_conversation_ended(judge, ending->flow.id);
        if (ending->recorded)
            judge_flow_ended(judge, &ending->flow, &ending->digest);
    }
    judge->endings.count = 0;
}
