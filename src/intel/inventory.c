// SPDX-License-Identifier: Apache-2.0
/*
 * The table of an inventory while it is loaded: rows, addresses, and what is made of them in the end.
 */
#include "intel/inventory_table.h"

#include "base/network.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 1024, LARGEST_PREFIX = 128 - 8, WIDEST_IPV4 = 96 + 8, WIDEST_IPV6 = 32 };

#define FIELD(member)                                                                                        \
    {                                                                                                        \
        offsetof(struct cloud_place, member), sizeof((struct cloud_place *)0)->member                        \
    }

const struct inventory_field inventory_fields[INVENTORY_TEXTS] = {
    FIELD(provider),  FIELD(account),     FIELD(region),    FIELD(vpc),           FIELD(subnet),
    FIELD(zone),      FIELD(instance_id), FIELD(interface), FIELD(instance_name), FIELD(instance_type),
    FIELD(lifecycle), FIELD(launched),    FIELD(owner),
};

static bool out_of_room(struct error *error, const char *what)
{
    return error_set(
        error, STATUS_CONFIGURATION,
        "the inventories hold more than geophone keeps (%s): leave out what this sensor cannot see", what);
}

static void *grow(void *array, size_t count, size_t *size, size_t element)
{
    if (count < *size)
        return array;
    size_t more = *size == 0 ? FIRST_ROWS : *size * 2;
    void *grown = realloc(array, more * element);
    if (grown != NULL)
        *size = more;
    return grown;
}

static bool add_key(struct inventory *inventory, const char *machine_key, uint32_t *key)
{
    char folded[sizeof((struct cloud_place *)0)->instance_id + 1] = "#"; /* apart from all other texts */
    for (size_t i = 0; machine_key[i] != '\0' && i + 2 < sizeof folded; i++)
        folded[i + 1] = (char)tolower((unsigned char)machine_key[i]);
    return machine_key[0] == '\0' || inventory_text_add(&inventory->texts, folded, key);
}

static bool add_tags(struct inventory *inventory, const struct cloud_place *place, struct inventory_row *row)
{
    const char *at = place->tags, *key, *value;
    for (uint8_t i = 0; i < place->tag_count; i++)
        at = cloud_tag_next(at, &key, &value);
    row->tag_count = place->tag_count;
    return inventory_bytes_add(&inventory->texts, place->tags, (size_t)(at - place->tags), &row->tags);
}

bool inventory_add(struct inventory *inventory, const struct cloud_place *place, const char *machine_key,
                   bool is_machine, struct error *error)
{
    struct inventory_row row = {
        .vcpus = place->vcpus, .file = (uint16_t)inventory->file_count, .is_machine = is_machine};
    if (inventory->row_count == INVENTORY_MAX_ROWS)
        return out_of_room(error, "2,000,000 interfaces and machines");
    struct inventory_row *rows =
        grow(inventory->rows, inventory->row_count, &inventory->row_size, sizeof row);
    if (rows == NULL)
        return error_set(error, STATUS_FAILED, "out of memory while loading inventories");
    inventory->rows = rows;
    bool fits = add_key(inventory, machine_key, &row.key) && add_tags(inventory, place, &row) &&
                inventory_text_add(&inventory->texts, place->kind, &row.kind);
    for (size_t i = 0; fits && i < INVENTORY_TEXTS; i++)
        fits = inventory_text_add(&inventory->texts, (const char *)place + inventory_fields[i].offset,
                                  &row.texts[i]);
    if (!fits)
        return out_of_room(error, "512 MiB of texts, or the machine's memory");
    rows[inventory->row_count++] = row;
    inventory->machine_count += is_machine;
    return true;
}

/* ---- addresses ---- */

static bool add_one(struct inventory *inventory, const struct address *address, bool is_outside,
                    struct error *error)
{
    if (inventory->address_count == INVENTORY_MAX_ADDRESSES)
        return out_of_room(error, "4,000,000 addresses");
    struct inventory_address *addresses =
        grow(inventory->addresses, inventory->address_count, &inventory->address_size, sizeof *addresses);
    if (addresses == NULL)
        return error_set(error, STATUS_FAILED, "out of memory while loading inventories");
    inventory->addresses = addresses;
    addresses[inventory->address_count++] =
        (struct inventory_address){*address, (uint32_t)inventory->row_count - 1, is_outside};
    return true;
}

