// SPDX-License-Identifier: Apache-2.0
#include "intel/geo.h"

#include <errno.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct geo {
    size_t count; /* of databases that are open */
    MMDB_s databases[];
};

/* libmaxminddb's MMDB_IO_ERROR hides why; its other texts say what is wrong with the file. */
static bool open_database(const char *path, MMDB_s *database, struct error *error)
{
    errno = 0;
    int status = MMDB_open(path, MMDB_MODE_MMAP, database);
    if (status == MMDB_SUCCESS)
        return true;
    if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR)
        return error_set(error, STATUS_CONFIGURATION, "cannot open the geographic database %s: %s", path,
                         errno != 0 ? strerror(errno) : MMDB_strerror(status));
    return error_set(error, STATUS_CONFIGURATION, "%s is no database in MaxMind's format (.mmdb): %s", path,
                     MMDB_strerror(status));
}

struct geo *geo_open(const char *const *paths, size_t count, struct error *error)
{
    struct geo *geo = calloc(1, sizeof *geo + count * sizeof geo->databases[0]);
    if (geo == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while opening the geographic databases");
        return NULL;
    }
    for (; geo->count < count; geo->count++)
        if (!open_database(paths[geo->count], &geo->databases[geo->count], error)) {
            geo_close(geo);
            return NULL;
        }
    return geo;
}

void geo_close(struct geo *geo)
{
    if (geo == NULL)
        return;
    for (size_t i = 0; i < geo->count; i++)
        MMDB_close(&geo->databases[i]);
    free(geo);
}

static bool look_up(const MMDB_s *database, const struct address *address, MMDB_lookup_result_s *result)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
    memcpy(&ipv4.sin_addr, address->bytes + 12, 4);
    memcpy(&ipv6.sin6_addr, address->bytes, 16);
    int status;
    *result = MMDB_lookup_sockaddr(
        database, address_is_ipv4(address) ? (const struct sockaddr *)&ipv4 : (const struct sockaddr *)&ipv6,
        &status);
    return status == MMDB_SUCCESS && result->found_entry;
}

static bool get(MMDB_lookup_result_s *result, const char *const *path, uint32_t type, MMDB_entry_data_s *data)
{
    return MMDB_aget_value(&result->entry, data, path) == MMDB_SUCCESS && data->has_data &&
           data->type == type;
}

static bool read_country(MMDB_lookup_result_s *result, const char *const *path, char country[static 3])
{
    MMDB_entry_data_s data;
    if (!get(result, path, MMDB_DATA_TYPE_UTF8_STRING, &data) || data.data_size != 2)
        return false;
    for (int i = 0; i < 2; i++)
        if (data.utf8_string[i] < 'A' || data.utf8_string[i] > 'Z')
            return false;
    memcpy(country, data.utf8_string, 2);
    country[2] = '\0';
    return true;
}

/* Cut between characters, not within one: continuation bytes of UTF-8 begin with the bits 10. */
static void read_organization(MMDB_lookup_result_s *result, const char *const *path, char *text, size_t size)
{
    MMDB_entry_data_s data;
    if (!get(result, path, MMDB_DATA_TYPE_UTF8_STRING, &data))
        return;
    size_t length = data.data_size;
    if (length >= size)
        for (length = size - 1; length > 0 && (data.utf8_string[length] & 0xc0) == 0x80;)
            length--;
    memcpy(text, data.utf8_string, length);
    text[length] = '\0';
}

/* What one database adds to what the earlier ones knew. */
static void add(MMDB_lookup_result_s *result, struct geo_place *place)
{
    static const char *const nested[] = {"country", "iso_code", NULL}, *const flat[] = {"country_code", NULL};
    static const char *const number[] = {"autonomous_system_number", NULL};
    static const char *const organization[] = {"autonomous_system_organization", NULL};
    MMDB_entry_data_s data;
    if (place->country[0] == '\0' && !read_country(result, nested, place->country))
        read_country(result, flat, place->country);
    if (place->as_number == 0 && get(result, number, MMDB_DATA_TYPE_UINT32, &data))
        place->as_number = data.uint32;
    if (place->as_organization[0] == '\0')
        read_organization(result, organization, place->as_organization, sizeof place->as_organization);
}

void geo_find(const struct geo *geo, const struct address *address, struct geo_place *place)
{
    memset(place, 0, sizeof *place);
    for (size_t i = 0; i < geo->count; i++) {
        MMDB_lookup_result_s result;
        if (look_up(&geo->databases[i], address, &result))
            add(&result, place);
    }
}
