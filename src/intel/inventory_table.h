// SPDX-License-Identifier: Apache-2.0
/*
 * The inside of an inventory, shared by the files inventory*.c.
 */
#ifndef INTEL_INVENTORY_TABLE_H
#define INTEL_INVENTORY_TABLE_H

#include "intel/export_value.h"
#include "intel/inventory.h"

/* Texts of a cloud_place that rows keep, by their place in inventory_fields; the first ones say where it is.
 */
enum {
    INVENTORY_ACCOUNT = 1,
    INVENTORY_REGION = 2,
    INVENTORY_VPC = 3,
    INVENTORY_SUBNET = 4,
    INVENTORY_PLACE_TEXTS = 5,
    INVENTORY_INTERFACE = 7,
    INVENTORY_TEXTS = 13
};

struct inventory_field {
    size_t offset, size;
};
extern const struct inventory_field inventory_fields[INVENTORY_TEXTS];

struct inventory_row {
    uint32_t texts[INVENTORY_TEXTS]; /* offsets into the texts; 0: "" */
    uint32_t kind;
    uint32_t key;     /* the machine's identifier in lower case; 0: none */
    uint32_t machine; /* row + 1 of the machine whose interface this is; 0: none */
    uint32_t tags;
    uint32_t vcpus;
    uint16_t file;
    uint8_t tag_count;
    bool is_machine;
};

struct inventory_address {
    struct address address;
    uint32_t row;
    bool is_outside; /* translated: it is none of the subnet */
};

struct inventory_network {
    struct address address;
    uint32_t prefix, row;
    int64_t time_us; /* of the latest file that has one of its addresses */
};

struct inventory_scope {
    uint32_t text;  /* inventory_scope_name() */
    uint32_t row;   /* one of it */
    bool is_shared; /* several accounts have a VPC of that name */
    int64_t time_us;
};

struct inventory_texts {
    char *bytes;
    size_t length, size;
    uint32_t *slots; /* offsets of all texts, by keyed hash */
    size_t slot_count, count;
    uint8_t secret[16];
};

struct inventory {
    struct inventory_texts texts;
    struct inventory_row *rows;
    size_t row_count, row_size;
    struct inventory_address *addresses; /* sorted once all are there */
    size_t address_count, address_size;
    struct inventory_network *networks; /* by prefix, then address */
    size_t network_count;
    struct inventory_scope *scopes; /* by text */
    size_t scope_count;
    int64_t *file_times;
    size_t file_count;
    size_t machine_count;
};

/* ---- inventory.c: while loading ---- */

/* A machine, or an interface of one (`machine_key` is its identifier, "" where it has none). What the
 * addresses that follow belong to. */
bool inventory_add(struct inventory *inventory, const struct cloud_place *place, const char *machine_key,
                   bool is_machine, struct error *error);
/* An address in text, or a network no larger than 256; what is neither is passed over. */
bool inventory_add_address(struct inventory *inventory, const char *text, bool is_outside,
                           struct error *error);
/* Sorts, and joins interfaces to their machines. */
bool inventory_finish(struct inventory *inventory, struct error *error);

/* ---- inventory_text.c ---- */

/* The text's offset, the same for the same text; false where there is no room. */
bool inventory_text_add(struct inventory_texts *texts, const char *text, uint32_t *offset);
/* Bytes that are not looked for again. */
bool inventory_bytes_add(struct inventory_texts *texts, const char *bytes, size_t length, uint32_t *offset);
/* The offset of a text that is there; 0 where it is not. */
uint32_t inventory_text_find(const struct inventory_texts *texts, const char *text);

/* ---- inventory_find.c ---- */

/* What tells a VPC, of an account where that is known; or the region of an account; "" where neither is
 * known. */
enum { INVENTORY_SCOPE_SIZE = 256 };
const char *inventory_scope_name(const struct cloud_place *place, char name[static INVENTORY_SCOPE_SIZE]);

/* ---- formats: one file for each provider ---- */

struct inventory_format {
    bool (*matches)(const struct export_value *record);
    bool (*take)(struct inventory *inventory, const struct export_value *record, struct error *error);
};
extern const struct inventory_format inventory_aws_interface, inventory_aws_reservation,
    inventory_aws_instance, inventory_azure_machine, inventory_azure_interface, inventory_google_instance;

#endif
