// SPDX-License-Identifier: Apache-2.0
/*
 * Jobs and shares of Bitcoin's Stratum, taken apart so that a share's block header can be put together again:
 * the coinbase transaction is its halves with both nonces between them, the merkle branch folds it to the
 * root, the header has 80 bytes (slushpool/stratumprotocol; ckolivas/cgminer:cgminer.c, gen_stratum_work).
 */
#ifndef INSPECT_DIALECT_BITCOIN_SHARE_H
#define INSPECT_DIALECT_BITCOIN_SHARE_H

#include "inspect/dialect/dialect.h"

/* mining.notify with its nine positions: keeps the job where it fits. */
void bitcoin_note_job(struct session *session, const struct rpc *rpc);
/* mining.submit with five or six: hands the share on. */
void bitcoin_check_share(struct session *session, const struct rpc *rpc);

#endif
