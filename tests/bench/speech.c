// SPDX-License-Identifier: Apache-2.0
// What the planted miners of scripts/bench and their pools say.
#include "frames.h"

#include <inttypes.h>
#include <stdio.h>

// Bitcoin's Stratum as in Slush Pool's description of 2012
size_t say_stratum(unsigned n, unsigned i, char *out, bool *client)
{
    static const char wallet[] = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
    *client = i == 0 || i == 2 || (i > 4 && i % 2 == 1);
    const char *coinbase =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff20"
        "03a0bb0d00";
    switch (i) {
    case 0:
        return (size_t)sprintf(
            out, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}\n");
    case 1:
        return (size_t)sprintf(out,
                               "{\"id\":1,\"result\":[[[\"mining.notify\",\"ae6812eb\"]],\"%08x\",4],"
                               "\"error\":null}\n",
                               n);
    case 2:
        return (size_t)sprintf(
            out, "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"%s.rig%u\",\"x\"]}\n", wallet, n);
    case 3:
        return (size_t)sprintf(out, "{\"id\":2,\"result\":true,\"error\":null}\n");
    case 4:
        return (size_t)sprintf(
            out,
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"j%u\",\"%064x\",\"%s\","
            "\"ffffffff0100f2052a010000001976a914000000000000000000000000000000000000000088ac"
            "00000000\",[],\"20000000\",\"17034219\",\"%08x\",true]}\n",
            n, n, coinbase, 1767607200);
    default:
        break;
    }
    if (*client)
        return (size_t)sprintf(
            out,
            "{\"id\":%u,\"method\":\"mining.submit\",\"params\":[\"%s.rig%u\",\"j%u\",\"%08x\","
            "\"%08x\",\"%08x\"]}\n",
            i, wallet, n, n, i, 1767607200, i * 7919);
    return (size_t)sprintf(out, "{\"id\":%u,\"result\":true,\"error\":null}\n", i - 1);
}

size_t say_xmrig(unsigned n, unsigned i, char *out, bool *client)
{
    static const char job[] =
        "{\"blob\":\"1010%0148x\",\"job_id\":\"j%u\",\"target\":\"b88d0600\",\"algo\":\"rx/0\","
        "\"height\":3300000,\"seed_hash\":\"%064x\"}";
    *client = i % 2 == 0;
    char text[600];
    snprintf(text, sizeof text, job, n, n, n);
    if (i == 0)
        return (size_t)sprintf(
            out,
            "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"44AFFq5kSiGBoZ4NMDw"
            "YtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A\",\"pass\":\"x\","
            "\"agent\":\"XMRig/6.21.0 (Linux x86_64)\",\"algo\":[\"rx/0\"]}}\n");
    if (i == 1)
        return (size_t)sprintf(
            out,
            "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"id\":\"w%u\",\"job\":%s,"
            "\"status\":\"OK\"}}\n",
            n, text);
    if (*client)
        return (size_t)sprintf(
            out,
            "{\"id\":%u,\"jsonrpc\":\"2.0\",\"method\":\"submit\",\"params\":{\"id\":\"w%u\",\"job_id\":"
            "\"j%u\",\"nonce\":\"%08x\",\"result\":\"%064x\"}}\n",
            i, n, n, i * 7919, i);
    return (size_t)sprintf(
        out, "{\"id\":%u,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"OK\"}}\n", i - 1);
}
