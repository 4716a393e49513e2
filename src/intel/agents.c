// SPDX-License-Identifier: Apache-2.0
#include "intel/agents.h"

#include <string.h>

bool agent_is_miner(const char *agent)
{
    /* parts of the names that miners, their firmware and proxies give themselves */
    static const char *const parts[] = {"miner",    "mining",    "axe",     "xmr",      "stak",
                                        "hash",     "bm13",      "antmin",  "rigel",    "t-rex",
                                        "nicehash", "ewbf",      "xmrig",   "claymore", "lolmin",
                                        "eth1.0",   "excavator", "phoenix", "octa"};
    char lower[257];
    size_t length = strnlen(agent, sizeof lower - 1);
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)(agent[i] >= 'A' && agent[i] <= 'Z' ? agent[i] | 0x20 : agent[i]);
    lower[length] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(lower, parts[i]) != NULL)
            return true;
    return false;
}
