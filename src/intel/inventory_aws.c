// SPDX-License-Identifier: Apache-2.0
/*
 * `aws ec2 describe-network-interfaces` and `aws ec2 describe-instances`; names as in the API reference of
 * EC2 (NetworkInterface, Reservation, Instance). An element of the lists may also stand alone (JSON Lines).
 */
#include "intel/inventory_table.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

#define COPY(field, text) text_copy(field, sizeof(field), text)

/* What an interface belongs to, by its InterfaceType or the beginning of its Description, which AWS writes
 * for the interfaces of its own services. The first that fits. */
static const struct {
    const char *type, *description, *kind;
} kinds[] = {
    {"lambda", NULL, "a Lambda function"},
    {NULL, "AWS Lambda VPC ENI", "a Lambda function"},
    {"nat_gateway", NULL, "a NAT gateway"},
    {NULL, "Interface for NAT Gateway", "a NAT gateway"},
    {"network_load_balancer", NULL, "a load balancer"},
    {"load_balancer", NULL, "a load balancer"},
    {NULL, "ELB ", "a load balancer"},
    {"gateway_load_balancer_endpoint", NULL, "a gateway load balancer endpoint"},
    {"gateway_load_balancer", NULL, "a gateway load balancer"},
    {"vpc_endpoint", NULL, "a VPC endpoint"},
    {NULL, "VPC Endpoint Interface", "a VPC endpoint"},
    {"transit_gateway", NULL, "a transit gateway"},
    {NULL, "arn:aws:ecs:", "an ECS task"},
    {NULL, "aws-k8s-branch-eni", "a pod (EKS)"},
    {"branch", NULL, "a container (branch interface)"},
    {NULL, "aws-K8S-", "a Kubernetes node (EKS)"},
    {NULL, "Amazon EKS ", "an EKS control plane"},
    {NULL, "RDSNetworkInterface", "a database (RDS)"},
    {NULL, "EFS mount target", "a file system (EFS)"},
    {NULL, "CodeBuild", "a build (CodeBuild)"},
    {NULL, "AWS created network interface for directory", "a directory service"},
};

static const char *kind_of(const struct export_value *interface)
{
    const char *type = export_text(interface, "InterfaceType"),
               *description = export_text(interface, "Description");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].type != NULL
                ? strcasecmp(kinds[i].type, type) == 0
                : strncasecmp(kinds[i].description, description, strlen(kinds[i].description)) == 0)
            return kinds[i].kind;
    return export_text(interface, "Attachment.InstanceId")[0] != '\0' ? "an instance" : "an interface";
}

/* [{"Key": "Name", "Value": "web-3"}]: the ones that say who it is first. */
static void take_tags(const struct export_value *value, const char *path, struct cloud_place *place)
{
    static const char *const first[] = {"owner", "team"};
    size_t count = export_count(value, path), wanted = sizeof first / sizeof first[0];
    for (size_t turn = 0; turn <= wanted; turn++)
        for (size_t i = 0; i < count; i++) {
            const struct export_value *tag = export_element(value, path, i);
            const char *key = export_text(tag, "Key"), *text = export_text(tag, "Value");
            if (key[0] == '\0' || (turn < wanted && strcasecmp(key, first[turn]) != 0))
                continue;
            if (strcmp(key, "Name") == 0)
                COPY(place->instance_name, text);
            else
                cloud_tag_add(place, key, text);
            if (turn == 0)
                COPY(place->owner, text);
        }
}

/* "eu-north-1a" is in eu-north-1, and so are the zones of its cities, "us-west-2-lax-1a" in us-west-2: the
 * number ends a region's name. */
static void take_zone(const char *zone, struct cloud_place *place)
{
    static const char digits[] = "0123456789";
    COPY(place->zone, zone);
    COPY(place->region, zone);
    size_t number = strcspn(place->region, digits);
    place->region[number + strspn(place->region + number, digits)] = '\0';
}

static bool take_list(struct inventory *inventory, const struct export_value *value, const char *list,
                      const char *member, bool is_outside, struct error *error)
{
    for (size_t i = 0; i < export_count(value, list); i++)
        if (!inventory_add_address(inventory, export_text(export_element(value, list, i), member), is_outside,
                                   error))
            return false;
    return true;
}

static bool take_addresses(struct inventory *inventory, const struct export_value *interface,
                           struct error *error)
{
    bool has_list = export_count(interface, "PrivateIpAddresses") > 0;
    if (!has_list &&
        !(inventory_add_address(inventory, export_text(interface, "PrivateIpAddress"), false, error) &&
          inventory_add_address(inventory, export_text(interface, "Association.PublicIp"), true, error)))
        return false;
    return take_list(inventory, interface, "PrivateIpAddresses", "PrivateIpAddress", false, error) &&
           take_list(inventory, interface, "PrivateIpAddresses", "Association.PublicIp", true, error) &&
           take_list(inventory, interface, "Ipv6Addresses", "Ipv6Address", false, error) &&
           take_list(inventory, interface, "Ipv4Prefixes", "Ipv4Prefix", false, error);
}

