// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Sia (BLAKE2b) with whole headers: no coinbase is put together, the miner gets 80 bytes and sends
 * 80 bytes back. Source: btccom/btcpool-ABANDONED:src/sia.
 */
#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"

#include <string.h>

/* 80 bytes; some count an empty byte in front */
static bool is_header(const struct rpc *rpc, uint16_t position)
{
    return json_is_hex(rpc->json, dialect_parameter(rpc, position), 160, 162);
}

/* 38 bytes in hexadecimal */
static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "", 76, 76) &&
           strspn(dialect_parameter_text(rpc, 0), "0123456789abcdefABCDEF") >= 76;
}

/* [job, header, target] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jax") && is_header(rpc, 1);
}

/* Parent (32 bytes), nonce (8), seconds (8, the last byte counts most), root (32). */
static void read_job(struct session *session, struct rpc *rpc)
{
    uint8_t header = dialect_parameter(rpc, 1);
    size_t before = json_is_hex(rpc->json, header, 162, 162); /* an empty byte */
    dialect_read_job(session, rpc);
    shape_prove_time(session, rpc, shape_number_at(rpc, header, before + 32 + 8, true) * 1000);
    work_set_target(session, dialect_parameter_text(rpc, 2));
}

/* [user, job, header] */
static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja") && is_header(rpc, 2);
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 10, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 10,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_sia = {
    .name = "sia",
    .kind = "stratum",
    .summary = "Stratum of Sia with whole headers (BLAKE2b)",
    .algorithm = "blake2b",
    .coin = "SC",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0, /* as SHA-256d */
    WORDS(words),
};
