// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intel/inventory.h"
#include "place_files.h"

static struct error error;
static struct inventory *inventory;
static struct cloud_place place;

static int forget(void **state)
{
    inventory_free(inventory);
    inventory = NULL;
    return place_folder_remove(state);
}

static void load(void)
{
    const char *paths[] = {place_folder};
    inventory_free(inventory);
    inventory = inventory_load(paths, 1, &error);
    if (inventory == NULL)
        fail_msg("%s", error.text);
}

static void assert_refused(const char *text, const char *because)
{
    const char *paths[] = {place_file("wrong.json", text, 0)};
    assert_null(inventory_load(paths, 1, &error));
    if (strstr(error.text, because) == NULL)
        fail_msg("'%s' does not say '%s'", error.text, because);
    unlink(paths[0]);
}

/* How many machines have the address, of the VPC where one is named. */
static uint32_t find(const char *text, const char *vpc)
{
    struct address address;
    struct cloud_place within = {.match = CLOUD_NOWHERE};
    snprintf(within.vpc, sizeof within.vpc, "%s", vpc);
    place = (struct cloud_place){.match = CLOUD_NOWHERE};
    assert_true(address_parse(text, &address));
    return inventory_find(inventory, &address, &within, &place);
}

static uint32_t find_network(const char *text)
{
    struct address address;
    struct cloud_place within = {.match = CLOUD_NOWHERE};
    place = (struct cloud_place){.match = CLOUD_NOWHERE};
    assert_true(address_parse(text, &address));
    return inventory_find_network(inventory, &address, &within, &place);
}

static const char *tag(const char *wanted)
{
    const char *at = place.tags, *key, *value;
    for (uint8_t i = 0; i < place.tag_count; i++) {
        at = cloud_tag_next(at, &key, &value);
        if (strcmp(key, wanted) == 0)
            return value;
    }
    return "";
}

/* ---- AWS ---- */

#define INTERFACE(id, address, vpc, more)                                                                    \
    "{\"NetworkInterfaceId\":\"" id "\",\"PrivateIpAddress\":\"" address "\",\"VpcId\":\"" vpc               \
    "\",\"SubnetId\":\"subnet-" vpc                                                                          \
    "\",\"OwnerId\":\"111122223333\",\"AvailabilityZone\":\"eu-north-1a\"" more "}"

static const char instance[] =
    "{\"Reservations\":[{\"ReservationId\":\"r-1\",\"OwnerId\":\"111122223333\",\"Instances\":[{"
    "\"InstanceId\":\"i-1\","
    "\"InstanceType\":\"c7i.24xlarge\",\"LaunchTime\":\"2026-11-02T03:04:05+00:00\",\"InstanceLifecycle\":"
    "\"spot\","
    "\"CpuOptions\":{\"CoreCount\":48,\"ThreadsPerCore\":2},\"Placement\":{\"AvailabilityZone\":\"eu-north-"
    "1a\"},"
    "\"Tags\":[{\"Key\":\"Name\",\"Value\":\"web-3\"},{\"Key\":\"env\",\"Value\":\"test\"},{\"Key\":"
    "\"owner\",\"Value\":"
    "\"shop\"}],\"NetworkInterfaces\":[{\"NetworkInterfaceId\":\"eni-1\",\"OwnerId\":\"111122223333\","
    "\"VpcId\":\"a\","
    "\"SubnetId\":\"subnet-a\",\"PrivateIpAddress\":\"10.0.0.4\",\"PrivateIpAddresses\":[{"
    "\"PrivateIpAddress\":"
    "\"10.0.0.4\",\"Association\":{\"PublicIp\":\"198.51.100.4\"}},{\"PrivateIpAddress\":\"10.0.0.5\"}],"
    "\"Ipv6Addresses\":[{\"Ipv6Address\":\"2001:db8::4\"}],\"Ipv4Prefixes\":[{\"Ipv4Prefix\":\"10.0.0.16/"
    "28\"}]}]}]}]}";

static void assert_is_web_3(void)
{
    assert_int_equal(place.match, CLOUD_ADDRESS);
    assert_string_equal(place.provider, "aws");
    assert_string_equal(place.account, "111122223333");
    assert_string_equal(place.region, "eu-north-1");
    assert_string_equal(place.zone, "eu-north-1a");
    assert_string_equal(place.vpc, "a");
    assert_string_equal(place.subnet, "subnet-a");
    assert_string_equal(place.instance_id, "i-1");
    assert_string_equal(place.instance_name, "web-3");
    assert_string_equal(place.instance_type, "c7i.24xlarge");
    assert_string_equal(place.interface, "eni-1");
    assert_string_equal(place.kind, "an instance");
    assert_string_equal(place.lifecycle, "spot");
    assert_string_equal(place.launched, "2026-11-02T03:04:05+00:00");
    assert_string_equal(place.owner, "shop");
    assert_int_equal(place.vcpus, 96);
    assert_string_equal(tag("env"), "test");
    assert_string_equal(tag("owner"), "shop");
    assert_string_equal(tag("Name"), "");
}

