// SPDX-License-Identifier: Apache-2.0
/*
 * The object `cloud`: where the miner stands and whose it is.
 */
#include "sink/eve/eve_parts.h"

static const char *match_name(enum cloud_match match)
{
    static const char *const names[] = {
        [CLOUD_MAPPING] = "mapping", [CLOUD_NETWORK] = "network", [CLOUD_SEVERAL] = "several",
        [CLOUD_ADDRESS] = "address", [CLOUD_MIRROR] = "mirror",
    };
    return names[match];
}

static void write_tags(struct json_writer *writer, const struct cloud_place *place)
{
    const char *at = place->tags, *key, *value;
    if (place->tag_count == 0)
        return;
    json_object(writer, "tags");
    for (uint8_t i = 0; i < place->tag_count; i++) {
        at = cloud_tag_next(at, &key, &value);
        json_pair(writer, key, value);
    }
    json_object_end(writer);
}

static void write_firsts(struct json_writer *writer, const struct cloud_place *place)
{
    if (!place->first_in_account && !place->first_in_region)
        return;
    json_array(writer, "first_in");
    if (place->first_in_account)
        json_string(writer, NULL, "account");
    if (place->first_in_region)
        json_string(writer, NULL, "region");
    json_array_end(writer);
}

void eve_write_cloud(struct json_writer *writer, const struct cloud_place *place)
{
    if (place->match == CLOUD_NOWHERE)
        return;
    json_object(writer, "cloud");
    json_string(writer, "match", match_name(place->match));
    json_string_if(writer, "provider", place->provider);
    json_string_if(writer, "account", place->account);
    json_string_if(writer, "region", place->region);
    json_string_if(writer, "zone", place->zone);
    json_string_if(writer, "vpc", place->vpc);
    json_string_if(writer, "subnet", place->subnet);
    json_string_if(writer, "instance_id", place->instance_id);
    json_string_if(writer, "instance_name", place->instance_name);
    json_string_if(writer, "instance_type", place->instance_type);
    if (place->vcpus > 0)
        json_unsigned(writer, "vcpus", place->vcpus);
    json_string_if(writer, "lifecycle", place->lifecycle);
    json_string_if(writer, "interface", place->interface);
    json_string_if(writer, "kind", place->kind);
    json_string_if(writer, "launched", place->launched);
    json_string_if(writer, "owner", place->owner);
    write_tags(writer, place);
    json_string_if(writer, "label", place->label);
    if (place->candidates > 0)
        json_unsigned(writer, "candidates", place->candidates);
    if (place->is_newer)
        json_boolean(writer, "not_in_inventory", true);
    if (place->inventory_us > 0)
        eve_time(writer, "inventory", place->inventory_us);
    write_firsts(writer, place);
    json_object_end(writer);
}
