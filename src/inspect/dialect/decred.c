// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum of Decred: Bitcoin's nine positions, but the header itself where Bitcoin has half a coinbase, and
 * no merkle branch. Sources: decred/dcrpool:internal/pool, nicehash/Specifications:Decred_NiceHash.txt,
 * marcopeereboom/haste:README.md.
 */
#include "inspect/dialect/shape.h"

#include <stdlib.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static bool is_empty_or(const struct rpc *rpc, uint16_t position, uint32_t digits)
{
    uint8_t value = dialect_parameter(rpc, position);
    return (json_is(rpc->json, value, JSON_STRING) && json_length(rpc->json, value) == 0) ||
           json_is_bare_hex(rpc->json, value, digits, digits);
}

/* [job, previous block, header from the merkle root to the size (100 bytes or more), "" or the stake version,
 * [], version, "" or bits, time, clean] */
static bool is_job(const struct rpc *rpc)
{
    return shape_is(rpc, "jha*l4*4b") && json_is_bare_hex(rpc->json, dialect_parameter(rpc, 2), 200, 1024) &&
           is_empty_or(rpc, 3, 8) && json_length(rpc->json, dialect_parameter(rpc, 4)) == 0 &&
           is_empty_or(rpc, 6, 8);
}

/* In the part of the header that is sent: merkle and stake root, votes, bits, stake difficulty, then the
 * height (decred/dcrd:wire/blockheader.go) */
enum { HEIGHT_AT = 32 + 32 + 2 + 6 + 2 + 1 + 1 + 4 + 4 + 8 };

static void read_job(struct session *session, struct rpc *rpc)
{
    uint32_t time = (uint32_t)strtoul(dialect_parameter_text(rpc, 7), NULL, 16);
    dialect_read_job(session, rpc);
    const char *header = dialect_parameter_text(rpc, 2); /* at least 200 digits */
    dialect_set_height(session, (double)shape_number(&header[(size_t)2 * HEIGHT_AT], 8, true));
    /* pools differ in the byte order */
    if (!dialect_time_is_near(rpc, time) && !dialect_time_is_near(rpc, __builtin_bswap32(time)))
        return;
    session_state(session, FACT_JOB_PROVEN);
    SET(session->conversation.job_proof, "block time in the job is that of the packet");
}

/* "Ds...": 35 characters in base 58 with a BLAKE-256 checksum */
static bool is_wallet(const struct rpc *rpc)
{
    return shape_is_address(rpc, 0, "Ds", 33, 33);
}

static bool is_submit(const struct rpc *rpc)
{
    return shape_is(rpc, "sja44") && is_wallet(rpc);
}

static const struct word words[] = {
    {"mining.authorize", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_AUTHORIZE, .points = 10,
     .fits = is_wallet, .read = dialect_read_authorize},
    /* one point more than Bitcoin's job, which fits too */
    {"mining.notify", .from = SIDE_POOL, .strength = WORD_SPEAKS, .points = 11, .fits = is_job,
     .read = read_job},
    {"mining.submit", .from = SIDE_MINER, .strength = WORD_SPEAKS, .asks = ASK_SUBMIT, .points = 8,
     .fits = is_submit, .read = dialect_read_submit},
};

const struct dialect dialect_decred = {
    .name = "decred",
    .kind = "stratum",
    .summary = "Stratum of Decred",
    .algorithm = "blake3", /* until 2023 BLAKE-256 */
    .coin = "DCR",
    .share_unit = "H",
    .hashes_per_difficulty = 281474976710656.0 / 65535.0, /* as SHA-256d */
    WORDS(words),
};
