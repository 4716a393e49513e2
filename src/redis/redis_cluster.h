// SPDX-License-Identifier: Apache-2.0
/*
 * Connections to the nodes of a Redis Cluster, used as one. A command goes to the node that its slot was last
 * found at, at first to any; where that answers MOVED or ASK, the command is sent again where it belongs.
 * Answers come in the order of the commands. All keys of a sensor are in one slot, so its commands go astray
 * once.
 */
#ifndef REDIS_REDIS_CLUSTER_H
#define REDIS_REDIS_CLUSTER_H

#include "redis/redis_link.h"

struct redis_cluster;

/* Connects to the first node of the URL that answers; which one is tried first is left to chance. */
struct redis_cluster *redis_cluster_open(const struct redis_login *login, struct error *error);
void redis_cluster_close(struct redis_cluster *cluster); /* NULL is fine */

const struct redis_address *redis_cluster_address(const struct redis_cluster *cluster);

/* Whole commands. False: out of memory. */
bool redis_cluster_send(struct redis_cluster *cluster, const char *commands, size_t length);

/* As redis_link_read(). Where nothing was sent: what the first node says by itself. */
enum redis_read redis_cluster_read(struct redis_cluster *cluster, uint64_t timeout_ms,
                                   struct redis_reply **reply, struct error *error);

#endif
