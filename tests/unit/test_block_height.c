// SPDX-License-Identifier: Apache-2.0
/* The height of the block that a job is for, in every place where a dialect has it, and numbers that are
 * none. */
#include "inspecting.h"

#include <stdio.h>

#define H16  "0123456789abcdef"
#define H64  "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define X64  "0x" H64
#define H256 H64 H64 H64 H64
/* of Ethash epoch 1 (ethereum/wiki: Ethash) */
#define SEED         "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563"
#define NOTIFY(list) "{\"id\":null,\"method\":\"mining.notify\",\"params\":[" list "]}\n"
#define WORK(height) "{\"id\":0,\"result\":[\"" X64 "\",\"0x" SEED "\",\"" X64 "\"" height "]}\n"
#define JOB(list)    "{\"method\":\"job\",\"params\":{" list "}}\n"
#define BEAM(height)                                                                                         \
    "{\"id\":\"2\",\"method\":\"job\",\"input\":\"" H64 "\",\"difficulty\":33554432,\"height\":" height "}"  \
    "\n"
#define BYTOM(height)                                                                                        \
    JOB("\"previous_block_hash\":\"" H64 "\",\"transactions_merkle_root\":\"" H64                            \
        "\",\"job_id\":\"1\",\"height\":\"" height "\"")
#define GRIN(height)      JOB("\"difficulty\":1,\"height\":" height ",\"job_id\":5,\"pre_pow\":\"" H256 "\"")
#define KAWPOW(height)    NOTIFY("\"1\",\"" H64 "\",\"" H64 "\",\"" H64 "\",true," height ",\"1b00c7b3\"")
#define COINOTRON(height) NOTIFY("\"1\",\"" H64 "\",\"" SEED "\",\"" H64 "\",true," height)
#define DECRED(height)                                                                                       \
    NOTIFY("\"7\",\"" H64 "\",\"" H64 H64                                                                    \
           "000102030405060708090a0b0c0d0e0f101112131415161718191a1b" height H16                             \
           "\",\"\",[],\"0a000000\",\"\",\"695b8ba0\",true")
#define KADENA(height) NOTIFY("\"23\",\"" H256 H256 "0001" height H16 "\",true")

static const struct {
    const char *dialect, *text;
    uint64_t height;
} jobs[] = {
    {"kawpow", KAWPOW("3400123"), 3400123},
    {"kawpow", KAWPOW("0"), 0},
    {"kawpow", KAWPOW("-5"), 0},
    {"kawpow", KAWPOW("1e30"), 0},
    {"ethproxy", WORK(",\"0x7531\""), 30001},
    {"ethproxy", WORK(",\"0x1d4bf\""), 119999}, /* Etchash: epochs of 60,000 blocks */
    {"ethproxy", WORK(",\"0x6\""), 0},          /* a part of the nonce */
    {"ethproxy", WORK(",\"0x7531ffffffffffff\""), 0},
    {"ethproxy", WORK(""), 0},
    {"eth-stratum-notify", COINOTRON("45000"), 45000},
    {"eth-stratum-notify", COINOTRON("29999"), 0},
    {"ethereumstratum-2.0.0", NOTIFY("\"bf04\",\"6526d5\",\"" H64 "\",\"0\""), 0x6526d5},
    {"ergo", NOTIFY("\"4\",738123,\"" H64 "\",\"\",\"\",\"03\",\"1234567890\",\"\",true"), 738123},
    {"ergo", NOTIFY("\"4\",\"" H64 "\",738124,true"), 738124},
    {"conflux", NOTIFY("\"2a\",\"1641369\",\"" X64 "\",\"" X64 "\""), 1641369},
    {"conflux", NOTIFY("\"" X64 "\",\"" X64 "\",\"" X64 "\""), 0},
    {"ckb", NOTIFY("\"1611\",\"" H64 "\",15000001,\"" H64 "\",true"), 15000001},
    {"nexa", NOTIFY("\"1c\",\"" H64 "\",512345,\"1a2c8400\""), 512345},
    {"decred", DECRED("a0bb0d00"), 900000},
    {"kadena", KADENA("a02e630000000000"), 6500000},
    {"kadena", KADENA("ffffffffffffffff"), 0},
    {"grin", GRIN("2800123"), 2800123},
    {"beam", BEAM("123456"), 123456},
    {"beam", BEAM("\"123457\""), 123457},
    {"beam", BEAM("[]"), 0},
    {"bytom", BYTOM("2315000000000000"), 0x1523},
    {"bytom", BYTOM("23"), 0},
};

static void test_heights(void **state)
{
    (void)state;
    for (size_t j = 0; j < sizeof jobs / sizeof jobs[0]; j++) {
        inspecting_open();
        inspecting_handshake();
        pool_says(jobs[j].text);
        inspecting_end();
        if (i.conversation.block_height != jobs[j].height)
            fail_msg("%llu: %s", (unsigned long long)i.conversation.block_height, jobs[j].text);
        assert_string_equal(dialect_now(), jobs[j].dialect);
        inspecting_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_heights)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
