// SPDX-License-Identifier: Apache-2.0
/*
 * The short way through the decoder, on any frame: what it takes, the layers take as well, and say the same
 * of it. The layers are given the bare IP packet, which the short way does not read. The first byte says how
 * much of the frame was cut off, and padding is what the IP header leaves.
 */
#include "fuzzing.h"

#include "decode/plain.h"

#define SAME(field) require(memcmp(&plain->field, &layers->field, sizeof plain->field) == 0)

static void check_same(const struct packet *plain, const struct packet *layers)
{
    SAME(source);
    SAME(destination);
    SAME(source_port);
    SAME(destination_port);
    SAME(protocol);
    SAME(ip_version);
    SAME(tcp_flags);
    SAME(tcp_window);
    SAME(tcp_sequence);
    SAME(tcp_acknowledgement);
    SAME(ip);
    SAME(ip_captured);
    SAME(payload);
    SAME(payload_captured);
    SAME(payload_length);
    SAME(reassembled);
    SAME(tunnel);
    SAME(tenant);
    SAME(flow_cookie);
}

/* Ethernet's header, and the VLAN tag that may stand in it. */
static uint32_t check_link(const struct packet *packet, const uint8_t *bytes)
{
    bool is_tagged = bytes[12] == 0x81 && bytes[13] == 0;
    uint16_t vlan = is_tagged ? (uint16_t)((bytes[14] & 0x0f) << 8 | bytes[15]) : 0;
    require(packet->vlan_count == (vlan != 0) && packet->vlans[0] == vlan && packet->vlans[1] == 0);
    return is_tagged ? 18 : 14;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct decoder *decoder;
    static const struct decode_options options = {.fragment_bytes = 64 * 1024};
    if (decoder == NULL)
        decoder = decoder_create(&options, NULL);
    if (length < 1)
        return 0;
    uint32_t captured = (uint32_t)length - 1;
    uint8_t *copy = copy_of(bytes + 1, captured);
    struct frame frame = {.data = copy,
                          .captured = captured,
                          .length = captured + (bytes[0] >= 0xf0 ? bytes[0] : 0u),
                          .link_type = LINK_TYPE_ETHERNET};
    struct packet plain, layers;
    if (decode_plain(decoder, &frame, &plain)) {
        struct frame bare = frame;
        uint32_t before = check_link(&plain, copy);
        bare.data += before;
        bare.captured -= before;
        bare.length -= before;
        bare.link_type = LINK_TYPE_RAW_IP;
        require(plain.frame == &frame && plain.inner.data == copy && plain.inner.length == frame.length);
        require(decode(decoder, &bare, &layers) == DECODE_PACKET);
        check_same(&plain, &layers);
    }
    copy_free(copy);
    return 0;
}
