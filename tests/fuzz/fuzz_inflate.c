// SPDX-License-Identifier: Apache-2.0
/*
 * Compressed bytes, whole and in pieces: what comes out is the same, and never more than is allowed for what
 * went in. The first byte tells the wrapping and the size of the pieces.
 */
#include "fuzzing.h"

#include "protocol/inflate.h"

struct out {
    uint64_t hash, length; /* FNV-1a of what came out */
    uint64_t most;         /* 0: the sink takes all */
};

static bool take(void *context, const uint8_t *bytes, size_t length)
{
    struct out *out = context;
    require(length > 0);
    for (size_t i = 0; i < length; i++)
        out->hash = (out->hash ^ bytes[i]) * 0x100000001b3;
    out->length += length;
    return out->most == 0 || out->length < out->most;
}

static struct out inflate_all(enum inflate_format format, const uint8_t *bytes, size_t length, size_t piece,
                              uint64_t most)
{
    struct out out = {.hash = 0xcbf29ce484222325, .most = most};
    struct inflater *inflater = inflater_create(format);
    require(inflater != NULL);
    bool more = true;
    size_t at = 0;
    for (; at < length && more; at += piece) {
        size_t size = length - at < piece ? length - at : piece;
        uint8_t *copy = copy_of(bytes + at, size);
        more = inflater_feed(inflater, copy, size, take, &out);
        copy_free(copy);
    }
    require(out.length <= INFLATE_ALLOWANCE + length * INFLATE_MAX_RATIO + 65536);
    inflater_free(inflater);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 0;
    enum inflate_format format = bytes[0] & 1 ? INFLATE_WRAPPED : INFLATE_BARE;
    size_t piece = 1 + (bytes[0] >> 1) % 64;
    bytes++;
    length--;
    struct out whole = inflate_all(format, bytes, length, length, 0);
    struct out pieces = inflate_all(format, bytes, length, piece, 0);
    if (whole.length < INFLATE_ALLOWANCE) /* beyond it, where it stops is a matter of the pieces */
        require(whole.length == pieces.length && whole.hash == pieces.hash);
    require(inflate_all(format, bytes, length, piece, 100).length <= 100 + 65536);
    return 0;
}
