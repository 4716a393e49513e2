// SPDX-License-Identifier: Apache-2.0
/*
 * What shares stand for, one worked example for each family: the target or difficulty as pools write it,
 * shares, and the hashes that come of them. Each session is also seen in pieces of one byte.
 */
#include "inspecting.h"

#include <math.h>
#include <stdio.h>

#define H8   "695b8ba0"
#define H16  "0123456789abcdef"
#define H64  "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define X64  "0x" H64
#define SEED "290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563"
#define BLOB                                                                                                 \
    "0405c481f8c305f576c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d973000000005b128838deec22c4" \
    "c1c7e2cb866ad2988605ffc733cea693a021aa4baac4562d05"

/* The messages of a session: '<' the pool's, '>' the miner's. %u: a number of the share, which is repeated.
 */
#define MAX_LINES 6
struct example {
    const char *dialect;
    const char *opening[MAX_LINES];
    const char *share;    /* of the miner, with %u twice: its identifier and what makes it another share */
    const char *accepted; /* by the pool, with %u once */
    unsigned shares;
    double seconds, difficulty, rate;
};

static char line[16384];

static void say(const char *format, unsigned number)
{
    char text[16384];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, format, number, number);
#pragma GCC diagnostic pop
    snprintf(line, sizeof line, "%s\n", text + 1);
    if (text[0] == '>')
        miner_says(line);
    else
        pool_says(line);
}

