// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum's relatives, message by message: each real one alone names its dialect and its side, and what
 * merely looks like one says nothing or no more than a hint. Then the same messages cut and damaged at every
 * byte.
 */
#include "inspecting.h"

#include "inspect/dialect/shape.h"

#include <stdio.h>

#define H16  "0123456789abcdef"
#define H64  "44e9206e9c830706f60e0129bdd117a2718d6553f3405b477541994df3583d4b"
#define X64  "0x" H64
#define H256 H64 H64 H64 H64
#define POW                                                                                                  \
    "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,"   \
    "37,38,39,"                                                                                              \
    "40,41,42]"
#define BYTES "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,255]"
#define KASPA "kaspa:qprpz8ms4kfmryuvmfawfd5vk3thz4ve44mkqmwewxeh0ecy83fy6lxas5egc"
#define ERGO  "9fuw4nSvdQYsmFHDdmiJbNkE8NpEXjKiWSwMXLGYk6VXgDeRhoX"
#define CFX   "cfx:aam3rkjc4pxzpwauntu2039gr69wne59fatv1w9tb4"
#define CKB   "ckb1qyq2znu0gempdahctxsm49sa9jdzq9vnka7qt9ntff"
#define NEXA  "nexa:nqydz6vrkurkfcp8776jag4r9ucmu64k54tftvums64xvuwc"
#define ALEO  "aleo1z0duwldf3gn2vm4yyra4slejh40v8a6jy54vvkw9mq8xl5xyyk3sfayae7"
#define XELIS "xel:ys4peuzztwl67rzhsdu0yxfzwcfmgt85uu53hycpeeary7n8qvysqmxznt0"

#define METHOD(name, list) "{\"id\":1,\"method\":\"" name "\",\"params\":[" list "]}"
#define NOTIFY(list)       METHOD("mining.notify", list)
#define SUBMIT(list)       METHOD("mining.submit", list)
#define AUTHORIZE(list)    METHOD("mining.authorize", list)
#define SUBSCRIBE(list)    METHOD("mining.subscribe", list)
#define OBJECT(name, text) "{\"id\":1,\"method\":\"" name "\",\"params\":{" text "}}"
#define BODY(name, text)   "{\"id\":1,\"method\":\"" name "\",\"body\":{" text "}}"
#define RESULT(text)       "{\"id\":1,\"result\":" text ",\"error\":null}"

