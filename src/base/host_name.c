// SPDX-License-Identifier: Apache-2.0
#include "base/host_name.h"

#include <string.h>

enum { MAX_LABEL = 63 }; /* RFC 1035, section 2.3.4 */

/* strspn() would make a table of these letters for each label of thousands of names. */
static size_t label_length(const char *text)
{
    size_t length = 0;
    while ((text[length] >= 'a' && text[length] <= 'z') || (text[length] >= '0' && text[length] <= '9') ||
           text[length] == '-' || text[length] == '_')
        length++;
    return length;
}

bool host_name_is_good(const char *text)
{
    size_t length = strlen(text), labels = 0;
    if (length > HOST_NAME_MAX_LENGTH)
        return false;
    for (;; labels++) {
        size_t label = label_length(text);
        if (label == 0 || label > MAX_LABEL)
            return false;
        text += label;
        if (*text == '\0')
            return labels > 0;
        if (*text++ != '.')
            return false;
    }
}

size_t host_name_fold(const char *name, char folded[static HOST_NAME_MAX_LENGTH + 1])
{
    size_t length = strnlen(name, HOST_NAME_MAX_LENGTH + 2);
    if (length > 0 && name[length - 1] == '.')
        length--;
    if (length > HOST_NAME_MAX_LENGTH)
        return 0;
    for (size_t i = 0; i < length; i++)
        folded[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A') : name[i]);
    folded[length] = '\0';
    return length;
}
