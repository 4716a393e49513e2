// SPDX-License-Identifier: Apache-2.0
#include "base/network.h"

#include <string.h>

enum { MIN_IPV4_PREFIX = 8, MIN_IPV6_PREFIX = 16, IPV4_SHIFT = 96 };

struct address network_mask(const struct address *address, unsigned prefix)
{
    struct address masked = *address;
    size_t whole = prefix / 8;
    if (whole < sizeof masked.bytes) {
        masked.bytes[whole] = (uint8_t)(masked.bytes[whole] & 0xff00u >> (prefix % 8));
        memset(masked.bytes + whole + 1, 0, sizeof masked.bytes - whole - 1);
    }
    return masked;
}

/* Digits alone, at most `max`; false where it is no such number. */
static bool read_prefix(const char *text, unsigned max, unsigned *prefix)
{
    *prefix = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || text[digits] != '\0')
        return false;
    for (; *text != '\0'; text++)
        *prefix = *prefix * 10 + (unsigned)(*text - '0');
    return *prefix <= max;
}

enum network_fault network_parse(const char *text, struct network *network)
{
    char address[ADDRESS_TEXT_SIZE];
    size_t length = strcspn(text, "/");
    if (length >= sizeof address)
        return NETWORK_NONE;
    memcpy(address, text, length);
    address[length] = '\0';
    if (!address_parse(address, &network->address))
        return NETWORK_NONE;
    bool ipv4 = address_is_ipv4(&network->address) && strchr(address, ':') == NULL;
    unsigned prefix = ipv4 ? 32 : 128;
    if (text[length] == '/' && !read_prefix(text + length + 1, prefix, &prefix))
        return NETWORK_NONE;
    if (prefix < (ipv4 ? MIN_IPV4_PREFIX : MIN_IPV6_PREFIX))
        return NETWORK_NONE;
    network->prefix = (uint8_t)(ipv4 ? prefix + IPV4_SHIFT : prefix);
    struct address masked = network_mask(&network->address, network->prefix);
    return address_equal(&masked, &network->address) ? NETWORK_GOOD : NETWORK_BITS_BEHIND;
}
