// SPDX-License-Identifier: Apache-2.0
#include "base/host_name.h"

#include <string.h>

enum { MAX_LABEL = 63 }; /* RFC 1035, section 2.3.4 */

bool host_name_is_good(const char *text)
{
    size_t length = strlen(text), labels = 0;
    if (length > HOST_NAME_MAX_LENGTH)
        return false;
    for (;; labels++) {
        size_t label = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");
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
