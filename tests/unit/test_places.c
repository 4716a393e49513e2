// SPDX-License-Identifier: Apache-2.0
/*
 * Mapping, inventory and tunnels together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intel/places.h"
#include "place_files.h"

static struct error error;
static struct config config;
static struct places *places;
static struct places_signs signs;
static struct cloud_place place;

#define ROW(id, address, vpc)                                                                                \
    "{\"NetworkInterfaceId\":\"" id "\",\"PrivateIpAddress\":\"" address "\",\"VpcId\":\"" vpc               \
    "\",\"SubnetId\":\"subnet-" vpc "\",\"OwnerId\":\"111122223333\",\"AvailabilityZone\":\"eu-north-1a\"}"

/* Two VPCs whose addresses overlap. */
static const char inventory[] = "[" ROW("eni-a4", "10.0.0.4", "a") "," ROW(
    "eni-a200", "10.0.0.200", "a") "," ROW("eni-b4", "10.0.0.4", "b") "," ROW("eni-b5", "10.0.0.5", "b") "]";

static int begin(void **state)
{
    static char sensor[] = "edge1", directory[] = "/nowhere";
    place_folder_make(state);
    signs = (struct places_signs){0};
    config = (struct config){.sensor.name = sensor, .signatures.directory = directory};
    return 0;
}

static int end(void **state)
{
    places_free(places);
    places = NULL;
    return place_folder_remove(state);
}

static void load(const char *rules)
{
    config.places.file = place_file("places.yaml", rules, 0);
    config.places.inventories = (struct config_list){{place_file("inventory.json", inventory, 2)}, 1};
    places_free(places);
    places = places_load(&config, &error);
    if (places == NULL)
        fail_msg("%s", error.text);
}

static void find(const char *address)
{
    assert_true(address_parse(address, &signs.address));
    places_find(places, &signs, &place);
}

static void from(const char *source)
{
    signs.source_count = source[0] != '\0';
    if (source[0] != '\0')
        assert_true(address_parse(source, &signs.sources[0]));
}

static void under(uint32_t vni)
{
    signs.vni_count = 1;
    signs.vnis[0] = vni;
}

static void a_vni_tells_vpcs_apart(void **state)
{
    (void)state;
    load("- {vni: 1, vpc: a, label: first}\n- {vni: 2, vpc: b}\n");
    find("10.0.0.4");
    assert_int_equal(place.match, CLOUD_SEVERAL);
    under(1);
    find("10.0.0.4");
    assert_int_equal(place.match, CLOUD_ADDRESS);
    assert_string_equal(place.interface, "eni-a4");
    assert_string_equal(place.label, "first");
    under(2);
    find("10.0.0.4");
    assert_string_equal(place.interface, "eni-b4");
    assert_string_equal(place.label, "");
    under(3);
    find("10.0.0.4");
    assert_int_equal(place.match, CLOUD_SEVERAL);
}

static void the_mirrored_interface_names_it(void **state)
{
    (void)state;
    load("");
    from("10.0.0.200"); /* of VPC a: the 10.0.0.4 there is meant */
    find("10.0.0.4");
    assert_int_equal(place.match, CLOUD_ADDRESS);
    assert_string_equal(place.interface, "eni-a4");
    from("10.0.0.5");
    find("10.0.0.4");
    assert_string_equal(place.interface, "eni-b4");
    find("192.168.7.7"); /* a container behind the interface */
    assert_int_equal(place.match, CLOUD_MIRROR);
    assert_string_equal(place.interface, "eni-b5");
    signs.other = signs.sources[0]; /* the pool's side was mirrored: that says nothing of the miner */
    find("192.168.7.7");
    assert_int_equal(place.match, CLOUD_NOWHERE);
    assert_string_equal(place.interface, "");
    signs.other = (struct address){{0}};
    from("10.0.0.77"); /* not known itself */
    find("192.168.7.7");
    assert_int_equal(place.match, CLOUD_NOWHERE);
}

static void newer_than_the_inventory(void **state)
{
    (void)state;
    load("- {vni: 2, vpc: b}\n- {vni: 9, vpc: nobody exported it}\n- {subnet: 10.7.0.0/16, provider: aws, "
         "account: \"111122223333\", "
         "region: eu-north-1}\n- {subnet: 10.8.0.0/16, account: \"111122223333\", region: eu-south-1}\n");
    find("10.0.0.100"); /* between two of VPC a */
    assert_int_equal(place.match, CLOUD_NETWORK);
    assert_true(place.is_newer);
    assert_string_equal(place.vpc, "a");
    assert_true(place.inventory_us == (INT64_C(1793491200) + 2 * 86400) * 1000000);
    under(2); /* VPC b has no such machine, wherever its subnets are */
    find("10.0.0.200");
    assert_true(place.is_newer);
    assert_string_equal(place.vpc, "b");
    assert_string_equal(place.account, "111122223333");
    under(9);
    find("10.0.0.100");
    assert_false(place.is_newer);
    assert_int_equal(place.match, CLOUD_MAPPING);
    signs.vni_count = 0;
    find("10.7.0.1"); /* a subnet of the mapping, in a region that was exported */
    assert_true(place.is_newer);
    assert_string_equal(place.region, "eu-north-1");
    find("10.8.0.1"); /* in one that was not */
    assert_false(place.is_newer);
    assert_string_equal(place.region, "eu-south-1");
    assert_int_equal(place.match, CLOUD_MAPPING);
    find("172.16.0.1");
    assert_int_equal(place.match, CLOUD_NOWHERE);
}

static void the_mapping_fills_what_the_inventory_lacks(void **state)
{
    (void)state;
    load("- {subnet: 10.0.0.0/16, vni: 1, vpc: a, provider: aws, label: shop}\n- {vni: 4, account: \"999\", "
         "vpc: a}\n");
    under(1);
    find("10.0.0.4");
    assert_string_equal(place.label, "shop");
    assert_string_equal(place.account, "111122223333");
    under(4); /* an account that contradicts */
    find("10.0.0.4");
    assert_string_equal(place.interface, "");
    assert_string_equal(place.account, "999");
}

static void nothing_configured(void **state)
{
    (void)state;
    static char none[] = "";
    struct places_count count;
    config.places.file = none;
    places = places_load(&config, &error);
    assert_non_null(places);
    find("10.0.0.4");
    assert_int_equal(place.match, CLOUD_NOWHERE);
    places_get_count(places, &count);
    assert_int_equal(count.rules + count.inventory.files, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_vni_tells_vpcs_apart),   TEST(the_mirrored_interface_names_it),
        TEST(newer_than_the_inventory), TEST(the_mapping_fills_what_the_inventory_lacks),
        TEST(nothing_configured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
