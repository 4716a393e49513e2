// SPDX-License-Identifier: Apache-2.0
/*
 * Mining with a node of Monero or a relative, over its HTTP interface: XMRig with --daemon, pools' software,
 * and nodes and wallets that are told to mine by themselves. Sources:
 * monero-project/monero:src/rpc/core_rpc_server_commands_defs.h, wallet_rpc_server_commands_defs.h,
 * xmrig/xmrig:src/base/net/stratum/DaemonClient.cpp.
 */
#include "inspect/dialect/cryptonote.h"

#include "intel/wallet.h"

#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static uint8_t member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->parameters, name);
}

static bool is_address(const struct rpc *rpc, uint8_t value)
{
    struct wallet wallet;
    wallet_read(json_text(rpc->json, value), &wallet);
    return json_is(rpc->json, value, JSON_STRING) && wallet.proof == WALLET_CHECKSUM;
}

/* {wallet_address, extra_nonce} of XMRig, {wallet_address, reserve_size} of pools: no explorer needs a block
 * that pays a wallet */
static bool asks_template(const struct rpc *rpc)
{
    return is_address(rpc, member(rpc, "wallet_address")) &&
           (json_is(rpc->json, member(rpc, "reserve_size"), JSON_NUMBER) ||
            json_is(rpc->json, member(rpc, "extra_nonce"), JSON_STRING));
}

static void read_ask(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, json_text(rpc->json, member(rpc, "wallet_address")));
}

static bool is_template(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    double difficulty;
    return json_is_bare_hex(json, json_member(json, rpc->result, "blocktemplate_blob"), 100, UINT32_MAX) &&
           json_is_bare_hex(json, json_member(json, rpc->result, "prev_hash"), 64, 64) &&
           json_number(json, json_member(json, rpc->result, "difficulty"), &difficulty) && difficulty > 0;
}

static void read_template(struct session *session, struct rpc *rpc)
{
    struct conversation *conversation = &session->conversation;
    const struct json_reader *json = rpc->json;
    double number = 0;
    if (json_number(json, json_member(json, rpc->result, "difficulty"), &number))
        dialect_set_difficulty(session, number);
    dialect_read_height(session, rpc, json_member(json, rpc->result, "height"));
    if (json_is_hex(json, json_member(json, rpc->result, "seed_hash"), 64, 64))
        SET(conversation->algorithm, "rx/0");
    conversation->jobs++;
    session_state(session, FACT_POOL_ANSWERS);
    if (cryptonote_time_is_near(rpc, json_text(json, json_member(json, rpc->result, "blocktemplate_blob")))) {
        session_state(session, FACT_JOB_PROVEN);
        SET(conversation->job_proof, "block time in the template is that of the packet");
    }
}

/* What P2Pool asks a node for instead of a template, and gets (get_miner_data). */
static bool is_miner_data(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    return json_is_bare_hex(json, json_member(json, rpc->result, "seed_hash"), 64, 64) &&
           json_is_bare_hex(json, json_member(json, rpc->result, "prev_id"), 64, 64) &&
           json_is(json, json_member(json, rpc->result, "median_weight"), JSON_NUMBER) &&
           json_is(json, json_member(json, rpc->result, "tx_backlog"), JSON_ARRAY);
}

static void read_miner_data(struct session *session, struct rpc *rpc)
{
    dialect_read_height(session, rpc, json_member(rpc->json, rpc->result, "height"));
    SET(session->conversation.algorithm, "rx/0");
    session->conversation.jobs++;
    session_state(session, FACT_POOL_ANSWERS);
}

/* {blocktemplate_blob, aux_pow: [{id, hash}, ...]}: other chains are to be mined with this one's block */
static bool adds_chains(const struct rpc *rpc)
{
    uint8_t first = json_element(rpc->json, member(rpc, "aux_pow"), 0);
    return json_is_bare_hex(rpc->json, member(rpc, "blocktemplate_blob"), 100, UINT32_MAX) &&
           json_is_bare_hex(rpc->json, json_member(rpc->json, first, "hash"), 64, 64);
}

/* {amount_of_blocks, wallet_address}: of nodes on networks for tests */
static bool generates_blocks(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "amount_of_blocks"), JSON_NUMBER) &&
           json_is(rpc->json, member(rpc, "wallet_address"), JSON_STRING);
}

/* Merge mining, as P2Pool asks the other chain's node: {address, aux_hash, height, prev_id}
 * (SChernykh/p2pool:docs/MERGE_MINING.MD) */
static bool asks_aux_block(const struct rpc *rpc)
{
    return json_is(rpc->json, member(rpc, "address"), JSON_STRING) &&
           json_is_bare_hex(rpc->json, member(rpc, "aux_hash"), 64, 64) &&
           json_is_bare_hex(rpc->json, member(rpc, "prev_id"), 64, 64);
}

