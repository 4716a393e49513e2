// SPDX-License-Identifier: Apache-2.0
/*
 * Where a machine stands and whose it is, as the operator's inventories and mapping say (intel/places.h fills
 * it). Plain bytes. Texts are "" where unknown; they come from files of the operator, whose contents others
 * may choose (names and tags of instances), so a sink escapes them.
 */
#ifndef INTEL_CLOUD_PLACE_H
#define INTEL_CLOUD_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { CLOUD_TAGS_SIZE = 768, CLOUD_MAX_TAGS = 16 };

/* How the machine was found. */
enum cloud_match {
    CLOUD_NOWHERE, /* nothing is known */
    CLOUD_MAPPING, /* the mapping file places its network; no machine is named */
    CLOUD_NETWORK, /* its address lies in a network of the inventory that has no such machine */
    CLOUD_SEVERAL, /* several machines have its address: only what they have in common is told */
    CLOUD_ADDRESS, /* the inventory has its address */
    CLOUD_MIRROR,  /* the inventory has the interface that mirrored the packets */
};

struct cloud_place {
    enum cloud_match match;
    char provider[16]; /* "aws", "azure", "google", or what the mapping says */
    char account[64];  /* AWS: account, Azure: subscription, Google: project */
    char region[40];   /* "eu-north-1" */
    char zone[40];     /* "eu-north-1a" */
    char vpc[128];     /* AWS: VPC, Azure and Google: virtual network */
    char subnet[128];
    char instance_id[256];   /* AWS: i-..., Azure: the resource's path, Google: number */
    char instance_name[128]; /* AWS: the tag Name */
    char instance_type[64];  /* "c7i.24xlarge", "Standard_F72s_v2", "c3-highcpu-176" */
    char interface[128];     /* AWS: eni-..., else its name */
    char kind[48];           /* "an instance", "a Lambda function", "a NAT gateway", ... */
    char lifecycle[16];      /* "spot" where it is rented so; "" for all else */
    char launched[40];       /* as the inventory writes it: "2026-11-22T03:04:05+00:00" */
    char owner[128];         /* of the tag "owner" */
    char label[64];          /* of the mapping */
    uint32_t vcpus;          /* where the inventory counts them; 0 where unknown */
    uint32_t candidates;     /* CLOUD_SEVERAL: how many machines have the address */
    int64_t inventory_us;    /* when the inventory that it was looked for in was written; 0: none */
    bool is_newer;           /* CLOUD_NETWORK: the inventory has its neighbours, but not it */
    bool first_in_account, first_in_region; /* no mining had been seen there before this incident */
    uint8_t tag_count;
    char tags[CLOUD_TAGS_SIZE]; /* key NUL value NUL, as many as fit */
};

/* The tags one after another: begin with `at` = place->tags; returns where the next one stands. */
static inline const char *cloud_tag_next(const char *at, const char **key, const char **value)
{
    *key = at;
    *value = at + strlen(at) + 1;
    return *value + strlen(*value) + 1;
}

/* Adds a tag; false where it does not fit, or its key is there. */
static inline bool cloud_tag_add(struct cloud_place *place, const char *key, const char *value)
{
    const char *at = place->tags, *k, *v;
    for (uint8_t i = 0; i < place->tag_count; i++) {
        at = cloud_tag_next(at, &k, &v);
        if (strcmp(k, key) == 0)
            return false;
    }
    size_t used = (size_t)(at - place->tags), key_size = strlen(key) + 1, value_size = strlen(value) + 1;
    if (place->tag_count == CLOUD_MAX_TAGS || key_size + value_size > sizeof place->tags - used)
        return false;
    memcpy(place->tags + used, key, key_size);
    memcpy(place->tags + used + key_size, value, value_size);
    place->tag_count++;
    return true;
}

#endif