static const struct message {
    const char *dialect;
    enum side from;
    const char *text;
} messages[] = {
    {"ethereumstratum-2.0.0", SIDE_MINER,
     OBJECT("mining.hello", "\"agent\":\"a\",\"proto\":\"EthereumStratum/2.0.0\"")},
    {"ethereumstratum-2.0.0", SIDE_POOL,
     RESULT("{\"proto\":\"EthereumStratum/2.0.0\",\"encoding\":\"plain\"}")},
    {"ethereumstratum-2.0.0", SIDE_POOL, OBJECT("mining.set", "\"epoch\":\"dc\",\"algo\":\"ethash\"")},
    {"ethereumstratum-2.0.0", SIDE_POOL, NOTIFY("\"bf04\",\"6526d5\",\"" H64 "\",\"0\"")},
    {"ethereumstratum-2.0.0", SIDE_MINER, SUBMIT("\"bf04\",\"68765fccd712\",\"w-123\"")},
    {"kawpow", SIDE_MINER, SUBSCRIBE("\"kawpowminer/1.2.4\",\"EthereumStratum/1.0.0\"")},
    {"kawpow", SIDE_POOL, NOTIFY("\"1\",\"" H64 "\",\"" H64 "\",\"" H64 "\",true,3400123,\"1b00c7b3\"")},
    {"kawpow", SIDE_POOL, NOTIFY("\"1\",\"" X64 "\",\"" X64 "\",\"" X64 "\",false,7,\"1b00c7b3\"")},
    {"kaspa", SIDE_POOL, RESULT("[true,\"EthereumStratum/1.0.0\"]")},
    {"kaspa", SIDE_MINER, AUTHORIZE("\"" KASPA ".rig\"")},
    {"kaspa", SIDE_POOL, NOTIFY("\"e05\",[7581372481393876448,16082693024256892755,1,2],1669864495287")},
    {"kaspa", SIDE_POOL, NOTIFY("\"6d4\",\"" H64 H16 "\"")},
    {"kaspa", SIDE_MINER, SUBMIT("\"" KASPA ".rig\",\"123\",\"" H16 "\"")},
    {"kaspa", SIDE_MINER, SUBMIT("\"user\",\"123\",\"0x" H16 "\"")},
    {"kaspa", SIDE_MINER, METHOD("mining.submit_hashrate", "\"0x1d08a61\",\"" X64 "\"")},
    {"ergo", SIDE_POOL, NOTIFY("\"4\",738,\"" H64 "\",\"\",\"\",\"03\",\"1234567890\",\"\",true")},
    {"ergo", SIDE_POOL, NOTIFY("\"4\",\"" H64 "\",738,true")},
    {"ergo", SIDE_POOL, "{\"id\":\"mining.subscribe\",\"result\":[null,\"d7eb83fe\",4],\"error\":null}"},
    {"ergo", SIDE_MINER, AUTHORIZE("\"" ERGO ".rig\",\"x\"")},
    {"ergo", SIDE_MINER, SUBMIT("\"u\",\"4\",\"00239534\",\"\",\"" H16 "\"")},
    {"conflux", SIDE_MINER, SUBSCRIBE("\"" CFX ".rig\",\"x\"")},
    {"conflux", SIDE_POOL,
     NOTIFY("\"2a\",\"1641369\",\"" X64 "\",\"0x044b82fa09b5a52cb98b405447c4a98187eebb22f0\"")},
    {"conflux", SIDE_POOL,
     NOTIFY("\"" X64 "\",\"" X64 "\",\"0x044b82fa09b5a52cb98b405447c4a98187eebb22f0\"")},
    {"conflux", SIDE_MINER, SUBMIT("\"u\",\"2a\",\"0x" H16 "\",\"" X64 "\"")},
    {"ckb", SIDE_POOL, NOTIFY("\"1611\",\"" H64 "\",1,\"" H64 "\",true")},
    {"ckb", SIDE_MINER, SUBMIT("\"u\",\"1611\",\"000000000000000000114026\"")},
    {"ckb", SIDE_MINER, AUTHORIZE("\"" CKB "\",\"x\"")},
    {"ckb", SIDE_MINER, OBJECT("ckb_submitLogin", "\"login\":\"" CKB "\",\"agent\":\"NBMiner/v28\"")},
    {"ckb", SIDE_MINER, "{\"id\":2,\"method\":\"ckb_getWork\",\"params\":null}"},
    {"ckb", SIDE_POOL, "{\"id\":0,\"result\":{\"pow_hash\":\"" X64 "\",\"target\":\"" X64 "\"}}"},
    {"ckb", SIDE_MINER, OBJECT("ckb_submitWork", "\"pow_hash\":\"" X64 "\",\"nonce\":\"0x9a93e95\"")},
    {"ckb", SIDE_MINER, "{\"id\":4,\"method\":\"ckb_submitHashrate\",\"params\":\"0x123\"}"},
    {"sia", SIDE_POOL, NOTIFY("\"3c\",\"0x" H64 H64 H16 H16 "\",\"" X64 "\"")},
    {"sia", SIDE_MINER, SUBMIT("\"u\",\"3c\",\"" H64 H64 H16 H16 "\"")},
    {"handshake", SIDE_POOL,
     NOTIFY("\"5\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"" H64
            "\",\"00000000\",\"1900b8a4\",\"695b8ba0\"")},
    {"decred", SIDE_POOL,
     NOTIFY("\"7\",\"" H64 "\",\"" H256 "\",\"\",[],\"0a000000\",\"\",\"695b8ba0\",true")},
    {"kadena", SIDE_POOL, NOTIFY("\"23\",\"" H256 H256 "\",true")},
    {"kadena", SIDE_MINER, AUTHORIZE("\"k:" H64 ".rig\",\"x\"")},
    {"nexa", SIDE_POOL, NOTIFY("\"1c\",\"" H64 "\",512345,\"1a2c8400\"")},
    {"nexa", SIDE_MINER, AUTHORIZE("\"" NEXA "\",\"x\"")},
    {"aeternity", SIDE_POOL, NOTIFY("\"d7\",\"" H64 "\",true")},
    {"aeternity", SIDE_POOL, NOTIFY("\"d7\",5,\"" H64 "\",true")},
    {"aeternity", SIDE_MINER, SUBMIT("\"u\",\"d7\",\"98b6ac44d2\"," POW)},
    {"aleo", SIDE_MINER, SUBSCRIBE("\"a/1\",\"AleoStratum/1.0.0\",null")},
    {"aleo", SIDE_MINER, AUTHORIZE("\"" ALEO ".rig\",\"x\"")},
    {"aleo", SIDE_POOL, METHOD("mining.set_target", "2000")},
    {"aleo", SIDE_POOL, NOTIFY("\"9\",\"" H64 "\",\"a\",\"b\",\"c\",\"d\",true")},
    {"aleo", SIDE_MINER, SUBMIT("\"u\",\"9\",\"" H64 "\",\"" H256 "\"")},
    {"xelis", SIDE_MINER, AUTHORIZE("\"" XELIS "\",\"rig\",\"x\"")},
    {"xelis", SIDE_MINER, SUBSCRIBE("\"Rigel/1\",[\"xel/v2\"]")},
    {"xelis", SIDE_POOL, NOTIFY("\"7\",\"0000019b8d996900\",\"" H64 "\",\"xel/v2\",true")},
    {"xelis", SIDE_POOL, RESULT("[\"\",\"30c8\",2,\"" H64 "\"]")},
    {"xelis", SIDE_MINER, SUBMIT("\"" XELIS "\",\"7\",\"" H16 "\"")},
    {"iron-fish", SIDE_MINER, BODY("mining.subscribe", "\"version\":2,\"publicAddress\":\"" H64 "\"")},
    {"iron-fish", SIDE_POOL, BODY("mining.subscribed", "\"clientId\":0,\"xn\":\"64da\"")},
    {"iron-fish", SIDE_POOL, BODY("mining.set_target", "\"target\":\"" H64 "\"")},
    {"iron-fish", SIDE_POOL, BODY("mining.notify", "\"miningRequestId\":7,\"header\":\"" H256 "\"")},
    {"iron-fish", SIDE_MINER, BODY("mining.submit", "\"miningRequestId\":7,\"randomness\":\"" H16 "\"")},
    {"alephium", SIDE_MINER, METHOD("mining.hello", "\"a/1\",\"AlephiumStratum/1.0.0\"")},
    {"alephium", SIDE_POOL, RESULT("[\"AlephiumStratum/1.0.0\",false,\"258\",\"0x5\",\"v1\"]")},
    {"alephium", SIDE_POOL, "{\"method\":\"mining.set_target\",\"params\":\"" H64 "\"}"},
    {"alephium", SIDE_POOL,
     NOTIFY("{\"jobId\":\"a\",\"fromGroup\":0,\"toGroup\":1,\"headerBlob\":\"" H256 "\",\"targetBlob\":\"" H64
            "\"}")},
    {"alephium", SIDE_MINER,
     OBJECT("mining.submit", "\"jobId\":\"a\",\"fromGroup\":0,\"toGroup\":1,\"nonce\":\"" H16 H16 H16 "\"")},
    {"alephium", SIDE_MINER, METHOD("alph_submitHashrate", "\"0x1d08a61\",\"0x01\"")},
    {"pearl", SIDE_MINER, OBJECT("mining.authorize", "\"wallet\":\"prl1qq\",\"worker\":\"rig\"")},
    {"pearl", SIDE_POOL, OBJECT("mining.notify", "\"job_id\":\"4c\",\"target\":\"" H64 "\"")},
    {"pearl", SIDE_MINER, OBJECT("mining.submit", "\"job_id\":\"4c\",\"plain_proof\":\"" H64 "=\"")},
    {"verus", SIDE_POOL,
     NOTIFY("\"7\",\"04000100\",\"" H64 "\",\"" H64 "\",\"" H64 "\",\"695b8ba0\",\"a8a80f1c\",true,\"" H256
            "\"")},
    {"grin", SIDE_MINER, OBJECT("login", "\"login\":\"u\",\"pass\":\"x\",\"agent\":\"grin-miner\"")},
    {"grin", SIDE_POOL, OBJECT("job", "\"difficulty\":1,\"height\":1,\"job_id\":5,\"pre_pow\":\"" H256 "\"")},
    {"grin", SIDE_POOL, RESULT("{\"difficulty\":1,\"height\":1,\"job_id\":5,\"pre_pow\":\"" H256 "\"}")},
    {"grin", SIDE_MINER,
     OBJECT("submit", "\"edge_bits\":29,\"job_id\":5,\"nonce\":18446744073709551615,\"pow\":" POW)},
    {"grin", SIDE_MINER, OBJECT("login", "\"login\":\"u\",\"pass\":\"x\",\"agent\":\"epic-miner\"")},
    {"grin", SIDE_MINER,
     OBJECT("submit", "\"height\":7,\"job_id\":5,\"nonce\":77,\"pow\":{\"ProgPow\":" BYTES "}")},
    {"bitcoin-v1", SIDE_MINER, METHOD("mining.hashrate", "125000000")},
    {"bitcoin-v1", SIDE_MINER, METHOD("mining.passthrough", "")},
    {"bitcoin-v1", SIDE_POOL, METHOD("mining.set_goal", "\"BTC\",{\"malgo\":\"SHA256d\"}")},
    {"beam", SIDE_MINER,
     "{\"method\":\"login\",\"api_key\":\"" H64 "\",\"id\":\"login\",\"jsonrpc\":\"2.0\"}"},
    {"beam", SIDE_POOL,
     "{\"id\":\"2\",\"method\":\"job\",\"input\":\"" H64 "\",\"difficulty\":33554432,\"height\":1}"},
    {"beam", SIDE_MINER,
     "{\"id\":\"2\",\"method\":\"solution\",\"nonce\":\"" H16 "\",\"output\":\"" H64 H64 H64 H16 "\"}"},
    {"beam", SIDE_POOL, "{\"id\":\"login\",\"method\":\"result\",\"code\":0,\"nonceprefix\":\"ab4e3a\"}"},
    {"bytom", SIDE_POOL,
     OBJECT("job",
            "\"previous_block_hash\":\"" H64 "\",\"transactions_merkle_root\":\"" H64 "\",\"job_id\":\"1\"")},
};