/* `around` is what is known of the instance that the interface stands in; NULL where it stands alone. */
static bool take_interface(struct inventory *inventory, const struct export_value *interface,
                           const struct cloud_place *around, struct error *error)
{
    struct cloud_place place = {.provider = "aws"};
    const char *instance = export_text(interface, "Attachment.InstanceId");
    take_zone(export_text(interface, "AvailabilityZone"), &place);
    COPY(place.account, export_text(interface, "OwnerId"));
    COPY(place.vpc, export_text(interface, "VpcId"));
    COPY(place.subnet, export_text(interface, "SubnetId"));
    COPY(place.interface, export_text(interface, "NetworkInterfaceId"));
    COPY(place.kind, kind_of(interface));
    take_tags(interface, "TagSet", &place);
    if (around != NULL) { /* these interfaces lack the zone, and say nothing of what they are attached to */
        instance = around->instance_id;
        COPY(place.zone, around->zone);
        COPY(place.region, around->region);
        if (strcmp(place.kind, "an interface") == 0)
            COPY(place.kind, around->kind);
    }
    COPY(place.instance_id, instance);
    return inventory_add(inventory, &place, instance, false, error) &&
           take_addresses(inventory, interface, error);
}

static bool take_instance(struct inventory *inventory, const struct export_value *instance, const char *owner,
                          struct error *error)
{
    struct cloud_place place = {.provider = "aws", .kind = "an instance"};
    take_zone(export_text(instance, "Placement.AvailabilityZone"), &place);
    COPY(place.account, owner);
    COPY(place.vpc, export_text(instance, "VpcId"));
    COPY(place.subnet, export_text(instance, "SubnetId"));
    COPY(place.instance_id, export_text(instance, "InstanceId"));
    COPY(place.instance_type, export_text(instance, "InstanceType"));
    COPY(place.launched, export_text(instance, "LaunchTime"));
    COPY(place.lifecycle, export_text(instance, "InstanceLifecycle"));
    uint64_t vcpus = export_number(instance, "CpuOptions.CoreCount") *
                     export_number(instance, "CpuOptions.ThreadsPerCore");
    place.vcpus = vcpus <= UINT16_MAX ? (uint32_t)vcpus : 0;
    take_tags(instance, "Tags", &place);
    size_t count = export_count(instance, "NetworkInterfaces");
    if (!inventory_add(inventory, &place, place.instance_id, true, error))
        return false;
    if (count == 0)
        return inventory_add_address(inventory, export_text(instance, "PrivateIpAddress"), false, error) &&
               inventory_add_address(inventory, export_text(instance, "PublicIpAddress"), true, error);
    for (size_t i = 0; i < count; i++)
        if (!take_interface(inventory, export_element(instance, "NetworkInterfaces", i), &place, error))
            return false;
    return true;
}

/* ---- the three shapes ---- */

static bool is_interface(const struct export_value *record)
{
    return export_text(record, "NetworkInterfaceId")[0] != '\0';
}

static bool take_interface_alone(struct inventory *inventory, const struct export_value *record,
                                 struct error *error)
{
    return take_interface(inventory, record, NULL, error);
}

static bool is_reservation(const struct export_value *record)
{
    return export_text(record, "ReservationId")[0] != '\0' || export_count(record, "Instances") > 0;
}

static bool take_reservation(struct inventory *inventory, const struct export_value *record,
                             struct error *error)
{
    for (size_t i = 0; i < export_count(record, "Instances"); i++)
        if (!take_instance(inventory, export_element(record, "Instances", i), export_text(record, "OwnerId"),
                           error))
            return false;
    return true;
}

static bool is_instance(const struct export_value *record)
{
    return export_text(record, "InstanceId")[0] != '\0';
}

static bool take_instance_alone(struct inventory *inventory, const struct export_value *record,
                                struct error *error)
{
    const struct export_value *interface = export_element(record, "NetworkInterfaces", 0);
    return take_instance(inventory, record, interface == NULL ? "" : export_text(interface, "OwnerId"),
                         error);
}

const struct inventory_format inventory_aws_interface = {is_interface, take_interface_alone};
const struct inventory_format inventory_aws_reservation = {is_reservation, take_reservation};
const struct inventory_format inventory_aws_instance = {is_instance, take_instance_alone};
