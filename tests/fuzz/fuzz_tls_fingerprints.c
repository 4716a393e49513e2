// SPDX-License-Identifier: Apache-2.0
/*
 * Lists of TLS fingerprints as an operator may write them. Any bytes are rows or an error that names the
 * file; every row that is found is that of the fingerprint that was asked for.
 *
 * Input: two files, separated by the byte 0x1e: those that came with geophone, and the operator's own.
 */
#include "fuzzing.h"

#include "intel/tls_fingerprints.h"

#include <stdio.h>
#include <unistd.h>

enum { SEPARATOR = 0x1e, FILES = 2 };

static char directory[64], paths[FILES][128];

static void clean_up(void)
{
    for (int i = 0; i < FILES; i++)
        unlink(paths[i]);
    rmdir(directory);
}

static void prepare(void)
{
    static const char *const names[FILES] = {"tls-fingerprints.tsv", "local-tls-fingerprints.tsv"};
    snprintf(directory, sizeof directory, "/tmp/fuzz_tls_fingerprints.XXXXXX");
    require(mkdtemp(directory) != NULL);
    for (int i = 0; i < FILES; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s", directory, names[i]);
    atexit(clean_up);
}

static void write_file(const char *path, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    require(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

/* The first column of each line of a file, as both kinds of fingerprint. What the operator's says goes before
 * all else. */
static void ask(const struct tls_fingerprints *list, const uint8_t *bytes, const uint8_t *end, bool is_own)
{
    for (char *text; (text = next_text(&bytes, end)) != NULL; free(text)) {
        text[strcspn(text, "\t")] = '\0';
        const struct tls_fingerprint *row = tls_fingerprints_find(list, text, text);
        require(row == NULL || (strcmp(row->fingerprint, text) == 0 && row->software[0] != '\0' &&
                                row->confidence <= POOL_HIGH && row->last_seen <= 9999));
        require(row == NULL || row->own || !is_own);
        require(tls_fingerprints_find(list, text, "") == row && tls_fingerprints_find(list, "", text) == row);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error = {.text = ""};
    if (directory[0] == '\0')
        prepare();
    const uint8_t *end = bytes + length, *middle = length == 0 ? NULL : memchr(bytes, SEPARATOR, length);
    if (middle == NULL)
        middle = end;
    write_file(paths[0], bytes, (size_t)(middle - bytes));
    write_file(paths[1], middle + (middle < end), (size_t)(end - middle) - (middle < end));
    struct tls_fingerprints *list = tls_fingerprints_load(directory, &error);
    if (list == NULL) {
        require(error.text[0] != '\0');
        return 0;
    }
    require(tls_fingerprints_count(list) <= length);
    ask(list, bytes, middle, false);
    ask(list, middle + (middle < end), end, true);
    tls_fingerprints_free(list);
    return 0;
}