/* Words of everyday protocols, and messages that lack what makes them a dialect's. */
static const char *const look_alikes[] = {
    OBJECT("login", "\"login\":\"u\",\"pass\":\"x\",\"agent\":\"firefox\""),
    "{\"method\":\"login\",\"api_key\":\"" H64 "\",\"id\":1,\"jsonrpc\":\"2.0\"}",
    "{\"method\":\"login\",\"api_key\":\"" H64 "\",\"id\":\"login\"}",
    "{\"method\":\"login\",\"api_key\":\"\",\"id\":\"login\",\"jsonrpc\":\"2.0\"}",
    "{\"method\":\"result\",\"id\":\"1\",\"code\":1,\"description\":\"accepted\"}",
    "{\"method\":\"result\",\"id\":\"1\",\"code\":0,\"description\":\"done\",\"forkheight\":1}",
    "{\"method\":\"job\",\"id\":\"1\",\"input\":\"" H64 "\"}",
    "{\"method\":\"job\",\"id\":\"1\",\"input\":\"file.txt\",\"difficulty\":3}",
    "{\"method\":\"solution\",\"id\":\"1\",\"nonce\":\"" H16 "\",\"output\":\"text\"}",
    OBJECT("submit", "\"id\":\"a\",\"job_id\":\"1\",\"nonce\":\"deadbeef\""),
    OBJECT("submit", "\"edge_bits\":29,\"pow\":[1,2,3]"),
    OBJECT("job", "\"job_id\":5,\"difficulty\":1,\"pre_pow\":\"text\""),
    OBJECT("job", "\"transactions_merkle_root\":\"" H64 "\",\"job_id\":\"1\""),
    OBJECT("set_extranonce", "\"a\":1"),
    METHOD("set_extranonce", "\"ab12\",6"),
    METHOD("getjobtemplate", ""),
    METHOD("connection.set_gzip", ""),
    METHOD("mining.pong", ""),
    METHOD("mining.get_version", ""),
    METHOD("agent.get_capabilities", "[\"verrol\"]"),
    METHOD("getauxblock", ""),
    METHOD("createauxblock", "\"account\""),
    METHOD("get_miner_data", ""),
    METHOD("client.get_stats", ""),
    OBJECT("submit", "\"job_id\":5,\"nonce\":77,\"pow\":{\"RandomX\":[1,2,3]}"),
    OBJECT("submit", "\"job_id\":5,\"nonce\":77,\"pow\":{\"Other\":" BYTES "}"),
    OBJECT("generateblocks", "\"amount_of_blocks\":1,\"wallet_address\":\"4\""),
    RESULT("{\"version-rolling\":true,\"minimum-difficulty\":false}"),
    RESULT("{\"chainid\":1,\"hash\":\"" H64 "\",\"bits\":\"1700ffff\"}"),
    RESULT("{\"aux_hash\":\"" H64 "\",\"aux_blob\":\"00\",\"aux_diff\":7}"),
    RESULT("[true,\"OK\"]"),
    RESULT("[true,\"Stratum\"]"),
    RESULT("[\"\",\"30c8\",4,\"" H64 "\"]"),
    RESULT("{\"pow_hash\":\"" X64 "\"}"),
    RESULT("{\"pre_pow\":\"" H256 "\"}"),
    RESULT("{\"job\":{\"job_id\":\"1\",\"target\":\"c5a70000\"}}"),
    RESULT("{\"proto\":\"HTTP/1.1\"}"),
    "{\"id\":\"mining.subscribe\",\"result\":[1,2,3]}",
    "{\"id\":1,\"method\":\"mining.noop\"}",
    "{\"id\":1,\"method\":\"mining.subscribe\"}",
    "{\"id\":1,\"method\":\"mining.wait_for_work\"}",
};