static void aws_instance(void **state)
{
    (void)state;
    static const char *const addresses[] = {"10.0.0.4",    "10.0.0.5",  "198.51.100.4",
                                            "2001:db8::4", "10.0.0.16", "10.0.0.31"};
    place_file("i.json", instance, 5);
    load();
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        assert_int_equal(find(addresses[i], ""), 1);
        assert_is_web_3();
    }
    assert_true(place.inventory_us == (INT64_C(1793491200) + 5 * 86400) * 1000000);
    assert_int_equal(find("10.0.0.32", ""), 0);
    assert_int_equal(find("10.0.0.4", "b"), 0);
    assert_int_equal(find("10.0.0.4", "A"), 1);
}

static void aws_interfaces_join_instances_of_other_files(void **state)
{
    (void)state;
    const char *first = "{\"NetworkInterfaces\":[" INTERFACE(
        "eni-1", "10.0.0.4", "a",
        ",\"Attachment\":{\"InstanceId\":\"i-1\"},\"TagSet\":[{\"Key\":\"Name\",\"Value\":\"port\"}]") "]}";
    place_file("a.json", first, 6);
    place_file("i.json", instance, 5);
    load();
    assert_int_equal(find("10.0.0.4", ""), 1);
    assert_is_web_3();
    assert_int_equal(find("198.51.100.4", ""), 1);
    assert_is_web_3();
    unlink(place_file("i.json", "", 0));
    load(); /* without the instance the interface still says whose it is */
    assert_int_equal(find("10.0.0.4", ""), 1);
    assert_string_equal(place.instance_id, "i-1");
    assert_string_equal(place.instance_type, "");
}

static void aws_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *more, *kind;
    } cases[] = {
        {"\"InterfaceType\":\"lambda\"", "a Lambda function"},
        {"\"Description\":\"AWS Lambda VPC ENI-f-1\"", "a Lambda function"},
        {"\"InterfaceType\":\"nat_gateway\"", "a NAT gateway"},
        {"\"Description\":\"ELB app/front/1\"", "a load balancer"},
        {"\"Description\":\"arn:aws:ecs:eu-north-1:111122223333:attachment/1\"", "an ECS task"},
        {"\"Description\":\"aws-k8s-branch-eni\",\"InterfaceType\":\"branch\"", "a pod (EKS)"},
        {"\"Description\":\"aws-K8S-i-1\",\"Attachment\":{\"InstanceId\":\"i-1\"}",
         "a Kubernetes node (EKS)"},
        {"\"InterfaceType\":\"gateway_load_balancer_endpoint\"", "a gateway load balancer endpoint"},
        {"\"Attachment\":{\"InstanceId\":\"i-1\"}", "an instance"},
        {"\"Description\":7", "an interface"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "{\"NetworkInterfaceId\":\"eni-1\",\"PrivateIpAddress\":\"10.0.0.4\",%s}\n", cases[i].more);
        place_file("a.jsonl", text, 0);
        load();
        assert_int_equal(find("10.0.0.4", ""), 1);
        assert_string_equal(place.kind, cases[i].kind);
    }
}

static void regions_of_zones(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"eu-north-1a", "eu-north-1"},
                                           {"us-gov-west-1b", "us-gov-west-1"},
                                           {"us-west-2-lax-1a", "us-west-2"},
                                           {"", ""},
                                           {"a", "a"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "{\"InstanceId\":\"i\",\"PrivateIpAddress\":\"10.0.0.4\",\"Placement\":{"
                 "\"AvailabilityZone\":\"%s\"}}",
                 cases[i][0]);
        place_file("a.json", text, 0);
        load();
        assert_int_equal(find("10.0.0.4", ""), 1);
        assert_string_equal(place.region, cases[i][1]);
    }
}

/* ---- Azure, Google ---- */

#define MACHINE "/subscriptions/s-1/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/vm-1"

