// SPDX-License-Identifier: Apache-2.0
#include "base/host_name.h"

#include <stdint.h>
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

/* Eight letters at once. Each of the sums sets the upper bit of bytes from 'A', or behind 'Z'. */
static uint64_t lower_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t low = word & ~tops;
    uint64_t upper = (low + ones * (0x80 - 'A')) & ~(low + ones * (0x80 - 'Z' - 1)) & ~word & tops;
    return word | upper >> 2; /* 0x20 is what 'a' differs from 'A' in */
}

void host_name_lower(char *to, const char *name, size_t length)
{
    uint64_t word;
    size_t i = 0;
    for (; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, name + i, sizeof word);
        word = lower_word(word);
        memcpy(to + i, &word, sizeof word);
    }
    for (; i < length; i++)
        to[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A') : name[i]);
}

size_t host_name_fold(const char *name, char folded[static HOST_NAME_MAX_LENGTH + 1])
{
    size_t length = strnlen(name, HOST_NAME_MAX_LENGTH + 2);
    if (length > 0 && name[length - 1] == '.')
        length--;
    if (length > HOST_NAME_MAX_LENGTH)
        return 0;
    host_name_lower(folded, name, length);
    folded[length] = '\0';
    return length;
}
