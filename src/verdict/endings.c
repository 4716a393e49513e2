// SPDX-License-Identifier: Apache-2.0
#include "verdict/endings.h"

#include <stdlib.h>

bool endings_init(struct endings *endings)
{
    *endings = (struct endings){.list = calloc(ENDINGS_MAX, sizeof *endings->list)};
    return endings->list != NULL;
}

void endings_done(struct endings *endings)
{
    free(endings->list);
}

struct ending *endings_get(struct endings *endings, const struct flow_record *flow)
{
    if (endings->count > 0 && endings->list[endings->count - 1].flow.id == flow->id)
        return &endings->list[endings->count - 1];
    if (endings->count == ENDINGS_MAX)
        return NULL;
    struct ending *ending = &endings->list[endings->count++];
    *ending = (struct ending){.flow = *flow, .told = UINT64_MAX};
    return ending;
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

/* Nothing of this is a worker's: neither identifiers nor pointers. */
static int compare(const void *one, const void *other)
{
    const struct ending *first = one, *second = other;
    const struct flow_record *a = &first->flow, *b = &second->flow;
    const int by[] = {
        ORDER(a->first_us, b->first_us),
        ORDER(first->told, second->told),
        address_compare(&a->client, &b->client),
        ORDER(a->client_port, b->client_port),
        address_compare(&a->server, &b->server),
        ORDER(a->server_port, b->server_port),
        ORDER(a->protocol, b->protocol),
        ORDER(a->vlans[0], b->vlans[0]),
        ORDER(a->vlans[1], b->vlans[1]),
        ORDER(a->source, b->source),
        ORDER(a->cookie, b->cookie),
        ORDER(a->last_us, b->last_us),
        ORDER(a->packets[TO_SERVER], b->packets[TO_SERVER]),
    };
    size_t i = 0;
    while (i < sizeof by / sizeof by[0] - 1 && by[i] == 0)
        i++;
    return by[i];
}

void endings_sort(struct endings *endings)
{
    if (endings->count > 1)
        qsort(endings->list, endings->count, sizeof *endings->list, compare);
}
