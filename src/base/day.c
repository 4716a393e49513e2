// SPDX-License-Identifier: Apache-2.0
#include "base/day.h"

#include <string.h>
#include <time.h>

bool day_read(const char *text, int64_t *end_us)
{
    struct tm day = {0}, same;
    char again[11];
    const char *end = strptime(text, "%Y-%m-%d", &day);
    if (end == NULL || *end != '\0')
        return false;
    time_t begin = timegm(&day);
    /* what is no day of the calendar comes back as another one */
    if (gmtime_r(&begin, &same) == NULL || strftime(again, sizeof again, "%Y-%m-%d", &same) != 10 ||
        strcmp(again, text) != 0)
        return false;
    *end_us = ((int64_t)begin + 86400) * 1000000;
    return true;
}
