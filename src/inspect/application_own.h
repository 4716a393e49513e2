// SPDX-License-Identifier: Apache-2.0
/*
 * What application.c shares with the two engines.
 */
#ifndef INSPECT_APPLICATION_OWN_H
#define INSPECT_APPLICATION_OWN_H

#include <stdint.h>

/* The name of one of geophone's own identifiers; NULL for any other. */
const char *application_own_name(uint16_t application);

/* geophone's identifier for what nDPI calls so, in lower case; APPLICATION_UNKNOWN where it has none. */
uint16_t application_own(const char *ndpi_name);

#endif
