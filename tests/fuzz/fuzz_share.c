// SPDX-License-Identifier: Apache-2.0
/*
 * Frames that several decoders have between them, fragments and tunnels among them: of each frame exactly one
 * says what a decoder alone says of it, by a first look or by decoding it; and their statistics add up.
 *
 * Input as for fuzz_decode.c: frames, each a byte of link type and of how much was cut off, a byte for the
 * step of the clock, two bytes of length (big endian), the bytes.
 */
#include "fuzzing.h"

#include "base/cursor.h"
#include "decode/decode.h"
#include "decode/share.h"

enum { SHARES = 3, SECRET = 0x1234567 };

static const uint16_t link_types[16] = {1, 101, 113, 276, 0, 108, 9, 50, 228, 229, 1, 101, 1, 101, 1, 1};

struct run {
    struct decoder *alone, *decoders[SHARES];
};

static struct decoder *create_decoder(uint8_t share, uint8_t shares)
{
    /* room for few datagrams, which all decoders run out of alike */
    const struct decode_options options = {.fragment_bytes = 96 * 1024,
                                           .fragment_timeout_ms = 30000,
                                           .share = share,
                                           .shares = shares,
                                           .share_secret = SECRET};
    struct decoder *decoder = decoder_create(&options, NULL);
    require(decoder != NULL);
    return decoder;
}

static void check_same(const struct packet *a, const struct packet *b)
{
    require(address_equal(&a->source, &b->source) && address_equal(&a->destination, &b->destination));
    require(a->source_port == b->source_port && a->destination_port == b->destination_port);
    require(a->protocol == b->protocol && a->ip_version == b->ip_version && a->tcp_flags == b->tcp_flags);
    require(a->tcp_sequence == b->tcp_sequence && a->tenant == b->tenant);
    require(a->payload_captured == b->payload_captured && a->payload_length == b->payload_length);
    require(a->payload_captured == 0 || memcmp(a->payload, b->payload, a->payload_captured) == 0);
    require((a->tunnel == NULL ? 0 : a->tunnel->depth) == (b->tunnel == NULL ? 0 : b->tunnel->depth));
}

static void decode_all(struct run *run, struct frame *frame)
{
    struct packet alone, packet;
    enum decode_result expected = decode(run->alone, frame, &alone);
    unsigned taken = 0;
    frame->share = share_of_frame(run->decoders[0], frame);
    require(frame->share < SHARES || frame->share == FRAME_SHARE_OPEN);
    for (uint8_t i = 0; i < SHARES; i++) {
        require(share_of_frame(run->decoders[i], frame) == frame->share);
        if (frame->share != i && frame->share != FRAME_SHARE_OPEN)
            continue; /* as worker.c has it */
        enum decode_result result = decode(run->decoders[i], frame, &packet);
        if (result == DECODE_OTHERS)
            continue;
        taken++;
        require(result == expected);
        if (result == DECODE_PACKET)
            check_same(&packet, &alone);
    }
    require(taken == 1);
}

static void check_statistics(const struct run *run)
{
    struct decode_statistics sum = {0};
    const struct decode_statistics *alone = decoder_statistics(run->alone);
    for (size_t i = 0; i < SHARES; i++) {
        const struct decode_statistics *part = decoder_statistics(run->decoders[i]);
        for (int result = 0; result < DECODE_RESULT_COUNT; result++)
            sum.results[result] += result == DECODE_OTHERS ? 0 : part->results[result];
        for (int kind = 0; kind < DECODE_MAX_KINDS; kind++)
            sum.layers[kind] += part->layers[kind];
        sum.fragments += part->fragments;
        sum.fragments_joined += part->fragments_joined;
        sum.tunnelled += part->tunnelled;
    }
    require(memcmp(sum.results, alone->results, sizeof sum.results) == 0);
    require(memcmp(sum.layers, alone->layers, sizeof sum.layers) == 0);
    require(sum.fragments == alone->fragments && sum.fragments_joined == alone->fragments_joined);
    require(sum.tunnelled == alone->tunnelled);
}

/* Steps forward by up to a minute, or back. */
static int64_t step_us(uint8_t choice)
{
    return choice < 0xf0 ? (int64_t)choice * 250000 : -(int64_t)(choice - 0xef) * 10000000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {.alone = create_decoder(0, 1)};
    struct cursor input = cursor_of(data, size);
    int64_t time_us = 0;
    for (uint8_t i = 0; i < SHARES; i++)
        run.decoders[i] = create_decoder(i, SHARES);
    while (cursor_left(&input) > 4) {
        uint8_t choice = cursor_u8(&input);
        time_us += step_us(cursor_u8(&input));
        size_t length = cursor_u16_be(&input);
        length = length < cursor_left(&input) ? length : cursor_left(&input);
        uint8_t *bytes = copy_of(cursor_take(&input, length), length);
        struct frame frame = {.data = bytes,
                              .time_us = time_us,
                              .captured = (uint32_t)length,
                              .length = (uint32_t)length + (choice >> 4) * 97u,
                              .link_type = link_types[choice & 15]};
        decode_all(&run, &frame);
        copy_free(bytes);
    }
    check_statistics(&run);
    decoder_free(run.alone);
    for (size_t i = 0; i < SHARES; i++)
        decoder_free(run.decoders[i]);
    return 0;
}
