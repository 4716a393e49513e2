// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "event_samples.h"
#include "json_check.h"
#include "sink/eve/eve.h"

static struct json_writer writer;

static const char *written(const struct mining *mining)
{
    struct event event = sample_event(EVENT_ALERT, mining);
    json_writer_reset(&writer);
    eve_write(&writer, &event);
    const char *json = json_writer_text(&writer);
    assert_non_null(json);
    assert_true(json_is_valid(json));
    return json;
}

#define assert_at(json, path, expected) assert_string_equal(json_at(json, path), expected)

static void nothing_known_is_absent(void **state)
{
    (void)state;
    struct mining mining = sample_mining();
    assert_at(written(&mining), "mining.cloud", "");
}

static void an_instance(void **state)
{
    (void)state;
    struct mining mining = sample_mining();
    mining.cloud = (struct cloud_place){.match = CLOUD_ADDRESS,
                                        .provider = "aws",
                                        .account = "123456789012",
                                        .region = "eu-north-1",
                                        .zone = "eu-north-1a",
                                        .instance_id = "i-0abc",
                                        .instance_type = "c7i.24xlarge",
                                        .kind = "an instance",
                                        .lifecycle = "spot",
                                        .vcpus = 96,
                                        .first_in_region = true,
                                        .inventory_us = sample_time_us(0)};
    const char *json = written(&mining);
    assert_at(json, "mining.cloud.match", "\"address\"");
    assert_at(json, "mining.cloud.provider", "\"aws\"");
    assert_at(json, "mining.cloud.account", "\"123456789012\"");
    assert_at(json, "mining.cloud.region", "\"eu-north-1\"");
    assert_at(json, "mining.cloud.zone", "\"eu-north-1a\"");
    assert_at(json, "mining.cloud.instance_id", "\"i-0abc\"");
    assert_at(json, "mining.cloud.instance_type", "\"c7i.24xlarge\"");
    assert_at(json, "mining.cloud.vcpus", "96");
    assert_at(json, "mining.cloud.lifecycle", "\"spot\"");
    assert_at(json, "mining.cloud.first_in", "[\"region\"]");
    assert_at(json, "mining.cloud.inventory", "\"2026-11-22T09:30:12.123456+0000\"");
    assert_at(json, "mining.cloud.vpc", "");
    assert_at(json, "mining.cloud.tags", "");
    assert_at(json, "mining.cloud.not_in_inventory", "");
}

static void tags_are_escaped_and_bounded(void **state)
{
    (void)state;
    struct mining mining = sample_mining();
    mining.cloud.match = CLOUD_MIRROR;
    assert_true(cloud_tag_add(&mining.cloud, "a\":1,\"b", "c\n\xff"));
    assert_true(cloud_tag_add(&mining.cloud, "team", "web"));
    assert_false(cloud_tag_add(&mining.cloud, "team", "other"));
    const char *json = written(&mining);
    assert_at(json, "mining.cloud.tags.team", "\"web\"");
    assert_non_null(strstr(json, "\"tags\":{\"a\\\":1,\\\"b\":\"c\\n"));
    char long_value[CLOUD_TAGS_SIZE];
    memset(long_value, 'x', sizeof long_value);
    long_value[sizeof long_value - 1] = '\0';
    assert_false(cloud_tag_add(&mining.cloud, "long", long_value));
    for (unsigned i = 2; i < CLOUD_MAX_TAGS; i++) {
        char key[] = {(char)('a' + i), '\0'};
        assert_true(cloud_tag_add(&mining.cloud, key, ""));
    }
    assert_false(cloud_tag_add(&mining.cloud, "more", ""));
    written(&mining);
}

static int done(void **state)
{
    (void)state;
    json_writer_done(&writer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_known_is_absent),
        cmocka_unit_test(an_instance),
        cmocka_unit_test(tags_are_escaped_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
