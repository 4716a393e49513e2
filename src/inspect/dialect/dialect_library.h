// SPDX-License-Identifier: Apache-2.0
/*
 * Makes sets of dialects from what is built in and the files of a signatures directory: `dialects/`, which
 * comes with geophone, then `local-dialects/`, which is the operator's. A file whose dialect has the name of
 * a built-in or of a shipped one takes its place.
 *
 * It keeps what the dialects of files are told to be (struct dialect without its words), the same for the
 * same dialect each time it is read, until it is freed itself: conversations, dossiers and incidents point to
 * it. Belongs to one thread; what it makes does not.
 */
#ifndef INSPECT_DIALECT_DIALECT_LIBRARY_H
#define INSPECT_DIALECT_DIALECT_LIBRARY_H

#include "base/error.h"
#include "inspect/dialect/dialect_set.h"

/* Different ones that it ever keeps: far more than files, as they may be changed while the sensor runs. */
enum { DIALECT_LIBRARY_MAX_KEPT = 4096 };

struct dialect_library;

struct dialect_library *dialect_library_create(void); /* NULL: out of memory */
void dialect_library_free(struct dialect_library *library);

/* Reads all files below `directory`, a directory of signatures; those that are not there are none. NULL with
 * the error of the first mistake. The caller frees the set before the library. */
struct dialect_set *dialect_library_load(struct dialect_library *library, const char *directory,
                                         struct error *error);

#endif
