// SPDX-License-Identifier: Apache-2.0
/*
 * GENEVE, RFC 8926, section 3.4: 2 bits of version, 6 of the options' length in units of 4 bytes, 8 of flags,
 * 16 of protocol type, 24 of identifier, 8 reserved, then the options. An option (section 3.5) has 16 bits of
 * class, 8 of type, 3 reserved and 5 of its length in units of 4 bytes, then its value.
 */
#include "decode/decoder.h"

enum {
    HEADER_LENGTH = 8,
    VERSION_MASK = 0xc0,
    OPTIONS_MASK = 0x3f,
    CONTROL = 0x80,
    OPTION_LENGTH_MASK = 0x1f
};

/* Classes: https://www.iana.org/assignments/nvo3. Types: the AWS Gateway Load Balancer's developer guide
 * ("GENEVE protocol"); Tencent Cloud does alike. Google: "Understand GENEVE", Network Security Integration.
 */
enum { CLASS_AMAZON = 0x0108, CLASS_GOOGLE = 0x0132, CLASS_TENCENT = 0x0167 };
enum { GATEWAY_ENDPOINT = 1, GATEWAY_ATTACHMENT = 2, GATEWAY_FLOW_COOKIE = 3 };
enum { GOOGLE_NETWORK = 1, GOOGLE_NETWORK_SHIFT = 4, GOOGLE_EGRESS = 0x01 };

static uint64_t read_u64(struct cursor *value)
{
    uint64_t high = cursor_u32_be(value);
    return high << 32 | cursor_u32_be(value);
}

static void read_gateway(struct tunnel_level *level, struct packet *packet, uint8_t type,
                         struct cursor *value)
{
    if (type == GATEWAY_ENDPOINT && cursor_left(value) == 8)
        level->gateway_endpoint = read_u64(value);
    else if (type == GATEWAY_ATTACHMENT && cursor_left(value) == 8)
        level->gateway_attachment = read_u64(value);
    else if (type == GATEWAY_FLOW_COOKIE && cursor_left(value) == 4)
        packet->flow_cookie = cursor_u32_be(value);
}

static void read_google(struct tunnel_level *level, uint8_t type, struct cursor *value)
{
    if (type != GOOGLE_NETWORK || cursor_left(value) != 4)
        return;
    uint32_t network = cursor_u32_be(value);
    tunnel_identify(level, TUNNEL_NETWORK, network >> GOOGLE_NETWORK_SHIFT);
    level->direction = (network & GOOGLE_EGRESS) != 0 ? TUNNEL_EGRESS : TUNNEL_INGRESS;
}

/* Number and order of options may change from packet to packet; what is not known is passed over. The
 * critical bit is for who forwards the packet. */
static void read_options(struct tunnel_level *level, struct packet *packet, struct cursor options)
{
    while (cursor_left(&options) > 0) {
        uint16_t class = cursor_u16_be(&options);
        uint8_t type = cursor_u8(&options);
        size_t length = (cursor_u8(&options) & OPTION_LENGTH_MASK) * 4u;
        const uint8_t *bytes = cursor_take(&options, length);
        if (bytes == NULL)
            return;
        struct cursor value = cursor_of(bytes, length);
        if (class == CLASS_AMAZON || class == CLASS_TENCENT)
            read_gateway(level, packet, type, &value);
        else if (class == CLASS_GOOGLE)
            read_google(level, type, &value);
    }
}

static struct next geneve_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    if (!tunnel_fits(decoder, bytes, HEADER_LENGTH))
        return next_none(DECODE_PACKET);
    uint8_t first = cursor_u8(bytes);
    size_t options_length = (first & OPTIONS_MASK) * 4u;
    uint8_t flags = cursor_u8(bytes);
    uint16_t type = cursor_u16_be(bytes);
    uint32_t identifier = cursor_u24_be(bytes);
    cursor_skip(bytes, 1);
    if (!cursor_failed(bytes) &&
        ((first & VERSION_MASK) != 0 || !tunnel_fits(decoder, bytes, options_length) ||
         !tunnel_knows(decoder, type)))
        return next_none(DECODE_PACKET);
    const uint8_t *options = cursor_take(bytes, options_length);
    if ((flags & CONTROL) != 0)
        return next_none(DECODE_NO_IP);
    struct tunnel_level *level = tunnel_begin(decoder, packet, layer_geneve.name);
    if (level == NULL)
        return next_none(DECODE_TOO_DEEP);
    tunnel_identify(level, TUNNEL_VNI, identifier);
    if (options != NULL)
        read_options(level, packet, cursor_of(options, options_length));
    return tunnel_carries_type(decoder, packet, bytes, type);
}

const struct layer layer_geneve = {
    .name = "geneve",
    .is_tunnel = true,
    .after = {{NUMBERING_UDP_PORT, 6081}},
    .peel = geneve_peel,
};
