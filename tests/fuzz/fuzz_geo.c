// SPDX-License-Identifier: Apache-2.0
/*
 * A geographic database of any bytes: it is refused, or gives places whose texts keep within their bounds.
 */
#include "fuzzing.h"

#include "intel/geo.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

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
    static int descriptor = -1;
    char path[64];
    const char *paths = path;
    struct error error = {.text = ""};
    if (descriptor < 0)
        descriptor = memfd_create("geo", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    require(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, length, 0) == (ssize_t)length);
    struct geo *geo = geo_open(&paths, 1, &error);
    if (geo != NULL)
        ask(geo, bytes, length);
    else
        require(error.text[0] != '\0');
    geo_close(geo);
    return 0;
}
