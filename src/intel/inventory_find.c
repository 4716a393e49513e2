// SPDX-License-Identifier: Apache-2.0
/*
 * Looking up in an inventory.
 */
#include "intel/inventory_table.h"

#include "base/network.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    MAX_CANDIDATES = 4096, /* rows of one address that are looked at */
    MAX_DISTINCT = 64,     /* machines of one address that are told apart */
    MATCHED_TEXTS = 4,     /* of inventory_fields: provider, account, region, VPC */
};

static const char *text_of(const struct inventory *inventory, uint32_t offset)
{
    return inventory->texts.bytes + offset;
}

static bool contradicts(const struct inventory *inventory, const struct inventory_row *row,
                        const struct cloud_place *within)
{
    for (size_t i = 0; i < MATCHED_TEXTS; i++) {
        const char *wanted = (const char *)within + inventory_fields[i].offset;
        if (wanted[0] != '\0' && row->texts[i] != 0 &&
            strcasecmp(wanted, text_of(inventory, row->texts[i])) != 0)
            return true;
    }
    return false;
}

/* What is known of one row is put into the fields that are empty. */
static void fill(const struct inventory *inventory, const struct inventory_row *row, size_t texts,
                 struct cloud_place *place)
{
    for (size_t i = 0; i < texts; i++) {
        char *field = (char *)place + inventory_fields[i].offset;
        if (field[0] == '\0')
            text_copy(field, inventory_fields[i].size, text_of(inventory, row->texts[i]));
    }
}

static void fill_tags(const struct inventory *inventory, const struct inventory_row *row,
                      struct cloud_place *place)
{
    const char *at = text_of(inventory, row->tags), *key, *value;
    for (uint8_t i = 0; i < row->tag_count; i++) {
        at = cloud_tag_next(at, &key, &value);
        cloud_tag_add(place, key, value);
    }
}

/* A machine's own row knows its name and type better than its interface's, which knows where it is. */
static void describe(const struct inventory *inventory, const struct inventory_row *row,
                     struct cloud_place *place)
{
    *place = (struct cloud_place){.match = CLOUD_ADDRESS};
    fill(inventory, row, INVENTORY_TEXTS, place);
    text_copy(place->kind, sizeof place->kind, text_of(inventory, row->kind));
    place->vcpus = row->vcpus;
    place->inventory_us = inventory->file_times[row->file];
    if (row->machine != 0) {
        const struct inventory_row *machine = &inventory->rows[row->machine - 1];
        place->instance_name[0] = '\0'; /* an interface has a name of its own */
        fill(inventory, machine, INVENTORY_TEXTS, place);
        fill(inventory, row, INVENTORY_TEXTS, place);
        place->vcpus = machine->vcpus > 0 ? machine->vcpus : row->vcpus;
        fill_tags(inventory, machine, place);
    }
    fill_tags(inventory, row, place);
}

/* The same machine or interface in two files; and where two had one address of a VPC, one came after the
 * other. */
static bool is_same(const struct inventory_row *a, const struct inventory_row *b)
{
    const uint32_t *x = a->texts, *y = b->texts;
    bool one_network = x[INVENTORY_VPC] != 0 && x[INVENTORY_VPC] == y[INVENTORY_VPC] &&
                       x[INVENTORY_ACCOUNT] == y[INVENTORY_ACCOUNT];
    bool one_interface = x[INVENTORY_INTERFACE] != 0 && x[INVENTORY_INTERFACE] == y[INVENTORY_INTERFACE] &&
                         x[INVENTORY_ACCOUNT] == y[INVENTORY_ACCOUNT];
    return (a->key != 0 && a->key == b->key) || one_interface || one_network;
}

/* Which of two rows of the same machine says more: the one that knows the subnet; else the later one. */
static bool says_more(const struct inventory *inventory, const struct inventory_row *a,
                      const struct inventory_row *b)
{
    int64_t time_a = inventory->file_times[a->file], time_b = inventory->file_times[b->file];
    bool one_machine = a->key != 0 && a->key == b->key;
    bool knows_a = a->texts[INVENTORY_SUBNET] != 0, knows_b = b->texts[INVENTORY_SUBNET] != 0;
    return one_machine && knows_a != knows_b ? knows_a : time_a > time_b;
}

static void keep_common(const struct inventory *inventory, const struct inventory_row *row, size_t texts,
                        struct cloud_place *place)
{
    for (size_t i = 0; i < texts; i++) {
        char *field = (char *)place + inventory_fields[i].offset;
        if (strcmp(field, text_of(inventory, row->texts[i])) != 0)
            memset(field, 0, inventory_fields[i].size);
    }
}