static char line[8192];

static void say_as(enum side side, const char *text, size_t length)
{
    snprintf(line, sizeof line, "%.*s\n", (int)length, text);
    if (side == SIDE_MINER)
        miner_says(line);
    else
        pool_says(line);
}

static void test_each_message(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof messages / sizeof messages[0]; m++) {
        const struct message *one = &messages[m];
        inspecting_open();
        inspecting_handshake();
        say_as(one->from, one->text, strlen(one->text));
        inspecting_end();
        if (strcmp(dialect_now(), one->dialect) != 0)
            fail_msg("\"%s\", not \"%s\": %s", dialect_now(), one->dialect, one->text);
        assert_true(has(one->from == SIDE_MINER ? FACT_MINER_SPEAKS : FACT_POOL_SPEAKS));
        assert_true(i.conversation.roles_known && i.conversation.miner_sends == TO_SERVER);
        inspecting_close();
    }
}

/* The miner may be the side that was connected to: the words say who is who. */
static void test_other_way_round(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof messages / sizeof messages[0]; m++) {
        inspecting_open();
        inspecting_handshake();
        say_as(messages[m].from == SIDE_MINER ? SIDE_POOL : SIDE_MINER, messages[m].text,
               strlen(messages[m].text));
        inspecting_end();
        assert_string_equal(dialect_now(), messages[m].dialect);
        assert_true(i.conversation.miner_sends == TO_CLIENT);
        inspecting_close();
    }
}

