// SPDX-License-Identifier: Apache-2.0
/*
 * The thread that reads Redis into the board: what it holds at first, then once a second what is new. However
 * many browsers there are, Redis is asked once. It never writes, and never asks for all keys.
 */
#ifndef DASHBOARD_MODEL_READER_H
#define DASHBOARD_MODEL_READER_H

#include "dashboard/board.h"
#include "redis/redis_login.h"

struct reader;

/* `login`, `prefix` and `board` are borrowed. */
struct reader *reader_start(const struct redis_login *login, const char *prefix, struct board *board,
                            struct error *error);
/* Waits for the thread: up to the timeout of the connection. */
void reader_stop(struct reader *reader); /* NULL is fine */

#endif
