// SPDX-License-Identifier: Apache-2.0
#include "intel/tls_fingerprints.h"

#include "intel/list_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_COLUMNS = 3, COLUMNS = 5, FIRST_SIZE = 64, FILES = 2 };

struct row {
    struct tls_fingerprint row;
    unsigned line;
    bool off;
};

struct tls_fingerprints {
    char *texts[FILES];
    struct row *rows; /* in the order of their fingerprints once loaded */
    size_t count, size;
    bool own; /* the file being read is the operator's */
};

static bool is_hex(const char *text, size_t length)
{
    return strspn(text, "0123456789abcdef") >= length;
}

/* FoxIO-LLC/ja4, technical_details/JA4.md: "t13d311000_e8f1e7e78f70_1f22a2ca17c4" */
static bool is_ja4(const char *text)
{
    return strlen(text) == 36 && strchr("tqd", text[0]) != NULL && strchr("di", text[3]) != NULL &&
           strspn(text + 4, "0123456789") >= 4 && text[10] == '_' && is_hex(text + 11, 12) &&
           text[23] == '_' && is_hex(text + 24, 12);
}

static bool add(struct tls_fingerprints *list, const struct row *row, const char *path, struct error *error)
{
    if (list->count == list->size) {
        size_t size = list->size == 0 ? FIRST_SIZE : list->size * 2;
        struct row *rows = realloc(list->rows, size * sizeof *rows);
        if (rows == NULL)
            return error_set(error, STATUS_FAILED, "out of memory while loading %s", path);
        list->rows = rows;
        list->size = size;
    }
    list->rows[list->count++] = *row;
    return true;
}

static bool take(void *taker, const struct list_line *line, struct error *error)
{
    struct tls_fingerprints *list = taker;
    const char *columns[COLUMNS] = {"", "", "", "", ""};
    size_t count = list_line_split(line, columns, COLUMNS);
    struct row row = {.row = {.fingerprint = columns[0], .software = columns[1], .sources = columns[4]},
                      .line = line->number};
    row.row.own = list->own;
    if (count > COLUMNS)
        return list_line_error(line, error, "more than 5 columns", columns[0]);
    if (count < MIN_COLUMNS)
        return list_line_error(
            line, error,
            "fewer than 3 columns; write fingerprint, software and confidence, with one tab between them",
            columns[0]);
    bool is_ja3 = strlen(columns[0]) == 32 && is_hex(columns[0], 32);
    if (!is_ja3 && !is_ja4(columns[0]))
        return list_line_error(line, error, "the first column is neither JA3 (32 hex digits) nor JA4",
                               columns[0]);
    if (columns[1][0] == '\0')
        return list_line_error(line, error, "the second column names no software", columns[0]);
    if (!list_read_confidence(columns[2], &row.row.confidence, &row.off))
        return list_line_error(line, error, "the confidence is none of low, medium, high, off", columns[2]);
    if (!list_read_year(columns[3], &row.row.last_seen))
        return list_line_error(line, error, "the year is not of four digits", columns[3]);
    return add(list, &row, line->path, error);
}

/* Of rows for the same fingerprint the operator's first. */
static int compare(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->row.fingerprint, y->row.fingerprint);
    if (order == 0)
        order = (int)y->row.own - (int)x->row.own;
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static bool sort(struct tls_fingerprints *list, struct error *error)
{
    size_t kept = 0;
    if (list->count > 0)
        qsort(list->rows, list->count, sizeof list->rows[0], compare);
    for (size_t i = 0; i < list->count; i++) {
        const struct row *row = &list->rows[i], *before = kept == 0 ? NULL : &list->rows[kept - 1];
        if (before == NULL || strcmp(before->row.fingerprint, row->row.fingerprint) != 0)
            list->rows[kept++] = *row;
        else if (before->row.own == row->row.own)
            return error_set(error, STATUS_CONFIGURATION,
                             "the signatures name the TLS fingerprint %s twice: in lines %u and %u",
                             row->row.fingerprint, before->line, row->line);
    }
    list->count = kept;
    return true;
}

static bool load(struct tls_fingerprints *list, const char *directory, struct error *error)
{
    static const char *const files[FILES] = {"tls-fingerprints.tsv", "local-tls-fingerprints.tsv"};
    for (size_t i = 0; i < FILES; i++) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", directory, files[i]) >= (int)sizeof path)
            return error_set(error, STATUS_NO_INPUT,
                             "the path of the signatures directory is too long: %.80s...", directory);
        list->own = i > 0;
        if (!list_file_read(path, list->own, "name the directory of the signatures that came with geophone",
                            take, list, &list->texts[i], error))
            return false;
    }
    return sort(list, error);
}

struct tls_fingerprints *tls_fingerprints_load(const char *directory, struct error *error)
{
    struct tls_fingerprints *list = calloc(1, sizeof *list);
    if (list == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while loading the signatures of %s", directory);
        return NULL;
    }
    if (!load(list, directory, error)) {
        tls_fingerprints_free(list);
        return NULL;
    }
    return list;
}

void tls_fingerprints_free(struct tls_fingerprints *list)
{
    if (list == NULL)
        return;
    for (size_t i = 0; i < FILES; i++)
        free(list->texts[i]);
    free(list->rows);
    free(list);
}

static int compare_to(const void *fingerprint, const void *row)
{
    return strcmp(fingerprint, ((const struct row *)row)->row.fingerprint);
}

static const struct tls_fingerprint *find(const struct tls_fingerprints *list, const char *fingerprint)
{
    if (fingerprint[0] == '\0' || list->count == 0)
        return NULL;
    const struct row *row = bsearch(fingerprint, list->rows, list->count, sizeof list->rows[0], compare_to);
    return row == NULL || row->off ? NULL : &row->row;
}

const struct tls_fingerprint *tls_fingerprints_find(const struct tls_fingerprints *list, const char *ja3,
                                                    const char *ja4)
{
    const struct tls_fingerprint *by_ja4 = find(list, ja4), *by_ja3 = find(list, ja3);
    if (by_ja4 == NULL || (by_ja3 != NULL && by_ja3->confidence > by_ja4->confidence))
        return by_ja3;
    return by_ja4;
}

size_t tls_fingerprints_count(const struct tls_fingerprints *list)
{
    return list->count;
}
