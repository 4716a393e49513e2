// SPDX-License-Identifier: Apache-2.0
/*
 * One record of an export, as a tree to look into (export_value.c is the only user of json-c). Names are
 * compared without regard to case: Azure's CLI changed theirs from privateIpAddress to privateIPAddress. A
 * value that is missing, or of another type than expected, reads as nothing.
 */
#ifndef INTEL_EXPORT_VALUE_H
#define INTEL_EXPORT_VALUE_H

#include "intel/export_records.h"

#include <stdint.h>

struct export_value;

/* NULL, with the error filled, where the record is no JSON. */
struct export_value *export_value_read(const struct export_record *record, struct error *error);
void export_value_free(struct export_value *value);

/* The value at a path of names with dots between: "Placement.AvailabilityZone"; NULL where there is none. */
const struct export_value *export_at(const struct export_value *value, const char *path);

/* The text there; "" where there is none. Lives as long as the record. */
const char *export_text(const struct export_value *value, const char *path);
uint64_t export_number(const struct export_value *value, const char *path); /* 0 where there is none */

/* The elements of the list there; 0 of all else. */
size_t export_count(const struct export_value *value, const char *path);
const struct export_value *export_element(const struct export_value *value, const char *path, size_t index);

/* Calls `take` for each member of the object there that is a text. */
void export_each_text(const struct export_value *value, const char *path,
                      void (*take)(void *taker, const char *name, const char *text), void *taker);

#endif