#define NEAR(got, want)                                                                                      \
    do {                                                                                                     \
        if (fabs((got) - (want)) > 1e-4 * (want))                                                            \
            fail_msg("%s: %.10g, not %.10g (%s)", #got, (double)(got), (double)(want), one->dialect);        \
    } while (0)

static void run(const struct example *one, size_t step)
{
    inspecting_open();
    i.step = step;
    inspecting_handshake();
    for (size_t l = 0; l < MAX_LINES && one->opening[l] != NULL; l++)
        say(one->opening[l], 0);
    for (unsigned n = 1; n <= one->shares; n++) {
        say(one->share, n);
        say(one->accepted, n);
    }
    inspecting_end();
    const struct conversation *conversation = &i.conversation;
    assert_string_equal(dialect_now(), one->dialect);
    assert_int_equal(conversation->shares_submitted, one->shares);
    assert_int_equal(conversation->shares_accepted, one->shares);
    assert_int_equal(conversation->shares_rejected, 0);
    NEAR(conversation->difficulty, one->difficulty);
    NEAR(conversation->hashes_accepted / one->seconds, one->rate);
    NEAR(conversation->hashes_submitted / one->seconds, one->rate);
    inspecting_close();
}

#define SUBSCRIBED "<{\"id\":1,\"result\":[[[\"mining.notify\",\"a\"]],\"08000002\",4],\"error\":null}"
#define ACCEPTED   "<{\"id\":%u,\"result\":true,\"error\":null}"
#define CN_SHARE                                                                                             \
    ">{\"method\":\"submit\",\"params\":{\"id\":\"1\",\"job_id\":\"7\",\"nonce\":\"220c0000\",\"result\":"   \
    "\"%016x" H16 H16 H16 "\"},\"id\":%u}"
#define CN_OK "<{\"id\":%u,\"result\":{\"status\":\"OK\"},\"error\":null}"
#define CN_JOB(hex)                                                                                          \
    "<{\"method\":\"job\",\"params\":{\"blob\":\"" BLOB "\",\"job_id\":\"7\",\"target\":\"" hex "\"}}"
#define NOTIFY(list)  "<{\"id\":null,\"method\":\"mining.notify\",\"params\":[" list "]}"
#define TARGET(hex)   "<{\"id\":null,\"method\":\"mining.set_target\",\"params\":[\"" hex "\"]}"
#define DIFFICULTY(d) "<{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[" d "]}"
#define SUBMIT(rest)  ">{\"id\":%u,\"method\":\"mining.submit\",\"params\":[\"user.rig\"," rest "]}"

#define XELIS "xel:ys4peuzztwl67rzhsdu0yxfzwcfmgt85uu53hycpeeary7n8qvysqmxznt0"
#define NEXA  "nexa:nqydz6vrkurkfcp8776jag4r9ucmu64k54tftvums64xvuwc.rig1"
/* 2,672 digits */
#define H256          H64 H64 H64 H64
#define REST_OF_VERUS H256 H256 H256 H256 H256 H256 H256 H256 H256 H256 H64 H16 H16 H16

/* The first eight are sessions of real captures, with what was counted and measured in them. */
static const struct example examples[] = {
    /* little-endian targets of 4 bytes: 2^32 / target */
    {"cryptonote-login", {CN_JOB("b88d0600")}, CN_SHARE, CN_OK, 5, 49.4, 10000.00, 1012.1},
    {"cryptonote-login", {CN_JOB("69ba0000")}, CN_SHARE, CN_OK, 1, 137, 90001.6, 656.9},
    {"cryptonote-login", {CN_JOB("dc460300")}, CN_SHARE, CN_OK, 30, 1154, 20000.0, 519.93},
    {"cryptonote-login", {CN_JOB("91fd0600")}, CN_SHARE, CN_OK, 2, 10, 9375.0, 1875.0},
    /* Equihash: 2^256 / target solutions */
    {"equihash",
     {TARGET("0004189374bc6a7ef9db22d0e5604189374bc6a7ef9db22d0e5604189374bc6a"),
      NOTIFY("\"7c\",\"04000000\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H8 "\",\"" H8 "\",true")},
     SUBMIT("\"7c\",\"" H8 "\",\"" H16 "%016x\",\"34" H64 H16 H16 "01234567\""),
     ACCEPTED,
     46,
     1091,
     16000,
     674.6},
    {"equihash",
     {TARGET("003c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c"),
      NOTIFY("\"7c\",\"04000000\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H8 "\",\"" H8 "\",true")},
     SUBMIT("\"7c\",\"" H8 "\",\"" H16 "%016x\",\"34" H64 H16 H16 "01234567\""),
     ACCEPTED,
     5,
     19.3,
     1088,
     281.87},
    /* Ethash: 2^256 / boundary */
    {"ethproxy",
     {">{\"id\":2,\"method\":\"eth_getWork\",\"params\":[]}",
      "<{\"id\":2,\"result\":[\"" X64 "\",\"0x" SEED
      "\",\"0x00000000dbe6fecebdedd5beb573440e5a884d1b2fbf06fcce912adcb8d8422e\"]}"},
     ">{\"id\":%u,\"method\":\"eth_submitWork\",\"params\":[\"0x%016x\",\"" X64 "\",\"" X64 "\"]}",
     ACCEPTED,
     1,
     290,
     5e9,
     17241379},
    {"eth-stratum-notify",
     {NOTIFY("\"4f\",\"" X64 "\",\"0x" SEED
             "\",\"0x0000000225c17d04dad2965cc5a02a23e254c0c3f75d9178046aeb27ce1ca574\",true")},
     SUBMIT("\"4f\",\"0x%016x\",\"" X64 "\",\"" X64 "\""),
     ACCEPTED,
     4,
     681,
     2e9,
     11747430},
    /* difficulty 1 of Bitcoin's Stratum is 2^48 / 65535 */
    {"bitcoin-v1",
     {">{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}", SUBSCRIBED,
      DIFFICULTY("1")},
     SUBMIT("\"4f\",\"%08x\",\"" H8 "\",\"" H8 "\""),
     ACCEPTED,
     10,
     10,
     1,
     4295032833},
    {"ethereumstratum-1.0.0",
     {DIFFICULTY("0.5"), NOTIFY("\"4f\",\"" SEED "\",\"" H64 "\",true")},
     SUBMIT("\"4f\",\"%012x\""),
     ACCEPTED,
     10,
     10,
     0.5,
     2147516416.5},
    {"ethereumstratum-2.0.0",
     {"<{\"method\":\"mining.set\",\"params\":{\"target\":"
      "\"0112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba\"}}",
      NOTIFY("\"bf04\",\"6526d5\",\"" H64 "\",\"0\"")},
     ">{\"id\":%u,\"method\":\"mining.submit\",\"params\":[\"bf04\",\"%012x\",\"w-123\"]}",
     ACCEPTED,
     2,
     10,
     0x1p256 / 0x0112e0be826d69p176,
     2 * (0x1p256 / 0x0112e0be826d69p176) / 10},
    {"kawpow",
     {NOTIFY("\"15\",\"" H64 "\",\"" SEED "\",\"00000000ffff" H16 H16 H16 "0000\",true,7512,\"1b00c7b3\"")},
     SUBMIT("\"15\",\"0x%016x\",\"" X64 "\",\"" X64 "\""),
     ACCEPTED,
     1,
     10,
     4295032832,
     429503283},
    /* Kaspa counts from a target of 2^224 */
    {"kaspa",
     {DIFFICULTY("4.0"), NOTIFY("\"e05d67\",[7581372481393876448,16082693024256892755,12921235528852832060,"
                                "12942364641311238],1669864495287")},
     SUBMIT("\"e05d67\",\"0x%016x\""),
     ACCEPTED,
     3,
     12,
     4,
     0x1p32},
    {"ckb",
     {TARGET("0001000000000000000000000000000000000000000000000000000000000000"),
      NOTIFY("\"1611\",\"" H64 "\",1,\"" H64 "\",true")},
     SUBMIT("\"1611\",\"%024x\""),
     ACCEPTED,
     3,
     30,
     65536,
     6553.6},
    {"kadena",
     {TARGET("0000000100000000000000000000000000000000000000000000000000000000"),
      NOTIFY("\"2301\",\"" H64 H64 H64 H64 H64 H64 H64 H64 "\",true")},
     SUBMIT("\"2301\",\"%016x\""),
     ACCEPTED,
     2,
     4,
     0x1p32,
     0x1p31},
    {"conflux",
     {NOTIFY("\"2a17\",\"1641369\",\"" X64
             "\",\"0x044b82fa09b5a52cb98b405447c4a98187eebb22f008d5d64f9c394ae9\"")},
     SUBMIT("\"2a17\",\"0x%016x\",\"" X64 "\""),
     ACCEPTED,
     1,
     1,
     0x1p256 / 0x044b82fa09b5a5p176,
     0x1p256 / 0x044b82fa09b5a5p176},
    /* Ergo: 2^256 / the decimal number; here 2^236 */
    {"ergo",
     {NOTIFY("\"47\",120,\"" H64
             "\",\"\",\"\",\"03\",\"110427941548649020598956093796432407239217743554726184882600387"
             "580788736\",\"\",true")},
     SUBMIT("\"47\",\"00239534\",\"\",\"%016x\""),
     ACCEPTED,
     4,
     2,
     1048576,
     2097152},
    {"sia",
     {NOTIFY("\"3c\",\"0x" H64 H64 H16 H16
             "\",\"0x00000000ffff0000000000000000000000000000000000000000000000000000\"")},
     SUBMIT("\"3c\",\"0x" H64 H64 H16 "%016x\""),
     ACCEPTED,
     1,
     1,
     1,
     4295032833},
    {"handshake",
     {DIFFICULTY("256"), NOTIFY("\"5f\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H64
                                "\",\"00000000\",\"1900b8a4\",\"" H8 "\"")},
     SUBMIT("\"5f\",\"%08x\",\"" H8 "\",\"" H8 "\""),
     ACCEPTED,
     1,
     256,
     256,
     4295032833},
    {"decred",
     {DIFFICULTY("7.5"),
      NOTIFY("\"76\",\"" H64 "\",\"" H64 H64 H64 H16 "\",\"\",[],\"0a000000\",\"\",\"" H8 "\",true")},
     SUBMIT("\"76\",\"%08x\",\"" H8 "\",\"" H8 "\""),
     ACCEPTED,
     1,
     7.5,
     7.5,
     4295032833},
    /* Cuckoo: one graph in 42 holds a cycle; Grin's difficulty counts 16384 of C32 */
    {"grin",
     {"<{\"id\":\"Stratum\",\"method\":\"job\",\"params\":{\"difficulty\":16384,\"height\":1,\"job_id\":6,"
      "\"pre_pow\":\"" H64 H64 "\"}}"},
     ">{\"id\":\"%u\",\"method\":\"submit\",\"params\":{\"edge_bits\":32,\"height\":1,\"job_id\":6,\"nonce\":"
     "%u,\"pow\":[1,2,3,"
     "4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,"
     "40,41,42]}}",
     "<{\"id\":\"%u\",\"method\":\"submit\",\"result\":\"ok\",\"error\":null}",
     2,
     84,
     16384,
     1},
    {"aeternity",
     {TARGET("0001000000000000000000000000000000000000000000000000000000000000"),
      NOTIFY("\"d7\",\"" H64 "\",true")},
     SUBMIT("\"d7\",\"%010x\",[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,"
            "30,31,32,"
            "33,34,35,36,37,38,39,40,41,42]"),
     ACCEPTED,
     1,
     42,
     65536.0 / 42,
     65536.0 / 42},
    /* Beam: 2^24 with the exponent 2 - 24 */
    {"beam",
     {"<{\"id\":\"212\",\"method\":\"job\",\"input\":\"" H64 "\",\"difficulty\":33554432,\"height\":1}"},
     ">{\"id\":\"21%u\",\"method\":\"solution\",\"nonce\":\"%016x\",\"output\":\"" H64 H64 H64 H16 "\"}",
     "<{\"id\":\"21%u\",\"method\":\"result\",\"code\":1,\"description\":\"accepted\"}",
     3,
     12,
     4,
     1},
    {"iron-fish",
     {"<{\"id\":1,\"method\":\"mining.set_target\",\"body\":{\"target\":"
      "\"0000000100000000000000000000000000000000000000000000000000000000\"}}"},
     ">{\"id\":%u,\"method\":\"mining.submit\",\"body\":{\"miningRequestId\":7,\"randomness\":\"%016x\"}}",
     "<{\"id\":0,\"method\":\"mining.submitted\",\"body\":{\"id\":%u,\"result\":true}}",
     2,
     2,
     0x1p32,
     0x1p32},
    {"alephium",
     {"<{\"method\":\"mining.notify\",\"params\":[{\"jobId\":\"a\",\"fromGroup\":0,\"toGroup\":1,"
      "\"headerBlob\":\"" H64 H64 "\",\"txsBlob\":\"00\",\"targetBlob\":"
      "\"0000000001000000000000000000000000000000000000000000000000000000\"}]}"},
     ">{\"id\":%u,\"method\":\"mining.submit\",\"params\":{\"jobId\":\"a\",\"fromGroup\":0,\"toGroup\":1,"
     "\"nonce\":\"%048x\"}}",
     ACCEPTED,
     1,
     1,
     1024,
     0x1p40},
    {"aleo",
     {"<{\"method\":\"mining.set_target\",\"params\":[2000]}"},
     SUBMIT("\"9a1\",\"%016x\",\"" H64 H64 "\""),
     ACCEPTED,
     3,
     6,
     2000,
     1000},
    {"pearl",
     {"<{\"method\":\"mining.notify\",\"params\":{\"job_id\":\"4c\",\"target\":\"00000001" H16 H16 H16
      "00000000\"}}"},
     ">{\"id\":%u,\"method\":\"mining.submit\",\"params\":{\"job_id\":\"4c\",\"plain_proof\":\"%08x" H64 H64
     "=\"}}",
     ACCEPTED,
     1,
     1,
     0x1p32 / 1.00444,
     0x1p32 / 1.00444},
    {"bytom",
     {"<{\"method\":\"job\",\"params\":{\"previous_block_hash\":\"" H64
      "\",\"transactions_merkle_root\":\"" H64 "\",\"job_id\":\"1\",\"target\":\"c5a70000\"}}"},
     ">{\"id\":%u,\"method\":\"submit\",\"params\":{\"id\":\"a\",\"job_id\":\"1\",\"nonce\":\"%08x\"}}",
     CN_OK,
     2,
     2,
     99994.8,
     99994.8},
    {"xelis",
     {DIFFICULTY("50000"), NOTIFY("\"7\",\"0000019b8d996900\",\"" H64 "\",\"xel/v2\",true")},
     ">{\"id\":%u,\"method\":\"mining.submit\",\"params\":[\"" XELIS "\",\"7\",\"%018x\"]}",
     ACCEPTED,
     3,
     15,
     50000,
     10000},
    {"verus",
     {TARGET("0000ffff00000000000000000000000000000000000000000000000000000000"),
      NOTIFY("\"7c\",\"04000100\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H8 "\",\"" H8
             "\",true,\"0700000002000000" H64 H64 H64 H64 "\"")},
     SUBMIT("\"7c\",\"" H8 "\",\"" H16 "%040x\",\"fd40050700000002000000" REST_OF_VERUS "\""),
     ACCEPTED,
     2,
     8,
     0x1p32 / 65535,
     2 * (0x1p32 / 65535) / 8},
    /* Bitcoin's difficulty, for want of another figure */
    {"nexa",
     {DIFFICULTY("0.01"), NOTIFY("\"1c\",\"" H64 "\",512345,\"1a2c8400\"")},
     ">{\"id\":%u,\"method\":\"mining.submit\",\"params\":[\"" NEXA "\",\"1c\",\"c4d1\",\"" H8
     "\",\"%016x\"]}",
     ACCEPTED,
     4,
     10,
     0.01,
     4 * 42950328.33 / 10},
    /* little-endian targets of 8 bytes: 2^64 / target; the first example's difficulty */
    {"cryptonote-login", {CN_JOB("cb10c7bab88d0600")}, CN_SHARE, CN_OK, 5, 49.4, 10000.00, 1012.1},
};

static void each_family(size_t step)
{
    for (size_t e = 0; e < sizeof examples / sizeof examples[0]; e++)
        run(&examples[e], step);
}

static void test_each_family(void **state)
{
    (void)state;
    each_family(0);
}

static void test_byte_by_byte(void **state)
{
    (void)state;
    each_family(1);
}

/* A target that changes counts for the shares of the jobs that come after it: zec.suprnova.cc, 5 x 1088 + 6 x
 * 3956 in 87.4 s. */
static void test_changing_target(void **state)
{
    (void)state;
    const struct example *one = &examples[5];
    inspecting_open();
    inspecting_handshake();
    for (unsigned n = 1; n <= 11; n++) {
        if (n == 1)
            say(one->opening[0], 0);
        if (n == 1)
            say(one->opening[1], 0);
        if (n == 6)
            say(TARGET("0010909090909090909090909090909090909090909090909090909090909090"), 0);
        if (n == 6)
            say(one->opening[1], 0); /* under the name of the job before */
        say(one->share, n);
        say(one->accepted, n);
    }
    inspecting_end();
    NEAR(i.conversation.hashes_accepted / 87.4, 333.84);
    inspecting_close();
}

/* The pool raises the difficulty between two jobs: shares count at that of the job they name, whenever they
 * are sent, and at the present one where the job was not seen. */
static void test_difficulty_of_the_job(void **state)
{
    (void)state;
    static const char *const job[] = {CN_JOB("b88d0600"), /* 10,000 */
                                      "<{\"method\":\"job\",\"params\":{\"blob\":\"" BLOB
                                      "\",\"job_id\":\"8\",\"target\":\"dc460300\"}}" /* 20,000 */};
    inspecting_open();
    inspecting_handshake();
    say(job[0], 0);
    say(CN_SHARE, 1);
    say(job[1], 0);
    say(CN_SHARE, 2); /* of the first job, on its way as the second came */
    say(CN_OK, 1);
    say(CN_OK, 2);
    inspecting_end();
    assert_int_equal(i.conversation.shares_accepted, 2);
    assert_true(fabs(i.conversation.difficulty - 20000) < 1);
    assert_true(fabs(i.conversation.hashes_accepted - 20000) < 2);
    inspecting_close();

#define BITCOIN_JOB(name)                                                                                    \
    NOTIFY("\"" name "\",\"" H64 "\",\"" H64 "\",\"" H64 "\",[],\"20000000\",\"1a01aa3d\",\"" H8 "\",true")
    inspecting_open();
    inspecting_handshake();
    say(">{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}", 0);
    say(SUBSCRIBED, 0);
    say(DIFFICULTY("1"), 0);
    say(BITCOIN_JOB("a"), 0);
    say(DIFFICULTY("8"), 0);
    static const double worth[] = {1, 8, 8, 1};
    static const char *const shares[] = {
        SUBMIT("\"a\",\"%08x\",\"" H8 "\",\"" H8 "\""), SUBMIT("\"b\",\"%08x\",\"" H8 "\",\"" H8 "\""),
        SUBMIT("\"lost\",\"%08x\",\"" H8 "\",\"" H8 "\""), SUBMIT("\"a\",\"%08x\",\"" H8 "\",\"" H8 "\"")};
    double sum = 0;
    for (unsigned n = 0; n < 4; n++) {
        if (n == 1)
            say(BITCOIN_JOB("b"), 0);
        say(shares[n], n + 10);
        say(ACCEPTED, n + 10);
        sum += worth[n];
    }
    inspecting_end();
    assert_true(fabs(i.conversation.hashes_accepted / 4295032833 - sum) < 0.001);
    assert_true(fabs(i.conversation.hashes_submitted / 4295032833 - sum) < 0.001);
    inspecting_close();
}

/* A job before the first difficulty counts at that; nine jobs later it is forgotten. */
static void test_first_difficulty(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    say(">{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.11.1\"]}", 0);
    say(SUBSCRIBED, 0);
    say(BITCOIN_JOB("a"), 0);
    say(DIFFICULTY("2"), 0);
    say(DIFFICULTY("16"), 0);
    say(SUBMIT("\"a\",\"%08x\",\"" H8 "\",\"" H8 "\""), 10);
    assert_true(fabs(i.conversation.hashes_submitted / 4295032833 - 2) < 0.001);
    for (unsigned n = 0; n < SESSION_MAX_JOBS; n++)
        say(NOTIFY("\"b%u\",\"" H64 "\",\"" H64 "\",\"" H64 "\",[],\"20000000\",\"1a01aa3d\",\"" H8
                   "\",true"),
            n);
    say(SUBMIT("\"a\",\"%08x\",\"" H8 "\",\"" H8 "\""), 11);
    inspecting_end();
    assert_true(fabs(i.conversation.hashes_submitted / 4295032833 - 18) < 0.001);
    inspecting_close();
}

/* What is no target or difficulty changes nothing. */
static void test_hostile_targets(void **state)
{
    (void)state;
    static const char *const lines[] = {
        NOTIFY("\"47\",120,\"" H64 "\",\"\",\"\",\"03\",\"0\",\"\",true"),
        NOTIFY("\"47\",120,\"" H64
               "\",\"\",\"\",\"03\",\"00000000000000000000000000000000000000000000000000000000000000000"
               "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\","
               "\"\",true"),
        "<{\"method\":\"mining.set_target\",\"params\":[1e999]}",
        "<{\"method\":\"mining.set_target\",\"params\":[0]}",
        "<{\"method\":\"mining.set_target\",\"params\":[-5]}",
        "<{\"method\":\"mining.set_target\",\"body\":{\"target\":\"00000000000000000000000000000000\"}}",
        "<{\"id\":\"1\",\"method\":\"job\",\"input\":\"" H64 "\",\"difficulty\":-1}",
        "<{\"id\":\"1\",\"method\":\"job\",\"input\":\"" H64 "\",\"difficulty\":1e300}",
        "<{\"id\":\"1\",\"method\":\"job\",\"input\":\"" H64 "\",\"difficulty\":4294967295}",
        "<{\"method\":\"job\",\"params\":{\"previous_block_hash\":\"" H64
        "\",\"transactions_merkle_root\":\"" H64 "\",\"job_id\":\"1\",\"target\":\"00000000\"}}",
        "<{\"method\":\"job\",\"params\":{\"difficulty\":-7,\"job_id\":6,\"pre_pow\":\"" H64 H64 "\"}}",
    };
    inspecting_open();
    inspecting_handshake();
    for (size_t l = 0; l < sizeof lines / sizeof lines[0]; l++)
        say(lines[l], 0);
    inspecting_end();
    assert_true(i.conversation.difficulty == 0);
    inspecting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_family),      cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_changing_target),  cmocka_unit_test(test_difficulty_of_the_job),
        cmocka_unit_test(test_first_difficulty), cmocka_unit_test(test_hostile_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