static size_t first_of(const struct inventory *inventory, const struct address *address)
{
    size_t low = 0, high = inventory->address_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (address_compare(&inventory->addresses[middle].address, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Machines that are not the same, as far as they are told apart. */
struct candidates {
    const struct inventory_row *rows[MAX_DISTINCT];
    uint32_t count;
};

static void consider(const struct inventory *inventory, const struct inventory_row *row,
                     struct candidates *candidates)
{
    for (uint32_t i = 0; i < candidates->count && i < MAX_DISTINCT; i++)
        if (is_same(candidates->rows[i], row)) {
            if (says_more(inventory, row, candidates->rows[i]))
                candidates->rows[i] = row;
            return;
        }
    if (candidates->count < MAX_DISTINCT)
        candidates->rows[candidates->count] = row;
    candidates->count++;
}

static void describe_several(const struct inventory *inventory, const struct candidates *candidates,
                             struct cloud_place *place)
{
    *place = (struct cloud_place){.match = CLOUD_SEVERAL, .candidates = candidates->count};
    place->inventory_us = inventory->file_times[candidates->rows[0]->file];
    if (candidates->count > MAX_DISTINCT)
        return; /* not all were compared */
    fill(inventory, candidates->rows[0], INVENTORY_PLACE_TEXTS, place);
    for (uint32_t i = 1; i < candidates->count; i++)
        keep_common(inventory, candidates->rows[i], INVENTORY_PLACE_TEXTS, place);
}

uint32_t inventory_find(const struct inventory *inventory, const struct address *address,
                        const struct cloud_place *within, struct cloud_place *place)
{
    struct candidates candidates = {.count = 0};
    size_t first = first_of(inventory, address);
    for (size_t i = first; i < inventory->address_count && i - first < MAX_CANDIDATES; i++) {
        const struct inventory_row *row = &inventory->rows[inventory->addresses[i].row];
        if (!address_equal(&inventory->addresses[i].address, address))
            break;
        if (!contradicts(inventory, row, within))
            consider(inventory, row, &candidates);
    }
    if (candidates.count == 1)
        describe(inventory, candidates.rows[0], place);
    else if (candidates.count > 1)
        describe_several(inventory, &candidates, place);
    return candidates.count;
}

/* Networks of one prefix stand together, by address. */
static size_t first_network(const struct inventory *inventory, unsigned prefix, const struct address *address)
{
    size_t low = 0, high = inventory->network_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct inventory_network *network = &inventory->networks[middle];
        if (network->prefix < prefix ||
            (network->prefix == prefix && address_compare(&network->address, address) < 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The longest prefix that holds the address comes first; those of other VPCs may hold it, too. */
uint32_t inventory_find_network(const struct inventory *inventory, const struct address *address,
                                const struct cloud_place *within, struct cloud_place *place)
{
    uint32_t count = 0;
    for (unsigned prefix = 128; prefix-- > 0 && inventory->network_count > 0;) {
        struct address masked = network_mask(address, prefix);
        size_t at = first_network(inventory, prefix, &masked), looked_at = 0;
        for (; at < inventory->network_count && looked_at < MAX_CANDIDATES; at++, looked_at++) {
            const struct inventory_network *network = &inventory->networks[at];
            const struct inventory_row *row = &inventory->rows[network->row];
            if (network->prefix != prefix || !address_equal(&network->address, &masked))
                break;
            if (contradicts(inventory, row, within))
                continue;
            if (count++ == 0) {
                *place = (struct cloud_place){.match = CLOUD_NETWORK, .inventory_us = network->time_us};
                fill(inventory, row, INVENTORY_PLACE_TEXTS, place);
            } else {
                keep_common(inventory, row, INVENTORY_PLACE_TEXTS, place);
            }
        }
    }
    return count;
}

const char *inventory_scope_name(const struct cloud_place *place, char name[static INVENTORY_SCOPE_SIZE])
{
    name[0] = '\0';
    if (place->vpc[0] != '\0')
        snprintf(name, INVENTORY_SCOPE_SIZE, "vpc\t%s\t%s", place->vpc, place->account);
    else if (place->account[0] != '\0' && place->region[0] != '\0')
        snprintf(name, INVENTORY_SCOPE_SIZE, "region\t%s\t%s", place->account, place->region);
    return name;
}

bool inventory_find_scope(const struct inventory *inventory, const struct cloud_place *within,
                          struct cloud_place *place)
{
    char name[INVENTORY_SCOPE_SIZE];
    uint32_t text = inventory_text_find(&inventory->texts, inventory_scope_name(within, name));
    size_t low = 0, high = inventory->scope_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (inventory->scopes[middle].text < text)
            low = middle + 1;
        else
            high = middle;
    }
    if (text == 0 || low == inventory->scope_count || inventory->scopes[low].text != text)
        return false;
    *place = (struct cloud_place){.match = CLOUD_NETWORK, .inventory_us = inventory->scopes[low].time_us};
    const struct inventory_row *row = &inventory->rows[inventory->scopes[low].row];
    if (contradicts(inventory, row, within))
        return false;
    if (!inventory->scopes[low].is_shared)
        fill(inventory, row, MATCHED_TEXTS, place);
    if (within->vpc[0] == '\0')
        place->vpc[0] = '\0';
    return true;
}

void inventory_get_count(const struct inventory *inventory, struct inventory_count *count)
{
    *count = (struct inventory_count){
        .files = inventory->file_count,
        .machines = inventory->machine_count,
        .interfaces = inventory->row_count - inventory->machine_count,
        .addresses = inventory->address_count,
        .networks = inventory->network_count,
    };
    for (size_t i = 0; i < inventory->file_count; i++) {
        int64_t time_us = inventory->file_times[i];
        count->oldest_us = i == 0 || time_us < count->oldest_us ? time_us : count->oldest_us;
        count->newest_us = time_us > count->newest_us ? time_us : count->newest_us;
    }
}