static void azure(void **state)
{
    (void)state;
    place_file("vm.json",
               "[{\"id\":\"" MACHINE "\",\"name\":\"vm-1\",\"location\":\"swedencentral\",\"zones\":[\"2\"],"
               "\"hardwareProfile\":{\"vmSize\":\"Standard_F72s_v2\"},\"privateIps\":\"10.2.0.4,10.2.0.5\","
               "\"publicIps\":"
               "\"198.51.100.5\",\"priority\":\"Spot\",\"tags\":{\"Owner\":\"ops\"},\"timeCreated\":\"2026-"
               "01-01\"}]",
               0);
    load();
    assert_int_equal(find("10.2.0.5", ""), 1);
    assert_string_equal(place.provider, "azure");
    assert_string_equal(place.account, "s-1");
    assert_string_equal(place.region, "swedencentral");
    assert_string_equal(place.zone, "2");
    assert_string_equal(place.instance_id, MACHINE);
    assert_string_equal(place.instance_name, "vm-1");
    assert_string_equal(place.instance_type, "Standard_F72s_v2");
    assert_string_equal(place.lifecycle, "spot");
    assert_string_equal(place.owner, "ops");
    assert_string_equal(place.vpc, "");
    assert_int_equal(find("198.51.100.5", ""), 1);
    /* both spellings of the address, and the machine's path in other letters */
    static const char *const names[] = {"privateIPAddress", "privateIpAddress"};
    for (size_t i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "[{\"id\":\"/subscriptions/s-1/resourceGroups/g/providers/Microsoft.Network/"
                 "networkInterfaces/nic\","
                 "\"name\":\"nic\",\"location\":\"swedencentral\",\"virtualMachine\":{\"id\":\"%s\"},"
                 "\"ipConfigurations\":[{"
                 "\"%s\":\"10.2.0.4\",\"subnet\":{\"id\":\"/subscriptions/s-1/resourceGroups/net/providers/"
                 "Microsoft.Network/virtualNetworks/hub/subnets/front\"}}]}]",
                 "/subscriptions/s-1/resourceGroups/g/providers/microsoft.compute/virtualmachines/VM-1",
                 names[i]);
        place_file("nic.json", text, 0);
        load();
        assert_int_equal(find("10.2.0.4", ""), 1);
        assert_string_equal(place.interface, "nic");
        assert_string_equal(place.vpc, "net/hub");
        assert_string_equal(place.subnet, "front");
        assert_string_equal(place.instance_type, "Standard_F72s_v2");
        assert_string_equal(place.instance_name, "vm-1");
        assert_string_equal(place.kind, "a virtual machine");
    }
}

static void google(void **state)
{
    (void)state;
    place_file(
        "g.json",
        "[{\"id\":\"7\",\"name\":\"batch\",\"zone\":\"https://x/projects/lab/zones/"
        "europe-north1-a\",\"machineType\":"
        "\"https://x/projects/lab/zones/europe-north1-a/machineTypes/c3-highcpu-176\",\"selfLink\":"
        "\"https://x/projects/lab/zones/europe-north1-a/instances/"
        "batch\",\"creationTimestamp\":\"2026-01-01\","
        "\"labels\":{\"goog-gke-node\":\"\",\"team\":\"x\"},\"scheduling\":{\"provisioningModel\":\"SPOT\"},"
        "\"networkInterfaces\":[{\"name\":\"nic0\",\"network\":\"https://x/networks/default\",\"subnetwork\":"
        "\"https://x/subnetworks/"
        "sub\",\"networkIP\":\"10.3.0.4\",\"accessConfigs\":[{\"natIP\":\"198.51.100.6\"}],"
        "\"aliasIpRanges\":[{\"ipCidrRange\":\"10.4.0.0/24\"},{\"ipCidrRange\":\"10.5.0.0/16\"}]}]}]",
        0);
    load();
    static const char *const addresses[] = {"10.3.0.4", "198.51.100.6", "10.4.0.0", "10.4.0.255"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        assert_int_equal(find(addresses[i], ""), 1);
        assert_string_equal(place.provider, "google");
        assert_string_equal(place.account, "lab");
        assert_string_equal(place.region, "europe-north1");
        assert_string_equal(place.zone, "europe-north1-a");
        assert_string_equal(place.vpc, "default");
        assert_string_equal(place.instance_id, "7");
        assert_string_equal(place.instance_name, "batch");
        assert_string_equal(place.instance_type, "c3-highcpu-176");
        assert_string_equal(place.kind, "a Kubernetes node (GKE)");
        assert_string_equal(place.lifecycle, "spot");
        assert_string_equal(tag("team"), "x");
    }
    assert_int_equal(find("10.4.1.0", ""), 0);
    assert_int_equal(find("10.5.0.1", ""), 0); /* too large to be listed */
}

