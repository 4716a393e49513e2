// SPDX-License-Identifier: Apache-2.0
/*
 * getblocktemplate: Bitcoin-family mining over HTTP in which the miner builds the block.
 * Sources: bitcoin/bips:bip-0022.mediawiki, bip-0023.mediawiki, luke-jr/bfgminer:miner.c,
 * pooler/cpuminer:cpu-miner.c.
 */
#include "inspect/dialect/dialect.h"
#include "inspect/dialect/work.h"

/* Wallets and explorers get a template as well: it proves a pool only where a miner asked for it. */
static void read_answer(struct session *session, struct rpc *rpc)
{
    (void)rpc;
    bool miner = (session->conversation.facts & fact_bit(FACT_MINER_SPEAKS)) != 0;
    session->conversation.jobs++;
    dialect_read_height(session, rpc, json_member(rpc->json, rpc->result, "height"));
    work_set_target(session, json_text(rpc->json, json_member(rpc->json, rpc->result, "target")));
    session_state(session, miner ? FACT_POOL_ANSWERS : FACT_TEMPLATE_GIVEN);
}

static bool has_capability(const struct rpc *rpc, const char *capability)
{
    uint8_t list = json_member(rpc->json, dialect_parameter(rpc, 0), "capabilities");
    for (uint16_t i = 0; i < 16; i++)
        if (json_equals(rpc->json, json_element(rpc->json, list, i), capability))
            return true;
    return false;
}

static bool is_template_request(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY) && json_length(rpc->json, rpc->parameters) <= 1;
}

/* Wallets and explorers ask for a template too, with rules alone; what only mining software says is what it
 * can do with the template, or that it waits for the next one (BIP 22 and 23). */
static bool is_miners_request(const struct rpc *rpc)
{
    uint8_t long_poll = json_member(rpc->json, dialect_parameter(rpc, 0), "longpollid");
    return is_template_request(rpc) && (has_capability(rpc, "coinbasetxn") || has_capability(rpc, "workid") ||
                                        has_capability(rpc, "coinbase/append") ||
                                        has_capability(rpc, "longpoll") || long_poll != JSON_NONE);
}

static bool is_template(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    return json_is_bare_hex(json, json_member(json, rpc->result, "previousblockhash"), 64, 64) &&
           json_is_bare_hex(json, json_member(json, rpc->result, "bits"), 8, 8) &&
           json_is(json, json_member(json, rpc->result, "transactions"), JSON_ARRAY);
}

static const struct word words[] = {
    {"getblocktemplate", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_HINTS,
     .asks = ASK_WORK, .points = 8, .fits = is_template_request},
    {"getblocktemplate", .from = SIDE_MINER, .carriers = CARRIER_HTTP | CARRIER_LINE, .strength = WORD_SPEAKS,
     .asks = ASK_WORK, .points = 10, .fits = is_miners_request},
    {NULL, .answers = ASK_NOTHING, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SUPPORTS,
     .points = 4, .fits = is_template, .read = read_answer},
};

const struct dialect dialect_getblocktemplate = {
    .name = "getblocktemplate",
    .kind = "getblocktemplate",
    .summary = "getblocktemplate over HTTP, BIP 22 and 23 (Bitcoin family)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0,
    WORDS(words),
};