static void read_aux_ask(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user, json_text(rpc->json, member(rpc, "address")));
}

/* {aux_blob, aux_diff, aux_hash} */
static bool is_aux_block(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    double difficulty;
    return json_is_bare_hex(json, json_member(json, rpc->result, "aux_hash"), 64, 64) &&
           json_is_bare_hex(json, json_member(json, rpc->result, "aux_blob"), 2, UINT32_MAX) &&
           json_number(json, json_member(json, rpc->result, "aux_diff"), &difficulty) && difficulty > 0;
}

static void read_aux_block(struct session *session, struct rpc *rpc)
{
    double difficulty = 0;
    json_number(rpc->json, json_member(rpc->json, rpc->result, "aux_diff"), &difficulty);
    dialect_set_difficulty(session, difficulty);
    dialect_note_job(session, json_text(rpc->json, json_member(rpc->json, rpc->result, "aux_hash")));
    session_state(session, FACT_POOL_ANSWERS);
}

static bool is_aux_solution(const struct rpc *rpc)
{
    return json_is_bare_hex(rpc->json, member(rpc, "aux_hash"), 64, 64) &&
           json_is_bare_hex(rpc->json, member(rpc, "blob"), 152, UINT32_MAX) &&
           json_is(rpc->json, member(rpc, "merkle_proof"), JSON_ARRAY);
}

static void read_aux_solution(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, json_text(rpc->json, member(rpc, "aux_hash")));
}

static bool asks_nothing(const struct rpc *rpc)
{
    return rpc->result == JSON_NONE && json_length(rpc->json, rpc->parameters) == 0;
}

/* [block]: with the time of today, as Bitcoin's blocks do not bear it at that place */
static bool is_block(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 1 &&
           json_is_bare_hex(rpc->json, dialect_parameter(rpc, 0), 152, UINT32_MAX) &&
           cryptonote_time_is_near(rpc, dialect_parameter_text(rpc, 0));
}

static void read_block(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, "");
}

/* A node: {do_background_mining, ignore_battery, miner_address, threads_count}. The body has no method: it is
 * sent to /start_mining. */
static bool starts_node(const struct rpc *rpc)
{
    const char *target = rpc->http_target;
    return strncmp(target, "/start_mining", 13) == 0 &&
           is_address(rpc, json_member(rpc->json, rpc->message, "miner_address")) &&
           json_is(rpc->json, json_member(rpc->json, rpc->message, "threads_count"), JSON_NUMBER);
}

static void read_start(struct session *session, struct rpc *rpc)
{
    SET(session->conversation.user,
        json_text(rpc->json, json_member(rpc->json, rpc->message, "miner_address")));
}

/* A wallet: the node that it uses is to mine for it. */
static bool starts_wallet(const struct rpc *rpc)
{
    uint8_t background = member(rpc, "do_background_mining");
    return json_is(rpc->json, member(rpc, "threads_count"), JSON_NUMBER) &&
           (json_is(rpc->json, background, JSON_TRUE) || json_is(rpc->json, background, JSON_FALSE));
}

static const struct word words[] = {
    {"getblocktemplate", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_WORK, .points = 10, .fits = asks_template, .read = read_ask},
    {"get_block_template", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_WORK, .points = 10, .fits = asks_template, .read = read_ask},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .points = 9, .fits = is_template, .read = read_template},
    {"get_miner_data", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_HINTS, .asks = ASK_WORK,
     .points = 10, .fits = asks_nothing},
    {NULL, .answers = ASK_WORK, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .points = 9, .fits = is_miner_data, .read = read_miner_data},
    {"add_aux_pow", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS, .asks = ASK_OTHER,
     .points = 10, .fits = adds_chains},
    {"generateblocks", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_HINTS,
     .asks = ASK_OTHER, .points = 10, .fits = generates_blocks, .read = read_ask},
    {"merge_mining_get_chain_id", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_HINTS,
     .asks = ASK_OTHER, .points = 10},
    {"merge_mining_get_aux_block", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_WORK, .points = 10, .fits = asks_aux_block, .read = read_aux_ask},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .points = 9, .fits = is_aux_block, .read = read_aux_block},
    {"merge_mining_submit_solution", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 10, .fits = is_aux_solution, .read = read_aux_solution},
    {"submitblock", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT,
     .points = 11, .fits = is_block, .read = read_block},
    {"submit_block", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 11, .fits = is_block, .read = read_block},
    {"", TAG_SHAPE, .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS, .asks = ASK_OTHER,
     .points = 10, .fits = starts_node, .read = read_start},
    {"start_mining", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS, .asks = ASK_OTHER,
     .points = 10, .fits = starts_wallet},
};

const struct dialect dialect_monero_node_rpc = {
    .name = "monero-node-rpc",
    .kind = "node-rpc",
    .summary = "block templates and blocks of Monero nodes over HTTP (xmrig --daemon, solo mining)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
