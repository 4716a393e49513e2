// SPDX-License-Identifier: Apache-2.0
/*
 * Inventories and the mapping: any bytes either are read, and then looked up in, or give an error that names
 * the file. Bytes before a NUL, where there is one, are the mapping, those behind it an inventory.
 */
#include "memory_file.h"

#include "intel/inventory.h"
#include "intel/places_rules.h"

/* Every text ends within its field, and the tags within theirs. */
static void check_place(const struct cloud_place *place)
{
    const char *texts[] = {place->account,     place->region,        place->vpc,
                           place->instance_id, place->instance_name, place->owner};
    const size_t sizes[] = {sizeof place->account,     sizeof place->region,        sizeof place->vpc,
                            sizeof place->instance_id, sizeof place->instance_name, sizeof place->owner};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strnlen(texts[i], sizes[i]) == sizes[i])
            abort();
    const char *at = place->tags, *key, *value;
    for (uint8_t i = 0; i < place->tag_count; i++)
        at = cloud_tag_next(at, &key, &value);
    if (place->tag_count > CLOUD_MAX_TAGS || at > place->tags + sizeof place->tags)
        abort();
}

static void try_inventory(const uint8_t *data, size_t size, const struct address *address,
                          const struct cloud_place *within)
{
    struct error error = {.text = ""};
    const char *path = memory_file(data, size), *paths[] = {path};
    struct inventory *inventory = inventory_load(paths, 1, &error);
    if (inventory == NULL && strncmp(error.text, path, strlen(path)) != 0)
        abort();
    if (inventory != NULL) {
        struct cloud_place place = {.match = CLOUD_NOWHERE};
        inventory_find(inventory, address, within, &place);
        check_place(&place);
        place = (struct cloud_place){.match = CLOUD_NOWHERE};
        inventory_find_network(inventory, address, within, &place);
        check_place(&place);
        inventory_find_scope(inventory, within, &place);
        check_place(&place);
    }
    inventory_free(inventory);
}

static void try_rules(const uint8_t *data, size_t size, struct places_signs *signs, struct cloud_place *place)
{
    bool by_subnet;
    struct error error = {.text = ""};
    const char *path = memory_file(data, size);
    struct places_rules *rules = places_rules_load(path, "edge1", &error);
    if (rules == NULL && strstr(error.text, path) == NULL)
        abort();
    if (rules != NULL)
        places_rules_find(rules, signs, place, &by_subnet);
    check_place(place);
    places_rules_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size == 0 ? NULL : memchr(data, 0, size);
    size_t rules = end == NULL ? 0 : (size_t)(end - data);
    struct cloud_place mapped = {.match = CLOUD_NOWHERE};
    struct places_signs signs = {.vnis = {1}, .vni_count = 1, .vlans = {5}, .vlan_count = 1};
    address_parse("10.0.0.4", &signs.address);
    if (rules > 0)
        try_rules(data, rules, &signs, &mapped);
    size_t skipped = end == NULL ? 0 : rules + 1;
    try_inventory(data + skipped, size - skipped, &signs.address, &mapped);
    return 0;
}
