// SPDX-License-Identifier: Apache-2.0
/*
 * What src/redis uses of hiredis 1.x, as its interface is declared there: for tests/hiredis-1/compile, where only
 * hiredis 0.14 is installed. Nothing is linked with it.
 */
#ifndef TESTS_HIREDIS_1_HIREDIS_H
#define TESTS_HIREDIS_1_HIREDIS_H

#include <stddef.h>
#include <sys/time.h>

#define HIREDIS_MAJOR 1
#define HIREDIS_MINOR 2
#define HIREDIS_PATCH 0

#define REDIS_OK          0
#define REDIS_ERR_IO      1
#define REDIS_REPLY_ERROR 6

typedef struct redisReadTask {
    int type;
    long long elements;
    int idx;
    void *obj;
    struct redisReadTask *parent;
    void *privdata;
} redisReadTask;

typedef struct redisReplyObjectFunctions {
    void *(*createString)(const redisReadTask *, char *, size_t);
    void *(*createArray)(const redisReadTask *, size_t);
    void *(*createInteger)(const redisReadTask *, long long);
    void *(*createDouble)(const redisReadTask *, double, char *, size_t);
    void *(*createNil)(const redisReadTask *);
    void *(*createBool)(const redisReadTask *, int);
    void (*freeObject)(void *);
} redisReplyObjectFunctions;

typedef struct redisReader {
    size_t pos, len;
    redisReplyObjectFunctions *fn;
    void *privdata;
} redisReader;

typedef struct redisContext {
    int err;
    char errstr[128];
    int fd;
    redisReader *reader;
} redisContext;

redisContext *redisConnectWithTimeout(const char *ip, int port, const struct timeval tv);
redisContext *redisConnectUnixWithTimeout(const char *path, const struct timeval tv);
int redisSetTimeout(redisContext *c, const struct timeval tv);
int redisEnableKeepAlive(redisContext *c);
void redisFree(redisContext *c);
int redisBufferRead(redisContext *c);
int redisBufferWrite(redisContext *c, int *done);
int redisGetReplyFromReader(redisContext *c, void **reply);
int redisAppendFormattedCommand(redisContext *c, const char *cmd, size_t len);
int redisAppendCommandArgv(redisContext *c, int argc, const char **argv, const size_t *argvlen);

#endif
