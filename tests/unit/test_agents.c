// SPDX-License-Identifier: Apache-2.0
#include "intel/agents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void splits_into(const char *agent, const char *name, const char *version)
{
    struct software software;
    agent_split(agent, &software);
    assert_string_equal(software.name, name);
    assert_string_equal(software.version, version);
}

/* Agents that miners, their firmware, markets and proxies send, as their sources and public logs have them.
 */
static const struct {
    const char *agent, *name, *version;
} agents[] = {
    {"XMRig/6.26.0 (Linux x86_64) libuv/1.51.0 gcc/13.2.0", "XMRig", "6.26.0"},
    {"XMRig/6.26.0 (Windows NT 10.0; Win64; x64) libuv/1.51.0 msvc/2022", "XMRig", "6.26.0"},
    {"XMRig/6.26.0 (Macintosh; macOS; arm64) libuv/1.51.0 clang/15", "XMRig", "6.26.0"},
    {"xmrig-proxy/6.26.0 (Linux x86_64) libuv/1.51.0", "xmrig-proxy", "6.26.0"},
    {"xmr-stak/2.10.8/b5ac7a1/master/lin/nvidia-amd-cpu/0", "xmr-stak", "2.10.8"},
    {"xmr-stak-cpu/1.3.0-1.5.0", "xmr-stak-cpu", "1.3.0-1.5.0"},
    {"SRBMiner-MULTI/3.6.4", "SRBMiner-MULTI", "3.6.4"},
    {"xmr-node-proxy/0.0.4", "xmr-node-proxy", "0.0.4"},
    {"cpuminer-multi/1.3.7", "cpuminer-multi", "1.3.7"},
    {"ccminer/2.3.1", "ccminer", "2.3.1"},
    {"xmr/1.0", "xmr", "1.0"},
    {"webminerpool.com", "webminerpool.com", ""},
    {"cpuminer/2.5.1", "cpuminer", "2.5.1"},
    {"cpuminer-opt-26.1-x64L", "cpuminer-opt", "26.1-x64L"},
    {"cpuminer-gr-1.2.4.1-x86_64_SSE2", "cpuminer-gr", "1.2.4.1-x86_64_SSE2"},
    {"PhoenixMiner/5.5c", "PhoenixMiner", "5.5c"},
    {"t-rex/0.26.8", "t-rex", "0.26.8"},
    {"lolMiner 1.98a", "lolMiner", "1.98a"},
    {"GMiner/3.43", "GMiner", "3.43"},
    {"NBMiner/42.3", "NBMiner", "42.3"},
    {"teamredminer/0.10.9", "teamredminer", "0.10.9"},
    {"BzMiner/v12.1.1", "BzMiner", "v12.1.1"},
    {"rigel/1.23.1", "rigel", "1.23.1"},
    {"ethminer/0.19.0-17+commit.ce52c740", "ethminer", "0.19.0-17+commit.ce52c740"},
    {"kawpowminer/1.2.4", "kawpowminer", "1.2.4"},
    {"EWBF 0.3.4b", "EWBF", "0.3.4b"},
    {"nheqminer/0.5c", "nheqminer", "0.5c"},
    {"sgminer/4.1.0", "sgminer", "4.1.0"},
    {"equihashminer", "equihashminer", ""},
    {"OneZeroMiner/1.3.9", "OneZeroMiner", "1.3.9"},
    {"WildRig/0.40.5", "WildRig", "0.40.5"},
    {"miniZ/2.4d", "miniZ", "2.4d"},
    {"cgminer/4.11.1", "cgminer", "4.11.1"},
    {"cgminer 3.7.2", "cgminer", "3.7.2"},
    {"cgminer/3.7.3-nicehash-3", "cgminer", "3.7.3-nicehash-3"},
    {"bfgminer/5.4.2", "bfgminer", "5.4.2"},
    {"bmminer/2.0.0", "bmminer", "2.0.0"},
    {"bmminer/2.0.0/Antminer S9/14000", "bmminer", "2.0.0"},
    {"bmminer/4.11.1 rwglr", "bmminer", "4.11.1"},
    {"Antminer S21 Pro/Thu Mar 27 15:00:36 CST 2025", "Antminer S21 Pro", "Thu Mar 27 15:00:36 CST 2025"},
    {"Antminer T21", "Antminer T21", ""},
    {"Antminer", "Antminer", ""},
    {"Bitmain S9i 13.5", "Bitmain S9i", "13.5"},
    {"2026-02-13-0-db69f9bc-26.01-plus;bosminer-plus-tuner 0.9.0-db69f9bc", "bosminer-plus-tuner",
     "0.9.0-db69f9bc"},
    {"Antminer S19k Pro|LUXminer 2026.3.30|BHB56902", "Antminer S19k Pro", "2026.3.30"},
    {"xminer-1.2.7", "xminer", "1.2.7"},
    {"PowerPlay-BM/1.0", "PowerPlay-BM", "1.0"},
    {"whatsminer/v1.0", "whatsminer", "v1.0"},
    {"btminer/3.4.0", "btminer", "3.4.0"},
    {"sm-miner v8.16.67.1 2020-09-23, msp ver 0x8168", "sm-miner", "v8.16.67.1"},
    {"apollo-miner 2.0.3 2025-03-19, msp ver 0xd167", "apollo-miner", "2.0.3"},
    {"bitdsk/N8-T", "bitdsk", ""},
    {"bitaxe/BM1370/v2.13.1", "bitaxe", "v2.13.1"},
    {"NerdQAxe++/BM1370/v1.0.36", "NerdQAxe++", "v1.0.36"},
    {"NerdOCTAXE-\xce\xb3/BM1370/v1.0.30", "NerdOCTAXE-\xce\xb3", "v1.0.30"},
    {"LuckyMiner/BM1366/1.2.0", "LuckyMiner", "1.2.0"},
    {"NMAxe/v3.0.10", "NMAxe", "v3.0.10"},
    {"bitforge/BM1370/v1.1", "bitforge", "v1.1"},
    {"Rkminer/2.0", "Rkminer", "2.0"},
    {"JingleMiner", "JingleMiner", ""},
    {"NerdMinerV2/V1.8.3", "NerdMinerV2", "V1.8.3"},
    {"HAN_SOLOminer/V1.8.3", "HAN_SOLOminer", "V1.8.3"},
    {"LeafMiner/0.0.16", "LeafMiner", "0.0.16"},
    {"SparkMiner/v2.9.5", "SparkMiner", "v2.9.5"},
    {"BitsyMiner/v1.5.16", "BitsyMiner", "v1.5.16"},
    {"ESP32 TacoMiner", "ESP32 TacoMiner", ""},
    {"NMMiner", "NMMiner", ""},
    {"NiceHash/1.0.0", "NiceHash", "1.0.0"},
    {"MRR-Hash/1.0.0", "MRR-Hash", "1.0.0"},
    {"MiningRigRentals/Test/1.0", "MiningRigRentals", "1.0"},
    {"excavator/1.4.4a_nvidia", "excavator", "1.4.4a_nvidia"},
};

