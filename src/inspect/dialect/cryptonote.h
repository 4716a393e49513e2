// SPDX-License-Identifier: Apache-2.0
/*
 * CryptoNote's jobs, shares and blobs, which stand alike in the login dialect, in what browser miners speak,
 * and in the answers of nodes. They live in cryptonote_login.c.
 */
#ifndef INSPECT_DIALECT_CRYPTONOTE_H
#define INSPECT_DIALECT_CRYPTONOTE_H

#include "inspect/dialect/dialect.h"

/* An object with blob, job_id and target. */
bool cryptonote_is_job(const struct json_reader *json, uint8_t job);
void cryptonote_read_job(struct session *session, struct rpc *rpc, uint8_t job);

/* The parameters hold job_id, nonce and result. */
bool cryptonote_is_share(const struct rpc *rpc);
void cryptonote_read_share(struct session *session, struct rpc *rpc);

/* A block or its header (in hexadecimal, 14 digits or more) bears the time of the packet. */
bool cryptonote_time_is_near(const struct rpc *rpc, const char *blob);

#endif
