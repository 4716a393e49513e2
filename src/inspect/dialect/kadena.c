// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Kadena (BLAKE2s): a whole header in the job.
 * Source: nicehash/Specifications:Kadena_NiceHash_v1.0.txt.
 */
#include "inspect/dialect/shape.h"

#include <string.h>

/* "k:" and a public key */
static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "k:", 64, 64) &&
           strspn(dialect_parameter_text(rpc, 0) + 2, "0123456789abcdefABCDEF") >= 64;
}

/* [job, header, clean]: some 280 bytes, where Aeternity has a hash */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jab") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 1), 400, 1200);
}

enum { TIME_AT = 8, HEIGHT_AT = 258 };

/* The header begins with flags (8 bytes) and microseconds (8, the last byte counts most); parent, adjacent
 * parents, target, payload, chain and weight follow, and the height (8):
 * kadena-io/chainweb-node:src/Chainweb/BlockHeader */
static void read_job(struct session *session, struct rpc *rpc)
{
    dialect_read_job(session, rpc);
    shape_prove_time(session, rpc, shape_number_at(rpc, dialect_parameter(rpc, 1), TIME_AT, true) / 1000);
    dialect_set_height(session, (double)shape_number_at(rpc, dialect_parameter(rpc, 1), HEIGHT_AT, true));
}

/* [user, job, nonce] */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja") && json_is_hex(rpc->json, dialect_parameter(rpc, 2), 8, 16) && is_wallet(rpc);
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_kadena = {
    .name = "kadena",
    .kind = "stratum",
    .summary = "Stratum of Kadena (BLAKE2s)",
    .algorithm = "blake2s",
    .coin = "KDA",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
