// SPDX-License-Identifier: Apache-2.0
#include "intel/allowed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], path[128];

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/test_allowed.XXXXXX");
    if (mkdtemp(directory) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/local-allowed.tsv", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static struct allowed *load(const char *text, struct error *error)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return allowed_load(directory, "", error);
}

static struct allowed *good(const char *text)
{
    struct error error = {.text = ""};
    struct allowed *allowed = load(text, &error);
    if (allowed == NULL)
        fail_msg("%s", error.text);
    return allowed;
}

/* 2026-01-05 10:00:00 UTC */
static const int64_t now = INT64_C(1767607200) * 1000000;

static struct allowed_match find_at(const struct allowed *allowed, const char *miner, const char *pool,
                                    const char *name, const char *user, const char *wallet, int64_t time_us)
{
    struct address from, to;
    struct allowed_login login = {user, wallet, ""};
    assert_true(address_parse(miner, &from));
    assert_true(address_parse(pool, &to));
    struct allowed_subject subject = {&from, &to, name, &login, user[0] != '\0', false, time_us};
    return allowed_find(allowed, &subject);
}

static struct allowed_match find(const struct allowed *allowed, const char *miner, const char *pool,
                                 const char *name, const char *user, const char *wallet)
{
    return find_at(allowed, miner, pool, name, user, wallet, now);
}

#define STATE(allowed, ...) ((int)find(allowed, __VA_ARGS__).state)

static void no_file_allows_nothing(void **state)
{
    (void)state;
    struct error error;
    unlink(path);
    struct allowed *allowed = allowed_load(directory, "", &error);
    assert_non_null(allowed);
    assert_int_equal(allowed_count(allowed), 0);
    assert_int_equal(STATE(allowed, "192.0.2.1", "203.0.113.1", "pool.example", "w", "w"), ALLOWED_NOT);
    allowed_free(allowed);
    assert_null(allowed_load(directory, path, &error)); /* but one that is named must be there */
    assert_non_null(strstr(error.text, "local-allowed.tsv"));
    allowed_free(NULL);
}

static void each_column_alone(void **state)
{
    (void)state;
    struct allowed *allowed = good("# miner\tpool\twallet\tlogin\tuntil\treason\r\n\n"
                                   "192.0.2.0/25\t-\t-\t-\t-\tfarm\r\n"
                                   "2001:db8:1::/48\t-\t-\t-\t-\tfarm six\n"
                                   "-\tpool.example\t-\t-\t-\tour pool\n"
                                   "-\t203.0.113.0/24\t-\t-\t-\tour pool's net\n"
                                   "-\t-\t44Wallet\t-\t-\tour wallet\n"
                                   "-\t-\t0xAbCd\t-\t-\tours too\n");
    assert_int_equal(allowed_count(allowed), 6);
    assert_string_equal(find(allowed, "192.0.2.127", "198.51.100.1", "", "", "").row->reason, "farm");
    assert_int_equal(STATE(allowed, "192.0.2.128", "198.51.100.1", "", "", ""), ALLOWED_NOT);
    assert_string_equal(find(allowed, "2001:db8:1::9", "198.51.100.1", "", "", "").row->reason, "farm six");
    assert_int_equal(STATE(allowed, "2001:db8:2::9", "198.51.100.1", "", "", ""), ALLOWED_NOT);
    assert_string_equal(find(allowed, "10.0.0.1", "198.51.100.1", "EU.Pool.Example.", "", "").row->reason,
                        "our pool");
    assert_int_equal(STATE(allowed, "10.0.0.1", "198.51.100.1", "pool.example", "", ""), ALLOWED_COVERED);
    assert_int_equal(STATE(allowed, "10.0.0.1", "198.51.100.1", "notpool.example", "", ""), ALLOWED_NOT);
    assert_string_equal(find(allowed, "10.0.0.1", "203.0.113.77", "", "", "").row->reason, "our pool's net");
    assert_string_equal(find(allowed, "10.0.0.1", "198.51.100.1", "", "44Wallet.rig", "44Wallet").row->reason,
                        "our wallet");
    assert_int_equal(STATE(allowed, "10.0.0.1", "198.51.100.1", "", "44wallet", "44wallet"), ALLOWED_NOT);
    assert_int_equal(STATE(allowed, "10.0.0.1", "198.51.100.1", "", "0xaBcD", "0xaBcD"), ALLOWED_COVERED);
    assert_int_equal(find(allowed, "192.0.2.1", "203.0.113.1", "", "", "").row->line, 3); /* the first */
    allowed_free(allowed);
}

