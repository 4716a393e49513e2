// SPDX-License-Identifier: Apache-2.0
/*
 * `az vm list -d` and `az network nic list`. Resources have paths:
 * /subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/NAME (Azure Resource
 * Manager), in any case of letters.
 */
#include "intel/inventory_table.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COPY(field, text) text_copy(field, sizeof(field), text)

enum { MAX_PART = 128 };

/* The element of the path behind the one named `what`; "" where there is none. */
static const char *part_of(const char *path, const char *what, char part[static MAX_PART])
{
    part[0] = '\0';
    size_t length = strlen(what);
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/'))
        if (strncasecmp(at + 1, what, length) == 0 && at[1 + length] == '/') {
            const char *from = at + length + 2;
            size_t count = strcspn(from, "/");
            count = count < MAX_PART ? count : MAX_PART - 1;
            memcpy(part, from, count);
            part[count] = '\0';
            break;
        }
    return part;
}

static void take_tag(void *taker, const char *name, const char *text)
{
    struct cloud_place *place = taker;
    if (strcasecmp(name, "owner") == 0)
        COPY(place->owner, text);
    cloud_tag_add(place, name, text);
}

static void take_common(const struct export_value *record, struct cloud_place *place)
{
    char part[MAX_PART];
    COPY(place->provider, "azure");
    COPY(place->account, part_of(export_text(record, "id"), "subscriptions", part));
    COPY(place->region, export_text(record, "location"));
    if (export_count(record, "zones") > 0)
        COPY(place->zone, export_text(export_element(record, "zones", 0), ""));
    export_each_text(record, "tags", take_tag, place);
}

/* A network's name is unique in its resource group only: "group/network". */
static void take_network(const char *subnet, struct cloud_place *place)
{
    char group[MAX_PART], network[MAX_PART], name[MAX_PART];
    part_of(subnet, "resourceGroups", group);
    if (part_of(subnet, "virtualNetworks", network)[0] != '\0')
        snprintf(place->vpc, sizeof place->vpc, "%.60s/%.60s", group, network);
    COPY(place->subnet, part_of(subnet, "subnets", name));
}

/* "10.0.0.4,10.0.0.5" */
static bool take_list(struct inventory *inventory, const char *list, bool is_outside, struct error *error)
{
    while (*list != '\0') {
        char address[ADDRESS_TEXT_SIZE];
        list += strspn(list, ", ");
        size_t length = strcspn(list, ", ");
        if (length > 0 && length < sizeof address) {
            memcpy(address, list, length);
            address[length] = '\0';
            if (!inventory_add_address(inventory, address, is_outside, error))
                return false;
        }
        list += length;
    }
    return true;
}

/* ---- az vm list -d ---- */

static bool path_has(const struct export_value *record, const char *what)
{
    char part[MAX_PART];
    const char *id = export_text(record, "id");
    return strncasecmp(id, "/subscriptions/", 15) == 0 && part_of(id, what, part)[0] != '\0';
}

static bool is_machine(const struct export_value *record)
{
    return path_has(record, "virtualMachines") && !path_has(record, "networkInterfaces");
}

static bool take_machine(struct inventory *inventory, const struct export_value *record, struct error *error)
{
    struct cloud_place place = {.kind = "a virtual machine"};
    const char *id = export_text(record, "id");
    take_common(record, &place);
    COPY(place.instance_id, id);
    COPY(place.instance_name, export_text(record, "name"));
    COPY(place.instance_type, export_text(record, "hardwareProfile.vmSize"));
    COPY(place.launched, export_text(record, "timeCreated"));
    if (strcasecmp(export_text(record, "priority"), "Spot") == 0)
        COPY(place.lifecycle, "spot");
    return inventory_add(inventory, &place, id, true, error) &&
           take_list(inventory, export_text(record, "privateIps"), false, error) &&
           take_list(inventory, export_text(record, "publicIps"), true, error);
}

/* ---- az network nic list ---- */

static bool is_interface(const struct export_value *record)
{
    return path_has(record, "networkInterfaces");
}

static const char *kind_of(const struct export_value *record, const char *machine)
{
    if (strcasestr(machine, "/virtualMachineScaleSets/") != NULL)
        return "an instance of a scale set";
    if (machine[0] != '\0')
        return "a virtual machine";
    return export_text(record, "privateEndpoint.id")[0] != '\0' ? "a private endpoint" : "an interface";
}

static bool take_interface(struct inventory *inventory, const struct export_value *record,
                           struct error *error)
{
    struct cloud_place place = {.match = CLOUD_NOWHERE};
    const char *machine = export_text(record, "virtualMachine.id");
    size_t count = export_count(record, "ipConfigurations");
    take_common(record, &place);
    COPY(place.interface, export_text(record, "name"));
    COPY(place.instance_id, machine);
    COPY(place.kind, kind_of(record, machine));
    if (count > 0)
        take_network(export_text(export_element(record, "ipConfigurations", 0), "subnet.id"), &place);
    if (!inventory_add(inventory, &place, machine, false, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct export_value *one = export_element(record, "ipConfigurations", i);
        if (!inventory_add_address(inventory, export_text(one, "privateIPAddress"), false, error) ||
            !inventory_add_address(inventory, export_text(one, "publicIPAddress.ipAddress"), true, error))
            return false;
    }
    return true;
}

const struct inventory_format inventory_azure_machine = {is_machine, take_machine};
const struct inventory_format inventory_azure_interface = {is_interface, take_interface};