static void names_and_versions_are_told_apart(void **state)
{
    (void)state;
    for (size_t a = 0; a < sizeof agents / sizeof agents[0]; a++) {
        splits_into(agents[a].agent, agents[a].name, agents[a].version);
        if (!agent_is_miner(agents[a].agent))
            fail_msg("no miner: %s", agents[a].agent);
    }
}

static void odd_agents_are_split_too(void **state)
{
    (void)state;
    splits_into("x", "x", "");
    splits_into("/1.0", "", "1.0");
    splits_into("", "", "");
    splits_into("2026;", "2026;", "");
    splits_into("2026;/", "", "");
    splits_into("miner/Thu", "miner", "");
    splits_into("miner/Thu march 7", "miner", "7");
    splits_into("miner/Abc Def 7", "miner", "7");
}

static void long_parts_are_cut(void **state)
{
    (void)state;
    char agent[600];
    memset(agent, 'a', sizeof agent);
    agent[300] = '/';
    memset(agent + 301, '7', 200);
    agent[501] = '\0';
    struct software software;
    agent_split(agent, &software);
    assert_int_equal(strlen(software.name), sizeof software.name - 1);
    assert_int_equal(strlen(software.version), sizeof software.version - 1);
}

static void others_are_not_taken_for_miners(void **state)
{
    (void)state;
    assert_false(agent_is_miner("curl/7.88.1"));
    assert_false(agent_is_miner("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"));
    assert_false(agent_is_miner("python-requests/2.31.0"));
    assert_false(agent_is_miner("Go-http-client/1.1"));
    assert_false(agent_is_miner(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_versions_are_told_apart),
        cmocka_unit_test(odd_agents_are_split_too),
        cmocka_unit_test(long_parts_are_cut),
        cmocka_unit_test(others_are_not_taken_for_miners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
