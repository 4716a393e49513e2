// SPDX-License-Identifier: Apache-2.0
/*
 * eth_getWork over HTTP: the requests of EthProxy as bodies, with the login in the request's target.
 * Source: ethereum-mining/ethminer:libpoolprotocols/getwork/EthGetworkClient.cpp.
 */
#include "inspect/dialect/ethash.h"

#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* POST /?miner=30@0x<wallet>@<rig>, /0x<wallet>/<worker>, /<wallet>.<worker>/<rate>: the login is in the
 * target. */
static void read_target(struct session *session, struct rpc *rpc)
{
    const char *target = rpc->http_target;
    const char *named = strstr(target, "miner=");
    if (named != NULL)
        target = named + 6;
    else if (target[0] == '/')
        target++;
    char user[CONVERSATION_MAX_USER];
    size_t length = strcspn(target, "& ");
    if (length >= sizeof user)
        length = sizeof user - 1;
    memcpy(user, target, length);
    user[length] = '\0';
    if (strstr(user, "0x") != NULL || named != NULL)
        SET(session->conversation.user, user);
}

static void read_http_hashrate(struct session *session, struct rpc *rpc)
{
    read_target(session, rpc);
    ethash_read_hashrate(session, rpc);
}

static void read_http_work(struct session *session, struct rpc *rpc)
{
    read_target(session, rpc);
    ethash_read_work(session, rpc);
}

static const struct word words[] = {
    /* one lone eth_getWork may be a wallet or a monitor: it needs a login in its target or a second fact */
    {"eth_getWork", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_HINTS, .asks = ASK_WORK,
     .points = 10, .fits = ethash_has_no_parameters, .read = read_target},
    {"eth_submitWork", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_SUBMIT, .points = 10, .fits = ethash_is_work, .read = read_http_work},
    {"eth_submitHashrate", .from = SIDE_MINER, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .asks = ASK_OTHER, .points = 10, .fits = ethash_is_hashrate, .read = read_http_hashrate},
    {NULL, .answers = ASK_WORK, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SUPPORTS,
     .points = 8, .fits = ethash_is_job, .read = ethash_read_job},
    {NULL, .answers = ASK_WORK, .from = SIDE_POOL, .carriers = CARRIER_HTTP, .strength = WORD_SPEAKS,
     .points = 9, .fits = ethash_is_proven_job, .read = ethash_read_proven_job},
};

const struct dialect dialect_eth_getwork_http = {
    .name = "eth-getwork-http",
    .kind = "getwork",
    .summary = "eth_getWork over HTTP (Ethash)",
    .algorithm = "ethash",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
    WORDS(words),
};