/* ---- overlap, time, networks ---- */

static void two_vpcs_with_the_same_addresses(void **state)
{
    (void)state;
    place_file("a.json",
               "{\"NetworkInterfaces\":[" INTERFACE("eni-1", "10.0.0.4", "a",
                                                    "") "," INTERFACE("eni-2", "10.0.0.4", "b", "") "]}",
               0);
    load();
    assert_int_equal(find("10.0.0.4", "a"), 1);
    assert_string_equal(place.interface, "eni-1");
    assert_int_equal(find("10.0.0.4", "b"), 1);
    assert_string_equal(place.interface, "eni-2");
    assert_int_equal(find("10.0.0.4", ""), 2);
    assert_int_equal(place.match, CLOUD_SEVERAL);
    assert_int_equal(place.candidates, 2);
    assert_string_equal(place.account, "111122223333"); /* what they have in common */
    assert_string_equal(place.region, "eu-north-1");
    assert_string_equal(place.vpc, "");
    assert_string_equal(place.interface, "");
    assert_int_equal(find("10.0.0.4", "c"), 0);
}

static void the_later_file_knows_who_has_the_address_now(void **state)
{
    (void)state;
    place_file("1.json", "[" INTERFACE("eni-new", "10.0.0.4", "a", "") "]", 9);
    place_file("2.json", "[" INTERFACE("eni-old", "10.0.0.4", "a", "") "]", 1);
    load();
    assert_int_equal(find("10.0.0.4", ""), 1);
    assert_string_equal(place.interface, "eni-new");
    struct inventory_count count;
    inventory_get_count(inventory, &count);
    assert_int_equal(count.files, 2);
    assert_int_equal(count.interfaces, 2);
    assert_true(count.newest_us - count.oldest_us == INT64_C(8) * 86400 * 1000000);
}

static void networks_hold_what_lies_between(void **state)
{
    (void)state;
    place_file(
        "a.json",
        "[" INTERFACE(
            "eni-1", "10.0.0.4", "a",
            ",\"Association\":{\"PublicIp\":\"198.51.100.1\"}") "," INTERFACE("eni-2", "10.0.0.200", "a",
                                                                              "") "," INTERFACE("eni-3",
                                                                                                "10.9.0.4",
                                                                                                "b", "") "]",
        3);
    load();
    assert_int_equal(find_network("10.0.0.99"), 1);
    assert_int_equal(place.match, CLOUD_NETWORK);
    assert_string_equal(place.vpc, "a");
    assert_string_equal(place.subnet, "subnet-a");
    assert_string_equal(place.region, "eu-north-1");
    assert_string_equal(place.interface, "");
    assert_true(place.inventory_us == (INT64_C(1793491200) + 3 * 86400) * 1000000);
    assert_int_equal(find_network("10.0.1.0"), 0);
    assert_int_equal(find_network("10.9.0.5"), 0); /* one address says nothing of others */
    assert_int_equal(find_network("198.51.100.2"), 0);
    struct cloud_place within = {.vpc = "b"};
    assert_true(inventory_find_scope(inventory, &within, &place));
    assert_string_equal(place.account, "111122223333");
    within = (struct cloud_place){.account = "111122223333", .region = "eu-north-1"};
    assert_true(inventory_find_scope(inventory, &within, &place));
    assert_string_equal(place.vpc, "");
    within = (struct cloud_place){.account = "111122223333", .region = "eu-south-1"};
    assert_false(inventory_find_scope(inventory, &within, &place));
    within = (struct cloud_place){.vpc = "c"};
    assert_false(inventory_find_scope(inventory, &within, &place));
    within = (struct cloud_place){.vpc = "a", .account = "999"};
    assert_false(inventory_find_scope(inventory, &within, &place));
}

/* Google's networks are called default in every project. */
static void a_vpc_whose_name_several_accounts_use(void **state)
{
    (void)state;
    place_file("a.json",
               "[{\"InstanceId\":\"1\",\"VpcId\":\"default\",\"NetworkInterfaces\":[{\"OwnerId\":\"x\"}]},"
               "{\"InstanceId\":\"2\",\"VpcId\":\"default\",\"NetworkInterfaces\":[{\"OwnerId\":\"y\"}]}]",
               0);
    load();
    struct cloud_place within = {.vpc = "default"};
    assert_true(inventory_find_scope(inventory, &within, &place));
    assert_string_equal(place.account, "");
    snprintf(within.account, sizeof within.account, "y");
    assert_true(inventory_find_scope(inventory, &within, &place));
    assert_string_equal(place.account, "y");
}

