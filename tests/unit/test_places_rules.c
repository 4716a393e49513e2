// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intel/places_rules.h"
#include "place_files.h"

static struct error error;
static struct places_rules *rules;
static struct places_signs signs;
static struct cloud_place place;
static bool by_subnet;

static int begin(void **state)
{
    signs = (struct places_signs){0};
    return place_folder_make(state);
}

static int end(void **state)
{
    places_rules_free(rules);
    rules = NULL;
    return place_folder_remove(state);
}

static void load(const char *text)
{
    places_rules_free(rules);
    rules = places_rules_load(place_file("places.yaml", text, 0), "edge1", &error);
    if (rules == NULL)
        fail_msg("%s", error.text);
}

static void assert_refused(const char *text, const char *because)
{
    assert_null(places_rules_load(place_file("places.yaml", text, 0), "edge1", &error));
    if (strstr(error.text, because) == NULL)
        fail_msg("'%s' does not say '%s'", error.text, because);
}

static bool find(const char *address)
{
    assert_true(address_parse(address, &signs.address));
    return places_rules_find(rules, &signs, &place, &by_subnet);
}

static void each_sign(void **state)
{
    (void)state;
    load("- {vni: 4711, label: by vni}\n"
         "- {vlan: 12, label: by vlan}\n"
         "- {outer: 10.9.0.0/16, label: by outer}\n"
         "- {subnet: 10.1.0.0/16, label: by subnet}\n"
         "- {subnet: \"2001:db8::/32\", label: by subnet 6}\n");
    assert_int_equal(places_rules_count(rules), 5);
    assert_false(find("10.2.0.4"));
    assert_int_equal(place.match, CLOUD_NOWHERE);
    assert_true(find("10.1.0.4"));
    assert_string_equal(place.label, "by subnet");
    assert_int_equal(place.match, CLOUD_MAPPING);
    assert_true(by_subnet);
    assert_true(find("2001:db8::1"));
    assert_string_equal(place.label, "by subnet 6");
    signs.vlans[signs.vlan_count++] = 7;
    signs.vlans[signs.vlan_count++] = 12;
    assert_true(find("10.2.0.4"));
    assert_string_equal(place.label, "by vlan");
    assert_false(by_subnet);
    address_parse("10.9.1.1", &signs.sources[signs.source_count++]);
    assert_true(find("10.2.0.4"));
    assert_string_equal(place.label, "by outer");
    signs.vnis[signs.vni_count++] = 4711;
    assert_true(find("10.1.0.4"));
    assert_string_equal(place.label, "by vni");
}

static void the_most_specific_rule_wins(void **state)
{
    (void)state;
    load("- {subnet: 10.0.0.0/8, account: wide, region: eu, label: wide}\n"
         "- {subnet: 10.1.0.0/16, label: narrow}\n"
         "- {subnet: 10.1.2.0/24, vlan: 5, label: narrow and tagged}\n"
         "- {vlan: 5, label: tagged, provider: aws}\n"
         "- {sensor: edge1, provider: mine, vpc: v}\n"
         "- {subnet: 10.1.0.0/16, label: narrow again}\n"
         "- {sensor: edge2, provider: theirs, vpc: w, label: x}\n");
    assert_int_equal(places_rules_count(rules), 6); /* one is another sensor's */
    assert_true(find("10.1.2.3"));
    assert_string_equal(place.label, "narrow"); /* of two that are the same the first */
    assert_string_equal(place.account, "wide"); /* what it does not give comes from the others */
    assert_string_equal(place.region, "eu");
    assert_string_equal(place.provider, "mine");
    assert_string_equal(place.vpc, "v");
    signs.vlans[signs.vlan_count++] = 5;
    assert_true(find("10.1.2.3"));
    assert_string_equal(place.label, "narrow and tagged");
    assert_string_equal(place.provider, "aws");
    assert_true(find("10.1.3.3"));
    assert_string_equal(place.label, "tagged");
    assert_true(find("192.0.2.1"));
    assert_string_equal(place.account, "");
    assert_string_equal(place.vpc, "v");
}

