// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <arpa/inet.h>
#include <stddef.h>

const char *address_format(const struct address *address, char text[static ADDRESS_TEXT_SIZE])
{
    const char *written = address_is_ipv4(address)
                              ? inet_ntop(AF_INET, address->bytes + 12, text, ADDRESS_TEXT_SIZE)
                              : inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT_SIZE);
    if (written == NULL)
        text[0] = '\0';
    return text;
}

bool address_parse(const char *text, struct address *address)
{
    uint8_t ipv4[4];
    if (inet_pton(AF_INET, text, ipv4) == 1) {
        *address = address_from_ipv4(ipv4);
        return true;
    }
    return inet_pton(AF_INET6, text, address->bytes) == 1;
}

struct network {
    uint8_t bytes[16];
    uint8_t prefix;
};

static bool inside(const uint8_t *bytes, const struct network *network)
{
    size_t whole = network->prefix / 8;
    uint8_t rest = (uint8_t)(0xff00u >> (network->prefix % 8));
    return memcmp(bytes, network->bytes, whole) == 0 &&
           (network->prefix % 8 == 0 || (bytes[whole] & rest) == (network->bytes[whole] & rest));
}

bool address_is_local(const struct address *address)
{
    static const struct network ipv4[] = {
        {{0}, 8},         {{10}, 8},       {{100, 64}, 10},  {{127}, 8},
        {{169, 254}, 16}, {{172, 16}, 12}, {{192, 168}, 16}, {{224}, 4},
    };
    static const struct network ipv6[] = {
        {{0}, 128}, {{[15] = 1}, 128}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}, {{0xff}, 8},
    };
    bool is_ipv4 = address_is_ipv4(address);
    const struct network *networks = is_ipv4 ? ipv4 : ipv6;
    size_t count = is_ipv4 ? sizeof ipv4 / sizeof ipv4[0] : sizeof ipv6 / sizeof ipv6[0];
    for (size_t i = 0; i < count; i++)
        if (inside(address->bytes + (is_ipv4 ? 12 : 0), &networks[i]))
            return true;
    return false;
}
