// SPDX-License-Identifier: Apache-2.0
/*
 * The machines of clouds, as their CLIs export them, found by address. Read-only after loading; one thread.
 *
 * Files: `aws ec2 describe-network-interfaces`, `aws ec2 describe-instances`, `az vm list -d`, `az network
 * nic list`, `gcloud compute instances list --format=json`, recognised by their shape, in any number and
 * mixture. An interface and its instance may stand in different files: they are joined by the instance's
 * identifier.
 */
#ifndef INTEL_INVENTORY_H
#define INTEL_INVENTORY_H

#include "base/address.h"
#include "base/error.h"
#include "intel/cloud_place.h"

#include <stddef.h>

enum {
    INVENTORY_MAX_FILES = 1024,
    INVENTORY_MAX_ROWS = 2000000,      /* interfaces and machines */
    INVENTORY_MAX_ADDRESSES = 4000000, /* some 24 bytes each */
    INVENTORY_MAX_TEXT = 512 << 20,    /* bytes of all texts, each kept once */
};

struct inventory;

/* `paths` are files, or directories whose *.json and *.jsonl are read. None is fine. */
struct inventory *inventory_load(const char *const *paths, size_t count, struct error *error);
void inventory_free(struct inventory *inventory); /* NULL is fine */

struct inventory_count {
    size_t files, machines, interfaces, addresses, networks;
    int64_t oldest_us, newest_us; /* when the files were written; 0 where there are none */
};
void inventory_get_count(const struct inventory *inventory, struct inventory_count *count);

/*
 * Fills `place` with what the machines of this address have in common, and returns how many they are; only
 * those that contradict neither provider, account, region nor VPC of `within`, where either is known.
 */
uint32_t inventory_find(const struct inventory *inventory, const struct address *address,
                        const struct cloud_place *within, struct cloud_place *place);

/* The same for the networks that hold the address: each is the smallest that holds all addresses of a subnet,
 * so it is a part of that subnet. Fills provider to subnet, and the inventory's time. */
uint32_t inventory_find_network(const struct inventory *inventory, const struct address *address,
                                const struct cloud_place *within, struct cloud_place *place);

/* The same for the VPC that `within` names; where it names none, for the account's region. False where the
 * inventory has nothing of it. */
bool inventory_find_scope(const struct inventory *inventory, const struct cloud_place *within,
                          struct cloud_place *place);

#endif
