// SPDX-License-Identifier: Apache-2.0
/*
 * What a report must be, whatever its texts hold: elements of its own only, closed in order, and one data
 * block.
 */
#ifndef TESTS_FUZZ_PAGE_CHECK_H
#define TESTS_FUZZ_PAGE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { PAGE_MAX_OPEN = 32, PAGE_NAME_SIZE = 12 };

/* The name of the tag at `at`, behind "<" or "</"; "" where it is none that a report has. */
static inline const char *page_name(const char *at, char name[static PAGE_NAME_SIZE])
{
    static const char own[] =
        " html head meta title style body a header h1 h2 h3 h4 p strong code nav div table "
        "thead tbody tr th td main section span pre br dl dt dd ol li article svg rect path "
        "polyline text label input script ";
    char padded[PAGE_NAME_SIZE + 2];
    size_t length = strcspn(at, " />\n");
    name[0] = '\0';
    if (length == 0 || length >= PAGE_NAME_SIZE)
        return name;
    padded[0] = ' ';
    memcpy(padded + 1, at, length);
    memcpy(padded + 1 + length, " ", 2);
    if (strstr(own, padded) != NULL) {
        memcpy(name, at, length);
        name[length] = '\0';
    }
    return name;
}

/* Behind the tag's ">"; NULL where it has none. Attributes stand in double quotes. */
static inline const char *page_tag_end(const char *at)
{
    bool quoted = false;
    for (; *at != '\0'; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == '<')
            return NULL;
        else if (*at == '>' && !quoted)
            return at + 1;
    }
    return NULL;
}

static inline bool page_is_void(const char *name, const char *end)
{
    return end[-2] == '/' || strcmp(name, "meta") == 0 || strcmp(name, "br") == 0 ||
           strcmp(name, "input") == 0;
}

static inline bool page_is_whole(const char *page)
{
    char open[PAGE_MAX_OPEN][PAGE_NAME_SIZE], name[PAGE_NAME_SIZE];
    size_t depth = 0, scripts = 0;
    const char *at = page + strlen("<!DOCTYPE html>");
    if (strncmp(page, "<!DOCTYPE html>", strlen("<!DOCTYPE html>")) != 0)
        return false;
    while ((at = strchr(at, '<')) != NULL) {
        bool closes = at[1] == '/';
        if (page_name(at + 1 + closes, name)[0] == '\0' || (at = page_tag_end(at + 1)) == NULL)
            return false;
        if (closes && (depth == 0 || strcmp(open[--depth], name) != 0))
            return false;
        if (closes || page_is_void(name, at))
            continue;
        scripts += strcmp(name, "script") == 0;
        if (depth == PAGE_MAX_OPEN)
            return false;
        memcpy(open[depth++], name, sizeof name);
    }
    return depth == 0 && scripts == 1;
}

#endif
