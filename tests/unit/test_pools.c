// SPDX-License-Identifier: Apache-2.0
#include "intel/pools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const files[] = {"pool-domains.tsv", "pool-addresses.tsv", "local-domains.tsv",
                                    "local-addresses.tsv"};

static char directory[64];

static const char *path_of(int file)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, files[file]);
    return path;
}

static void put(int file, const char *text, size_t length)
{
    FILE *stream = fopen(path_of(file), "w");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, length, stream), length);
    fclose(stream);
}

/* NULL: the file is not there */
static struct pools *load(const char *const texts[static 4], struct error *error)
{
    for (int i = 0; i < 4; i++) {
        unlink(path_of(i));
        if (texts[i] != NULL)
            put(i, texts[i], strlen(texts[i]));
    }
    return pools_load(directory, error);
}

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/test_pools.XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        unlink(path_of(i));
    return rmdir(directory);
}

#define DOMAINS                                                                                              \
    "# comment\r\n\n"                                                                                        \
    "nanopool.org\tsuffix\tpool\tmedium\t2026\tXMR,ETC\tNanopool\tlist\r\n"                                  \
    "xmr.nanopool.org\tsuffix\tpool\thigh\t2025\t-\t-\tlist\n"                                               \
    "exact.example.org\texact\tbrowser-miner\tlow\n"                                                         \
    "both.example.org\texact\tpool\thigh\n"                                                                  \
    "both.example.org\tsuffix\tpool\tlow"

static const char *pattern_of(const struct pools *pools, const char *name)
{
    const struct pool_rule *rule = pools_find_name(pools, name);
    return rule == NULL ? "none" : rule->pattern;
}

static void finds_names(void **state)
{
    (void)state;
    struct pools *pools = load((const char *const[4]){DOMAINS, "", NULL, NULL}, NULL);
    assert_non_null(pools);
    assert_int_equal(pools_count(pools), 5);
    const struct pool_rule *rule = pools_find_name(pools, "Eth-EU1.NanoPool.org.");
    assert_non_null(rule);
    assert_string_equal(rule->pattern, "nanopool.org");
    assert_string_equal(rule->kind, "pool");
    assert_string_equal(rule->operator_, "Nanopool");
    assert_string_equal(rule->coins, "XMR,ETC");
    assert_string_equal(rule->sources, "list");
    assert_int_equal(rule->last_seen, 2026);
    assert_int_equal(rule->confidence, POOL_MEDIUM);
    assert_string_equal(pattern_of(pools, "a.b.xmr.nanopool.org"), "xmr.nanopool.org");
    assert_string_equal(pools_find_name(pools, "xmr.nanopool.org")->coins, "");
    assert_string_equal(pattern_of(pools, "xmr2.nanopool.org"), "nanopool.org");
    assert_string_equal(pattern_of(pools, "notnanopool.org"), "none");
    assert_string_equal(pattern_of(pools, "nanopool.org.example.com"), "none");
    assert_string_equal(pattern_of(pools, "exact.example.org"), "exact.example.org");
    assert_string_equal(pattern_of(pools, "sub.exact.example.org"), "none");
    assert_int_equal(pools_find_name(pools, "both.example.org")->confidence, POOL_HIGH);
    assert_int_equal(pools_find_name(pools, "sub.both.example.org")->confidence, POOL_LOW);
    pools_free(pools);
}

