// SPDX-License-Identifier: Apache-2.0
/*
 * A geographic database of any bytes: it is refused, or gives places whose texts keep within their bounds.
 */
#include "memory_file.h"

#include "intel/geo.h"

static void ask(const struct geo *geo, const uint8_t *bytes, size_t length)
{
    for (size_t at = 0; at < 64 && at + 16 <= length; at += 16) {
        struct address four = address_from_ipv4(bytes + at), six = address_from_ipv6(bytes + at);
        struct geo_place place;
        geo_find(geo, at % 32 == 0 ? &four : &six, &place);
        require(memchr(place.country, '\0', sizeof place.country) != NULL);
        require(memchr(place.as_organization, '\0', sizeof place.as_organization) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *path = memory_file(bytes, length);
    struct error error = {.text = ""};
    struct geo *geo = geo_open(&path, 1, &error);
    if (geo != NULL)
        ask(geo, bytes, length);
    else
        require(error.text[0] != '\0');
    geo_close(geo);
    return 0;
}