static void test_look_alikes(void **state)
{
    (void)state;
    for (size_t l = 0; l < sizeof look_alikes / sizeof look_alikes[0]; l++)
        for (int side = SIDE_MINER; side <= SIDE_POOL; side++) {
            inspecting_open();
            inspecting_handshake();
            for (int times = 0; times < 3; times++) /* again and again is no more */
                say_as((enum side)side, look_alikes[l], strlen(look_alikes[l]));
            inspecting_end();
            if (verdict_now() != VERDICT_NONE)
                fail_msg("a verdict on %s", look_alikes[l]);
            inspecting_close();
        }
}

/* An answer to what was only a hint accepts no share. */
static void test_accepted_hint(void **state)
{
    (void)state;
    static const char submit[] = OBJECT("submit", "\"id\":\"a\",\"job_id\":\"1\",\"nonce\":\"deadbeef\"");
    static const char accepted[] = RESULT("{\"status\":\"OK\"}");
    inspecting_open();
    inspecting_handshake();
    for (int times = 0; times < 3; times++) {
        say_as(SIDE_MINER, submit, sizeof submit - 1);
        say_as(SIDE_POOL, accepted, sizeof accepted - 1);
    }
    inspecting_end();
    assert_false(has(FACT_SHARE_ACCEPTED) || has(FACT_SHARE_SUBMITTED));
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
}

