// SPDX-License-Identifier: Apache-2.0
/*
 * Redis commands as they go over the wire: arrays of bulk strings of RESP
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/), binary safe. The memory is kept until
 * done.
 */
#ifndef REDIS_REDIS_TEXT_H
#define REDIS_REDIS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct redis_text {
    char *bytes;
    size_t length, size;
    size_t begin;       /* of the command that is being written */
    unsigned arguments; /* of it, so far */
    unsigned commands;
    bool failed; /* out of memory: the text is of no use */
};

void redis_text_reset(struct redis_text *text);
void redis_text_done(struct redis_text *text);

void redis_text_begin(struct redis_text *text, const char *command);
void redis_text_begin_empty(struct redis_text *text); /* the command is put as the first argument */
void redis_text_put(struct redis_text *text, const char *argument);
void redis_text_put_bytes(struct redis_text *text, const char *argument, size_t length);
void redis_text_put_number(struct redis_text *text, uint64_t number);
void redis_text_put_real(struct redis_text *text,
                         double number); /* up to 10 digits; 0 where it is no number */
void redis_text_put_seconds(struct redis_text *text, int64_t time_us); /* "1795253412.123456" */
void redis_text_end(struct redis_text *text);

#endif
