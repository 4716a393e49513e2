// SPDX-License-Identifier: Apache-2.0
/*
 * Country and autonomous system of an address, from MaxMind-format databases that the operator gives (geo.c
 * is the only user of libmaxminddb). Both schemas are read: GeoLite2 (country.iso_code,
 * autonomous_system_number, autonomous_system_organization) and the flat one of DB-IP and ip-location-db
 * (country_code; the same AS names). Read-only after opening: any thread may look up.
 */
#ifndef INTEL_GEO_H
#define INTEL_GEO_H

#include "base/address.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct geo;

struct geo_place {
    char country[3];          /* ISO 3166-1 alpha-2, "" where unknown */
    uint32_t as_number;       /* 0 where unknown */
    char as_organization[96]; /* "" where unknown */
};

/* `paths` are `count` database files (country, city, ASN, in any order). None is fine: then nothing is known.
 */
struct geo *geo_open(const char *const *paths, size_t count, struct error *error);
void geo_close(struct geo *geo);

/* Fills what the databases know; the rest is left empty. */
void geo_find(const struct geo *geo, const struct address *address, struct geo_place *place);

#endif
