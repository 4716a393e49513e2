// SPDX-License-Identifier: Apache-2.0
#include "intel/tls_fingerprints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define JA3 "c216e752cae6f8755fd27f561d031636"
#define JA4 "t13i310900_e8f1e7e78f70_1f22a2ca17c4"

static char directory[] = "/tmp/geophone-fingerprints-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (text == NULL) {
        unlink(path);
        return;
    }
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct tls_fingerprints *load(const char *shipped, const char *own, struct error *error)
{
    write_file("tls-fingerprints.tsv", shipped);
    write_file("local-tls-fingerprints.tsv", own);
    return tls_fingerprints_load(directory, error);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    write_file("tls-fingerprints.tsv", NULL);
    write_file("local-tls-fingerprints.tsv", NULL);
    return rmdir(directory);
}

static void test_finds(void **state)
{
    (void)state;
    struct error error;
    struct tls_fingerprints *list =
        load("# comment\n\n" JA3 "\tby JA3\tlow\t2024\tsource\n" JA4 "\tby JA4\tmedium\r\n", NULL, &error);
    assert_non_null(list);
    assert_int_equal(tls_fingerprints_count(list), 2);
    const struct tls_fingerprint *found = tls_fingerprints_find(list, JA3, "");
    assert_non_null(found);
    assert_string_equal(found->software, "by JA3");
    assert_string_equal(found->sources, "source");
    assert_int_equal(found->last_seen, 2024);
    assert_int_equal(found->confidence, POOL_LOW);
    assert_false(found->own);
    found = tls_fingerprints_find(list, JA3, JA4); /* the more confident one */
    assert_non_null(found);
    assert_string_equal(found->software, "by JA4");
    assert_null(tls_fingerprints_find(list, "", ""));
    assert_null(tls_fingerprints_find(list, "c216e752cae6f8755fd27f561d031637", "t13"));
    tls_fingerprints_free(list);
}

static void test_own_rows_win(void **state)
{
    (void)state;
    struct error error;
    struct tls_fingerprints *list =
        load(JA3 "\tshipped\tlow\n" JA4 "\tshipped\tlow\n", JA3 "\tmine\thigh\n" JA4 "\tnone\toff\n", &error);
    assert_non_null(list);
    const struct tls_fingerprint *found = tls_fingerprints_find(list, JA3, JA4);
    assert_non_null(found);
    assert_string_equal(found->software, "mine");
    assert_int_equal(found->confidence, POOL_HIGH);
    assert_true(found->own);
    assert_null(tls_fingerprints_find(list, "", JA4));
    tls_fingerprints_free(list);
}

static void test_empty(void **state)
{
    (void)state;
    struct error error;
    struct tls_fingerprints *list = load("", NULL, &error);
    assert_non_null(list);
    assert_null(tls_fingerprints_find(list, JA3, JA4));
    tls_fingerprints_free(list);
}

static void test_bad_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line, *complaint;
    } rows[] = {
        {JA3 "\tsoftware\n", ":2: fewer than 3 columns"},
        {JA3 " software low\n", ":2: fewer than 3 columns"},
        {"c216\tsoftware\tlow\n", ":2: the first column is neither JA3"},
        {"C216E752CAE6F8755FD27F561D031636\tsoftware\tlow\n", ":2: the first column is neither"},
        {"t13i310900-e8f1e7e78f70-1f22a2ca17c4\tsoftware\tlow\n", ":2: the first column is neither"},
        {JA3 "\t-\tlow\n", ":2: the second column names no software"},
        {JA4 "\tsoftware\tsure\n", ":2: the confidence is none of"},
        {JA4 "\tsoftware\tlow\t26\n", ":2: the year is not of four digits"},
        {JA4 "\tsoftware\tlow\n" JA4 "\tother\tlow\n", "twice: in lines 2 and 3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        struct error error;
        snprintf(text, sizeof text, "# head\n%s", rows[i].line);
        assert_null(load("", text, &error));
        assert_non_null(strstr(error.text, rows[i].complaint));
        assert_null(load(text, NULL, &error));
    }
    struct error error;
    assert_null(load(NULL, NULL, &error));
    assert_non_null(strstr(error.text, "tls-fingerprints.tsv"));
}

/* What ships is true of ordinary programs, too: none of it is more than low. */
static void test_shipped(void **state)
{
    (void)state;
    struct error error;
    struct tls_fingerprints *list = tls_fingerprints_load("signatures", &error);
    assert_non_null(list);
    assert_true(tls_fingerprints_count(list) >= 9);
    const struct tls_fingerprint *found = tls_fingerprints_find(list, JA3, JA4);
    assert_non_null(found);
    assert_int_equal(found->confidence, POOL_LOW);
    tls_fingerprints_free(list);
    FILE *file = fopen("signatures/tls-fingerprints.tsv", "re");
    assert_non_null(file);
    char line[512];
    while (fgets(line, sizeof line, file) != NULL)
        assert_true(line[0] == '#' || strstr(line, "\tlow\t") != NULL);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds),     cmocka_unit_test(test_own_rows_win), cmocka_unit_test(test_empty),
        cmocka_unit_test(test_bad_lines), cmocka_unit_test(test_shipped),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
