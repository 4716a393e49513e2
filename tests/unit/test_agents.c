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

static void names_and_versions_are_told_apart(void **state)
{
    (void)state;
    splits_into("XMRig/6.26.0 (Linux x86_64) libuv/1.51.0 gcc/13.2.0", "XMRig", "6.26.0");
    splits_into("cgminer/4.11.1", "cgminer", "4.11.1");
    splits_into("cgminer 3.7.2", "cgminer", "3.7.2");
    splits_into("EWBF 0.3.4b", "EWBF", "0.3.4b");
    splits_into("cpuminer-opt-26.1-x64L", "cpuminer-opt", "26.1-x64L");
    splits_into("bitaxe/BM1370/v2.13.1", "bitaxe", "v2.13.1");
    splits_into("NerdMinerV2/V1.8.3", "NerdMinerV2", "V1.8.3");
    splits_into("bmminer/2.0.0/Antminer S9/14000", "bmminer", "2.0.0");
    splits_into("Antminer S19k Pro|LUXminer 2026.3.30|BHB56902", "Antminer S19k Pro", "2026.3.30");
    splits_into("lolMiner 1.98a", "lolMiner", "1.98a");
    splits_into("equihashminer", "equihashminer", "");
    splits_into("x", "x", "");
    splits_into("/1.0", "", "1.0");
    splits_into("", "", "");
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

static void miners_are_known_by_their_names(void **state)
{
    (void)state;
    assert_true(agent_is_miner("XMRig/6.26.0"));
    assert_true(agent_is_miner("cgminer/4.11.1"));
    assert_true(agent_is_miner("bitaxe/BM1370/v2.13.1"));
    assert_false(agent_is_miner("curl/7.88.1"));
    assert_false(agent_is_miner(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_versions_are_told_apart),
        cmocka_unit_test(long_parts_are_cut),
        cmocka_unit_test(miners_are_known_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
