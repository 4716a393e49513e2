// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/ethash.h"

#include <stdlib.h>

bool ethash_has_no_parameters(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 0;
}

/* [nonce, header hash, mix hash] */
bool ethash_is_work(const struct rpc *rpc)
{
    return json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 0), 16, 16) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 1), 64, 64) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 64, 64);
}

void ethash_read_work(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, dialect_parameter_text(rpc, 1));
}

bool ethash_is_hashrate(const struct rpc *rpc)
{
    return json_is_hex(rpc->json, dialect_parameter(rpc, 0), 1, 64) &&
           json_is_hex(rpc->json, dialect_parameter(rpc, 1), 1, 64);
}

void ethash_read_hashrate(struct session *session, struct rpc *rpc)
{
    const char *text = dialect_parameter_text(rpc, 0);
    session->conversation.hashrate_claimed_hs = (double)strtoull(text, NULL, 16);
}

/* [header hash, seed hash, boundary(, height or nonce prefix)]: also pushed unasked, with id 0 */
bool ethash_is_job(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->result);
    if (!json_is(rpc->json, rpc->result, JSON_ARRAY) || count < 3 || count > 4)
        return false;
    for (uint16_t i = 0; i < 3; i++)
        if (!json_is_prefixed_hex(rpc->json, json_element(rpc->json, rpc->result, i), 64, 64))
            return false;
    return true;
}

void ethash_read_job(struct session *session, struct rpc *rpc)
{
    session_add_job(session, json_text(rpc->json, json_element(rpc->json, rpc->result, 0)));
    session->conversation.jobs++;
    double difficulty = dialect_difficulty_of_target(json_text(rpc->json, json_element(rpc->json, rpc->result, 2)));
    if (difficulty > 0)
        session->conversation.difficulty = difficulty;
    session_state(session, FACT_POOL_ANSWERS);
}
