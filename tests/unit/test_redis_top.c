// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "sink/redis/redis_top.h"

static struct redis_keys keys = {.base = "geophone:{s}"};
static struct redis_text text;
static struct redis_top *top;

enum { TEN_O_CLOCK = 489898 }; /* 2025-11-20 10:00 UTC, in hours since 1970 */

static int begin(void **state)
{
    (void)state;
    top = redis_top_create();
    return top == NULL;
}

static int end(void **state)
{
    (void)state;
    redis_top_free(top);
    redis_text_done(&text);
    return 0;
}

static int64_t at(int minute)
{
    return (TEN_O_CLOCK * 60ll + minute) * 60000000;
}

static void flow(uint64_t id, uint16_t application, uint64_t bytes, bool later, bool ended, int minute)
{
    struct event event = {.type = EVENT_FLOW, .time_us = at(minute)};
    event.flow = (struct flow_record){
        .id = id, .application = application, .bytes = {bytes, 0}, .later = later, .ended = ended};
    redis_top_event(top, &text, &keys, &event);
}

static void incident(const char *name, const char *wallet, uint64_t bytes, enum incident_action action,
                     int minute)
{
    struct mining mining = {.bytes = bytes, .pool_port = 3333, .geo = {.country = "DE", .as_number = 64500}};
    struct event event = {.type = EVENT_MINING, .time_us = at(minute), .mining = &mining, .action = action};
    snprintf(mining.incident, sizeof mining.incident, "%s", name);
    snprintf(mining.wallet, sizeof mining.wallet, "%s", wallet);
    snprintf(mining.pool_domain, sizeof mining.pool_domain, "pool.example");
    snprintf(mining.geo.as_organization, sizeof mining.geo.as_organization, "Example");
    redis_top_event(top, &text, &keys, &event);
}

/* What is written at that time: words separated by blanks, commands by line feeds. */
static const char *written(int minute)
{
    static char lines[256 * 1024];
    struct event event = {.type = EVENT_STATS, .time_us = at(minute)};
    size_t length = 0;
    redis_text_reset(&text);
    redis_top_event(top, &text, &keys, &event);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (c == '*' && length > 0)
            lines[length++] = '\n';
        if (c == '$' || c == '*') {
            while (text.bytes[i] != '\n')
                i++;
        } else if (c == '\r') {
            lines[length++] = ' ';
        } else if (c != '\n') {
            lines[length++] = c;
        }
    }
    lines[length] = '\0';
    return lines;
}

static void absolute_sums_of_the_hour(void **state)
{
    (void)state;
    incident("a", "W1", 100, INCIDENT_OPENED, 0);
    incident("a", "W1", 300, INCIDENT_UPDATED, 1);
    incident("b", "W2", 50, INCIDENT_OPENED, 1);
    const char *lines = written(2);
    assert_non_null(strstr(lines, "ZADD geophone:{s}:top:wallet:2025112010 GT 300 W1 50 W2 "));
    assert_non_null(strstr(lines, "ZADD geophone:{s}:top:pool:2025112010 GT 350 pool.example:3333 "));
    assert_non_null(strstr(lines, "ZADD geophone:{s}:top:country:2025112010 GT 350 DE "));
    assert_non_null(strstr(lines, "ZADD geophone:{s}:top:as:2025112010 GT 350 AS64500 Example "));
    assert_non_null(strstr(lines, "ZREMRANGEBYRANK geophone:{s}:top:pool:2025112010 0 -101 "));
    assert_non_null(strstr(lines, "EXPIRE geophone:{s}:top:pool:2025112010 172800 "));
    assert_string_equal(written(3), ""); /* nothing changed */
    incident("a", "W1", 310, INCIDENT_CLOSED, 3);
    assert_non_null(strstr(written(4), "wallet:2025112010 GT 310 W1 "));
    assert_null(strstr(written(4), "W2"));
}

static void a_new_hour_begins_anew(void **state)
{
    (void)state;
    incident("a", "W1", 100, INCIDENT_OPENED, 59);
    assert_non_null(strstr(written(61), "wallet:2025112010 GT 100 W1 "));
    incident("a", "W1", 130, INCIDENT_UPDATED, 62);
    assert_non_null(strstr(written(63), "wallet:2025112011 GT 30 W1 "));
}

static void long_flows_count_once(void **state)
{
    const uint16_t known = 0;
    (void)state;
    flow(1, known, 1000, false, true, 0);
    flow(2, known, 10, false, false, 0);
    flow(2, known, 30, true, false, 1);
    flow(2, known, 35, true, true, 2);
    flow(3, known, 7000, true, true, 2); /* what it had before is not known */
    assert_non_null(strstr(written(3), "top:application:2025112010 GT 1035 unknown "));
}

static void many_members_stay_bounded(void **state)
{
    char wallet[32], name[24];
    (void)state;
    incident("large", "whale", 1000000, INCIDENT_OPENED, 0);
    for (int i = 0; i < 3 * REDIS_TOP_MEMBERS; i++) {
        snprintf(wallet, sizeof wallet, "decoy%d", i);
        snprintf(name, sizeof name, "%d", i);
        incident(name, wallet, 10, INCIDENT_OPENED, 1);
    }
    const char *lines = written(2);
    assert_non_null(strstr(lines, " 1000000 whale "));
    int members = 0;
    for (const char *member = lines; (member = strstr(member, "decoy")) != NULL; member++)
        members++;
    assert_int_equal(members, REDIS_TOP_MEMBERS - 1);
}

static void hostile_names(void **state)
{
    (void)state;
    incident("a", "\x01\xff\r\n*1\r\n$8\r\nFLUSHALL\r\n", 5, INCIDENT_OPENED, 0);
    written(1);
    const char *found = memmem(text.bytes, text.length, "\r\n$22\r\n\x01\xff\r\n*1", 12);
    assert_non_null(found);            /* its length stands before it: it stays one argument */
    for (int i = 0; i < 100000; i++) { /* more flows than are remembered */
        flow((uint64_t)i, 0, 1, false, false, 2);
    }
    assert_non_null(strstr(written(3), "GT 100000 unknown "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(absolute_sums_of_the_hour, begin, end),
        cmocka_unit_test_setup_teardown(a_new_hour_begins_anew, begin, end),
        cmocka_unit_test_setup_teardown(long_flows_count_once, begin, end),
        cmocka_unit_test_setup_teardown(many_members_stay_bounded, begin, end),
        cmocka_unit_test_setup_teardown(hostile_names, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
