// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a stream of Stratum V2 frames: read in one piece and in small ones it holds the same messages,
 * and each call moves on.
 */
#include "protocol/stratum_v2.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static uint64_t fold(uint64_t hash, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211u;
    return hash;
}

/* A number that stands for all messages of the stream, read `step` bytes at a time. */
static uint64_t messages_of(const uint8_t *bytes, size_t length, size_t step)
{
    static struct sv2_reader reader;
    struct sv2_message message;
    uint64_t hash = 14695981039346656037u;
    sv2_reader_reset(&reader);
    for (size_t at = 0, used; at < length; at += used) {
        size_t piece = length - at < step ? length - at : step;
        enum sv2_result result = sv2_read(&reader, bytes + at, piece, &used);
        if (result == SV2_FOREIGN)
            return hash + 1;
        if (used == 0 || used > piece)
            abort();
        if (result != SV2_COMPLETE)
            continue;
        bool read = sv2_parse(&reader, &message);
        hash = fold(hash, &read, sizeof read);
        if (!read)
            continue;
        if (memchr(message.user, '\0', sizeof message.user) == NULL || message.attempts < 0 ||
            message.hashrate < 0)
            abort();
        hash = fold(hash, &message, sizeof message);
    }
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int begins = -1;
    for (size_t cut = 1; cut <= length && cut <= 2 * SV2_SETUP_MARK; cut++) {
        uint8_t *copy = malloc(cut);
        memcpy(copy, bytes, cut);
        int now = sv2_begins(copy, cut);
        free(copy);
        if ((begins >= 0 && now != begins) || (cut >= SV2_SETUP_MARK && now < 0))
            abort();
        begins = now;
    }
    uint64_t whole = messages_of(bytes, length, length);
    if (messages_of(bytes, length, 1) != whole || messages_of(bytes, length, 7) != whole)
        abort();
    return 0;
}
