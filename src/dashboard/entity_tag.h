// SPDX-License-Identifier: Apache-2.0
/*
 * Whether who asks has the answer already (RFC 9110, section 13.1). Pure functions over headers.
 */
#ifndef DASHBOARD_ENTITY_TAG_H
#define DASHBOARD_ENTITY_TAG_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the header If-None-Match (a list of tags, or "*") names `etag`, which has its quotation marks. */
bool entity_tag_is_known(const char *if_none_match, const char *etag);

/* Whether the header If-Modified-Since is a time at or after `changed_s`; false where it is none. */
bool entity_tag_is_since(const char *if_modified_since, int64_t changed_s);

#endif
