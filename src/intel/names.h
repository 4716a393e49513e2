// SPDX-License-Identifier: Apache-2.0
/*
 * Which name an address was reached by, learned from DNS answers that were seen. geophone never asks a name
 * server. Bounded: when full, the entry that was learned longest ago in its neighbourhood makes room. One
 * thread.
 */
#ifndef INTEL_NAMES_H
#define INTEL_NAMES_H

#include "base/address.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct names;

/* `secret` keys the hash: 16 random bytes. */
struct names *names_create(uint32_t max_entries, const uint8_t secret[static 16], struct error *error);
void names_free(struct names *names);

/* `client` resolved `name` to `address` at `now_us`. The name in lower case, where it is new for the address,
 * valid until the next names_learn(); NULL where it was known, or is no name. */
const char *names_learn(struct names *names, const struct address *client, const struct address *address,
                        const char *name, int64_t now_us);

/* The name of each entry. */
void names_each(const struct names *names,
                void (*visit)(void *context, const struct address *address, const char *name), void *context);

/* Marks an address, for good. False: it certainly was not marked; the few others that share its hash count
 * as marked, too. Much cheaper than finding names. */
void names_mark(struct names *names, const struct address *address);
bool names_is_marked(const struct names *names, const struct address *address);

/* The name that `client` last resolved to `address`, else the one that anybody did; NULL where none is known
 * or all are older than `max_age_s`. Owned by `names`, valid until the next names_learn(). */
const char *names_find(const struct names *names, const struct address *client, const struct address *address,
                       int64_t now_us, uint32_t max_age_s);

/* The same of what `client` itself resolved; where that is NULL, of what anybody did last. */
const char *names_find_own(const struct names *names, const struct address *client,
                           const struct address *address, int64_t now_us, uint32_t max_age_s);

#endif