static void all_signs_of_a_rule_are_needed(void **state)
{
    (void)state;
    load("- {vni: 1, outer: 10.9.0.1, subnet: 10.1.0.0/16, vlan: 3, sensor: edge1, label: all}\n");
    signs.vnis[signs.vni_count++] = 1;
    address_parse("10.9.0.1", &signs.sources[signs.source_count++]);
    assert_false(find("10.1.0.1"));
    signs.vlans[signs.vlan_count++] = 3;
    assert_true(find("10.1.0.1"));
    assert_false(find("10.2.0.1"));
    signs.source_count = 0;
    assert_false(find("10.1.0.1"));
}

static void wrong_files(void **state)
{
    (void)state;
    assert_refused("- {vni: 1}\n", "places.yaml: line 1, column 3: this rule gives nothing");
    assert_refused("- {label: x}\n", "this rule asks for nothing");
    assert_refused("- {vni: 268435456, label: x}\n", "'vni' must be a number up to 268435455");
    assert_refused("- {vni: -1, label: x}\n", "'vni' must be a number");
    assert_refused("- {vni: 1x, label: x}\n", "'vni' must be a number");
    assert_refused("- {vlan: 4096, label: x}\n", "'vlan' must be a number up to 4095");
    assert_refused("- vni: 1\n  label: x\n\n- subnet: 10.1.0.1/16\n  label: y\n",
                   "line 4, column 11: 'subnet' must be");
    assert_refused("- {outer: here, label: x}\n", "'outer' must be an address or a network");
    assert_refused("- {vni: 1, label: x, colour: red}\n", "'colour' is nothing that a rule has");
    assert_refused("- {vni: 1, vni: 2, label: x}\n", "'vni' is there twice");
    assert_refused("- {vni: 1, label: x, label: y}\n", "'label' is there twice");
    assert_refused("- {vni: 1, label: }\n", "'label' has no value");
    assert_refused("- {vni: [1], label: x}\n", "a single value");
    assert_refused("- {vni: 1, label: {x: y}}\n", "a single value");
    assert_refused("vni: 1\n", "here must stand a list of rules");
    assert_refused("- 7\n", "here must stand a list of rules");
    assert_refused("- {vni: 1, region: 0123456789012345678901234567890123456789}\n",
                   "'region' is longer than 39");
    assert_refused("- {vni: 1, label: x\n", "places.yaml");
    assert_null(places_rules_load("/nowhere/places.yaml", "edge1", &error));
    assert_non_null(strstr(error.text, "/nowhere/places.yaml"));
}

static void empty_files(void **state)
{
    (void)state;
    load("# nothing yet\n");
    assert_false(find("10.1.0.1"));
    places_rules_free(rules);
    rules = places_rules_load("", "edge1", &error);
    assert_non_null(rules);
    assert_int_equal(places_rules_count(rules), 0);
    assert_false(find("10.1.0.1"));
}

static void as_many_as_there_may_be(void **state)
{
    (void)state;
    char *text = malloc((PLACES_MAX_RULES + 1) * 48), *at = text;
    for (int i = 0; i < PLACES_MAX_RULES; i++)
        at += sprintf(at, "- {vni: %d, label: number %d}\n", i, i);
    load(text);
    assert_int_equal(places_rules_count(rules), PLACES_MAX_RULES);
    signs.vnis[signs.vni_count++] = PLACES_MAX_RULES - 1;
    assert_true(find("10.1.0.1"));
    assert_string_equal(place.label, "number 16383");
    sprintf(at, "- {vni: 1, label: x}\n");
    assert_refused(text, "more than 16384 rules");
    free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_sign),
        TEST(the_most_specific_rule_wins),
        TEST(all_signs_of_a_rule_are_needed),
        TEST(wrong_files),
        TEST(empty_files),
        TEST(as_many_as_there_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
