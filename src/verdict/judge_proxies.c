// SPDX-License-Identifier: Apache-2.0
/*
 * Roles beyond one flow: a host that is pool to others and miner at a pool is a proxy.
 */
#include "verdict/judge_private.h"

#include "inspect/dialect/dialect.h"

#include <string.h>

/* Agents as proxies send them: "xmrig-proxy/6.26.0 (...)", "xmr-node-proxy/0.0.4", "btccom-agent/0.1". */
static bool agent_is_proxy(const char *agent)
{
    static const char *const names[] = {"xmrig-proxy", "xmr-node-proxy", "btccom-agent",
                                        "btcagent",    "stratum-proxy",  "eth-proxy"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasestr(agent, names[i]) != NULL)
            return true;
    return false;
}

/* Conversations of a miner with a pool; nodes that share blocks, and pools that ask their node, are something
 * else. */
static bool is_at_pool(const struct dossier *dossier)
{
    static const char *const kinds[] = {"stratum", "stratum-v2", "getwork", "websocket"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(dossier->conversation.dialect->kind, kinds[i]) == 0)
            return true;
    return false;
}

void judge_weigh_proxies(struct judge *judge, struct dossier *dossier)
{
    uint16_t port;
    const struct address *miner = describe_miner(dossier), *pool = describe_pool(dossier, &port);
    int64_t now_us = dossier->conversation.last_us;
    int64_t since_us = now_us - (int64_t)judge->config->incident.close_after_s * 1000000;
    dossier->miners_behind = dossier->miners_beside = 0;
    if (agent_is_proxy(dossier->conversation.agent))
        dossier->facts |= fact_bit(FACT_PROXY_AGENT);
    if (dossier->verdict < VERDICT_LIKELY || !is_at_pool(dossier))
        return;
    proxies_see(judge->proxies, miner, pool, now_us);
    dossier->miners_behind = proxies_miners_behind(judge->proxies, miner, since_us);
    dossier->miners_beside = proxies_miners_behind(judge->proxies, pool, since_us);
    if (dossier->miners_behind > 0)
        dossier->facts |= fact_bit(FACT_PROXY_HOST);
    if (dossier->miners_beside > 0)
        dossier->facts |= fact_bit(FACT_PROXY_POOL);
}
