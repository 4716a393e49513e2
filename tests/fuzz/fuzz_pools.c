// SPDX-License-Identifier: Apache-2.0
/*
 * Signature files as an operator may write them. Any bytes are rules or an error that names file and line;
 * every rule that was read and is not switched off is found by what it stands for.
 *
 * Input: four files, separated by the byte 0x1e: names, addresses, and the operator's own of each.
 */
#include "fuzzing.h"

#include "intel/pools.h"

#include <stdio.h>
#include <unistd.h>

enum { SEPARATOR = 0x1e, FILES = 4 };

static const char *const names[FILES] = {"pool-domains.tsv", "pool-addresses.tsv", "local-domains.tsv",
                                         "local-addresses.tsv"};
static char directory[64];

static void path_of(int file, char path[static 128])
{
    snprintf(path, 128, "%s/%s", directory, names[file]);
}

static void clean_up(void)
{
    char path[128];
    for (int i = 0; i < FILES; i++) {
        path_of(i, path);
        unlink(path);
    }
    rmdir(directory);
}

static void write_files(const uint8_t *bytes, size_t length)
{
    for (int i = 0; i < FILES; i++) {
        char path[128];
        path_of(i, path);
        const uint8_t *end = length == 0 ? NULL : memchr(bytes, SEPARATOR, length);
        size_t size = end == NULL ? length : (size_t)(end - bytes);
        FILE *file = fopen(path, "w");
        require(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
        size += end != NULL;
        bytes += size;
        length -= size;
    }
}

static void ask(const struct pools *pools, const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length;
    for (char *text; (text = next_text(&bytes, end)) != NULL; free(text)) {
        struct address address;
        text[strcspn(text, "\t/")] = '\0';
        const struct pool_rule *rule = pools_find_name(pools, text);
        require(rule == NULL || (rule->pattern[0] != '\0' && rule->confidence <= POOL_HIGH));
        if (address_parse(text, &address))
            pools_find_address(pools, &address, 3333);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error = {.text = ""};
    if (directory[0] == '\0') {
        snprintf(directory, sizeof directory, "/tmp/fuzz_pools.XXXXXX");
        require(mkdtemp(directory) != NULL);
        atexit(clean_up);
    }
    write_files(bytes, length);
    struct pools *pools = pools_load(directory, &error);
    if (pools == NULL) {
        require(error.text[0] != '\0');
        return 0;
    }
    require(pools_count(pools) <= length);
    ask(pools, bytes, length);
    pools_free(pools);
    return 0;
}