static void all_columns_of_a_row_count(void **state)
{
    (void)state;
    struct allowed *allowed = good("192.0.2.0/24\tpool.example\t44Wallet\t-\t-\tfarm\n"
                                   "192.0.2.9\t-\t-\tours.\t-\taccount\n");
    assert_int_equal(STATE(allowed, "192.0.2.1", "203.0.113.1", "pool.example", "44Wallet.a", "44Wallet"),
                     ALLOWED_COVERED);
    struct allowed_match match =
        find(allowed, "192.0.2.1", "203.0.113.1", "pool.example", "44Thief", "44Thief");
    assert_int_equal(match.state, ALLOWED_OTHER);
    assert_string_equal(match.lacks, "wallet");
    match = find(allowed, "192.0.2.1", "203.0.113.1", "other.example", "44Wallet", "44Wallet");
    assert_int_equal(match.state, ALLOWED_OTHER);
    assert_string_equal(match.lacks, "pool");
    match = find(allowed, "192.0.2.1", "203.0.113.1", "pool.example", "", ""); /* no login was seen */
    assert_int_equal(match.state, ALLOWED_OTHER);
    assert_string_equal(match.lacks, "wallet");
    assert_int_equal(STATE(allowed, "192.0.3.1", "203.0.113.1", "pool.example", "44Wallet", "44Wallet"),
                     ALLOWED_NOT);
    assert_int_equal(STATE(allowed, "192.0.2.9", "203.0.113.1", "", "ours.rig", ""), ALLOWED_COVERED);
    match = find(allowed, "192.0.2.9", "203.0.113.1", "", "theirs.rig", "");
    assert_int_equal(match.state, ALLOWED_OTHER);
    allowed_free(allowed);
}

static void every_login_must_be_covered(void **state)
{
    (void)state;
    struct allowed *allowed =
        good("192.0.2.0/24\t-\t44Wallet\t-\t-\tfarm\n-\tpool.example\t-\trig\t-\trigs\n");
    struct address miner, other, pool;
    address_parse("192.0.2.1", &miner);
    address_parse("10.0.0.1", &other);
    address_parse("203.0.113.1", &pool);
    struct allowed_login logins[] = {{"44Wallet.a", "44Wallet", "a"}, {"44Thief", "44Thief", "rig7"}};
    struct allowed_subject subject = {&miner, &pool, "", logins, 2, false, now};
    assert_int_equal(allowed_find(allowed, &subject).state, ALLOWED_OTHER);
    subject.login_count = 1;
    assert_int_equal(allowed_find(allowed, &subject).state, ALLOWED_COVERED);
    subject = (struct allowed_subject){&other, &pool, "eu.pool.example", logins + 1, 1, false, now};
    assert_int_equal(allowed_find(allowed, &subject).state, ALLOWED_COVERED); /* by its worker */
    allowed_free(allowed);
}

/* A contact shows no login: a row with miner and pool covers it, one with a wallet alone does not. */
static void contacts(void **state)
{
    (void)state;
    struct allowed *allowed = good("192.0.2.1\tpool.example\t44Wallet\t-\t-\tfarm\n"
                                   "192.0.2.2\t-\t44Wallet\t-\t-\tfarm\n");
    struct address first, second;
    address_parse("192.0.2.1", &first);
    address_parse("192.0.2.2", &second);
    struct allowed_subject subject = {&first, NULL, "eu.pool.example", NULL, 0, true, now};
    assert_int_equal(allowed_find(allowed, &subject).state, ALLOWED_COVERED);
    subject.pool_name = "other.example";
    assert_int_equal(allowed_find(allowed, &subject).state, ALLOWED_OTHER);
    subject.miner = &second;
    assert_int_equal(allowed_find(allowed, &subject).state, ALLOWED_NOT);
    allowed_free(allowed);
}

static void expiry(void **state)
{
    (void)state;
    struct allowed *allowed =
        good("192.0.2.1\t-\t-\t-\t2026-01-05\tfarm\n192.0.2.2\t-\t-\t-\t2026-01-04\told\n"
             "192.0.2.0/24\t-\t44Wallet\t-\t-\twallet\n");
    assert_int_equal(STATE(allowed, "192.0.2.1", "203.0.113.1", "", "", ""), ALLOWED_COVERED);
    const int64_t midnight = now + INT64_C(14) * 3600 * 1000000;
    assert_int_equal(find_at(allowed, "192.0.2.1", "203.0.113.1", "", "", "", midnight - 1).state,
                     ALLOWED_COVERED);
    assert_int_equal(find_at(allowed, "192.0.2.1", "203.0.113.1", "", "", "", midnight).state,
                     ALLOWED_EXPIRED);
    struct allowed_match match = find(allowed, "192.0.2.2", "203.0.113.1", "", "", "");
    assert_int_equal(match.state, ALLOWED_EXPIRED);
    assert_string_equal(match.row->until, "2026-01-04");
    /* another row that holds counts more */
    assert_int_equal(STATE(allowed, "192.0.2.2", "203.0.113.1", "", "44Wallet", "44Wallet"), ALLOWED_COVERED);
    allowed_free(allowed);
}

