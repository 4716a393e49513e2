// SPDX-License-Identifier: Apache-2.0
/*
 * What shares stand for, where a relative of Stratum says it in its own way: targets in places of their own,
 * and outcomes that come as messages rather than as answers.
 */
#ifndef INSPECT_DIALECT_WORK_H
#define INSPECT_DIALECT_WORK_H

#include "inspect/dialect/dialect.h"

/* One share takes so many attempts from now on; what is no such number (0, above 2^95) changes nothing. */
void work_set(struct session *session, double attempts);

/* The same from a target of up to 64 hexadecimal digits, big endian: 2^256 / target. */
void work_set_target(struct session *session, const char *hexadecimal);

/* A message tells how a share went: the one whose request had the identifier in `value`. */
void work_answered(struct session *session, const struct rpc *rpc, uint8_t value, bool accepted);

#endif
