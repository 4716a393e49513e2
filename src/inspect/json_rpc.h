// SPDX-License-Identifier: Apache-2.0
/*
 * JSON-RPC messages of a flow, looked at through all dialects: which words they are, who says them, what they
 * tell.
 */
#ifndef INSPECT_JSON_RPC_H
#define INSPECT_JSON_RPC_H

#include "inspect/dialect/dialect.h"
#include "inspect/inspector.h"

/* Where a message was found. */
struct rpc_origin {
    enum direction direction;
    enum carrier carrier;
    const char *http_target; /* "" on a bare stream */
    int64_t time_us;
    bool quoted; /* it stands behind other things: a session that begins with it is held */
};

/*
 * Looks at one complete message, or at each message of a batch (an array). Makes the flow's session with the
 * first mining word. True if the message was a mining one.
 */
bool json_rpc_message(struct inspector *inspector, struct flow *flow, const struct json_reader *json,
                      const struct rpc_origin *origin);

/* Whether a pool's reason for a refusal means that the share came too late. */
bool json_rpc_says_stale(const char *words);

#endif
