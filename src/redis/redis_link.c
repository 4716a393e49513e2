// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_link.h"

#include <assert.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#if HIREDIS_MAJOR > 1
#error "hiredis 2 is not known: check that the calls in this file still mean the same"
#endif

enum { DEFAULT_REPLY_BYTES = 16 * 1024 * 1024 };

struct redis_link {
    redisContext *context;
    struct redis_address address;
    uint64_t timeout_ms;
    size_t max_reply_bytes;
    struct redis_reply *reply; /* that is being read */
    bool too_large;            /* it was given up */
};

const struct redis_address *redis_link_address(const struct redis_link *link)
{
    return &link->address;
}

static enum redis_read fail_broken(const struct redis_link *link, struct error *error)
{
    int number = errno;
    const redisContext *context = link->context;
    if (link->too_large)
        error_set(error, STATUS_FAILED,
                  "the Redis server at %s answers with more than %zu bytes, or lists deeper than %d; the "
                  "connection is "
                  "given up",
                  link->address.text, link->max_reply_bytes, REDIS_MAX_DEPTH);
    else if (context->err == REDIS_ERR_IO &&
             (number == EAGAIN || number == EWOULDBLOCK || number == ETIMEDOUT))
        error_set(error, STATUS_FAILED, "the Redis server at %s does not answer within %llu ms",
                  link->address.text, (unsigned long long)link->timeout_ms);
    else
        error_set(error, STATUS_FAILED, "the connection to the Redis server at %s broke: %s",
                  link->address.text, context->err != 0 ? context->errstr : "unknown reason");
    return REDIS_READ_BROKEN;
}

/* hiredis reads the protocol and asks these functions to keep what it found. NULL makes it give up. */

static struct redis_value *place_of(const redisReadTask *task)
{
    const struct redis_link *link = task->privdata;
    if (task->parent != NULL && task->idx < 0)
        return NULL;
    return redis_reply_place(link->reply, task->parent != NULL ? task->parent->obj : NULL, (size_t)task->idx);
}

static void *keep(const redisReadTask *task, struct redis_value *value, bool fits)
{
    struct redis_link *link = task->privdata;
    if (value != NULL && fits)
        return value;
    link->too_large = true;
    return NULL;
}

static void *create_text(const redisReadTask *task, char *bytes, size_t length)
{
    struct redis_link *link = task->privdata;
    struct redis_value *value = place_of(task);
    enum redis_value_type type = task->type == REDIS_REPLY_ERROR ? REDIS_VALUE_ERROR : REDIS_VALUE_TEXT;
    return keep(task, value, value != NULL && redis_reply_set_text(link->reply, value, type, bytes, length));
}

#if HIREDIS_MAJOR == 0
static void *create_list(const redisReadTask *task, int count)
#else
static void *create_list(const redisReadTask *task, size_t count)
#endif
{
    struct redis_link *link = task->privdata;
    struct redis_value *value = place_of(task);
    return keep(task, value, value != NULL && redis_reply_set_list(link->reply, value, (size_t)count));
}

static void *create_number(const redisReadTask *task, long long number)
{
    struct redis_value *value = place_of(task);
    if (value != NULL) {
        value->type = REDIS_VALUE_NUMBER;
        value->number = number;
    }
    return keep(task, value, true);
}

static void *create_none(const redisReadTask *task)
{
    return keep(task, place_of(task), true);
}

/* All memory is the reply's. */
static void free_object(void *object)
{
    (void)object;
}

static redisReplyObjectFunctions keep_functions = {
    .createString = create_text,
    .createArray = create_list,
    .createInteger = create_number,
    .createNil = create_none,
    .freeObject = free_object,
};

static bool write_all(struct redis_link *link)
{
    int done = 0;
    while (done == 0)
        if (redisBufferWrite(link->context, &done) != REDIS_OK)
            return false;
    return true;
}

