// SPDX-License-Identifier: Apache-2.0
#include "dashboard/target.h"

#include <string.h>

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_text(unsigned char c)
{
    return c >= 0x20 && c != 0x7f;
}

/* Decodes in place from `from` up to one of `ends` or the end of the text, and ends the result with a NUL. In
 * parameters '+' is a blank (application/x-www-form-urlencoded of the URL standard, which forms send). */
static char *decode(char *from, const char *ends, bool plus, char *ended_by)
{
    char *to = from;
    while (*from != '\0' && strchr(ends, *from) == NULL) {
        char c = *from++;
        if (c == '%') {
            int high = digit(from[0]), low = high < 0 ? -1 : digit(from[1]);
            if (low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            from += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (!is_text((unsigned char)c))
            return NULL;
        *to++ = c;
    }
    *ended_by = *from;
    char *next = from + (*from != '\0');
    *to = '\0';
    return next;
}

bool target_read(struct target *target, const char *raw)
{
    size_t length = strnlen(raw, TARGET_MAX_LENGTH + 1);
    target->count = 0;
    target->path = target->text;
    target->text[0] = '\0';
    if (length > TARGET_MAX_LENGTH || raw[0] != '/')
        return false;
    memcpy(target->text, raw, length + 1);
    char ended_by;
    char *at = decode(target->text, "?", false, &ended_by);
    while (at != NULL && ended_by != '\0') {
        char *name = at;
        if ((at = decode(name, "=&", true, &ended_by)) == NULL)
            return false;
        /* "a&b": a has no value; its own NUL is the empty one */
        char *value = ended_by == '=' ? at : name + strlen(name);
        if (ended_by == '=' && (at = decode(value, "&", true, &ended_by)) == NULL)
            return false;
        if (name[0] == '\0')
            continue;
        if (target->count == TARGET_MAX_PARAMETERS)
            return false;
        target->parameters[target->count++] = (struct target_parameter){name, value};
    }
    return at != NULL;
}

const char *target_value(const struct target *target, const char *name)
{
    for (size_t i = 0; i < target->count; i++)
        if (strcmp(target->parameters[i].name, name) == 0)
            return target->parameters[i].value;
    return NULL;
}
