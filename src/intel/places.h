// SPDX-License-Identifier: Apache-2.0
/*
 * Where a machine stands and whose it is: the operator's mapping (places_rules.h) and inventories
 * (inventory.h) together. docs/places.md explains both. Read-only after loading; one thread.
 */
#ifndef INTEL_PLACES_H
#define INTEL_PLACES_H

#include "intel/inventory.h"
#include "intel/places_rules.h"

struct places;

struct places_options {
    const char *file;      /* the mapping; "": local-places.yaml of `directory`, where it is there */
    const char *directory; /* of the signatures */
    const char *sensor;    /* its name */
    const char *const *inventories;
    size_t inventory_count;
};

/* An error names file and line. */
struct places *places_load(const struct places_options *options, struct error *error);
void places_free(struct places *places); /* NULL is fine */

/* Fills `place` with all that is known of the machine; all empty where nothing is. */
void places_find(const struct places *places, const struct places_signs *signs, struct cloud_place *place);

struct places_count {
    struct inventory_count inventory;
    size_t rules;
};
void places_get_count(const struct places *places, struct places_count *count);

#endif
