// SPDX-License-Identifier: Apache-2.0
/*
 * The eth_* requests, which two dialects share: EthProxy on a bare stream, and getwork over HTTP.
 */
#ifndef INSPECT_DIALECT_ETHASH_H
#define INSPECT_DIALECT_ETHASH_H

#include "inspect/dialect/dialect.h"

bool ethash_has_no_parameters(const struct rpc *rpc);
/* eth_submitWork: [nonce, header hash, mix hash] */
bool ethash_is_work(const struct rpc *rpc);
void ethash_read_work(struct session *session, struct rpc *rpc);
/* eth_submitHashrate: [rate, identifier of the miner] */
bool ethash_is_hashrate(const struct rpc *rpc);
void ethash_read_hashrate(struct session *session, struct rpc *rpc);
/* A result [header hash, seed hash, boundary(, height or nonce prefix)]. Three hashes alone are no job: an
 * Ethereum node answers eth_getFilterChanges with such a list too. */
bool ethash_is_job(const struct rpc *rpc);
/* The same, and its seed hash is one of the epochs' seeds: what only a pool or a node that gives out work can
 * know. */
bool ethash_is_proven_job(const struct rpc *rpc);
void ethash_read_job(struct session *session, struct rpc *rpc);        /* answers a request for work */
void ethash_read_proven_job(struct session *session, struct rpc *rpc); /* also where that was not seen */

/* The height beside a job, in decimal or hexadecimal. Some pools send another number in its place: it counts
 * where the epoch of the seed begins below it and ends above. */
void ethash_read_height(struct session *session, const struct rpc *rpc, uint8_t value, const char *seed);

/* The epoch whose seed hash is `hexadecimal` (64 digits, an 0x before them is skipped), or -1. Epoch 0 has 32
 * zero bytes, each further one the Keccak-256 of the one before (ethereum/wiki: Ethash, seed hash). */
int ethash_epoch_of_seed(const char *hexadecimal);
/* States that the job is proven where its seed hash, one of these two (NULL: the first), is that of an epoch
 * behind the first. They are looked for together: that a hash is none takes all seeds there are to know. */
void ethash_prove_seed(struct session *session, const char *one, const char *other);

#endif
