// SPDX-License-Identifier: Apache-2.0
/*
 * Shares as a worker hands them on, with any content: each is counted at most once by each function, and what
 * they add up to stays a number.
 *
 * Input: shares, each a byte (bit 0: the kind, bit 1: the target is exact, the others: how much work it
 * stands for, 2^n), the length of the coinbase and of the share (two bytes each, big endian), the bytes.
 */
#include "fuzzing.h"

#include "base/cursor.h"
#include "verdict/proof_check.h"

#include <math.h>

static void check(const struct proof_tally *tally, uint64_t shares)
{
    for (int i = 0; i < PROOF_FUNCTIONS; i++) {
        const struct proof_count *count = &tally->counts[i];
        require(count->met + count->missed <= shares && !isnan(count->bits));
    }
    require((proof_known(tally) == NULL) == (proof_algorithm(tally)[0] == '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct cursor cursor = cursor_of(bytes, length);
    struct proof_tally tally = {0};
    for (uint64_t shares = 1; shares <= 64 && cursor_left(&cursor) > 5; shares++) {
        uint8_t how = cursor_u8(&cursor);
        uint16_t coinbase = cursor_u16_be(&cursor), size = cursor_u16_be(&cursor);
        size_t left = cursor_left(&cursor);
        if (size > PROOF_SHARE_BYTES)
            size = PROOF_SHARE_BYTES;
        if (size > left)
            size = (uint16_t)left;
        /* the ring holds only as many bytes as the share has */
        size_t whole = offsetof(struct proof_share, bytes) + size;
        struct proof_share *share = malloc(whole);
        require(share != NULL);
        share->work = ldexp(1, how >> 2);
        share->exact = how & 2;
        share->kind = how & 1 ? PROOF_EQUIHASH : PROOF_BITCOIN;
        share->coinbase = coinbase;
        share->length = size;
        memcpy(share->bytes, cursor_take(&cursor, size), size);
        proof_check(&tally, share);
        free(share);
        check(&tally, shares);
    }
    return 0;
}
