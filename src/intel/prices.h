// SPDX-License-Identifier: Apache-2.0
/*
 * What computing costs: list prices of cloud instances, and hash rates of processors with what an hour of
 * them costs. Read from dated files in the signatures directory (signatures/README.md), never built in.
 * Read-only after loading. All prices are handed out in the one currency that was asked for.
 */
#ifndef INTEL_PRICES_H
#define INTEL_PRICES_H

#include "base/error.h"

#include <stddef.h>

struct prices;

/* Texts are owned by `prices`. */
struct instance_price {
    double hour, low, high; /* equal where the region has a price of its own, or there is one for all */
    const char *region;     /* whose price it is; "" where it spans those of other regions */
    const char *date;       /* of several, the oldest */
};

struct work_price {
    double low, high; /* for one hash (Equihash: solution) per second, sustained for an hour */
    const char *unit; /* what is counted: "vCPU", "GPU"; of several kinds "processor" */
    const char *date; /* of several, the oldest */
};

/* Loads instance-prices.tsv, hash-rates.tsv and exchange-rates.tsv of `directory`, each followed by the
 * operator's own, local-instance-prices.tsv and so on, whose rows take the place of shipped ones. Files that
 * are not there are empty. A bad line is an error that names file and line, as is a price whose currency
 * cannot be exchanged into `currency` (three capital letters). */
struct prices *prices_load(const char *directory, const char *currency, struct error *error);
void prices_free(struct prices *prices);

/* The price of an instance type (any case) in a region: its own, else the one for all regions ("*"), else
 * from the lowest to the highest of the others. False where the type has no price. */
bool prices_of_instance(const struct prices *prices, const char *provider, const char *type,
                        const char *region, struct instance_price *price);

/* The price of work by an algorithm, over all processors that have a rate for it: from the fastest at its
 * lowest price to the slowest at its highest. False where there is none. */
bool prices_of_work(const struct prices *prices, const char *algorithm, struct work_price *price);

const char *prices_currency(const struct prices *prices);
size_t prices_count(const struct prices *prices); /* of instances and of work */

#endif
