// SPDX-License-Identifier: Apache-2.0
/* Days of the calendar, as people write them into lists. */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* "2027-01-31" (ISO 8601): the moment at which that day ends, microseconds since 1970, UTC. False, and
 * *end_us untouched, where it is no day of the calendar or written otherwise. */
bool day_read(const char *text, int64_t *end_us);

#endif
