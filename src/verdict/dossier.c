// SPDX-License-Identifier: Apache-2.0
#include "verdict/dossier.h"

#include <stdlib.h>

struct dossiers {
    uint32_t count, max, mask;
    struct dossier *buckets[];
};

struct dossiers *dossiers_create(uint32_t max_dossiers)
{
    uint32_t buckets = 1024;
    while (buckets < max_dossiers && buckets < UINT32_C(1) << 18)
        buckets *= 2;
    struct dossiers *dossiers = calloc(1, sizeof *dossiers + buckets * sizeof dossiers->buckets[0]);
    if (dossiers != NULL) {
        dossiers->max = max_dossiers;
        dossiers->mask = buckets - 1;
    }
    return dossiers;
}

void dossiers_free(struct dossiers *dossiers)
{
    if (dossiers == NULL)
        return;
    for (uint32_t i = 0; i <= dossiers->mask; i++)
        for (struct dossier *one = dossiers->buckets[i], *next; one != NULL; one = next) {
            next = one->chain_next;
            free(one);
        }
    free(dossiers);
}

/* Flow identifiers are the sensor's own and count up: their low bits spread well. */
static struct dossier **link_of(struct dossiers *dossiers, uint64_t flow_id)
{
    struct dossier **link = &dossiers->buckets[flow_id & dossiers->mask];
    while (*link != NULL && (*link)->flow.id != flow_id)
        link = &(*link)->chain_next;
    return link;
}

struct dossier *dossiers_find(const struct dossiers *dossiers, uint64_t flow_id)
{
    struct dossier *one = dossiers->buckets[flow_id & dossiers->mask];
    while (one != NULL && one->flow.id != flow_id)
        one = one->chain_next;
    return one;
}

struct dossier *dossiers_get(struct dossiers *dossiers, uint64_t flow_id)
{
    struct dossier **link = link_of(dossiers, flow_id);
    if (*link == NULL && dossiers->count < dossiers->max) {
        *link = calloc(1, sizeof **link);
        if (*link != NULL) {
            (*link)->flow.id = flow_id;
            dossiers->count++;
        }
    }
    return *link;
}

void dossiers_forget(struct dossiers *dossiers, uint64_t flow_id)
{
    struct dossier **link = link_of(dossiers, flow_id);
    if (*link != NULL) {
        struct dossier *gone = *link;
        *link = gone->chain_next;
        free(gone);
        dossiers->count--;
    }
}

void dossiers_each(struct dossiers *dossiers, void (*visit)(void *context, struct dossier *dossier),
                   void *context)
{
    for (uint32_t i = 0; i <= dossiers->mask; i++)
        for (struct dossier *one = dossiers->buckets[i]; one != NULL; one = one->chain_next)
            visit(context, one);
}