static void counts_by_row(void **state)
{
    (void)state;
    struct allowed *allowed =
        good("192.0.2.1\t-\t-\t-\t-\ta\n192.0.2.2\t-\t-\t-\t-\tb\n192.0.2.3\t-\t-\t-\t-\tc\n"
             "192.0.2.4\t-\t-\t-\t-\td\n");
    const struct allowed_row *rows[2];
    assert_int_equal(allowed_busiest(allowed, rows, 2), 0);
    static const char *const miners[] = {"192.0.2.1", "192.0.2.3", "192.0.2.4"};
    for (unsigned i = 0; i < 3; i++) {
        struct allowed_row *row = find(allowed, miners[i], "203.0.113.1", "", "", "").row;
        row->incidents = 1;
        row->alerts = i == 1 ? 9 : i + 1;
    }
    assert_int_equal(allowed_busiest(allowed, rows, 2), 2);
    assert_string_equal(rows[0]->reason, "c");
    assert_string_equal(rows[1]->reason, "d");
    allowed_free(allowed);
}

static void wrong_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaint;
    } wrong[] = {
        {"192.0.2.1\tfarm\n", "local-allowed.tsv:1: not 6 columns"},
        {"#\n192.0.2.1\t-\t-\t-\t-\tfarm\tmore\n", "local-allowed.tsv:2: not 6 columns"},
        {"192.0.2.1\t-\t-\t-\t-\t\n", "local-allowed.tsv:1: the reason is missing"},
        {"192.0.2.1\t-\t-\t-\t-\t-\n", "the reason is missing"},
        {"192.0.2.300\t-\t-\t-\t-\tfarm\n", "the miner is no address or network"},
        {"192.0.2.1/24\t-\t-\t-\t-\tfarm\n", "the miner is no address or network"},
        {"0.0.0.0/0\t-\t-\t-\t-\tall\n", "the miner is no address or network"},
        {"-\tPool.Example\t-\t-\t-\tfarm\n", "the pool is no address, network, or name"},
        {"-\tcom\t-\t-\t-\tfarm\n", "the pool is no address, network, or name"},
        {"-\t203.0.113.1/8\t-\t-\t-\tfarm\n", "the pool is no address, network, or name"},
        {"-\t-\t-\trig\t-\tfarm\n", "a login is what anybody can choose"},
        {"-\t-\t-\t-\t-\tall\n", "neither miner, pool nor wallet"},
        {"192.0.2.1\t-\t-\t-\t2026-02-30\tfarm\n", "the last day is none"},
        {"192.0.2.1\t-\t-\t-\t2026-2-3\tfarm\n", "the last day is none"},
        {"192.0.2.1\t-\t-\t-\t 026-02-03\tfarm\n", "the last day is none"},
        {"192.0.2.1\t-\t-\t-\ttomorrow\tfarm\n", "the last day is none"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error error = {.text = ""};
        if (load(wrong[i].text, &error) != NULL || strstr(error.text, wrong[i].complaint) == NULL)
            fail_msg("%s gives \"%s\"", wrong[i].text, error.text);
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        assert_null(strchr(error.text, '\n'));
    }
}

static void many_rows_are_bounded(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    for (unsigned i = 0; i <= ALLOWED_MAX_ROWS; i++)
        fprintf(file, "10.%u.%u.%u\t-\t-\t-\t-\tfarm\n", i >> 16, i >> 8 & 255, i & 255);
    fclose(file);
    struct error error = {.text = ""};
    assert_null(allowed_load(directory, "", &error));
    assert_non_null(strstr(error.text, ":65537: more than 65536 rows"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_file_allows_nothing),
        cmocka_unit_test(each_column_alone),
        cmocka_unit_test(all_columns_of_a_row_count),
        cmocka_unit_test(every_login_must_be_covered),
        cmocka_unit_test(contacts),
        cmocka_unit_test(expiry),
        cmocka_unit_test(counts_by_row),
        cmocka_unit_test(wrong_lines),
        cmocka_unit_test(many_rows_are_bounded),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
