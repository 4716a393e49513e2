// SPDX-License-Identifier: Apache-2.0
/* Logins, redirects and reserved nonces in conversations of all dialects. */
#include "inspecting.h"

#include <stdio.h>

#define BLOB_TO_NONCE                                                                                        \
    "1010a097eeca06"                                                                                         \
    "76c84bc68cb1c4848ac857dc19a44dc357bed1e71b27479f6c2671fc64d97300"
#define BLOB_REST "5b128838deec22c4c1c7e276c84bc68cb1c4848ac857dc19a44dc357bed1e71b01"

static void log_in(unsigned number)
{
    char text[300];
    snprintf(text, sizeof text,
             "{\"id\":%u,\"method\":\"login\",\"params\":{\"login\":\"user%u\",\"pass\":\"x\",\"agent\":"
             "\"xmrig-proxy/6.26.0\"}}\n",
             number, number);
    miner_says(text);
}

static void test_logins(void **state)
{
    (void)state;
    inspecting_open();
    log_in(1);
    log_in(1);
    assert_int_equal(i.conversation.login_count, 1);
    assert_false(has(FACT_SEVERAL_LOGINS));
    for (unsigned number = 2; number < 40; number++)
        log_in(number);
    inspecting_end();
    assert_true(has(FACT_SEVERAL_LOGINS));
    assert_int_equal(i.conversation.login_count, CONVERSATION_MAX_LOGINS);
    assert_string_equal(i.conversation.login_list[1], "user2");
    inspecting_close();
}

static void job(const char *nonce)
{
    char text[400];
    snprintf(text, sizeof text,
             "{\"jsonrpc\":\"2.0\",\"method\":\"job\",\"params\":{\"blob\":\"" BLOB_TO_NONCE "%s" BLOB_REST
             "\",\"job_id\":\"a\",\"target\":\"b88d0600\"}}\n",
             nonce);
    pool_says(text);
}

static void test_nonce(void **state)
{
    (void)state;
    static const struct {
        const char *nonce;
        bool reserved;
    } cases[] = {{"00000000", false}, {"00000007", true}, {"01000007", false}, {"000000ff", true}};
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        inspecting_open();
        job(cases[at].nonce);
        inspecting_end();
        assert_true(has(FACT_POOL_SPEAKS));
        assert_int_equal(has(FACT_NONCE_RESERVED), cases[at].reserved);
        inspecting_close();
    }
}

static void test_redirect(void **state)
{
    (void)state;
    static const struct {
        const char *parameters, *kept;
    } cases[] = {
        {"[\"other.example\",3334,10]", "other.example:3334"},
        {"[\"other.example\",\"3334\"]", "other.example:3334"},
        {"[\"\",\"3334\",1]", ":3334"},
        {"[\"other.example\",\"99999\",1]", "other.example"},
        {"[\"\",0,1]", ""},
        {"[]", ""},
        {"[7,3333]", ""},
    };
    for (size_t at = 0; at < sizeof cases / sizeof cases[0]; at++) {
        char text[200];
        inspecting_open();
        pool_says("{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[4096]}\n");
        snprintf(text, sizeof text, "{\"id\":null,\"method\":\"client.reconnect\",\"params\":%s}\n",
                 cases[at].parameters);
        pool_says(text);
        inspecting_end();
        assert_string_equal(i.conversation.redirect, cases[at].kept);
        assert_int_equal(has(FACT_REDIRECTED), cases[at].kept[0] != '\0');
        inspecting_close();
    }
}

/* Alone it is a hint, and a redirect adds nothing to that. */
static void test_redirect_is_no_evidence(void **state)
{
    (void)state;
    inspecting_open();
    pool_says("{\"id\":null,\"method\":\"client.reconnect\",\"params\":[\"other.example\",3334,10]}\n");
    inspecting_end();
    assert_int_equal(verdict_now(), VERDICT_NONE);
    inspecting_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logins),
        cmocka_unit_test(test_nonce),
        cmocka_unit_test(test_redirect),
        cmocka_unit_test(test_redirect_is_no_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
