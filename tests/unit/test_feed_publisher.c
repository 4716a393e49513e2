// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_publisher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "feed_samples.h"

static char path[] = "/tmp/test_feed_publisher.XXXXXX";
static struct feed_publisher *publisher;
static struct feed_sighting seen[2];

static void write_allow(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int begin(void **state)
{
    (void)state;
    struct error error;
    write_allow("198.51.100.0/24\t-\tour own\n");
    struct feed_settings settings = {
        .verdict = FEED_CONFIRMED, .keep_us = 7 * DAY_US, .max_entries = 100, .allow_path = path};
    publisher = feed_publisher_create(&settings, &error);
    seen[0] = sample_sighting("pool.example.org:3333", "203.0.113.9");
    seen[1] = sample_sighting("", "198.51.100.9");
    return publisher == NULL;
}

static int end(void **state)
{
    (void)state;
    feed_publisher_free(publisher);
    return 0;
}

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 || close(descriptor) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static const struct feed_document *document(size_t index)
{
    return feed_publisher_document(publisher, index);
}

static void nothing_is_there_before_the_first(void **state)
{
    (void)state;
    assert_int_equal(feed_publisher_time(publisher), 0);
    assert_null(document(FEED_FORMAT_plain_ip)->text);
}

static void what_does_not_change_keeps_tag_and_time(void **state)
{
    (void)state;
    char etags[FEED_FORMAT_COUNT][40];
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now));
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        memcpy(etags[i], document(i)->etag, sizeof etags[i]);
    assert_string_equal(document(FEED_FORMAT_plain_ip)->text, "203.0.113.9\n");
    assert_int_equal(document(FEED_FORMAT_plain_ip)->entries, 1);
    seen[0].last_us += 30000000; /* seen again */
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now + 60000000));
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++) {
        assert_string_equal(document(i)->etag, etags[i]);
        assert_int_equal(document(i)->changed_s, sample_now / 1000000);
    }
    assert_int_equal(feed_publisher_time(publisher), sample_now + 60000000);
}

static void what_changes_gets_others(void **state)
{
    (void)state;
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now));
    char names[40], addresses[40], zone[40];
    memcpy(names, document(FEED_FORMAT_plain_domain)->etag, sizeof names);
    memcpy(addresses, document(FEED_FORMAT_plain_ip)->etag, sizeof addresses);
    memcpy(zone, document(FEED_FORMAT_rpz)->etag, sizeof zone);
    seen[1].pool_ip = "203.0.113.10";
    /* within the same second: the serial of a zone grows all the same (RFC 1982) */
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now));
    assert_string_equal(document(FEED_FORMAT_plain_domain)->etag, names);
    assert_string_not_equal(document(FEED_FORMAT_plain_ip)->etag, addresses);
    assert_string_not_equal(document(FEED_FORMAT_rpz)->etag, zone);
    assert_int_equal(document(FEED_FORMAT_plain_ip)->changed_s, sample_now / 1000000 + 1);
    assert_non_null(strstr(document(FEED_FORMAT_rpz)->text, " 1767607201 "));
    /* and back: the same list as at first, so that a firewall need not read it again */
    seen[0].last_us = sample_now + 7 * DAY_US;
    assert_true(feed_publisher_publish(publisher, seen, 1, sample_now + 7 * DAY_US));
    assert_string_equal(document(FEED_FORMAT_plain_ip)->etag, addresses);
}

static void the_allow_list_is_read_again(void **state)
{
    (void)state;
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now));
    write_allow("203.0.113.0/24\t-\ta partner\n");
    feed_publisher_reload(publisher);
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now));
    assert_string_equal(document(FEED_FORMAT_plain_ip)->text, "198.51.100.9\n");
    write_allow("203.0.113.0/24\tno day\twrong\n"); /* what is wrong changes nothing */
    feed_publisher_reload(publisher);
    assert_true(feed_publisher_publish(publisher, seen, 2, sample_now));
    assert_string_equal(document(FEED_FORMAT_plain_ip)->text, "198.51.100.9\n");
}

static void a_bad_allow_list_is_an_error_at_the_start(void **state)
{
    (void)state;
    struct error error;
    struct feed_settings settings = {.verdict = FEED_CONFIRMED, .allow_path = "/nowhere/allow.tsv"};
    assert_null(feed_publisher_create(&settings, &error));
    assert_non_null(strstr(error.text, "/nowhere/allow.tsv"));
    feed_publisher_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_there_before_the_first, begin, end),
        cmocka_unit_test_setup_teardown(what_does_not_change_keeps_tag_and_time, begin, end),
        cmocka_unit_test_setup_teardown(what_changes_gets_others, begin, end),
        cmocka_unit_test_setup_teardown(the_allow_list_is_read_again, begin, end),
        cmocka_unit_test(a_bad_allow_list_is_an_error_at_the_start),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
