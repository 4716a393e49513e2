// SPDX-License-Identifier: Apache-2.0
/*
 * What conversations of all dialects tell about who stands behind them: several logins, redirects to other
 * hosts, jobs that leave only a part of the nonce. They say what kind of mining it is, not whether: they
 * carry no points.
 */
#ifndef INSPECT_HINTS_H
#define INSPECT_HINTS_H

#include "inspect/dialect/dialect.h"

/* A message was understood as `word`, and what it holds is in the session. */
void hints_note_message(struct session *session, const struct word *word, const struct rpc *rpc);

/* A login was sent; NUL-terminated, "" is none. */
void hints_note_login(struct session *session, const char *login);

/* The pool sends the miner to another host, which is never looked up; "" is the same host, port 0 the same
 * port. */
void hints_note_redirect(struct session *session, const char *host, uint32_t port);

#endif
