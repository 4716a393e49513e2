// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answers.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "feed_samples.h"

static struct model *model;
static struct feed_publisher *feeds;
static struct answer answer;
static struct request request;

static int begin(void **state)
{
    (void)state;
    struct error error;
    const struct model_limits limits = {.incidents = 100, .bytes = 1 << 20};
    const struct feed_settings settings = {
        .verdict = FEED_CONFIRMED, .keep_us = 7 * DAY_US, .max_entries = 100};
    static struct target target;
    model = model_create(&limits, &error);
    feeds = feed_publisher_create(&settings, &error);
    request = (struct request){.target = &target,
                               .rest = "block-ip.txt",
                               .if_none_match = "",
                               .if_modified_since = "",
                               .feeds = feeds,
                               .now_us = sample_now};
    return model == NULL || feeds == NULL;
}

static int end(void **state)
{
    (void)state;
    feed_publisher_free(feeds);
    model_free(model);
    return 0;
}

static void link_is(bool loading, bool connected, int64_t updated_us)
{
    model_set_link(
        model, &(struct model_link){.loading = loading, .connected = connected, .updated_us = updated_us});
}

static void see(const char *id, const char *pool_ip, const char *last_seen)
{
    static const char *const known[][2] = {
        {"state", "active"},       {"first_seen", "2026-01-05T09:00:00.000000+0000"},
        {"verdict", "confirmed"},  {"confidence", "0.99"},
        {"sanctioned", "0"},       {"kind", "stratum"},
        {"miner_ip", "192.0.2.17"}};
    struct incident_value values[INCIDENT_FIELD_COUNT];
    for (size_t i = 0; i < INCIDENT_FIELD_COUNT; i++) {
        const char *text = "";
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            if (strcmp(incident_view_field(i), known[k][0]) == 0)
                text = known[k][1];
        if (strcmp(incident_view_field(i), "pool_ip") == 0)
            text = pool_ip;
        if (strcmp(incident_view_field(i), "last_seen") == 0)
            text = last_seen;
        values[i] = (struct incident_value){text, strlen(text)};
    }
    struct sensor_view *sensor = model_sensor_get(model, "edge1", 5);
    assert_non_null(sensor);
    assert_int_equal(model_incident_put(model, sensor, id, values, NULL), MODEL_OPENED);
}

/* The status of an answer, whose body is left in `answer`. */
static unsigned ask(answer_handler *handler)
{
    answer_done(&answer);
    answer_init(&answer);
    handler(&request, model, &answer);
    return answer.status;
}

static void text_is(const char *expected)
{
    assert_int_equal(answer.text.length, strlen(expected));
    if (expected[0] != '\0')
        assert_memory_equal(answer.text.bytes, expected, strlen(expected));
    assert_string_equal(answer.type, "text/plain; charset=utf-8");
}

static void nothing_is_served_before_redis_was_read(void **state)
{
    (void)state;
    link_is(true, true, sample_now);
    assert_int_equal(ask(answer_feed), 503);
    assert_int_equal(ask(answer_feed_reasons), 503);
    assert_int_equal(ask(answer_feeds), 200);
    assert_non_null(strstr(json_writer_text(&answer.json), "\"published\":false"));
    link_is(false, true, sample_now);
    assert_int_equal(ask(answer_feed), 200);
    text_is("");
    request.rest = "no-such-feed";
    assert_int_equal(ask(answer_feed), 404);
    answer_done(&answer);
}

static void what_is_there_already_is_not_sent_again(void **state)
{
    (void)state;
    char tag[72];
    link_is(false, true, sample_now);
    see("01", "203.0.113.9", "2026-01-05T09:59:00.000000+0000");
    assert_int_equal(ask(answer_feed), 200);
    text_is("203.0.113.9\n");
    assert_int_equal(answer.changed_s, sample_now / 1000000);
    memcpy(tag, answer.etag, sizeof tag);
    request.if_none_match = tag;
    assert_int_equal(ask(answer_feed), 304);
    text_is("");
    assert_string_equal(answer.etag, tag);
    request.if_none_match = "";
    request.if_modified_since = "Mon, 05 Jan 2026 10:00:00 GMT";
    assert_int_equal(ask(answer_feed), 304);
    request.if_none_match = "\"another\""; /* counts for more than the time (RFC 9110, section 13.2.2) */
    assert_int_equal(ask(answer_feed), 200);
    answer_done(&answer);
}

/* Within five seconds the same is told; then what is new. */
static void publications_are_renewed(void **state)
{
    (void)state;
    link_is(false, true, sample_now);
    see("01", "203.0.113.9", "2026-01-05T09:59:00.000000+0000");
    assert_int_equal(ask(answer_feed), 200);
    see("02", "203.0.113.10", "2026-01-05T09:59:00.000000+0000");
    request.now_us += 4999999;
    assert_int_equal(ask(answer_feed), 200);
    text_is("203.0.113.9\n");
    request.now_us++;
    assert_int_equal(ask(answer_feed), 200);
    text_is("203.0.113.9\n203.0.113.10\n");
    request.now_us -= 3600 * INT64_C(1000000); /* the clock was set back */
    see("03", "203.0.113.11", "2026-01-05T09:59:00.000000+0000");
    assert_int_equal(ask(answer_feed), 200);
    text_is("203.0.113.9\n203.0.113.10\n203.0.113.11\n");
    answer_done(&answer);
}

static void without_redis_nothing_expires(void **state)
{
    (void)state;
    link_is(false, true, sample_now);
    see("01", "203.0.113.9", "2026-01-05T09:59:00.000000+0000");
    assert_int_equal(ask(answer_feed), 200);
    link_is(false, false, sample_now);
    request.now_us += 30 * DAY_US;
    assert_int_equal(ask(answer_feed), 200);
    text_is("203.0.113.9\n");
    link_is(false, true, request.now_us);
    assert_int_equal(ask(answer_feed), 200);
    text_is("");
    answer_done(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_served_before_redis_was_read, begin, end),
        cmocka_unit_test_setup_teardown(what_is_there_already_is_not_sent_again, begin, end),
        cmocka_unit_test_setup_teardown(publications_are_renewed, begin, end),
        cmocka_unit_test_setup_teardown(without_redis_nothing_expires, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
