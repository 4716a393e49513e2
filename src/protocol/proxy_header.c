// SPDX-License-Identifier: Apache-2.0
#include "protocol/proxy_header.h"

#include "base/big_endian.h"

#include <stdlib.h>
#include <string.h>

/* Section 2.2 of proxy-protocol.txt: chosen so that no other protocol begins so. */
static const uint8_t signature[12] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
static const char prefix[] = "PROXY ";

enum {
    COMMAND_LOCAL = 0x20,
    COMMAND_PROXY = 0x21,
    TCP4 = 0x11,
    TCP6 = 0x21,
    TCP4_LENGTH = 12,
    TCP6_LENGTH = 36
};

static int matches(const uint8_t *bytes, size_t length, const void *whole, size_t size)
{
    if (memcmp(bytes, whole, length < size ? length : size) != 0)
        return 0;
    return length < size ? -1 : 1;
}

int proxy_header_begins(const uint8_t *bytes, size_t length)
{
    int first = matches(bytes, length, prefix, sizeof prefix - 1);
    return first != 0 ? first : matches(bytes, length, signature, sizeof signature);
}

/* Takes the next word of a line; false where there is none or it is too long. */
static bool take_word(const char **line, char *word, size_t size)
{
    size_t length = strcspn(*line, " ");
    if (length == 0 || length >= size)
        return false;
    memcpy(word, *line, length);
    word[length] = '\0';
    *line += length + ((*line)[length] == ' ');
    return true;
}

static bool read_port(const char *word, uint16_t *port)
{
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    *port = (uint16_t)number;
    return word[0] >= '0' && word[0] <= '9' && *end == '\0' && number <= UINT16_MAX;
}

/* "TCP4 198.51.100.7 203.0.113.5 40001 3333", or "UNKNOWN" and anything */
static bool read_line(const char *line, struct proxy_header *header)
{
    char family[8], words[4][ADDRESS_TEXT_SIZE];
    if (!take_word(&line, family, sizeof family))
        return false;
    if (strcmp(family, "UNKNOWN") == 0)
        return true;
    for (size_t i = 0; i < 4; i++)
        if (!take_word(&line, words[i], sizeof words[i]))
            return false;
    struct address destination;
    uint16_t port;
    header->has_source = true;
    return (strcmp(family, "TCP4") == 0 || strcmp(family, "TCP6") == 0) && *line == '\0' &&
           address_parse(words[0], &header->source) && address_parse(words[1], &destination) &&
           read_port(words[2], &header->source_port) && read_port(words[3], &port);
}

static int read_v1(const uint8_t *bytes, size_t length, struct proxy_header *header)
{
    char line[PROXY_HEADER_V1_MAX + 1];
    size_t known = length < PROXY_HEADER_V1_MAX ? length : PROXY_HEADER_V1_MAX;
    const uint8_t *end = memchr(bytes, '\n', known);
    if (end == NULL)
        return known < PROXY_HEADER_V1_MAX ? PROXY_HEADER_MORE : PROXY_HEADER_NOT;
    size_t size = (size_t)(end - bytes) + 1;
    if (size < sizeof prefix + 1 || end[-1] != '\r' || memchr(bytes, '\0', size) != NULL)
        return PROXY_HEADER_NOT;
    memcpy(line, bytes, size - 2);
    line[size - 2] = '\0';
    header->version = 1;
    return read_line(line + sizeof prefix - 1, header) ? (int)size : PROXY_HEADER_NOT;
}

static int read_v2(const uint8_t *bytes, size_t length, struct proxy_header *header)
{
    if (length < PROXY_HEADER_V2_MIN)
        return PROXY_HEADER_MORE;
    size_t body = big_endian_u16(bytes + 14), size = PROXY_HEADER_V2_MIN + body;
    if ((bytes[12] != COMMAND_LOCAL && bytes[12] != COMMAND_PROXY) || size > PROXY_HEADER_MAX)
        return PROXY_HEADER_NOT;
    if (length < size)
        return PROXY_HEADER_MORE;
    const uint8_t *addresses = bytes + PROXY_HEADER_V2_MIN;
    bool proxied = bytes[12] == COMMAND_PROXY;
    header->version = 2;
    if (proxied && bytes[13] == TCP4 && body >= TCP4_LENGTH) {
        header->source = address_from_ipv4(addresses);
        header->source_port = big_endian_u16(addresses + 8);
        header->has_source = true;
    } else if (proxied && bytes[13] == TCP6 && body >= TCP6_LENGTH) {
        header->source = address_from_ipv6(addresses);
        header->source_port = big_endian_u16(addresses + 32);
        header->has_source = true;
    }
    return (int)size;
}

int proxy_header_read(const uint8_t *bytes, size_t length, struct proxy_header *header)
{
    *header = (struct proxy_header){0};
    int begins = length == 0 ? -1 : proxy_header_begins(bytes, length);
    if (begins <= 0)
        return begins < 0 ? PROXY_HEADER_MORE : PROXY_HEADER_NOT;
    return bytes[0] == 'P' ? read_v1(bytes, length, header) : read_v2(bytes, length, header);
}
