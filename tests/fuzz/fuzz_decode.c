// SPDX-License-Identifier: Apache-2.0
/*
 * Several frames in one input, so that fragments meet. An input is a row of frames, each: one byte that
 * chooses the link type (low 4 bits) and how much of the frame was cut off (high 4 bits), one byte for the
 * step of the clock, two bytes of length (big endian), then the bytes.
 */
#include "base/cursor.h"
#include "decode/decode.h"
#include "flow/duplicates.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t link_types[16] = {1, 101, 113, 276, 0, 108, 9, 50, 228, 229, 1, 101, 1, 101, 1, 105};

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* The sum is never that great; what counts is that every byte is read. */
static bool is_readable(const uint8_t *bytes, uint32_t length)
{
    unsigned sum = 0;
    for (uint32_t i = 0; i < length; i++)
        sum += bytes[i];
    return sum != UINT32_MAX;
}

static void check_packet(const struct packet *packet)
{
    require(packet->ip_version == 4 || packet->ip_version == 6);
    require(packet->vlan_count <= PACKET_MAX_VLANS);
    require(packet->payload_captured <= packet->payload_length);
    require(is_readable(packet->ip, packet->ip_captured));
    require(is_readable(packet->inner.data, packet->inner.captured));
    require(packet->inner.captured <= packet->inner.length);
    require(packet->tunnel == NULL || packet->tunnel->depth <= TUNNEL_MAX_DEPTH);
    uint64_t fingerprint = duplicates_fingerprint(packet, 1, true); /* reads the packet, too */
    require(is_readable((const uint8_t *)&fingerprint, sizeof fingerprint));
    if (packet->payload == NULL) {
        require(packet->payload_length == 0);
        return;
    }
    require(packet->payload >= packet->ip);
    require(packet->payload + packet->payload_captured <= packet->ip + packet->ip_captured);
    require(is_readable(packet->payload, packet->payload_captured));
    if (packet->reassembled && packet->tunnel == NULL)
        require(packet->payload_captured == packet->payload_length);
}

static void check_statistics(const struct decode_statistics *statistics, uint64_t frames)
{
    uint64_t results = 0;
    for (int i = 0; i < DECODE_RESULT_COUNT; i++)
        results += statistics->results[i];
    require(results == frames);
    require(statistics->ipv4 + statistics->ipv6 == statistics->results[DECODE_PACKET]);
    require(statistics->tcp + statistics->udp + statistics->icmp + statistics->other ==
            statistics->results[DECODE_PACKET]);
    require(statistics->fragments_joined + statistics->fragments_dropped <= statistics->fragments);
}

/* Steps forward by up to a minute, or back. */
static int64_t step_us(uint8_t choice)
{
    return choice < 0xf0 ? (int64_t)choice * 250000 : -(int64_t)(choice - 0xef) * 10000000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* room for few datagrams, so that the table runs full */
    struct decode_options options = {.fragment_bytes = 96 * 1024, .fragment_timeout_ms = 30000};
    struct decoder *decoder = decoder_create(&options, NULL);
    struct cursor input = cursor_of(data, size);
    uint64_t frames = 0;
    int64_t time_us = 0;
    while (cursor_left(&input) > 4) {
        uint8_t choice = cursor_u8(&input);
        time_us += step_us(cursor_u8(&input));
        size_t length = cursor_u16_be(&input);
        length = length < cursor_left(&input) ? length : cursor_left(&input);
        uint8_t *copy = malloc(length + 1); /* a copy of its own size, so that reading past it is seen */
        uint8_t *bytes = copy + 1;
        memcpy(bytes, cursor_take(&input, length), length);
        struct frame frame = {.data = bytes,
                              .time_us = time_us,
                              .captured = (uint32_t)length,
                              .length = (uint32_t)length + (choice >> 4) * 97u,
                              .link_type = link_types[choice & 15]};
        struct packet packet;
        if (decode(decoder, &frame, &packet) == DECODE_PACKET)
            check_packet(&packet);
        free(copy);
        frames++;
    }
    check_statistics(decoder_statistics(decoder), frames);
    decoder_free(decoder);
    return 0;
}
