// SPDX-License-Identifier: Apache-2.0
/*
 * DERO's getwork: a node sends miniblocks to hash over WebSocket (/ws/<address>), messages have no name.
 * Sources: deroproject/derohe:cmd/derod/rpc/websocket_getwork_server.go, cmd/dero-miner/miner.go.
 */
#include "inspect/dialect/dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

enum { MINIBLOCK_DIGITS = 96 }; /* 48 bytes: derohe, block/miniblock.go */

static uint8_t member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->message, name);
}

/* The address stands in the path that the WebSocket was opened with. */
static void read_target(struct session *session, const struct rpc *rpc)
{
    static const char path[] = "/ws/";
    if (strncmp(rpc->http_target, path, sizeof path - 1) == 0)
        SET(session->conversation.user, rpc->http_target + sizeof path - 1);
}

static bool is_job(const struct rpc *rpc)
{
    double difficulty;
    return json_is(rpc->json, member(rpc, "jobid"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, member(rpc, "blockhashing_blob"), MINIBLOCK_DIGITS,
                            MINIBLOCK_DIGITS) &&
           json_number(rpc->json, member(rpc, "difficulty"), &difficulty) && difficulty > 0;
}

/* "1650000000000.0.notified": the milliseconds at which the job was made */
static bool job_time_is_near(const struct rpc *rpc, const char *job)
{
    return dialect_time_is_near(rpc, strtoull(job, NULL, 10) / 1000);
}

/* The node counts what it took from this miner since it connected. */
static void read_counters(struct session *session, const struct rpc *rpc)
{
    struct conversation *conversation = &session->conversation;
    double blocks = 0, miniblocks = 0, rejected = 0;
    json_number(rpc->json, member(rpc, "blocks"), &blocks);
    json_number(rpc->json, member(rpc, "miniblocks"), &miniblocks);
    json_number(rpc->json, member(rpc, "rejected"), &rejected);
    double accepted = blocks + miniblocks;
    if (accepted > (double)conversation->shares_accepted &&
        accepted <= (double)conversation->shares_submitted) {
        conversation->hashes_accepted +=
            (accepted - (double)conversation->shares_accepted) * conversation->difficulty;
        conversation->shares_accepted = (uint64_t)accepted;
        session_state(session, FACT_SHARE_ACCEPTED);
    }
    if (rejected > (double)conversation->shares_rejected &&
        rejected <= (double)conversation->shares_submitted) {
        conversation->shares_rejected = (uint64_t)rejected;
        session_state(session, FACT_SHARE_REJECTED);
    }
}

static void read_job(struct session *session, struct rpc *rpc)
{
    struct conversation *conversation = &session->conversation;
    const char *job = json_text(rpc->json, member(rpc, "jobid"));
    double number = 0;
    read_target(session, rpc);
    read_counters(session, rpc);
    if (json_number(rpc->json, member(rpc, "difficulty"), &number))
        dialect_set_difficulty(session, number);
    session_add_job(session, job);
    conversation->jobs++;
    if (json_number(rpc->json, member(rpc, "height"), &number) && number > 0 && number < 1e12)
        conversation->block_height = (uint64_t)number;
    if (job_time_is_near(rpc, job)) {
        session_state(session, FACT_JOB_PROVEN);
        SET(conversation->job_proof, "time in the job is that of the packet");
    }
}

static bool is_share(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "jobid"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, member(rpc, "mbl_blob"), MINIBLOCK_DIGITS, MINIBLOCK_DIGITS);
}

static void read_share(struct session *session, struct rpc *rpc)
{
    rpc->parameters = rpc->message; /* what tells one share from another */
    read_target(session, rpc);
    dialect_share(session, rpc, json_text(rpc->json, member(rpc, "jobid")));
}

static const struct word words[] = {
    {"", TAG_SHAPE, .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"", TAG_SHAPE, .from = SIDE_MINER, .strength = WORD_SPEAKS, .points = 10, .fits = is_share,
     .read = read_share},
};

const struct dialect dialect_dero = {
    .name = "dero",
    .kind = "websocket",
    .summary = "getwork of DERO nodes over WebSocket",
    .algorithm = "astrobwt/v3",
    .coin = "DERO",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
