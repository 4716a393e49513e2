// SPDX-License-Identifier: Apache-2.0
/*
 * Where a machine stands and whose it is: the operator's mapping (places_rules.h) and inventories
 * (inventory.h) together. docs/places.md explains both. Read-only after loading; one thread.
 */
#ifndef INTEL_PLACES_H
#define INTEL_PLACES_H

#include "config/config.h"
#include "intel/inventory.h"
#include "intel/places_rules.h"

struct places;

/* Reads what the settings `places.*` name; an error names file and line. */
struct places *places_load(const struct config *config, struct error *error);
void places_free(struct places *places); /* NULL is fine */

/* Fills `place` with all that is known of the machine; all empty where nothing is. */
void places_find(const struct places *places, const struct places_signs *signs, struct cloud_place *place);

struct places_count {
    struct inventory_count inventory;
    size_t rules;
};
void places_get_count(const struct places *places, struct places_count *count);

#endif