/* Waits for bytes, at most so long, and hands them to hiredis' reader. */
static enum redis_read fill(struct redis_link *link, uint64_t timeout_ms, struct error *error)
{
    struct pollfd poller = {.fd = link->context->fd, .events = POLLIN};
    int ready = poll(&poller, 1, timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return REDIS_READ_NOTHING;
    if (ready < 0 || redisBufferRead(link->context) != REDIS_OK)
        return fail_broken(link, error);
    const redisReader *reader = link->context->reader;
    if (reader->len - reader->pos > link->max_reply_bytes) {
        link->too_large = true;
        return fail_broken(link, error);
    }
    return REDIS_READ_REPLY;
}

enum redis_read redis_link_read(struct redis_link *link, uint64_t timeout_ms, struct redis_reply **reply,
                                struct error *error)
{
    if (link->reply == NULL && (link->reply = redis_reply_create(link->max_reply_bytes)) == NULL) {
        error_set(error, STATUS_FAILED, "cannot read from Redis: out of memory");
        return REDIS_READ_BROKEN;
    }
    errno = 0;
    if (link->context->err != 0 || !write_all(link))
        return fail_broken(link, error);
    for (;;) {
        void *received = NULL;
        if (redisGetReplyFromReader(link->context, &received) != REDIS_OK)
            return fail_broken(link, error);
        if (received != NULL)
            break;
        enum redis_read filled = fill(link, timeout_ms, error);
        if (filled != REDIS_READ_REPLY)
            return filled;
    }
    *reply = link->reply;
    link->reply = NULL;
    return REDIS_READ_REPLY;
}

bool redis_link_send(struct redis_link *link, const char *commands, size_t length)
{
    return redisAppendFormattedCommand(link->context, commands, length) == REDIS_OK;
}

struct redis_reply *redis_link_ask(struct redis_link *link, unsigned count, const char *const words[],
                                   struct error *error)
{
    const char *copy[8];
    struct redis_reply *reply = NULL;
    assert(count <= sizeof copy / sizeof copy[0]);
    memcpy(copy, words, count * sizeof copy[0]); /* hiredis 0.14 takes them without const */
    errno = 0;
    if (redisAppendCommandArgv(link->context, (int)count, copy, NULL) != REDIS_OK) {
        fail_broken(link, error);
        return NULL;
    }
    enum redis_read result = redis_link_read(link, link->timeout_ms, &reply, error);
    if (result == REDIS_READ_NOTHING)
        error_set(error, STATUS_FAILED, "the Redis server at %s does not answer within %llu ms",
                  link->address.text, (unsigned long long)link->timeout_ms);
    return result == REDIS_READ_REPLY ? reply : NULL;
}

/* One command while logging in. False where the connection broke; else `answer` is "" or the server's error.
 */
static bool ask(struct redis_link *link, unsigned count, const char *const words[], char answer[static 256],
                struct error *error)
{
    struct redis_reply *reply = redis_link_ask(link, count, words, error);
    if (reply == NULL)
        return false;
    const struct redis_value *root = redis_reply_root(reply);
    snprintf(answer, 256, "%.200s", root->type == REDIS_VALUE_ERROR ? root->text : "");
    redis_reply_free(reply);
    return true;
}

static bool fail_answered(const struct redis_link *link, const char *answer, const char *advice,
                          struct error *error)
{
    return error_set(error, STATUS_FAILED, "the Redis server at %s answers: %s%s", link->address.text, answer,
                     advice);
}

/* Errors of AUTH that will not mend themselves; others (LOADING, too many clients) may. */
static bool is_wrong_login(const char *answer)
{
    return strncmp(answer, "WRONGPASS ", 10) == 0 || strncmp(answer, "NOPERM ", 7) == 0 ||
           strncmp(answer, "ERR AUTH ", 9) == 0 || strncmp(answer, "ERR invalid ", 12) == 0;
}

static bool authenticate(struct redis_link *link, const char *user, const char *password,
                         enum redis_role role, struct error *error)
{
    const char *with_user[] = {"AUTH", user, password};
    const char *without[] = {"AUTH", password};
    char answer[256];
    if (user[0] == '\0' && password[0] == '\0')
        return true;
    if (!(user[0] != '\0' ? ask(link, 3, with_user, answer, error) : ask(link, 2, without, answer, error)))
        return false;
    if (answer[0] == '\0')
        return true;
    if (!is_wrong_login(answer))
        return fail_answered(link, answer, "", error);
    return error_set(error, STATUS_CONFIGURATION,
                     "the Redis server at %s answers: %s; user \"%.60s\" cannot log in: %s",
                     link->address.text, answer, user[0] != '\0' ? user : "default",
                     role == REDIS_ROLE_SENTINEL
                         ? "check redis.sentinel-user and redis.sentinel-password-file"
                         : "check the user in redis.url and the password in redis.password-file or "
                           "GEOPHONE_REDIS_PASSWORD");
}

static bool choose_database(struct redis_link *link, unsigned number, struct error *error)
{
    char database[16], answer[256];
    const char *choose[] = {"SELECT", database};
    snprintf(database, sizeof database, "%u", number);
    if (!ask(link, 2, choose, answer, error))
        return false;
    return answer[0] == '\0' || fail_answered(link, answer, "", error);
}

static bool log_in(struct redis_link *link, const struct redis_login *login, enum redis_role role,
                   struct error *error)
{
    char answer[256];
    const char *name[] = {"CLIENT", "SETNAME", login->client_name};
    const char *ping[] = {"PING"};
    bool is_server = role == REDIS_ROLE_SERVER;
    if (!authenticate(link, is_server ? login->url.user : login->sentinel_user,
                      is_server ? login->password : login->sentinel_password, role, error))
        return false;
    if (is_server && login->url.database != 0 && !choose_database(link, login->url.database, error))
        return false;
    /* a user may lack the right to the name or to PING: both only serve people */
    if (!ask(link, 3, name, answer, error) || !ask(link, 1, ping, answer, error))
        return false;
    if (strncmp(answer, "NOAUTH ", 7) == 0)
        return fail_answered(link, answer,
                             is_server ? "; give it in redis.password-file or GEOPHONE_REDIS_PASSWORD"
                                       : "; give it in redis.sentinel-password-file",
                             error);
    return answer[0] == '\0' || strncmp(answer, "NOPERM ", 7) == 0 || fail_answered(link, answer, "", error);
}

static bool reach(struct redis_link *link, const struct redis_login *login, struct error *error)
{
    const struct redis_address *address = &link->address;
    struct timeval timeout = {.tv_sec = (time_t)(login->timeout_ms / 1000),
                              .tv_usec = (suseconds_t)(login->timeout_ms % 1000 * 1000)};
    bool is_unix = address->host[0] == '\0';
    link->context = is_unix ? redisConnectUnixWithTimeout(address->path, timeout)
                            : redisConnectWithTimeout(address->host, address->port, timeout);
    if (link->context == NULL || link->context->err != 0)
        return error_set(error, STATUS_FAILED, "cannot reach the Redis server at %s: %s", address->text,
                         link->context == NULL ? "out of memory" : link->context->errstr);
    link->context->reader->fn = &keep_functions;
    link->context->reader->privdata = link;
    redisSetTimeout(link->context, timeout);
    if (!is_unix)
        redisEnableKeepAlive(link->context);
    return login->tls == NULL ||
           redis_tls_begin(login->tls, link->context, address->host, address->text, error);
}

struct redis_link *redis_link_open(const struct redis_login *login, const struct redis_address *address,
                                   enum redis_role role, struct error *error)
{
    struct redis_link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        error_set(error, STATUS_FAILED, "cannot connect to Redis: out of memory");
        return NULL;
    }
    link->timeout_ms = login->timeout_ms;
    link->max_reply_bytes = login->max_reply_bytes > 0 ? login->max_reply_bytes : DEFAULT_REPLY_BYTES;
    link->address = *address;
    if (reach(link, login, error) && log_in(link, login, role, error))
        return link;
    redis_link_close(link);
    return NULL;
}

void redis_link_close(struct redis_link *link)
{
    if (link == NULL)
        return;
    if (link->context != NULL)
        redisFree(link->context);
    redis_reply_free(link->reply);
    free(link);
}

#define TEXT_OF(x)  #x
#define VALUE_OF(x) TEXT_OF(x)

const char *redis_link_library(void)
{
    return "hiredis " VALUE_OF(HIREDIS_MAJOR) "." VALUE_OF(HIREDIS_MINOR) "." VALUE_OF(HIREDIS_PATCH);
}
