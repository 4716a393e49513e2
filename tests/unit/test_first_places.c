// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place_files.h"
#include "verdict/first_places.h"

static struct error error;
static struct first_places *firsts;
static const char *path;

static int begin(void **state)
{
    place_folder_make(state);
    path = place_file("state", "", 0);
    unlink(path);
    return 0;
}

static int end(void **state)
{
    first_places_free(firsts);
    firsts = NULL;
    return place_folder_remove(state);
}

static void reopen(const char *file)
{
    first_places_free(firsts);
    firsts = first_places_open(file, &error);
    if (firsts == NULL)
        fail_msg("%s", error.text);
}

static struct cloud_place in(const char *account, const char *region)
{
    struct cloud_place place = {.provider = "aws"};
    snprintf(place.account, sizeof place.account, "%s", account);
    snprintf(place.region, sizeof place.region, "%s", region);
    return place;
}

static void assert_first(const char *account, const char *region, const char *incident, bool in_account,
                         bool in_region)
{
    struct cloud_place place = in(account, region);
    first_places_mark(firsts, incident, &place);
    assert_int_equal(place.first_in_account, in_account);
    assert_int_equal(place.first_in_region, in_region);
}

static void learn(const char *account, const char *region, const char *incident)
{
    struct cloud_place place = in(account, region);
    first_places_learn(firsts, &place, incident, INT64_C(1795339812) * 1000000);
}

static void the_first_is_first(void **state)
{
    (void)state;
    reopen("");
    assert_false(first_places_is_kept(firsts));
    assert_first("1", "eu", "", true, true);
    learn("1", "eu", "incident-1");
    assert_first("1", "eu", "incident-1", true, true); /* it stays so for its life */
    assert_first("1", "eu", "incident-2", false, false);
    assert_first("1", "eu", "", false, false);
    assert_first("1", "us", "incident-2", false, true);
    assert_first("2", "eu", "incident-2", true, false);
    assert_first("", "", "incident-2", false, false);
}

static void it_is_kept(void **state)
{
    (void)state;
    char text[512] = "";
    reopen(path);
    assert_true(first_places_is_kept(firsts));
    learn("1", "eu", "incident-1");
    learn("1", "us", "incident-1");
    reopen(path);
    assert_int_equal(first_places_count(firsts), 3);
    assert_first("1", "eu", "incident-1", false, false); /* before this start */
    assert_first("2", "us", "", true, false);
    FILE *file = fopen(path, "r");
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_true(length > 0);
    assert_non_null(strstr(text, "\naccount\taws\t1\t2026-11-22T09:30:12Z\nregion\taws\teu\t"));
    char beside[160];
    snprintf(beside, sizeof beside, "%s.new", path);
    assert_int_not_equal(access(beside, F_OK), 0);
}

static void what_could_break_the_file_is_not_kept(void **state)
{
    (void)state;
    reopen(path);
    learn("1\tx", "eu\nregion\taws\tus", "i");
    learn("-", "", "i");
    assert_int_equal(first_places_count(firsts), 0);
    learn("", "eu", "i");
    reopen(path);
    assert_int_equal(first_places_count(firsts), 1);
}

static void a_folder_that_is_not_there_is_no_end(void **state)
{
    (void)state;
    reopen("/nowhere/state");
    learn("1", "eu", "i"); /* an error is logged */
    assert_first("1", "eu", "", false, false);
}

static void wrong_files(void **state)
{
    (void)state;
    place_file("state", "account\taws\t1\t2026-01-01\ncountry\taws\tse\t2026-01-01\n", 0);
    assert_null(first_places_open(path, &error));
    assert_non_null(strstr(error.text, "state:2: neither an account nor a region"));
    place_file("state", "account\n", 0);
    assert_null(first_places_open(path, &error));
    assert_non_null(strstr(error.text, "state:1: not 4 columns"));
    unlink(path);
}

static void it_is_bounded(void **state)
{
    (void)state;
    reopen("");
    for (int i = 0; i < FIRST_PLACES_MAX + 10; i++) {
        char account[16];
        snprintf(account, sizeof account, "%d", i);
        learn(account, "", "i");
    }
    assert_int_equal(first_places_count(firsts), FIRST_PLACES_MAX);
    assert_first("another", "one", "", false, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_is_first),
        TEST(it_is_kept),
        TEST(what_could_break_the_file_is_not_kept),
        TEST(a_folder_that_is_not_there_is_no_end),
        TEST(wrong_files),
        TEST(it_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
