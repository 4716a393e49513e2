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
        opening->kind = OPENING_BEGINNING;
        return;
    }
    union opening_state *state = inspector_opening_state(flow);
    if (state != NULL)
        state->p2pool = calloc(1, sizeof *state->p2pool);
    if (state != NULL && state->p2pool != NULL)
        opening->kind = OPENING_P2POOL;
}

static void answered(struct flow *flow, struct opening *opening)
{
    opening->kind = OPENING_DONE;
    if (!noise_fits(&opening->beginning))
        return;
    union opening_state *state = inspector_opening_state(flow);
    if (state != NULL)
        state->noise = noise_answered(&opening->beginning);
    if (state != NULL && state->noise != NULL)
        opening->kind = OPENING_NOISE;
}

/* False: the flow does not fit, or nothing more is to be learned. */
static bool go_on(struct inspector *inspector, struct flow *flow, struct opening *opening,
                  enum direction direction, const uint8_t *bytes, size_t length)
{
    if (opening->kind == OPENING_BEGINNING)
        return noise_begins(inspector, flow, &opening->beginning, bytes, length);
    const union opening_state *state = inspector_opening_state(flow);
    if (opening->kind == OPENING_NOISE)
        return noise_bytes(inspector, flow, state->noise, direction, bytes, length);
    return p2pool_bytes(inspector, flow, state->p2pool, direction, bytes, length);
}

/* Not inlined, as its stack would be set up for each segment, of which few are at an opening: a third of what
 * handing one on takes. */
__attribute__((noinline)) void opening_bytes(struct inspector *inspector, struct flow *flow,
                                             struct opening *opening, enum direction direction,
                                             const uint8_t *bytes, size_t length)
{
    if (opening->kind == OPENING_NEW)
        begin(flow, opening, direction, length);
    if (opening->kind == OPENING_BEGINNING && direction == TO_CLIENT)
        answered(flow, opening);
    if (opening->kind != OPENING_DONE && !go_on(inspector, flow, opening, direction, bytes, length))
        opening_done(opening, opening->kind == OPENING_BEGINNING ? NULL : inspector_opening_state(flow));
}

void opening_done(struct opening *opening, union opening_state *state)
{
    if (opening->kind == OPENING_NOISE)
        free(state->noise);
    else if (opening->kind == OPENING_P2POOL)
        free(state->p2pool);
    opening->kind = OPENING_DONE;
}