static void survives_odd_names(void **state)
{
    (void)state;
    struct pools *pools = load((const char *const[4]){DOMAINS, "", NULL, NULL}, NULL);
    char name[600];
    const char *const odd[] = {
        "", ".", "..", "org", ".org", "....nanopool", "nanopool.org..", "\xff\xfe.org"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_string_equal(pattern_of(pools, odd[i]), "none");
    assert_string_equal(pattern_of(pools, ".nanopool.org"), "nanopool.org");
    for (size_t length = 0; length < sizeof name - 20; length++) {
        memset(name, 'a', length);
        memcpy(name + length, ".nanopool.org", 14);
        assert_string_equal(pattern_of(pools, name), length + 13 <= 253 ? "nanopool.org" : "none");
    }
    pools_free(pools);
}

#define ADDRESSES                                                                                            \
    "192.0.2.0/24\t-\tpool\tlow\n"                                                                           \
    "192.0.2.0/24\t3333\tpool\tmedium\n"                                                                     \
    "192.0.2.7\t4444\tproxy\thigh\n"                                                                         \
    "2001:db8::/32\t-\tpool\tlow\n"                                                                          \
    "2001:db8::7\t3333\tpool\tmedium\n"                                                                      \
    "198.51.100.128/25\t-\tpool\tlow\n"

static int confidence_of(const struct pools *pools, const char *text, uint16_t port)
{
    struct address address;
    assert_true(address_parse(text, &address));
    const struct pool_rule *rule = pools_find_address(pools, &address, port);
    return rule == NULL ? -1 : (int)rule->confidence;
}

static void finds_addresses(void **state)
{
    (void)state;
    struct pools *pools = load((const char *const[4]){"", ADDRESSES, NULL, NULL}, NULL);
    assert_non_null(pools);
    assert_int_equal(confidence_of(pools, "192.0.2.7", 4444), POOL_HIGH);
    assert_int_equal(confidence_of(pools, "192.0.2.7", 3333), POOL_MEDIUM);
    assert_int_equal(confidence_of(pools, "192.0.2.7", 1), POOL_LOW);
    assert_int_equal(confidence_of(pools, "192.0.2.255", 3333), POOL_MEDIUM);
    assert_int_equal(confidence_of(pools, "192.0.3.0", 3333), -1);
    assert_int_equal(confidence_of(pools, "192.0.1.255", 3333), -1);
    assert_int_equal(confidence_of(pools, "198.51.100.128", 1), POOL_LOW);
    assert_int_equal(confidence_of(pools, "198.51.100.127", 1), -1);
    assert_int_equal(confidence_of(pools, "2001:db8::7", 3333), POOL_MEDIUM);
    assert_int_equal(confidence_of(pools, "2001:db8::7", 3334), POOL_LOW);
    assert_int_equal(confidence_of(pools, "2001:db9::7", 3333), -1);
    assert_int_equal(confidence_of(pools, "::192.0.2.7", 4444), -1);
    pools_free(pools);
}

/* Networks that are wider than what addresses are told apart by first. */
static void finds_addresses_of_wide_networks(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *inside, *outside;
    } rows[] = {
        {"10.0.0.0/8\t-\tpool\tlow\n", "10.255.1.2", "11.0.0.1"},
        {"198.48.0.0/13\t-\tpool\tlow\n", "198.51.100.1", "198.56.0.1"},
        {"198.51.0.0/16\t-\tpool\tlow\n", "198.51.100.1", "198.52.0.1"},
        {"2001::/16\t-\tpool\tlow\n", "2001:db8::1", "2002:db8::1"},
        {"2001:db0::/31\t-\tpool\tlow\n", "2001:db1::1", "2001:db2::1"},
        {"2001:db8::/32\t-\tpool\tlow\n", "2001:db8::1", "2001:db9::1"},
        {"::/64\t-\tpool\tlow\n", "192.0.2.1", "0:0:0:1::1"},
        {"::1.0.0.0/104\t-\tpool\tlow\n", "::1.2.3.4", "1.2.3.4"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pools *pools = load((const char *const[4]){"", rows[i].rule, NULL, NULL}, NULL);
        assert_non_null(pools);
        assert_int_equal(confidence_of(pools, rows[i].inside, 1), POOL_LOW);
        assert_int_equal(confidence_of(pools, rows[i].outside, 1), -1);
        pools_free(pools);
    }
}

static void lets_local_rules_win(void **state)
{
    (void)state;
    struct pools *pools = load((const char *const[4]){DOMAINS, ADDRESSES,
                                                      "nanopool.org\tsuffix\tpool\toff\n"
                                                      "own.example.net\texact\tpool\thigh\n",
                                                      "192.0.2.0/24\t3333\tpool\toff\n"
                                                      "203.0.113.1\t-\tpool\thigh\n"},
                               NULL);
    assert_non_null(pools);
    assert_string_equal(pattern_of(pools, "www.nanopool.org"), "none");
    assert_string_equal(pattern_of(pools, "xmr.nanopool.org"), "xmr.nanopool.org");
    assert_string_equal(pattern_of(pools, "own.example.net"), "own.example.net");
    assert_int_equal(confidence_of(pools, "192.0.2.9", 3333), -1);
    assert_int_equal(confidence_of(pools, "192.0.2.9", 1), POOL_LOW);
    assert_int_equal(confidence_of(pools, "203.0.113.1", 1), POOL_HIGH);
    pools_free(pools);
}

static void names_the_bad_line(void **state)
{
    (void)state;
    static const struct {
        int file;
        const char *line, *says;
    } rows[] = {
        {0, "one.example.org", "fewer than 4 columns"},
        {0, "one.example.org suffix pool high", "fewer than 4 columns"},
        {0, "a.example.org\tsuffix\tpool\thigh\t2026\t-\t-\t-\t-", "more than 8 columns"},
        {0, "a.example.org\tsuffix\tlagoon\thigh", "kind"},
        {0, "a.example.org\tsuffix\tpool\tvery", "confidence"},
        {0, "a.example.org\tsuffix\tpool\thigh\t26", "year"},
        {0, "a.example.org\tsuffix\tpool\thigh\t20x6", "year"},
        {0, "a.example.org\tprefix\tpool\thigh", "neither exact nor suffix"},
        {0, "org\tsuffix\tpool\thigh", "no host name"},
        {0, "-\tsuffix\tpool\thigh", "no host name"},
        {0, ".example.org\tsuffix\tpool\thigh", "no host name"},
        {0, "example.org.\tsuffix\tpool\thigh", "no host name"},
        {0, "*.example.org\tsuffix\tpool\thigh", "no host name"},
        {0, "Upper.example.org\tsuffix\tpool\thigh", "no host name"},
        {0, "good.example.org\tsuffix\tpool\thigh", "stands in line 1 already"},
        {2, "a.example.org\tsuffix\tpool\tvery", "confidence"},
        {1, "192.0.2.256\t-\tpool\thigh", "no address"},
        {1, "192.0.2.0/33\t-\tpool\thigh", "no address"},
        {1, "192.0.2.0/\t-\tpool\thigh", "no address"},
        {1, "192.0.2.0/-1\t-\tpool\thigh", "no address"},
        {1, "0.0.0.0/0\t-\tpool\thigh", "wider than"},
        {1, "::/0\t-\tpool\thigh", "wider than"},
        {1, "2001:db8::/129\t-\tpool\thigh", "no address"},
        {1, "192.0.2.1/24\t-\tpool\thigh", "bits set behind its prefix"},
        {1, "192.0.2.1\t65536\tpool\thigh", "no port"},
        {1, "192.0.2.1\t99999999999999\tpool\thigh", "no port"},
        {1, "192.0.2.1\thttp\tpool\thigh", "no port"},
        {3, "192.0.2.1\thttp\tpool\thigh", "no port"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool names = rows[i].file % 2 == 0;
        char text[512], place[64];
        const char *texts[4] = {"", "", NULL, NULL};
        snprintf(text, sizeof text, "%s\n%s\n",
                 names ? "good.example.org\tsuffix\tpool\thigh" : "203.0.113.0/24\t-\tpool\thigh",
                 rows[i].line);
        texts[rows[i].file] = text;
        struct error error = {0};
        assert_null(load(texts, &error));
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        snprintf(place, sizeof place, "/%s:2: ", files[rows[i].file]);
        assert_non_null(strstr(error.text, place));
        assert_non_null(strstr(error.text, rows[i].says));
    }
}

static void tells_what_is_wrong_with_a_file(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(load((const char *const[4]){"", NULL, NULL, NULL}, &error));
    assert_int_equal(error.status, STATUS_NO_INPUT);
    assert_non_null(strstr(error.text, "pool-addresses.tsv"));
    static const char binary[] = "a.example.org\tsuffix\tpool\thigh\0more";
    pools_free(load((const char *const[4]){"", "", NULL, NULL}, NULL));
    put(0, binary, sizeof binary);
    assert_null(pools_load(directory, &error));
    assert_non_null(strstr(error.text, "NUL byte"));
    assert_null(
        load((const char *const[4]){"", "192.0.2.1\t1\tpool\tlow\n192.0.2.1\t1\tpool\tlow\n", NULL, NULL},
             &error));
    assert_non_null(strstr(error.text, "twice: in lines 1 and 2"));
    pools_free(NULL);
}

/* What geophone ships loads, finds a pool and leaves look-alikes alone. */
static void ships_rules_that_load(void **state)
{
    (void)state;
    struct error error = {0};
    struct pools *pools = pools_load("signatures", &error);
    if (pools == NULL)
        fail_msg("%s", error.text);
    assert_true(pools_count(pools) > 2000);
    assert_string_equal(pattern_of(pools, "xmr-eu1.nanopool.org"), "nanopool.org");
    const char *const others[] = {
        "0.debian.pool.ntp.org", "mempool.space", "rpcpool.com", "www.minecraft.net", "liverpoolfc.com",
        "storpool.com",          "getmonero.org", "github.com",  "examiner.com",      "pool.telekom.hu"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_string_equal(pattern_of(pools, others[i]), "none");
    pools_free(pools);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_names),
        cmocka_unit_test(survives_odd_names),
        cmocka_unit_test(finds_addresses),
        cmocka_unit_test(finds_addresses_of_wide_networks),
        cmocka_unit_test(lets_local_rules_win),
        cmocka_unit_test(names_the_bad_line),
        cmocka_unit_test(tells_what_is_wrong_with_a_file),
        cmocka_unit_test(ships_rules_that_load),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
