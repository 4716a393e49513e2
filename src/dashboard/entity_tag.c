// SPDX-License-Identifier: Apache-2.0
#include "dashboard/entity_tag.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

bool entity_tag_is_known(const char *if_none_match, const char *etag)
{
    size_t length = strlen(etag);
    const char *at = if_none_match + strspn(if_none_match, " \t");
    if (length == 0)
        return false;
    if (*at == '*')
        return at[1 + strspn(at + 1, " \t")] == '\0';
    while (*at != '\0') {
        at += strspn(at, " \t,");
        if (strncmp(at, "W/", 2) == 0) /* the comparison is weak: section 13.1.2 */
            at += 2;
        if (*at != '"')
            return false;
        const char *end = strchr(at + 1, '"');
        if (end == NULL)
            return false;
        if ((size_t)(end + 1 - at) == length && strncmp(at, etag, length) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

/* "Mon, 05 Jan 2026 10:00:00 GMT", the one form that is sent today (section 5.6.7). */
bool entity_tag_is_since(const char *if_modified_since, int64_t changed_s)
{
    struct tm parts = {0};
    const char *end = strptime(if_modified_since, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return if_modified_since[0] != '\0' && end != NULL && *end == '\0' &&
           (int64_t)timegm(&parts) >= changed_s;
}
