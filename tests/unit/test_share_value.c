// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/share_value.h"

#include "inspect/dialect/dialect.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A worked example of each family: at this difficulty, this many hashes. */
static void families(void **state)
{
    (void)state;
    static const struct {
        const char *algorithm;
        double difficulty, hashes;
    } examples[] = {
        {"randomx", 10000, 10000},     {"cryptonight", 20000, 20000},
        {"sha256d", 1, 4295032833},    {"sha256d", 16384, 70369817935872},
        {"scrypt", 65536, 4295032833}, {"scrypt", 1, 65537},
        {"neoscrypt", 16, 1048592},    {"lyra2v3", 1, 16777472},
        {"x16r", 256, 4295032833},     {"keccak", 128, 4295032833},
        {"x11", 0.5, 2147516416.5},    {"ghostrider", 2, 131072},
        {"ethash", 5e9, 5e9},          {"kawpow", 1.2e10, 1.2e10},
        {"equihash", 16000, 16000},    {"kheavyhash", 4, 17180131332},
        {"eaglesong", 7, 7},           {"autolykos2", 7e9, 7e9},
        {"blake3", 9e9, 9e9},          {"astrobwt", 10000, 10000},
        {"beamhash3", 100, 100},       {"cuckatoo32", 16384, 42},
        {"ScRyPt", 65536, 4295032833},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        double hashes = examples[i].difficulty * share_value_of_algorithm(examples[i].algorithm);
        if (fabs(hashes - examples[i].hashes) > examples[i].hashes * 1e-4)
            fail_msg("%s at %g: %g", examples[i].algorithm, examples[i].difficulty, hashes);
    }
    assert_true(share_value_of_algorithm("") == 0);
    assert_true(share_value_of_algorithm("no-such") == 0);
}

static void bitcoin_stratum_is_open(void **state)
{
    (void)state;
    struct share_value value = share_value_of(&dialect_bitcoin_v1, "", "");
    assert_true(fabs(value.hashes - 4295032833) < 1);
    assert_string_equal(value.assumed, "sha256d");
    value = share_value_of(&dialect_bitcoin_v1, "", "LTC");
    assert_true(fabs(value.hashes - 65537) < 1);
    assert_string_equal(value.assumed, "scrypt");
    value = share_value_of(&dialect_bitcoin_v1, "scrypt", "BTC"); /* paid in Bitcoin for other work */
    assert_true(fabs(value.hashes - 65537) < 1);
    assert_string_equal(value.assumed, "");
    value = share_value_of(&dialect_bitcoin_v1, "something-new", "DASH");
    assert_string_equal(value.assumed, "x11");
}

static void others_leave_nothing_open(void **state)
{
    (void)state;
    assert_true(share_value_of(&dialect_cryptonote_login, "rx/0", "XMR").hashes == 1);
    assert_string_equal(share_value_of(&dialect_cryptonote_login, "", "").assumed, "");
    assert_true(share_value_of(&dialect_equihash, "", "LTC").hashes == 1);
    assert_string_equal(share_value_of(&dialect_equihash, "", "").assumed, "");
    struct share_value value = share_value_of(&dialect_ethereumstratum_1, "", "");
    assert_true(fabs(value.hashes - 4295032833) < 1);
    assert_string_equal(value.assumed, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families),
        cmocka_unit_test(bitcoin_stratum_is_open),
        cmocka_unit_test(others_leave_nothing_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
