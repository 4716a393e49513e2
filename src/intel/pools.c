// SPDX-License-Identifier: Apache-2.0
#include "intel/pools.h"

#include "intel/pools_names.h"
#include "intel/pools_networks.h"

#include <stdio.h>
#include <stdlib.h>

/* The shipped files, then the operator's own, whose rules take the place of shipped ones. */
static const struct {
    const char *name;
    pools_take *take;
    bool names;
    bool optional;
} files[] = {
    {"pool-domains.tsv", pools_names_take, true, false},
    {"pool-addresses.tsv", pools_networks_take, false, false},
    {"local-domains.tsv", pools_names_take, true, true},
    {"local-addresses.tsv", pools_networks_take, false, true},
};

enum { FILES = sizeof files / sizeof files[0] };

struct pools {
    char *texts[FILES]; /* the rules' texts */
    struct pools_names names;
    struct pools_networks networks;
};

static bool load(struct pools *pools, const char *directory, struct error *error)
{
    for (unsigned i = 0; i < FILES; i++) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", directory, files[i].name) >= (int)sizeof path)
            return error_set(error, STATUS_NO_INPUT,
                             "the path of the signatures directory is too long: %.80s...", directory);
        void *taker = files[i].names ? (void *)&pools->names : (void *)&pools->networks;
        pools->names.file = pools->networks.file = i;
        if (!pools_file_read(path, files[i].optional, files[i].take, taker, &pools->texts[i], error))
            return false;
    }
    return pools_networks_sort(&pools->networks, error);
}

struct pools *pools_load(const char *directory, struct error *error)
{
    struct pools *pools = calloc(1, sizeof *pools);
    if (pools == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while loading the signatures of %s", directory);
        return NULL;
    }
    pools_names_init(&pools->names);
    if (!load(pools, directory, error)) {
        pools_free(pools);
        return NULL;
    }
    return pools;
}

void pools_free(struct pools *pools)
{
    if (pools == NULL)
        return;
    pools_names_done(&pools->names);
    pools_networks_done(&pools->networks);
    for (unsigned i = 0; i < FILES; i++)
        free(pools->texts[i]);
    free(pools);
}

const struct pool_rule *pools_find_name(const struct pools *pools, const char *name)
{
    return pools_names_find(&pools->names, name);
}

const struct pool_rule *pools_find_address(const struct pools *pools, const struct address *address,
                                           uint16_t port)
{
    return pools_networks_find(&pools->networks, address, port);
}

size_t pools_count(const struct pools *pools)
{
    return pools->names.count + pools->networks.count;
}
