// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/work.h"

void work_set(struct session *session, double attempts)
{
    const struct dialect *dialect = session->conversation.dialect;
    if (!(attempts > 0) || attempts > 0x1p95)
        return;
    session->work = attempts;
    if (dialect != NULL)
        dialect_set_difficulty(session, attempts / dialect->hashes_per_difficulty);
}

void work_set_target(struct session *session, const char *hexadecimal)
{
    work_set(session, dialect_difficulty_of_target(hexadecimal));
}

void work_answered(struct session *session, const struct rpc *rpc, uint8_t value, bool accepted)
{
    struct conversation *conversation = &session->conversation;
    struct pending request;
    uint32_t identifier = dialect_identifier(rpc->json, value);
    if (!session_answer(session, identifier, rpc->direction, &request) || request.ask != ASK_SUBMIT)
        return;
    session_state(session, accepted ? FACT_SHARE_ACCEPTED : FACT_SHARE_REJECTED);
    if (accepted) {
        conversation->shares_accepted++;
        conversation->hashes_accepted += request.hashes;
    } else {
        conversation->shares_rejected++;
    }
}
