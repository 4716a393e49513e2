// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "event_samples.h"
#include "sink/summary/summary_place.h"

static char *written;

static const char *rows(const struct cloud_place *place)
{
    size_t size;
    struct mining mining = {.cloud = *place};
    free(written);
    FILE *stream = open_memstream(&written, &size);
    struct page page = {stream, 100, false, false};
    summary_place_rows(&page, &mining);
    fclose(stream);
    return written;
}

static int done(void **state)
{
    (void)state;
    free(written);
    return 0;
}

static struct cloud_place web_3(void)
{
    struct cloud_place place = {.match = CLOUD_ADDRESS,
                                .account = "1234",
                                .region = "eu-north-1",
                                .instance_id = "i-0abc",
                                .instance_name = "web-3",
                                .instance_type = "c7i.24xlarge",
                                .kind = "an instance"};
    return place;
}

static void machines(void **state)
{
    (void)state;
    struct cloud_place place = {.match = CLOUD_NOWHERE};
    assert_string_equal(rows(&place), "");
    place = web_3();
    assert_string_equal(rows(&place),
                        "    who       i-0abc (web-3, c7i.24xlarge) in account 1234, eu-north-1\n");
    snprintf(place.label, sizeof place.label, "shop");
    snprintf(place.launched, sizeof place.launched, "2026-01-05");
    place.first_in_region = true;
    cloud_tag_add(&place, "team", "web");
    assert_string_equal(rows(&place),
                        "    who       i-0abc (web-3, c7i.24xlarge) in account 1234, eu-north-1, shop\n"
                        "    launched  2026-01-05\n"
                        "    tags      team=web\n"
                        "    new       no mining was seen before in this region\n");
    place = (struct cloud_place){.match = CLOUD_ADDRESS, .kind = "a Lambda function", .region = "eu-north-1"};
    assert_string_equal(rows(&place), "    who       a Lambda function in eu-north-1\n");
    place = (struct cloud_place){.match = CLOUD_ADDRESS,
                                 .instance_id = "/subscriptions/s/virtualMachines/vm-1",
                                 .instance_name = "vm-1",
                                 .kind = "an instance of a scale set"};
    assert_string_equal(rows(&place), "    who       vm-1, an instance of a scale set\n");
}

static void what_is_not_known_for_sure(void **state)
{
    (void)state;
    struct cloud_place place = {.match = CLOUD_SEVERAL, .candidates = 3, .account = "1234"};
    assert_string_equal(rows(&place), "    who       one of 3 machines with this address in account 1234\n");
    place = (struct cloud_place){
        .match = CLOUD_NETWORK, .is_newer = true, .vpc = "vpc-a", .inventory_us = sample_time_us(0)};
    assert_string_equal(rows(&place),
                        "    who       a machine that the inventory of 2026-11-22 does not have, vpc-a\n");
    place = (struct cloud_place){.match = CLOUD_MAPPING, .label = "office"};
    assert_string_equal(rows(&place), "    who       a machine, office\n");
    place = web_3();
    place.match = CLOUD_MIRROR;
    assert_non_null(strstr(rows(&place), "eu-north-1; named by the"));
}

static void hostile_names(void **state)
{
    (void)state;
    struct cloud_place place = web_3();
    snprintf(place.instance_name, sizeof place.instance_name, "\x1b]0;x\x07\n\xff");
    cloud_tag_add(&place, "\x1b[2J", "\r\n");
    const char *text = rows(&place);
    for (; *text != '\0'; text++)
        assert_true(*text == '\n' || ((unsigned char)*text >= ' ' && (unsigned char)*text < 127));
}

static void in_short(void **state)
{
    (void)state;
    char text[SUMMARY_PLACE_SIZE];
    struct cloud_place place = web_3();
    assert_string_equal(summary_place_short(&place, text), " (web-3, eu-north-1)");
    place = (struct cloud_place){.instance_id = "i-0abc"};
    assert_string_equal(summary_place_short(&place, text), " (i-0abc)");
    place = (struct cloud_place){.region = "eu-north-1"};
    assert_string_equal(summary_place_short(&place, text), " (eu-north-1)");
    place = (struct cloud_place){.match = CLOUD_NOWHERE};
    assert_string_equal(summary_place_short(&place, text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines),
        cmocka_unit_test(what_is_not_known_for_sure),
        cmocka_unit_test(hostile_names),
        cmocka_unit_test(in_short),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
