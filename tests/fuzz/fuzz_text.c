// SPDX-License-Identifier: Apache-2.0
/*
 * Short texts from the wire, from files and from the command line: base-58 and base-32 addresses, agents,
 * IP addresses and networks, days, ports of tunnels, Redis URLs, and what people are shown of them. What is
 * read keeps within its bounds and ends; what is shown is harmless.
 *
 * Input: a byte for the widths, then the text.
 */
#include "fuzzing.h"

#include "base/address.h"
#include "base/day.h"
#include "base/humanise.h"
#include "base/network.h"
#include "decode/decode.h"
#include "intel/agents.h"
#include "intel/base58.h"
#include "intel/bech32.h"
#include "redis/redis_url.h"

static void read_base58(const char *text, size_t length, size_t size)
{
    uint8_t *bytes = malloc(size + 1); /* it ends where the size says */
    require(bytes != NULL);
    require(base58_read(text, length < 256 ? length : 256, bytes + 1, size) <= size);
    require(base58_read_blocks(text, length, bytes + 1, size) <= size);
    free(bytes);
}

static void read_base32(const char *text, size_t length)
{
    static const char separators[] = "1:";
    for (size_t i = 0; i < 2; i++) {
        enum bech32 kind = bech32_check(text, length, separators[i]);
        require(kind == BECH32_NONE || memchr(text, separators[i], length) != NULL);
    }
    size_t prefix = length / 4;
    cashaddr_check(text, prefix, text + prefix, length - prefix, bech32_alphabet);
    cashaddr_check(text, prefix, text + prefix, length - prefix, conflux_alphabet);
}

static void read_agent(const char *text)
{
    struct software software;
    agent_split(text, &software);
    require(memchr(software.name, '\0', sizeof software.name) != NULL);
    require(memchr(software.version, '\0', sizeof software.version) != NULL);
    agent_is_miner(text);
}

static void read_address(const char *text)
{
    struct address address, again;
    char written[ADDRESS_TEXT_SIZE];
    if (!address_parse(text, &address))
        return;
    require(address_parse(address_format(&address, written), &again) && address_equal(&address, &again));
    address_is_local(&address);
}

/* Of a network, the address has nothing behind the prefix; where it has, the mask takes it off. */
static void read_network(const char *text)
{
    struct network network;
    enum network_fault fault = network_parse(text, &network);
    if (fault == NETWORK_NONE)
        return;
    require(network.prefix >= 16 && network.prefix <= 128);
    struct address masked = network_mask(&network.address, network.prefix);
    require(address_equal(&masked, &network.address) == (fault == NETWORK_GOOD));
}

static void read_settings(const char *text)
{
    struct decode_port port;
    struct error error = {.text = ""};
    int64_t end_us;
    if (decode_port_parse(text, &port, &error))
        require(port.port > 0 && memchr(port.layer, '\0', sizeof port.layer) != NULL &&
                strncmp(text, port.layer, strlen(port.layer)) == 0);
    else
        require(error.text[0] != '\0');
    require(!day_read(text, &end_us) || strlen(text) == strlen("2027-01-31"));
}

static void read_url(const char *text)
{
    struct redis_url url;
    struct error error = {.text = ""};
    if (!redis_url_read(text, &url, &error)) {
        require(error.text[0] != '\0');
        return;
    }
    require(url.address_count > 0 && url.address_count <= REDIS_MAX_ADDRESSES);
    for (unsigned i = 0; i < url.address_count; i++) {
        const struct redis_address *address = &url.addresses[i];
        require((address->host[0] == '\0') != (address->path[0] == '\0'));
        require(memchr(address->host, '\0', sizeof address->host) != NULL &&
                memchr(address->path, '\0', sizeof address->path) != NULL);
    }
    require(memchr(url.user, '\0', sizeof url.user) != NULL &&
            memchr(url.text, '\0', sizeof url.text) != NULL);
}

static void show(const char *text, size_t columns, bool unicode)
{
    char shown[200];
    size_t size = columns % 7 == 0 ? 20 : sizeof shown;
    size_t taken = humanise_text(text, columns, unicode, shown, size);
    require(strlen(shown) < size && taken <= columns && taken == humanise_columns(shown));
    require(is_utf8(shown, strlen(shown)));
    for (const char *at = shown; *at != '\0'; at++)
        require((uint8_t)*at >= 0x20 && *at != 0x7f && (unicode || (uint8_t)*at < 0x80));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 1 || length > 4096)
        return 0;
    size_t width = bytes[0];
    char *text = malloc(length);
    require(text != NULL);
    memcpy(text, bytes + 1, length - 1);
    text[length - 1] = '\0';
    size_t text_length = strlen(text);
    read_base58(text, text_length, width);
    read_base32(text, text_length);
    read_agent(text);
    read_address(text);
    read_network(text);
    read_settings(text);
    read_url(text);
    show(text, width, true);
    show(text, width, false);
    free(text);
    return 0;
}
