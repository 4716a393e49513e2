// SPDX-License-Identifier: Apache-2.0
/*
 * `gcloud compute instances list --format=json`; names as in the Compute Engine API (instances). Most values
 * are the URLs of resources: .../projects/PROJECT/zones/ZONE/machineTypes/TYPE.
 */
#include "intel/inventory_table.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

#define COPY(field, text) text_copy(field, sizeof(field), text)

static const char *last_part(const char *url)
{
    const char *slash = strrchr(url, '/');
    return slash == NULL ? url : slash + 1;
}

static void take_project(const char *url, struct cloud_place *place)
{
    const char *at = strstr(url, "/projects/");
    if (at == NULL)
        return;
    at += strlen("/projects/");
    size_t length = strcspn(at, "/");
    if (length < sizeof place->account)
        memcpy(place->account, at, length);
}

/* "europe-north1-a" is in europe-north1. */
static void take_zone(const char *url, struct cloud_place *place)
{
    COPY(place->zone, last_part(url));
    COPY(place->region, place->zone);
    char *dash = strrchr(place->region, '-');
    if (dash != NULL)
        *dash = '\0';
}

static void take_label(void *taker, const char *name, const char *text)
{
    struct cloud_place *place = taker;
    if (strcmp(name, "owner") == 0)
        COPY(place->owner, text);
    if (strcmp(name, "goog-gke-node") == 0)
        COPY(place->kind, "a Kubernetes node (GKE)");
    cloud_tag_add(place, name, text);
}

static bool is_instance(const struct export_value *record)
{
    return export_text(record, "machineType")[0] != '\0' && export_at(record, "networkInterfaces") != NULL;
}

static bool take_addresses(struct inventory *inventory, const struct export_value *interface,
                           struct error *error)
{
    if (!inventory_add_address(inventory, export_text(interface, "networkIP"), false, error) ||
        !inventory_add_address(inventory, export_text(interface, "ipv6Address"), false, error))
        return false;
    for (size_t i = 0; i < export_count(interface, "accessConfigs"); i++)
        if (!inventory_add_address(
                inventory, export_text(export_element(interface, "accessConfigs", i), "natIP"), true, error))
            return false;
    for (size_t i = 0; i < export_count(interface, "ipv6AccessConfigs"); i++)
        if (!inventory_add_address(
                inventory, export_text(export_element(interface, "ipv6AccessConfigs", i), "externalIpv6"),
                true, error))
            return false;
    /* of containers, from a range of their own */
    for (size_t i = 0; i < export_count(interface, "aliasIpRanges"); i++)
        if (!inventory_add_address(inventory,
                                   export_text(export_element(interface, "aliasIpRanges", i), "ipCidrRange"),
                                   true, error))
            return false;
    return true;
}

static bool take_instance(struct inventory *inventory, const struct export_value *record, struct error *error)
{
    struct cloud_place place = {.provider = "google", .kind = "an instance"};
    take_zone(export_text(record, "zone"), &place);
    take_project(export_text(record, "selfLink"), &place);
    if (place.account[0] == '\0')
        take_project(export_text(record, "zone"), &place);
    COPY(place.instance_id, export_text(record, "id"));
    COPY(place.instance_name, export_text(record, "name"));
    COPY(place.instance_type, last_part(export_text(record, "machineType")));
    COPY(place.launched, export_text(record, "creationTimestamp"));
    if (strcmp(export_text(record, "scheduling.provisioningModel"), "SPOT") == 0)
        COPY(place.lifecycle, "spot");
    export_each_text(record, "labels", take_label, &place);
    if (!inventory_add(inventory, &place, place.instance_id, true, error))
        return false;
    for (size_t i = 0; i < export_count(record, "networkInterfaces"); i++) {
        const struct export_value *interface = export_element(record, "networkInterfaces", i);
        struct cloud_place port = place;
        COPY(port.interface, export_text(interface, "name"));
        COPY(port.vpc, last_part(export_text(interface, "network")));
        COPY(port.subnet, last_part(export_text(interface, "subnetwork")));
        if (!inventory_add(inventory, &port, place.instance_id, false, error) ||
            !take_addresses(inventory, interface, error))
            return false;
    }
    return true;
}

const struct inventory_format inventory_google_instance = {is_instance, take_instance};
