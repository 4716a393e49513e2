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
/* an answer: [header hash, seed hash, boundary(, height or nonce prefix)] */
bool ethash_is_job(const struct rpc *rpc);
void ethash_read_job(struct session *session, struct rpc *rpc);

#endif
