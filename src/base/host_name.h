// SPDX-License-Identifier: Apache-2.0
/*
 * Host names as lists hold them (lower case, no final dot) and as they come from the wire. Pure functions.
 */
#ifndef BASE_HOST_NAME_H
#define BASE_HOST_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum { HOST_NAME_MAX_LENGTH = 253 }; /* RFC 1035, section 2.3.4, as text */

/* Whether it is a name in lower case of at least two labels: a rule for a whole top-level domain is a slip.
 */
bool host_name_is_good(const char *text);

/* Copies `length` bytes, letters in lower case. */
void host_name_lower(char *to, const char *name, size_t length);

/* In lower case, without a final dot; returns the length, 0 where it is no name. */
size_t host_name_fold(const char *name, char folded[static HOST_NAME_MAX_LENGTH + 1]);

#endif
