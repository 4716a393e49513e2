// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/bitcoin_share.h"

#include "inspect/proof.h"

#include <string.h>

enum {
    FIXED_SIZE = 4 + 32 + 4, /* version, previous hash, bits, as the header has them */
    HEADER_SIZE = 80,
    HASH_SIZE = 32,
};

/* What is kept of a job: the fixed part, then each of these with two bytes of length before it. The miner's
 * nonce goes behind the pool's. */
enum part { PART_COINBASE1, PART_NONCE1, PART_COINBASE2, PART_BRANCH, PART_COUNT };

/* Hashes that difficulty 1 takes: target = 65535 * 2^208 / difficulty. */
static const double difficulty_one = 281474976710656.0 / 65535.0;

static double work_in_force(const struct session *session)
{
    return session->work > 0 ? session->work : session->conversation.difficulty * difficulty_one;
}

/* Bytes of a string of hexadecimal digits that was stored as a whole, with `room` for them; 0: not so. */
static size_t bytes_of(const struct rpc *rpc, uint8_t value, uint8_t *bytes, size_t room)
{
    if (value == JSON_NONE || rpc->json->values[value].stored != rpc->json->values[value].length)
        return 0;
    return proof_bytes(json_text(rpc->json, value), json_length(rpc->json, value), bytes, room);
}

static void reverse(uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length / 2; i++) {
        uint8_t kept = bytes[i];
        bytes[i] = bytes[length - 1 - i];
        bytes[length - 1 - i] = kept;
    }
}

/* Version and bits are sent as numbers, the previous hash as eight numbers: the header has each little
 * endian. */
static bool read_fixed(const struct rpc *rpc, uint8_t fixed[static FIXED_SIZE])
{
    if (bytes_of(rpc, dialect_parameter(rpc, 5), fixed, 4) != 4 ||
        bytes_of(rpc, dialect_parameter(rpc, 1), fixed + 4, HASH_SIZE) != HASH_SIZE ||
        bytes_of(rpc, dialect_parameter(rpc, 6), fixed + 36, 4) != 4)
        return false;
    for (size_t word = 0; word < FIXED_SIZE; word += 4)
        reverse(fixed + word, 4);
    return true;
}

/* The branch's hashes in a row; false where it is longer than what is kept of a message, or no branch. */
static bool read_branch(const struct rpc *rpc, uint8_t branch, uint8_t *bytes, size_t room, size_t *length)
{
    *length = 0;
    for (uint32_t i = 0; i < json_length(rpc->json, branch); i++) {
        if (bytes_of(rpc, json_element(rpc->json, branch, (uint16_t)i), bytes + *length, room - *length) !=
            HASH_SIZE)
            return false;
        *length += HASH_SIZE;
    }
    return true;
}

static bool read_part(const struct session *session, const struct rpc *rpc, enum part part, uint8_t *bytes,
                      size_t room, size_t *length)
{
    const struct proof_notes *notes = session->notes;
    if (part == PART_BRANCH)
        return read_branch(rpc, dialect_parameter(rpc, 4), bytes, room, length);
    if (part != PART_NONCE1) {
        *length = bytes_of(rpc, dialect_parameter(rpc, part == PART_COINBASE1 ? 2 : 3), bytes, room);
        return *length > 0;
    }
    *length = notes->nonce1_size;
    if (*length <= room)
        memcpy(bytes, notes->nonce1, *length);
    return *length <= room;
}

void bitcoin_note_job(struct session *session, const struct rpc *rpc)
{
    uint8_t job[PROOF_JOB_BYTES];
    size_t at = FIXED_SIZE, length;
    if (session->notes == NULL || !session->notes->nonce1_known || !read_fixed(rpc, job))
        return;
    for (enum part part = PART_COINBASE1; part < PART_COUNT; part++) {
        if (at + 2 > sizeof job || !read_part(session, rpc, part, job + at + 2, sizeof job - at - 2, &length))
            return;
        job[at] = (uint8_t)(length >> 8);
        job[at + 1] = (uint8_t)length;
        at += 2 + length;
    }
    proof_add_job(session, PROOF_BITCOIN, dialect_parameter_text(rpc, 0), job, at, work_in_force(session));
}

/* The header's version is the job's but for the bits that the pool lets the miner roll (BIP 310). */
static bool roll_version(const struct session *session, const struct rpc *rpc, uint8_t version[static 4])
{
    uint8_t bits[4];
    if (json_length(rpc->json, rpc->parameters) < 6)
        return true;
    if (!session->notes->version_mask_known || bytes_of(rpc, dialect_parameter(rpc, 5), bits, 4) != 4)
        return false;                  /* which bits changed is not known */
    for (unsigned i = 0; i < 4; i++) { /* the header is little endian, the bits are not */
        uint8_t mask = (uint8_t)(session->notes->version_mask >> (8 * i));
        version[i] = (uint8_t)((version[i] & ~mask) | (bits[3 - i] & mask));
    }
    return true;
}

static bool make_header(const struct session *session, const struct rpc *rpc, const uint8_t *job,
                        uint8_t header[static HEADER_SIZE])
{
    memcpy(header, job, 36);
    memset(header + 36, 0, HASH_SIZE); /* the merkle root is for the verdict thread */
    memcpy(header + 72, job + 36, 4);
    if (!roll_version(session, rpc, header) ||
        bytes_of(rpc, dialect_parameter(rpc, 3), header + 68, 4) != 4 ||
        bytes_of(rpc, dialect_parameter(rpc, 4), header + 76, 4) != 4)
        return false;
    reverse(header + 68, 4);
    reverse(header + 76, 4);
    return true;
}

/* Header, coinbase with both nonces in it, branch; 0 where the share cannot be put together. */
static size_t assemble(const struct session *session, const struct rpc *rpc, const uint8_t *job,
                       struct proof_share *share)
{
    size_t length = HEADER_SIZE, from = FIXED_SIZE;
    if (!make_header(session, rpc, job, share->bytes))
        return 0;
    for (enum part part = PART_COINBASE1; part < PART_COUNT; part++) {
        size_t size = (size_t)job[from] << 8 | job[from + 1];
        if (length + size > sizeof share->bytes)
            return 0;
        memcpy(share->bytes + length, job + from + 2, size);
        length += size;
        from += 2 + size;
        if (part == PART_COINBASE2)
            share->coinbase = (uint16_t)(length - HEADER_SIZE);
        if (part != PART_NONCE1)
            continue;
        size = bytes_of(rpc, dialect_parameter(rpc, 2), share->bytes + length, sizeof share->bytes - length);
        if (size == 0)
            return 0;
        length += size;
    }
    return length;
}

void bitcoin_check_share(struct session *session, const struct rpc *rpc)
{
    const uint8_t *bytes;
    const struct proof_job *job =
        proof_find_job(session, PROOF_BITCOIN, dialect_parameter_text(rpc, 1), &bytes);
    if (job == NULL)
        return;
    struct proof_share *share = proof_reserve(session, job, work_in_force(session));
    if (share == NULL)
        return;
    size_t length = assemble(session, rpc, bytes, share);
    if (length == 0)
        return; /* what was reserved and not committed is reserved again next time */
    share->kind = PROOF_BITCOIN;
    share->exact = session->work > 0;
    share->length = (uint16_t)length;
    proof_commit(session, share);
}
