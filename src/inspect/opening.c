// SPDX-License-Identifier: Apache-2.0
#include "inspect/opening.h"

#include "inspect/json_rpc.h"

#include <stdlib.h>

struct session *opening_session(struct inspector *inspector, struct flow *flow, const struct dialect *dialect)
{
    struct session *session = inspector_session(inspector, flow, true);
    if (session == NULL)
        return NULL;
    session->conversation.dialect = dialect;
    session->conversation.miner_sends = TO_SERVER;
    session->conversation.roles_known = true;
    return session;
}

void opening_moved(struct inspector *inspector, struct flow *flow, enum direction direction)
{
    const struct rpc_origin origin = {direction, CARRIER_LINE, "", flow->last_us, false};
    inspector_conversation_moved(inspector, flow, &origin);
}

/* Most flows end here: they open with more than a key, or the server speaks first. */
static void begin(struct flow *flow, struct opening *opening, enum direction direction, size_t length)
{
    enum { LONGEST_KEY = 64 };
    bool p2pool = p2pool_is_port(flow_server_port(flow));
    opening->kind = OPENING_DONE;
    if (flow->midstream || (!p2pool && (direction == TO_CLIENT || length > LONGEST_KEY)))
        return;
    if (!p2pool) {
        opening->as.beginning = (struct noise_beginning){0};
        opening->kind = OPENING_BEGINNING;
        return;
    }
    opening->as.p2pool = calloc(1, sizeof *opening->as.p2pool);
    if (opening->as.p2pool != NULL)
        opening->kind = OPENING_P2POOL;
}

static void answered(struct opening *opening)
{
    struct noise_opening *noise = noise_answered(&opening->as.beginning);
    opening->as.noise = noise;
    opening->kind = noise != NULL ? OPENING_NOISE : OPENING_DONE;
}

void opening_bytes(struct inspector *inspector, struct flow *flow, struct opening *opening,
                   enum direction direction, const uint8_t *bytes, size_t length)
{
    if (opening->kind == OPENING_NEW)
        begin(flow, opening, direction, length);
    if (opening->kind == OPENING_BEGINNING && direction == TO_CLIENT)
        answered(opening);
    bool goes_on = opening->kind != OPENING_DONE;
    if (opening->kind == OPENING_BEGINNING)
        goes_on = noise_begins(inspector, flow, &opening->as.beginning, bytes, length);
    else if (opening->kind == OPENING_NOISE)
        goes_on = noise_bytes(inspector, flow, opening->as.noise, direction, bytes, length);
    else if (opening->kind == OPENING_P2POOL)
        goes_on = p2pool_bytes(inspector, flow, opening->as.p2pool, direction, bytes, length);
    if (!goes_on)
        opening_done(opening);
}

void opening_gap(struct opening *opening)
{
    opening_done(opening);
}

void opening_done(struct opening *opening)
{
    if (opening->kind == OPENING_NOISE)
        free(opening->as.noise);
    else if (opening->kind == OPENING_P2POOL)
        free(opening->as.p2pool);
    opening->kind = OPENING_DONE;
}