bool inventory_add_address(struct inventory *inventory, const char *text, bool is_outside,
                           struct error *error)
{
    struct network network;
    if (network_parse(text, &network) != NETWORK_GOOD || network.prefix < LARGEST_PREFIX)
        return true;
    for (unsigned i = 0; i < 1u << (128 - network.prefix); i++) {
        struct address address = network.address;
        address.bytes[15] = (uint8_t)(address.bytes[15] + i);
        if (!add_one(inventory, &address, is_outside, error))
            return false;
    }
    return true;
}

/* ---- the end ---- */

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_addresses(const void *left, const void *right)
{
    const struct inventory_address *a = left, *b = right;
    int order = address_compare(&a->address, &b->address);
    return order != 0 ? order : compare_u32(a->row, b->row);
}

/* Rows of machines by key, the latest file first. */
static int compare_machines(const void *left, const void *right, void *context)
{
    const struct inventory *inventory = context;
    const struct inventory_row *a = &inventory->rows[*(const uint32_t *)left],
                               *b = &inventory->rows[*(const uint32_t *)right];
    int order = compare_u32(a->key, b->key);
    if (order != 0)
        return order;
    int64_t time_a = inventory->file_times[a->file], time_b = inventory->file_times[b->file];
    return time_a != time_b ? (time_a > time_b ? -1 : 1)
                            : compare_u32(*(const uint32_t *)left, *(const uint32_t *)right);
}

static bool join_machines(struct inventory *inventory)
{
    uint32_t *machines = malloc((inventory->machine_count + 1) * sizeof *machines);
    size_t count = 0;
    if (machines == NULL)
        return false;
    for (uint32_t row = 0; row < inventory->row_count; row++)
        if (inventory->rows[row].is_machine && inventory->rows[row].key != 0)
            machines[count++] = row;
    qsort_r(machines, count, sizeof *machines, compare_machines, inventory);
    for (size_t i = 0; i < inventory->row_count; i++) {
        struct inventory_row *row = &inventory->rows[i];
        size_t low = 0, high = count;
        while (low < high) { /* the first of this key */
            size_t middle = (low + high) / 2;
            if (inventory->rows[machines[middle]].key < row->key)
                low = middle + 1;
            else
                high = middle;
        }
        if (row->key != 0 && low < count && inventory->rows[machines[low]].key == row->key)
            row->machine = machines[low] + 1;
    }
    free(machines);
    return true;
}

/* Addresses by subnet (and the VPC that its name belongs to), then in order. */
static int compare_subnets(const void *left, const void *right, void *context)
{
    const struct inventory_row *rows = context;
    const struct inventory_address *x = left, *y = right;
    const struct inventory_row *a = &rows[x->row], *b = &rows[y->row];
    for (int text = INVENTORY_SUBNET; text >= 0; text--) {
        int order = compare_u32(a->texts[text], b->texts[text]);
        if (order != 0)
            return order;
    }
    return address_compare(&x->address, &y->address);
}

static unsigned common_prefix(const struct address *a, const struct address *b)
{
    unsigned prefix = 0;
    while (prefix < 128 && ((a->bytes[prefix / 8] ^ b->bytes[prefix / 8]) & 0x80 >> prefix % 8) == 0)
        prefix++;
    return prefix;
}

static bool same_subnet(const struct inventory *inventory, const struct inventory_address *a,
                        const struct inventory_address *b)
{
    const struct inventory_row *x = &inventory->rows[a->row], *y = &inventory->rows[b->row];
    return memcmp(x->texts, y->texts, INVENTORY_PLACE_TEXTS * sizeof x->texts[0]) == 0 &&
           address_is_ipv4(&a->address) == address_is_ipv4(&b->address);
}

static void add_network(struct inventory *inventory, const struct inventory_address *first, size_t count)
{
    unsigned prefix = common_prefix(&first->address, &first[count - 1].address);
    struct inventory_network network = {network_mask(&first->address, prefix), prefix, first->row, 0};
    if (prefix == 128 || prefix < (address_is_ipv4(&first->address) ? WIDEST_IPV4 : WIDEST_IPV6))
        return; /* one address says nothing of others, and no subnet is that large */
    for (size_t i = 0; i < count; i++) {
        int64_t time_us = inventory->file_times[inventory->rows[first[i].row].file];
        network.time_us = time_us > network.time_us ? time_us : network.time_us;
    }
    inventory->networks[inventory->network_count++] = network;
}

static int compare_networks(const void *left, const void *right)
{
    const struct inventory_network *a = left, *b = right;
    int order = compare_u32(a->prefix, b->prefix);
    return order != 0 ? order : address_compare(&a->address, &b->address);
}

/* The smallest network that holds all addresses of a subnet is a part of it, whatever the subnet's own bounds
 * are, which the exports do not tell. */
