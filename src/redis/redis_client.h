// SPDX-License-Identifier: Apache-2.0
/*
 * A client of Redis or Valkey: of one server, of the master that sentinels name, or of a cluster. Calls wait
 * for the server, at most the timeout each; one thread uses a client.
 */
#ifndef REDIS_REDIS_CLIENT_H
#define REDIS_REDIS_CLIENT_H

#include "base/error.h"
#include "redis/redis_login.h"
#include "redis/redis_value.h"

#include <stddef.h>
#include <stdint.h>

struct redis_client;

/* Connects, logs in, chooses the database, gives the connection its name and asks for a sign of life. */
struct redis_client *redis_client_connect(const struct redis_login *login, struct error *error);
void redis_client_close(struct redis_client *client); /* NULL is fine */

/* Queues commands (redis_text.h), for a pipeline; receive() or read() sends them, and is called once for
 * each. */
bool redis_client_send(struct redis_client *client, const char *commands, size_t length);

enum redis_answer {
    REDIS_ANSWER_DONE,
    REDIS_ANSWER_REFUSED, /* this command will never be accepted: NOPERM, WRONGTYPE, ERR ... */
    REDIS_ANSWER_FULL,    /* OOM: the server has no memory left */
    REDIS_ANSWER_NOT_NOW, /* LOADING, READONLY, MASTERDOWN ...: connect again later */
    REDIS_ANSWER_LOST,    /* the connection is of no use any more */
    REDIS_ANSWER_NOTHING, /* of redis_client_wait() alone: nothing came */
};

/* The next answer. `error` says why, unless it is REDIS_ANSWER_DONE. */
enum redis_answer redis_client_receive(struct redis_client *client, struct error *error);

/* The same, with what was answered, if it is REDIS_ANSWER_DONE: it is the client's, and good until the next
 * call. */
enum redis_answer redis_client_read(struct redis_client *client, const struct redis_value **value,
                                    struct error *error);

/* One command and its answer. `lengths` may be NULL where the words have no NUL inside. Not while a pipeline
 * is unanswered. A command that waits at the server (XREAD BLOCK) must be back within the timeout. */
enum redis_answer redis_client_ask(struct redis_client *client, unsigned count, const char *const words[],
                                   const size_t lengths[], const struct redis_value **value,
                                   struct error *error);

/* What comes without being asked for (after SUBSCRIBE), waited for at most so long. */
enum redis_answer redis_client_wait(struct redis_client *client, uint64_t timeout_ms,
                                    const struct redis_value **value, struct error *error);

/* "hiredis 0.14.1", for --build-info */
const char *redis_client_library(void);

#endif
