// SPDX-License-Identifier: Apache-2.0
/*
 * A WebSocket in one piece and the same in small ones must tell the same, compressed messages inflated; with
 * gaps it must only survive. The first byte is the size of the pieces.
 */
#include "protocol/inflate.h"
#include "protocol/websocket.h"

#include <stdlib.h>
#include <string.h>

struct told {
    uint64_t hash; /* FNV-1a of all that was told */
    struct inflater *inflater;
    uint64_t out;
};

static void mix(struct told *told, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        told->hash = (told->hash ^ bytes[i]) * 0x100000001b3;
}

static void on_begin(void *context, bool is_text, bool compressed)
{
    struct told *told = context;
    mix(told, (const uint8_t[]){is_text, compressed}, 2);
    if (compressed && told->inflater == NULL)
        told->inflater = inflater_create(INFLATE_BARE);
}

static bool on_inflated(void *context, const uint8_t *bytes, size_t length)
{
    (void)bytes;
    ((struct told *)context)->out += length;
    return true;
}

static void on_piece(void *context, const uint8_t *bytes, size_t length)
{
    struct told *told = context;
    if (length == 0)
        abort();
    mix(told, bytes, length);
    if (told->inflater != NULL)
        inflater_feed(told->inflater, bytes, length, on_inflated, told);
}

static void on_end(void *context, bool whole)
{
    mix(context, (const uint8_t[]){'e', whole}, 2);
}

static uint64_t told_of(const uint8_t *bytes, size_t length, size_t piece, bool gaps)
{
    static const struct websocket_handler handler = {on_begin, on_piece, on_end};
    struct websocket_parser parser = {0};
    struct told told = {0xcbf29ce484222325, NULL, 0};
    for (size_t at = 0; at < length; at += piece) {
        size_t size = length - at < piece ? length - at : piece;
        uint8_t *copy = malloc(size); /* of exact size, so that a read too far is seen */
        memcpy(copy, bytes + at, size);
        if (gaps && copy[0] % 5 == 0)
            websocket_gap(&parser, copy[0]);
        websocket_feed(&parser, &handler, &told, copy, size);
        websocket_begins(copy, size);
        free(copy);
    }
    if (told.out > INFLATE_ALLOWANCE + length * INFLATE_MAX_RATIO + 8192)
        abort();
    inflater_free(told.inflater);
    return told.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 0;
    size_t piece = bytes[0] % 32 + 1u;
    if (told_of(bytes + 1, length - 1, length, false) != told_of(bytes + 1, length - 1, piece, false))
        abort();
    told_of(bytes + 1, length - 1, piece, true);
    return 0;
}
