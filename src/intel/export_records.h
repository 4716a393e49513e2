// SPDX-License-Identifier: Apache-2.0
/*
 * Cuts the JSON that cloud CLIs export into records: the elements of its list, whether that is the whole file
 * (`az`, `gcloud`), a member of an object (`aws`: "NetworkInterfaces", "Reservations"), or values one after
 * another (JSON Lines, pages). An account's export may be hundreds of megabytes, and whoever may name
 * machines chooses what stands in it, so no more than one record is in memory, and each has a bound in length
 * and depth. What a record says is for export_value.h to read.
 */
#ifndef INTEL_EXPORT_RECORDS_H
#define INTEL_EXPORT_RECORDS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { EXPORT_MAX_RECORD = 16 << 20, EXPORT_MAX_DEPTH = 64 };

struct export_record {
    const char *path; /* of the file, for errors */
    uint64_t line;    /* where it begins */
    const char *text; /* an object, from brace to brace, without blanks between values; no NUL behind it */
    size_t length;
};

/* Takes a record; false, with the error filled, ends the reading. */
typedef bool export_take(void *taker, const struct export_record *record, struct error *error);

/* Reads to the end of `file`; `path` names it in errors. */
bool export_records_read(FILE *file, const char *path, export_take *take, void *taker, struct error *error);

#endif