/* All in one flow, so that what a session keeps meets the damaged ones as well. */
static void test_damaged(void **state)
{
    (void)state;
    inspecting_open();
    inspecting_handshake();
    for (size_t m = 0; m < sizeof messages / sizeof messages[0]; m++) {
        const struct message *one = &messages[m];
        static char copy[4096];
        size_t length = strlen(one->text);
        for (size_t at = 0; at < length; at += 3) {
            say_as(one->from, one->text, at); /* cut */
            say_as(one->from, "{}", 2);
            snprintf(copy, sizeof copy, "%.*s%s", (int)at, one->text,
                     one->text + at + 1); /* a byte is missing */
            say_as(one->from, copy, strlen(copy));
            say_as(one->from, "{}", 2);
        }
    }
    inspecting_end();
    assert_true(i.conversations > 0);
    inspecting_close();
}

static struct json_reader json;

static struct rpc rpc_of(const char *text)
{
    size_t used;
    json_reader_reset(&json);
    assert_int_equal(json_read(&json, (const uint8_t *)text, strlen(text), &used), JSON_COMPLETE);
    return (struct rpc){.json = &json,
                        .parameters = json_member(&json, 0, "params"),
                        .result = JSON_NONE,
                        .time_us = INT64_C(1767607200) * 1000000};
}

static void test_shapes(void **state)
{
    (void)state;
    struct rpc rpc =
        rpc_of("{\"params\":[\"a\",\"\",5,true,[],\"12\",\"" H64 "\",\"" X64 "\",\"0123abcd\",null]}");
    assert_true(shape_is(&rpc, "senbldhH4*"));
    assert_true(shape_is(&rpc, "j*j***xxa*"));
    assert_false(shape_is(&rpc, "senbldhH4"));
    assert_false(shape_is(&rpc, "senbldhH4**"));
    assert_false(shape_is(&rpc, "sendldhH4*")); /* true is no text of digits */
    assert_false(shape_is(&rpc, "ssnbldhH4*"));
    assert_false(shape_is(&rpc, "senbldHH4*"));
    assert_false(shape_is(&rpc, "senbldhh4*"));
    rpc = rpc_of("{\"params\":{}}");
    assert_false(shape_is(&rpc, ""));
    assert_true(shape_is_bare(&rpc));
    rpc = rpc_of("{\"params\":[]}");
    assert_true(shape_is(&rpc, ""));
    rpc = rpc_of("{\"params\":[\"" ERGO ".rig\",\"ERG:" ERGO "\",\"ak_abc\",\"ak_abc-d\",\"ak_\"]}");
    assert_true(shape_is_wallet(&rpc, 0, "9", "ERG"));
    assert_false(shape_is_wallet(&rpc, 0, "9", "KAS"));
    assert_false(shape_is_wallet(&rpc, 1, "9", "ERG")); /* what is paid */
    assert_true(shape_is_address(&rpc, 2, "ak_", 3, 3));
    assert_false(shape_is_address(&rpc, 2, "ak_", 4, 9));
    assert_false(shape_is_address(&rpc, 3, "ak_", 3, 3));
    assert_true(shape_is_address(&rpc, 4, "ak_", 0, 3));
    assert_false(shape_is_address(&rpc, 5, "ak_", 0, 3));
    assert_int_equal(shape_number("e15aaecb84010000", 16, true), 0x184cbae5ae1);
    assert_int_equal(shape_number("00000184cbae5ae1", 16, false), 0x184cbae5ae1);
    assert_int_equal(shape_number("", 0, true), 0);
    assert_int_equal(shape_number("00000184cbae5a", 16, false), 0); /* cut */
    assert_true(shape_time_is_near(&rpc, UINT64_C(1767607200000)));
    assert_false(shape_time_is_near(&rpc, UINT64_C(1767607200000) + 7201000));
    assert_false(shape_time_is_near(&rpc, UINT64_MAX));
}

