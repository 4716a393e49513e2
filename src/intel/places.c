// SPDX-License-Identifier: Apache-2.0
#include "intel/places.h"

#include "base/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct places {
    struct places_rules *rules;
    struct inventory *inventory;
};

/* The mapping's path; "" where there is none. */
static const char *file_of(const struct config *config, char *beside, size_t size)
{
    if (config->places.file[0] != '\0')
        return config->places.file;
    int length = snprintf(beside, size, "%s/local-places.yaml", config->signatures.directory);
    return length > 0 && (size_t)length < size && access(beside, F_OK) == 0 ? beside : "";
}

struct places *places_load(const struct config *config, struct error *error)
{
    char beside[PATH_MAX];
    struct places *places = calloc(1, sizeof *places);
    if (places == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the places of machines");
        return NULL;
    }
    places->rules = places_rules_load(file_of(config, beside, sizeof beside), config->sensor.name, error);
    if (places->rules != NULL)
        places->inventory = inventory_load((const char *const *)config->places.inventories.items,
                                           config->places.inventories.count, error);
    if (places->inventory != NULL)
        return places;
    places_free(places);
    return NULL;
}

void places_free(struct places *places)
{
    if (places == NULL)
        return;
    places_rules_free(places->rules);
    inventory_free(places->inventory);
    free(places);
}

/* The mapping says where the inventory says nothing. */
static void join(struct cloud_place *place, const struct cloud_place *mapped)
{
    if (place->match == CLOUD_NOWHERE)
        place->match = mapped->match;
    for (size_t i = 0; i < 4; i++) {
        static const struct {
            size_t offset, size;
        } fields[] = {
            {offsetof(struct cloud_place, provider), sizeof mapped->provider},
            {offsetof(struct cloud_place, account), sizeof mapped->account},
            {offsetof(struct cloud_place, region), sizeof mapped->region},
            {offsetof(struct cloud_place, vpc), sizeof mapped->vpc},
        };
        char *field = (char *)place + fields[i].offset;
        if (field[0] == '\0')
            memcpy(field, (const char *)mapped + fields[i].offset, fields[i].size);
    }
    memcpy(place->label, mapped->label, sizeof place->label);
}

/* The machine whose interface wrapped the packets: AWS mirrors send from the primary address of the interface
 * that they mirror (VPC Traffic Mirroring guide). */
static bool find_mirrored(const struct places *places, const struct places_signs *signs,
                          const struct cloud_place *mapped, struct cloud_place *place)
{
    for (size_t i = 0; i < signs->source_count; i++)
        if (!address_equal(&signs->sources[i], &signs->other) &&
            inventory_find(places->inventory, &signs->sources[i], mapped, place) == 1) {
            place->match = CLOUD_MIRROR;
            return true;
        }
    return false;
}

/* Of several machines with the address the one that stands in the VPC of the mirrored interface; that
 * interface's own machine where it stands in none of theirs. */
static void choose(const struct places *places, const struct places_signs *signs,
                   const struct cloud_place *mapped, struct cloud_place *place)
{
    struct cloud_place mirrored, within = *mapped, one;
    if (!find_mirrored(places, signs, mapped, &mirrored))
        return;
    text_copy(within.vpc, sizeof within.vpc, mirrored.vpc);
    text_copy(within.account, sizeof within.account, mirrored.account);
    *place = inventory_find(places->inventory, &signs->address, &within, &one) == 1 ? one : mirrored;
}

/* No machine of the inventory has the address, and yet it lies among them. */
static void place_network(const struct places *places, const struct places_signs *signs,
                          const struct cloud_place *mapped, bool by_subnet, struct cloud_place *place)
{
    *place = (struct cloud_place){.match = CLOUD_NOWHERE};
    bool is_mapped = by_subnet || mapped->vpc[0] != '\0';
    place->is_newer = inventory_find_network(places->inventory, &signs->address, mapped, place) > 0 ||
                      (is_mapped && inventory_find_scope(places->inventory, mapped, place));
}

void places_find(const struct places *places, const struct places_signs *signs, struct cloud_place *place)
{
    struct cloud_place mapped;
    bool by_subnet;
    places_rules_find(places->rules, signs, &mapped, &by_subnet);
    uint32_t count = inventory_find(places->inventory, &signs->address, &mapped, place);
    if (count > 1)
        choose(places, signs, &mapped, place);
    else if (count == 0 && !find_mirrored(places, signs, &mapped, place))
        place_network(places, signs, &mapped, by_subnet, place);
    join(place, &mapped);
}

void places_get_count(const struct places *places, struct places_count *count)
{
    count->rules = places_rules_count(places->rules);
    inventory_get_count(places->inventory, &count->inventory);
}
