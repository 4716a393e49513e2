// SPDX-License-Identifier: Apache-2.0
#include "guarded.h"
#include "intel/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const uint8_t secret[16] = {1, 2, 3};
static const int64_t second = 1000000;

static struct address at(uint32_t number)
{
    uint8_t bytes[4] = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    return address_from_ipv4(bytes);
}

static void prefers_the_clients_own_name(void **state)
{
    (void)state;
    struct names *names = names_create(100, secret, NULL);
    struct address a = at(1), b = at(2), c = at(3), pool = at(99);
    assert_null(names_find(names, &a, &pool, 0, 60));
    names_learn(names, &a, &pool, "First.Example.ORG.", 1 * second);
    names_learn(names, &b, &pool, "second.example.org", 2 * second);
    assert_string_equal(names_find(names, &a, &pool, 3 * second, 60), "first.example.org");
    assert_string_equal(names_find(names, &b, &pool, 3 * second, 60), "second.example.org");
    assert_string_equal(names_find(names, &c, &pool, 3 * second, 60), "second.example.org");
    assert_null(names_find(names, &pool, &a, 3 * second, 60));
    assert_string_equal(names_find_own(names, &a, &pool, 3 * second, 60), "first.example.org");
    assert_string_equal(names_find_own(names, NULL, &pool, 3 * second, 60), "second.example.org");
    assert_null(names_find_own(names, &c, &pool, 3 * second, 60));
    names_learn(names, &a, &pool, "third.example.org", 4 * second);
    assert_string_equal(names_find(names, &a, &pool, 4 * second, 60), "third.example.org");
    names_free(names);
}

static void forgets_with_age(void **state)
{
    (void)state;
    struct names *names = names_create(100, secret, NULL);
    struct address a = at(1), b = at(2), pool = at(99);
    names_learn(names, &a, &pool, "old.example.org", 0);
    names_learn(names, &b, &pool, "new.example.org", 50 * second);
    assert_string_equal(names_find(names, &a, &pool, 60 * second, 60), "old.example.org");
    assert_string_equal(names_find(names, &a, &pool, 60 * second + 1, 60), "new.example.org");
    assert_null(names_find(names, &a, &pool, 111 * second, 60));
    assert_string_equal(names_find(names, &a, &pool, -5 * second, 60), "old.example.org");
    assert_null(names_find(names, &a, &pool, INT64_MAX, UINT32_MAX));
    names_free(names);
}

/* Far more than fits: what is found is right, and the newest is always there. */
static void stays_bounded(void **state)
{
    (void)state;
    struct names *names = names_create(64, secret, NULL);
    struct address client = at(0);
    char name[260];
    unsigned known = 0;
    for (uint32_t i = 1; i <= 20000; i++) {
        struct address address = at(i);
        snprintf(name, sizeof name, "host-%u.%.*s.example.org", i, (int)(i % 200),
                 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk."
                 "abcdefghijklmnopqrstuvwxyzabcdefghijkl"
                 "mnopqrstuvwxyzabcdefghijk.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk");
        names_learn(names, &client, &address, name, i);
        assert_string_equal(names_find(names, &client, &address, i, 60), name);
    }
    for (uint32_t i = 1; i <= 20000; i++) {
        struct address address = at(i);
        const char *found = names_find(names, &client, &address, 20000, 60);
        snprintf(name, sizeof name, "host-%u.", i);
        if (found != NULL) {
            assert_memory_equal(found, name, strlen(name));
            known++;
        }
    }
    assert_in_range(known, 1, 64);
    names_free(names);
}

/* A name that is asked for all the time survives many others in a large table, and costs no text. */
static void keeps_what_is_asked_for(void **state)
{
    (void)state;
    struct names *names = names_create(4096, secret, NULL);
    struct address client = at(0), pool = at(1);
    for (uint32_t i = 0; i < 100000; i++)
        names_learn(names, &client, &pool, "xmr.pool.example.org", i);
    assert_string_equal(names_find(names, &client, &pool, 100000, 60), "xmr.pool.example.org");
    for (uint32_t i = 0; i < 100; i++) {
        struct address address = at(i + 2);
        names_learn(names, &client, &address, "other.example.org", 100000 + i);
    }
    assert_string_equal(names_find(names, &client, &pool, 100000, 60), "xmr.pool.example.org");
    names_free(names);
}

static void refuses_bad_names(void **state)
{
    (void)state;
    struct names *names = names_create(1, secret, NULL);
    struct address a = at(1), pool = at(99);
    char name[400];
    for (size_t length = 0; length < sizeof name; length++) {
        memset(name, 'n', length);
        name[length] = '\0';
        struct guarded guarded = guarded_copy(name, length + 1);
        struct names *fresh = names_create(1, secret, NULL);
        names_learn(fresh, &a, &pool, (const char *)guarded.bytes, 0);
        const char *found = names_find(fresh, &a, &pool, 0, 1);
        assert_int_equal(found != NULL, length > 0 && length <= 253);
        names_free(fresh);
        guarded_free(&guarded);
    }
    names_learn(names, &a, &pool, ".", 0);
    assert_null(names_find(names, &a, &pool, 0, 1));
    names_free(names);
}

static void tells_what_is_new(void **state)
{
    (void)state;
    struct names *names = names_create(100, secret, NULL);
    struct address a = at(1), b = at(2), pool = at(99);
    assert_string_equal(names_learn(names, &a, &pool, "Pool.Example.", 0), "pool.example");
    assert_null(names_learn(names, &a, &pool, "POOL.example", second));
    assert_null(names_learn(names, &b, &pool, "pool.example", second)); /* the address had it already */
    assert_string_equal(names_learn(names, &b, &pool, "other.example", second), "other.example");
    assert_null(names_learn(names, &a, &pool, "", second));
    names_free(names);
}

static void mark(void *context, const struct address *address, const char *name)
{
    if (strcmp(name, "pool.example") == 0)
        names_mark(context, address);
}

/* No marked address is ever missed; of 1,000 others few are taken for marked. */
static void keeps_marks(void **state)
{
    (void)state;
    struct names *names = names_create(4000, secret, NULL);
    struct address client = at(1);
    unsigned wrong = 0;
    for (uint32_t i = 0; i < 100; i++) {
        struct address address = at(1000 + i), other = at(5000 + i);
        names_learn(names, &client, &address, "pool.example", 0);
        names_learn(names, &client, &other, "other.example", 0);
        assert_false(names_is_marked(names, &address));
    }
    names_each(names, mark, names);
    for (uint32_t i = 0; i < 100; i++) {
        struct address address = at(1000 + i);
        assert_true(names_is_marked(names, &address));
    }
    for (uint32_t i = 0; i < 1000; i++) {
        struct address address = at(5000 + i);
        wrong += names_is_marked(names, &address);
    }
    assert_true(wrong < 20);
    names_free(names);
}

static void checks_its_size(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(names_create(0, secret, &error));
    assert_int_equal(error.status, STATUS_CONFIGURATION);
    assert_null(names_create(UINT32_MAX, secret, &error));
    names_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefers_the_clients_own_name),
        cmocka_unit_test(forgets_with_age),
        cmocka_unit_test(stays_bounded),
        cmocka_unit_test(keeps_what_is_asked_for),
        cmocka_unit_test(refuses_bad_names),
        cmocka_unit_test(tells_what_is_new),
        cmocka_unit_test(keeps_marks),
        cmocka_unit_test(checks_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
