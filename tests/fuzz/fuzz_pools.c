// SPDX-License-Identifier: Apache-2.0
/*
 * Signature files as an operator may write them. Any bytes are rules or an error that names file and line;
 * every rule that was read and is not switched off is found by what it stands for.
 *
 * Input: five files, separated by the byte 0x1e: names, addresses, the operator's own of each, and the allow
 * list.
 */
#include "fuzzing.h"

#include "base/log.h"
#include "intel/allowed.h"
#include "intel/pools.h"

#include <stdio.h>
#include <unistd.h>

enum { SEPARATOR = 0x1e, FILES = 5 };

static const char *const names[FILES] = {"pool-domains.tsv", "pool-addresses.tsv", "local-domains.tsv",
                                         "local-addresses.tsv", "local-allowed.tsv"};
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

/* Each line's texts as those of who mines. */
static void ask_allowed(const uint8_t *bytes, size_t length)
{
    struct error error = {.text = ""};
    struct allowed *allowed = allowed_load(directory, "", &error);
    const uint8_t *end = bytes + length;
    if (allowed == NULL) {
        require(error.text[0] != '\0');
        return;
    }
    require(allowed_count(allowed) <= length);
    for (char *text; (text = next_text(&bytes, end)) != NULL; free(text)) {
        const struct address miner = {{[10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 10}};
        const struct allowed_login login = {.user = text, .wallet = text, .worker = ""};
        const struct allowed_subject subject = {
            .miner = &miner, .pool_name = text, .logins = &login, .login_count = 1, .time_us = 0};
        struct allowed_match match = allowed_find(allowed, &subject);
        require((match.state == ALLOWED_NOT) == (match.row == NULL));
    }
    allowed_warn_expired(allowed, 0);
    allowed_free(allowed);
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
        log_set_level(LOG_LEVEL_ERROR);
        snprintf(directory, sizeof directory, "/tmp/fuzz_pools.XXXXXX");
        require(mkdtemp(directory) != NULL);
        atexit(clean_up);
    }
    write_files(bytes, length);
    ask_allowed(bytes, length);
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
