// SPDX-License-Identifier: Apache-2.0
#include "verdict/proof_check.h"

#include "base/digest.h"
#include "base/scrypt.h"

#include <math.h>
#include <string.h>

enum { HEADER_SIZE = 80, PREVIOUS_AT = 4, ROOT_AT = 36, HASH_SIZE = 32 };

/*
 * A block's name is the double SHA-256 of its header in Bitcoin's whole family, but only where that is also
 * its proof of work do names begin with zeros. Chains with other functions whose names do (X11 and its like)
 * are far below this many: 64 bits are 2^64 attempts a block.
 */
enum { NETWORK_ZERO_BITS = 64 };

/* A scrypt takes a fifth of a millisecond, hundreds of double SHA-256: of a session that is known to mine so,
 * the first shares are checked and one of so many that follow. */
enum { SCRYPT_EAGER = 4, SCRYPT_EVERY = 4 };

static bool sha256d(const uint8_t *bytes, size_t length, uint8_t hash[static DIGEST_MAX_SIZE])
{
    uint8_t once[DIGEST_MAX_SIZE];
    return digest_of(DIGEST_SHA256, bytes, length, once) && digest_of(DIGEST_SHA256, once, HASH_SIZE, hash);
}

double proof_attempts(const uint8_t hash[static HASH_SIZE])
{
    double value = 0;
    for (unsigned i = HASH_SIZE; i-- > 0;)
        value = value * 256 + hash[i];
    return value > 0 ? 0x1p256 / value : HUGE_VAL;
}

static unsigned leading_zero_bits(const uint8_t hash[static HASH_SIZE])
{
    unsigned bits = 0;
    for (unsigned i = HASH_SIZE; i-- > 0; bits += 8)
        if (hash[i] != 0)
            return bits + (unsigned)__builtin_clz(hash[i]) - 24;
    return 0; /* all zeros: a chain's first block, or nobody's */
}

/* The header with its merkle root: the coinbase's transaction hash, folded with each branch. */
static bool make_header(const struct proof_share *share, uint8_t header[static HEADER_SIZE])
{
    uint8_t hash[DIGEST_MAX_SIZE], pair[2 * HASH_SIZE];
    size_t branch = HEADER_SIZE + (size_t)share->coinbase;
    if (share->length < branch || (share->length - branch) % HASH_SIZE != 0 ||
        !sha256d(share->bytes + HEADER_SIZE, share->coinbase, hash))
        return false;
    for (; branch < share->length; branch += HASH_SIZE) {
        memcpy(pair, hash, HASH_SIZE);
        memcpy(pair + HASH_SIZE, share->bytes + branch, HASH_SIZE);
        if (!sha256d(pair, sizeof pair, hash))
            return false;
    }
    memcpy(header, share->bytes, HEADER_SIZE);
    memcpy(header + ROOT_AT, hash, HASH_SIZE);
    return true;
}

static void add(struct proof_count *count, const uint8_t hash[static HASH_SIZE], double work)
{
    bool met = proof_attempts(hash) >= work * (1 - 1e-9); /* both were rounded */
    *(met ? &count->met : &count->missed) += 1;
    count->bits += proof_gain(met, work);
    count->known |= count->bits >= PROOF_BITS;
}

static bool is_worth_trying(const struct proof_tally *tally, enum proof_function function)
{
    const struct proof_count *known = proof_known(tally), *count = &tally->counts[function];
    return known == NULL ? count->bits > -PROOF_BITS : known == count;
}

static bool is_turn_of_scrypt(struct proof_tally *tally)
{
    if (!is_worth_trying(tally, PROOF_SCRYPT))
        return false;
    uint64_t number = tally->scrypt_shares++;
    return !tally->counts[PROOF_SCRYPT].known || number < SCRYPT_EAGER || number % SCRYPT_EVERY == 0;
}

static void check_bitcoin(struct proof_tally *tally, const struct proof_share *share)
{
    struct proof_count *counts = tally->counts;
    uint8_t header[HEADER_SIZE], hash[DIGEST_MAX_SIZE];
    /* scrypt's difficulty 1 is 2^16 times easier; a target is what it is */
    double scrypt_work = share->exact ? share->work : share->work / 65536;
    if (!make_header(share, header))
        return;
    counts[PROOF_SHA256D].known |= leading_zero_bits(header + PREVIOUS_AT) >= NETWORK_ZERO_BITS;
    if (is_worth_trying(tally, PROOF_SHA256D) && sha256d(header, HEADER_SIZE, hash))
        add(&counts[PROOF_SHA256D], hash, share->work);
    if (is_turn_of_scrypt(tally) &&
        scrypt(header, HEADER_SIZE, header, HEADER_SIZE, SCRYPT_LITECOIN_N, hash, HASH_SIZE))
        add(&counts[PROOF_SCRYPT], hash, scrypt_work);
}

void proof_check(struct proof_tally *tally, const struct proof_share *share)
{
    uint8_t hash[DIGEST_MAX_SIZE];
    if (share->length > sizeof share->bytes || share->length < HEADER_SIZE)
        return;
    if (share->kind == PROOF_BITCOIN)
        check_bitcoin(tally, share);
    else if (is_worth_trying(tally, PROOF_SHA256D) && sha256d(share->bytes, share->length, hash))
        add(&tally->counts[PROOF_SHA256D], hash, share->work);
}

const struct proof_count *proof_known(const struct proof_tally *tally)
{
    for (enum proof_function function = PROOF_SHA256D; function < PROOF_FUNCTIONS; function++)
        if (tally->counts[function].known)
            return &tally->counts[function];
    return NULL;
}

const char *proof_algorithm(const struct proof_tally *tally)
{
    const struct proof_count *known = proof_known(tally);
    return known == NULL ? "" : known == &tally->counts[PROOF_SHA256D] ? "sha256d" : "scrypt";
}