#define GRIN(header) OBJECT("job", "\"difficulty\":1,\"height\":1,\"job_id\":5,\"pre_pow\":\"" header "\"")
#define ALEPHIUM(header)                                                                                     \
    METHOD("mining.notify", "{\"jobId\":\"a\",\"fromGroup\":0,\"toGroup\":1,\"headerBlob\":\"" header        \
                            "\",\"txsBlob\":\"00\",\"targetBlob\":\"" H64 "\"}")

/* Times prove a job where they are those of the packet, and only there. */
static void test_block_times(void **state)
{
    (void)state;
    static const struct {
        const char *dialect, *text;
        bool proven;
    } jobs[] = {
        {"kaspa", NOTIFY("\"e\",[1,2,3,4],1767607200123"), true},
        {"kaspa", NOTIFY("\"e\",[1,2,3,4],1669864495287"), false},
        {"kaspa", NOTIFY("\"e\",[1,2,3,4],99999999999999999999"), false},
        {"kaspa", NOTIFY("\"e\",\"" H64 "0069998d9b010000\""), true},
        {"kaspa", NOTIFY("\"e\",\"" H64 "e15aaecb84010000\""), false},
        {"kaspa", NOTIFY("\"e\",\"" H64 "ffffffffffffffff\""), false},
        {"sia", NOTIFY("\"3c\",\"0x" H64 H16 "a08b5b6900000000" H64 "\",\"" X64 "\""), true},
        {"sia", NOTIFY("\"3c\",\"0x00" H64 H16 "a08b5b6900000000" H64 "\",\"" X64 "\""), true},
        {"sia", NOTIFY("\"3c\",\"0x" H64 H16 "00000000695b8ba0" H64 "\",\"" X64 "\""), false},
        {"kadena", NOTIFY("\"23\",\"" H16 "0028421fa1470600" H256 H256 "\",true"), true},
        {"kadena", NOTIFY("\"23\",\"" H16 "0069998d9b010000" H256 H256 "\",true"), false},
        {"grin", GRIN("0005000000000000abcd00000000695b8ba0" H256), true},
        {"grin", GRIN("0005000000000000abcd00000000695b6c60" H256), false},
        {"alephium", ALEPHIUM(H256 "0000019b8d9969001b0180d5"), true},
        {"alephium", ALEPHIUM(H256 "00000000695b8ba01b0180d5"), false},
    };
    for (size_t j = 0; j < sizeof jobs / sizeof jobs[0]; j++) {
        inspecting_open();
        inspecting_handshake();
        say_as(SIDE_POOL, jobs[j].text, strlen(jobs[j].text));
        inspecting_end();
        assert_int_equal(has(FACT_JOB_PROVEN), jobs[j].proven);
        assert_string_equal(dialect_now(), jobs[j].dialect);
        inspecting_close();
    }
}

/* What follows an agreement on compression is no foreign text; the same without it is. */
static void test_compressed(void **state)
{
    (void)state;
    for (int compressed = 0; compressed <= 1; compressed++) {
        inspecting_open();
        inspecting_handshake();
        say_as(SIDE_MINER, messages[0].text, strlen(messages[0].text));
        const char *answer = compressed
                                 ? RESULT("{\"proto\":\"EthereumStratum/2.0.0\",\"encoding\":\"gzip\"}")
                                 : RESULT("{\"proto\":\"EthereumStratum/2.0.0\",\"encoding\":\"plain\"}");
        say_as(SIDE_POOL, answer, strlen(answer));
        for (int times = 0; times < 4; times++)
            say_as(SIDE_POOL, "\x1f\x8b\x08 no text", 11);
        inspecting_end();
        assert_int_equal(has(FACT_FOREIGN_TEXT), !compressed);
        assert_true(verdict_now() == VERDICT_CONFIRMED || !compressed);
        inspecting_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_message), cmocka_unit_test(test_other_way_round),
        cmocka_unit_test(test_look_alikes),  cmocka_unit_test(test_accepted_hint),
        cmocka_unit_test(test_damaged),      cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_block_times),  cmocka_unit_test(test_compressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