/* ---- what is wrong or hostile ---- */

static void wrong_files(void **state)
{
    (void)state;
    assert_refused("[{\"a\":1}]", "nothing in it is known");
    assert_refused("not json", "this is no list of objects in JSON");
    assert_refused("[{\"NetworkInterfaceId\":\"eni-1\"},\n{\"NetworkInterfaceId\":",
                   ":2: the file ends in the middle");
    assert_refused("[\n{\"NetworkInterfaceId\": 0x7}]", ":2: the entry that begins here is no JSON");
    const char *missing[] = {"/nowhere/inventory.json"};
    assert_null(inventory_load(missing, 1, &error));
    assert_non_null(strstr(error.text, "cannot open /nowhere/inventory.json: No such file or directory"));
    const char *device[] = {"/dev/zero"};
    assert_null(inventory_load(device, 1, &error));
    assert_non_null(strstr(error.text, "it is no file"));
}

static void odd_values_are_passed_over(void **state)
{
    (void)state;
    place_file(
        "a.json",
        "[{\"NetworkInterfaceId\":\"eni-1\",\"PrivateIpAddress\":\"999.1.1.1\",\"PrivateIpAddresses\":{},"
        "\"TagSet\":[1,"
        "{\"Key\":7},{\"Key\":\"\"},null],\"Ipv6Addresses\":[[]],\"OwnerId\":[],\"AvailabilityZone\":{}},"
        "{\"Instances\":[null,{},{\"InstanceId\":\"i\"}]},{\"unknown\":1},"
        "{\"id\":\"/subscriptions/\",\"privateIps\":1},{\"machineType\":\"/\",\"networkInterfaces\":7}]",
        0);
    load();
    assert_int_equal(find("10.0.0.4", ""), 0);
}

static void long_texts_are_cut(void **state)
{
    (void)state;
    char text[40000], tags[30000] = "", name[3000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 500; i++)
        sprintf(tags + strlen(tags), ",{\"Key\":\"key-%d\",\"Value\":\"value\"}", i);
    snprintf(text, sizeof text,
             "[{\"InstanceId\":\"%s\",\"PrivateIpAddress\":\"10.0.0.4\",\"Tags\":[{\"Key\":\"Name\","
             "\"Value\":\"%s\"}%s]}]",
             name, name, tags);
    place_file("a.json", text, 0);
    load();
    assert_int_equal(find("10.0.0.4", ""), 1);
    assert_int_equal(strlen(place.instance_id), sizeof place.instance_id - 1);
    assert_int_equal(strlen(place.instance_name), sizeof place.instance_name - 1);
    assert_int_equal(place.tag_count, CLOUD_MAX_TAGS);
    assert_string_equal(tag("key-0"), "value");
}

/* Whoever names machines cannot make a look-up long: so many share one address. */
static void one_address_very_often(void **state)
{
    (void)state;
    char *text = malloc(20000 * 64 + 16), *at = text;
    at += sprintf(at, "[{\"InstanceId\":\"i\"}");
    for (int i = 0; i < 20000; i++)
        at += sprintf(at, ",{\"InstanceId\":\"i-%d\",\"PrivateIpAddress\":\"10.0.0.4\"}", i);
    strcpy(at, "]");
    place_file("a.json", text, 0);
    free(text);
    load();
    uint32_t count = find("10.0.0.4", "");
    assert_true(count > 64 && count <= 20000);
    assert_int_equal(place.match, CLOUD_SEVERAL);
    assert_string_equal(place.account, "");
}

static void none_at_all(void **state)
{
    (void)state;
    inventory = inventory_load(NULL, 0, &error);
    assert_non_null(inventory);
    assert_int_equal(find("10.0.0.4", ""), 0);
    assert_int_equal(find_network("10.0.0.4"), 0);
    struct cloud_place within = {.vpc = "a"};
    assert_false(inventory_find_scope(inventory, &within, &place));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_folder_make, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(aws_instance),
        TEST(aws_interfaces_join_instances_of_other_files),
        TEST(aws_kinds),
        TEST(regions_of_zones),
        TEST(azure),
        TEST(google),
        TEST(two_vpcs_with_the_same_addresses),
        TEST(the_later_file_knows_who_has_the_address_now),
        TEST(networks_hold_what_lies_between),
        TEST(a_vpc_whose_name_several_accounts_use),
        TEST(wrong_files),
        TEST(odd_values_are_passed_over),
        TEST(long_texts_are_cut),
        TEST(one_address_very_often),
        TEST(none_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
