// SPDX-License-Identifier: Apache-2.0
#include "intel/list_file.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 64 << 20 };

bool list_line_error(const struct list_line *line, struct error *error, const char *what, const char *value)
{
    return error_set(error, STATUS_CONFIGURATION, "%s:%u: %s: \"%.80s\"", line->path, line->number, what,
                     value);
}

bool list_read_confidence(const char *text, enum pool_confidence *confidence, bool *off)
{
    static const char *const names[] = {[POOL_LOW] = "low", [POOL_MEDIUM] = "medium", [POOL_HIGH] = "high"};
    *off = strcmp(text, "off") == 0;
    for (int i = POOL_LOW; i <= POOL_HIGH; i++)
        if (strcmp(text, names[i]) == 0) {
            *confidence = (enum pool_confidence)i;
            return true;
        }
    return *off;
}

bool list_read_year(const char *text, uint16_t *year)
{
    if (text[0] == '\0')
        return true;
    if (strlen(text) != 4 || strspn(text, "0123456789") != 4)
        return false;
    *year =
        (uint16_t)((text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0'));
    return true;
}

/* The whole stream with a NUL behind it; NULL where it cannot be read (errno says why). */
static char *read_stream(FILE *file, size_t *length)
{
    size_t size = 1 << 16;
    char *text = malloc(size);
    *length = 0;
    while (text != NULL) {
        *length += fread(text + *length, 1, size - *length - 1, file);
        if (*length < size - 1)
            break;
        errno = EFBIG;
        char *more = size >= MAX_FILE_BYTES ? NULL : realloc(text, size *= 2);
        if (more == NULL)
            free(text);
        text = more;
    }
    if (text != NULL && ferror(file)) {
        free(text);
        return NULL;
    }
    if (text != NULL)
        text[*length] = '\0';
    return text;
}

size_t list_line_split(const struct list_line *line, const char *columns[], size_t size)
{
    size_t count = 0;
    char *text = line->text;
    for (char *tab = text; tab != NULL; count++) {
        if (count == size)
            return size + 1;
        columns[count] = text;
        tab = strchr(text, '\t');
        if (tab != NULL) {
            *tab = '\0';
            text = tab + 1;
        }
        if (strcmp(columns[count], "-") == 0)
            columns[count] = "";
    }
    for (size_t i = count; i < size; i++)
        columns[i] = "";
    return count;
}

static bool read_lines(const char *path, char *text, list_take *take, void *taker, struct error *error)
{
    struct list_line line = {.path = path};
    for (char *rest = text; (line.text = text_take_line(&rest)) != NULL;) {
        line.number++;
        if (line.text[0] != '\0' && line.text[0] != '#' && !take(taker, &line, error))
            return false;
    }
    return true;
}

bool list_file_read(const char *path, bool optional, const char *advice, list_take *take, void *taker,
                    char **text, struct error *error)
{
    *text = NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL && optional && errno == ENOENT)
        return true;
    if (file == NULL)
        return error_set(error, STATUS_NO_INPUT, "cannot open %s: %s; %s", path, strerror(errno), advice);
    size_t length = 0;
    *text = read_stream(file, &length);
    int problem = errno;
    fclose(file);
    if (*text == NULL)
        return error_set(error, STATUS_NO_INPUT, "cannot read %s: %s", path, strerror(problem));
    if (strlen(*text) != length)
        return error_set(error, STATUS_CONFIGURATION, "%s is no text: it has a NUL byte at offset %zu", path,
                         strlen(*text));
    return read_lines(path, *text, take, taker, error);
}
