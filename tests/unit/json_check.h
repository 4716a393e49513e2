// SPDX-License-Identifier: Apache-2.0
/*
 * A strict reader of JSON (RFC 8259) for tests: whether a text is one value, and what stands at a path in it.
 */
#ifndef TESTS_UNIT_JSON_CHECK_H
#define TESTS_UNIT_JSON_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct json_check {
    const char *at;
    const char *want; /* path: "mining.evidence.0.what" */
    char path[256];
    char found[1024]; /* the value's text as written, strings with their quotes */
    bool has_found, is_bad;
};

static inline void json_check_value(struct json_check *check, int depth);

static inline bool json_check_eat(struct json_check *check, const char *word)
{
    if (strncmp(check->at, word, strlen(word)) != 0)
        return false;
    check->at += strlen(word);
    return true;
}

static inline void json_check_string(struct json_check *check)
{
    check->at++;
    while (*check->at != '"' && !check->is_bad) {
        unsigned char c = (unsigned char)*check->at++;
        if (c == '\\') {
            if (*check->at == 'u' && strspn(check->at + 1, "0123456789abcdefABCDEF") >= 4)
                check->at += 5;
            else if (*check->at != '\0' && strchr("\"\\/bfnrt", *check->at) != NULL)
                check->at++;
            else
                check->is_bad = true;
        } else if (c < 0x20) {
            check->is_bad = true; /* also the end of the text */
        }
    }
    check->at += !check->is_bad;
}

static inline void json_check_members(struct json_check *check, bool is_object, char end, int depth)
{
    size_t length = strlen(check->path);
    check->at++;
    if (*check->at == end) {
        check->at++;
        return;
    }
    for (int i = 0; !check->is_bad; i++) {
        const char *name = check->at + 1;
        char number[16];
        size_t name_length = (size_t)snprintf(number, sizeof number, "%d", i);
        if (is_object) {
            if (*check->at != '"') {
                check->is_bad = true;
                return;
            }
            json_check_string(check);
            name_length = (size_t)(check->at - name - 1);
            check->is_bad |= !json_check_eat(check, ":");
        }
        snprintf(check->path + length, sizeof check->path - length, "%s%.*s", length > 0 ? "." : "",
                 (int)name_length, is_object ? name : number);
        json_check_value(check, depth + 1);
        check->path[length] = '\0';
        if (*check->at == end) {
            check->at++;
            return;
        }
        check->is_bad |= !json_check_eat(check, ",");
    }
}

static inline void json_check_value(struct json_check *check, int depth)
{
    const char *begin = check->at;
    if (check->is_bad || depth > 16) {
        check->is_bad = true;
        return;
    }
    if (*check->at == '{')
        json_check_members(check, true, '}', depth);
    else if (*check->at == '[')
        json_check_members(check, false, ']', depth);
    else if (*check->at == '"')
        json_check_string(check);
    else if (!json_check_eat(check, "true") && !json_check_eat(check, "false") &&
             !json_check_eat(check, "null")) {
        size_t length = strspn(check->at, "+-.0123456789eE");
        check->is_bad |= length == 0;
        check->at += length;
    }
    if (!check->is_bad && check->want != NULL && strcmp(check->path, check->want) == 0) {
        check->is_bad |= check->has_found; /* a name twice */
        check->has_found = true;
        snprintf(check->found, sizeof check->found, "%.*s", (int)(check->at - begin), begin);
    }
}

static inline bool json_is_valid(const char *text)
{
    struct json_check check = {.at = text};
    json_check_value(&check, 0);
    return !check.is_bad && *check.at == '\0';
}

/* The text of the value at `path`; "" where there is none. Static storage until the next call. */
static inline const char *json_at(const char *text, const char *path)
{
    static struct json_check check;
    check = (struct json_check){.at = text, .want = path};
    json_check_value(&check, 0);
    return check.is_bad ? "(not valid JSON)" : check.found;
}

#endif