static bool make_networks(struct inventory *inventory)
{
    struct inventory_address *inside = malloc((inventory->address_count + 1) * sizeof *inside);
    size_t count = 0;
    inventory->networks = malloc((inventory->address_count / 2 + 1) * sizeof *inventory->networks);
    if (inside == NULL || inventory->networks == NULL) {
        free(inside);
        return false;
    }
    for (size_t i = 0; i < inventory->address_count; i++)
        if (!inventory->addresses[i].is_outside &&
            inventory->rows[inventory->addresses[i].row].texts[INVENTORY_SUBNET] != 0)
            inside[count++] = inventory->addresses[i];
    qsort_r(inside, count, sizeof *inside, compare_subnets, inventory->rows);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && same_subnet(inventory, &inside[i], &inside[end]);)
            end++;
        add_network(inventory, &inside[i], end - i);
    }
    free(inside);
    qsort(inventory->networks, inventory->network_count, sizeof *inventory->networks, compare_networks);
    return true;
}

static int compare_scopes(const void *left, const void *right)
{
    const struct inventory_scope *a = left, *b = right;
    int order = compare_u32(a->text, b->text);
    return order != 0 ? order : (a->time_us < b->time_us) - (a->time_us > b->time_us);
}

static bool add_scope(struct inventory *inventory, const struct cloud_place *place, uint32_t row)
{
    char name[INVENTORY_SCOPE_SIZE];
    struct inventory_scope scope = {.row = row, .time_us = inventory->file_times[inventory->rows[row].file]};
    if (!inventory_text_add(&inventory->texts, inventory_scope_name(place, name), &scope.text))
        return false;
    if (scope.text != 0)
        inventory->scopes[inventory->scope_count++] = scope;
    return true;
}

/* A row's VPC by its name, the same of its account, and the account's region. */
static bool add_scopes(struct inventory *inventory, uint32_t row)
{
    const char *texts = inventory->texts.bytes;
    const struct inventory_row *from = &inventory->rows[row];
    struct cloud_place vpc = {.match = CLOUD_NOWHERE}, region = vpc;
    text_copy(vpc.vpc, sizeof vpc.vpc, texts + from->texts[INVENTORY_VPC]);
    text_copy(region.account, sizeof region.account, texts + from->texts[INVENTORY_ACCOUNT]);
    text_copy(region.region, sizeof region.region, texts + from->texts[INVENTORY_REGION]);
    struct cloud_place both = vpc;
    text_copy(both.account, sizeof both.account, region.account);
    return add_scope(inventory, &region, row) && add_scope(inventory, &vpc, row) &&
           (vpc.vpc[0] == '\0' || add_scope(inventory, &both, row));
}

/* Each scope once, with the time of the latest file that has any of it. */
static bool make_scopes(struct inventory *inventory)
{
    size_t kept = 0;
    struct inventory_scope *scopes = malloc((inventory->row_count * 3 + 1) * sizeof *scopes);
    inventory->scopes = scopes;
    if (scopes == NULL)
        return false;
    for (uint32_t row = 0; row < inventory->row_count; row++)
        if (!add_scopes(inventory, row))
            return false;
    qsort(scopes, inventory->scope_count, sizeof *scopes, compare_scopes);
    for (size_t i = 0; i < inventory->scope_count; i++) {
        const uint32_t *texts = inventory->rows[scopes[i].row].texts;
        if (kept == 0 || scopes[kept - 1].text != scopes[i].text)
            scopes[kept++] = scopes[i];
        else if (memcmp(inventory->rows[scopes[kept - 1].row].texts, texts,
                        (INVENTORY_ACCOUNT + 1) * sizeof *texts) != 0)
            scopes[kept - 1].is_shared = true;
    }
    inventory->scope_count = kept;
    return true;
}

bool inventory_finish(struct inventory *inventory, struct error *error)
{
    if (inventory->address_count > 0)
        qsort(inventory->addresses, inventory->address_count, sizeof *inventory->addresses,
              compare_addresses);
    return (join_machines(inventory) && make_networks(inventory) && make_scopes(inventory)) ||
           error_set(error, STATUS_FAILED, "out of memory while loading inventories");
}

void inventory_free(struct inventory *inventory)
{
    if (inventory == NULL)
        return;
    free(inventory->texts.bytes);
    free(inventory->texts.slots);
    free(inventory->rows);
    free(inventory->addresses);
    free(inventory->networks);
    free(inventory->scopes);
    free(inventory->file_times);
    free(inventory);
}
