// SPDX-License-Identifier: Apache-2.0
/*
 * What Redis Cluster needs of keys, commands and answers
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
 */
#ifndef REDIS_REDIS_REDIRECT_H
#define REDIS_REDIS_REDIRECT_H

#include "redis/redis_url.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REDIS_SLOTS = 16384, REDIS_NO_SLOT = -1 };

/* Of the hash tag, where the key has one, else of the whole key. */
int redis_slot(const char *key, size_t length);

/* How long the first command of a pipeline is (RESP, as redis_text.h writes it); 0 where it is not whole. */
size_t redis_command_length(const char *bytes, size_t length);

/* The slot of the command's first key; REDIS_NO_SLOT where it has none (PING, SCAN ...). */
int redis_command_slot(const char *bytes, size_t length);

struct redis_redirect {
    bool is_ask; /* for this command only */
    int slot;
    struct redis_address address; /* host "": that of the server which said so */
};

/* Of an error "MOVED 3999 127.0.0.1:6381" or "ASK ...". False for any other. */
bool redis_redirect_read(const char *text, size_t length, struct redis_redirect *redirect);

#endif
