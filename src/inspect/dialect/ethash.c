// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/ethash.h"

#include "base/keccak.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ethash_has_no_parameters(const struct rpc *rpc)
{
    return json_length(rpc->json, rpc->parameters) == 0;
}

/* [nonce, header hash, mix hash] */
bool ethash_is_work(const struct rpc *rpc)
{
    return json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 0), 16, 16) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 1), 64, 64) &&
           json_is_prefixed_hex(rpc->json, dialect_parameter(rpc, 2), 64, 64);
}

void ethash_read_work(struct session *session, struct rpc *rpc)
{
    dialect_share(session, rpc, dialect_parameter_text(rpc, 1));
}

bool ethash_is_hashrate(const struct rpc *rpc)
{
    return json_is_hex(rpc->json, dialect_parameter(rpc, 0), 1, 64) &&
           json_is_hex(rpc->json, dialect_parameter(rpc, 1), 1, 64);
}

void ethash_read_hashrate(struct session *session, struct rpc *rpc)
{
    uint64_t rate = strtoull(dialect_parameter_text(rpc, 0), NULL, 16);
    if (rate < UINT64_MAX) /* what does not fit is no rate */
        session->conversation.hashrate_claimed_hs = (double)rate;
}

/* [header hash, seed hash, boundary(, height or nonce prefix)]: also pushed unasked, with id 0 */
bool ethash_is_job(const struct rpc *rpc)
{
    uint32_t count = json_length(rpc->json, rpc->result);
    if (!json_is(rpc->json, rpc->result, JSON_ARRAY) || count < 3 || count > 4)
        return false;
    for (uint16_t i = 0; i < 3; i++)
        if (!json_is_prefixed_hex(rpc->json, json_element(rpc->json, rpc->result, i), 64, 64))
            return false;
    return true;
}

/* ---- seeds ---- */

enum { EPOCHS = 2048 }; /* of 30,000 blocks: beyond the year 2040 on every chain there is */

/* Each seed is the hash of the one before. All workers share them, under a lock that only such jobs take. */
static struct {
    pthread_mutex_t lock;
    int count; /* seeds that were needed so far: to make all of them takes as long as some thousand packets */
    uint8_t values[EPOCHS][KECCAK_256_SIZE];
} seeds = {.lock = PTHREAD_MUTEX_INITIALIZER, .count = 1};

struct seed {
    uint8_t bytes[KECCAK_256_SIZE];
};

static bool read_seed(const char *hexadecimal, struct seed *seed)
{
    if (strncmp(hexadecimal, "0x", 2) == 0)
        hexadecimal += 2;
    if (strspn(hexadecimal, "0123456789abcdefABCDEF") != (size_t)2 * KECCAK_256_SIZE)
        return false;
    for (size_t i = 0; i < KECCAK_256_SIZE; i++) {
        const char digits[3] = {hexadecimal[2 * i], hexadecimal[2 * i + 1], '\0'};
        seed->bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return true;
}

/* The epoch, from `first` on, that has one of these seeds; -1: none has. */
static int find_epoch(const struct seed *wanted, size_t count, int first)
{
    int found = -1;
    pthread_mutex_lock(&seeds.lock);
    for (int epoch = 0; epoch < EPOCHS && found < 0; epoch++) {
        if (epoch == seeds.count)
            keccak_256(seeds.values[epoch - 1], KECCAK_256_SIZE, seeds.values[seeds.count++]);
        for (size_t i = 0; i < count; i++)
            if (epoch >= first && memcmp(wanted[i].bytes, seeds.values[epoch], KECCAK_256_SIZE) == 0)
                found = epoch;
    }
    pthread_mutex_unlock(&seeds.lock);
    return found;
}

int ethash_epoch_of_seed(const char *hexadecimal)
{
    struct seed seed;
    return read_seed(hexadecimal, &seed) ? find_epoch(&seed, 1, 0) : -1;
}

static const char *seed_of(const struct rpc *rpc)
{
    return json_text(rpc->json, json_element(rpc->json, rpc->result, 1));
}

/* ---- jobs ---- */

void ethash_read_height(struct session *session, const struct rpc *rpc, uint8_t value, const char *seed)
{
    /* blocks an epoch: Ethash (ethereum/wiki), Etchash (ECIP-1099) */
    static const double epoch_blocks[] = {30000, 60000};
    double height = 0;
    if (json_is_prefixed_hex(rpc->json, value, 1, 12))
        height = (double)strtoull(json_text(rpc->json, value), NULL, 16);
    else if (!json_number(rpc->json, value, &height) || height < 1 || height > 1e12)
        return;
    int epoch = ethash_epoch_of_seed(seed);
    for (size_t i = 0; i < sizeof epoch_blocks / sizeof epoch_blocks[0]; i++)
        if (epoch >= 0 && height >= 1 && floor(height / epoch_blocks[i]) == epoch)
            session->conversation.block_height = (uint64_t)height;
}

bool ethash_is_proven_job(const struct rpc *rpc)
{
    return ethash_is_job(rpc) && ethash_epoch_of_seed(seed_of(rpc)) > 0; /* zeros prove nothing */
}

static void note_job(struct session *session, const struct rpc *rpc)
{
    ethash_read_height(session, rpc, json_element(rpc->json, rpc->result, 3), seed_of(rpc));
    session_add_job(session, json_text(rpc->json, json_element(rpc->json, rpc->result, 0)));
    session->conversation.jobs++;
    dialect_set_difficulty(
        session, dialect_difficulty_of_target(json_text(rpc->json, json_element(rpc->json, rpc->result, 2))));
}

void ethash_read_job(struct session *session, struct rpc *rpc)
{
    note_job(session, rpc); /* three hashes prove nothing: any node's filter gives such lists out */
}

void ethash_read_proven_job(struct session *session, struct rpc *rpc)
{
    note_job(session, rpc);
    ethash_prove_seed(session, seed_of(rpc), NULL);
}

void ethash_prove_seed(struct session *session, const char *one, const char *other)
{
    struct seed wanted[2];
    size_t count = read_seed(one, &wanted[0]);
    if (other != NULL)
        count += read_seed(other, &wanted[count]);
    int epoch = count == 0 ? -1 : find_epoch(wanted, count, 1); /* the zeros of epoch 0 prove nothing */
    if (epoch < 0)
        return;
    session_state(session, FACT_JOB_PROVEN);
    char text[64];
    snprintf(text, sizeof text, "its seed is that of Ethash epoch %d", epoch);
    session->changed |=
        conversation_set(session->conversation.job_proof, sizeof session->conversation.job_proof, text);
}
