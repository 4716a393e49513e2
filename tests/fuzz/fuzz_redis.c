// SPDX-License-Identifier: Apache-2.0
/*
 * What a client of Redis reads: URLs, redirections of a cluster, its own commands, and whatever a server
 * answers. The first byte says which.
 */
#include "fuzzing.h"

#include "redis/redis_client.h"
#include "redis/redis_redirect.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LIMIT = 64 * 1024 };

static struct {
    struct sockaddr_un address;
    int listener;
    const uint8_t *bytes; /* what it says; set before the client connects */
    size_t length;
    sem_t done; /* with them */
} server = {.address = {.sun_family = AF_UNIX}, .listener = -1};

/* Says its text to one client after another, the answers to CLIENT SETNAME and PING first. */
static void *serve(void *context)
{
    (void)context;
    for (;;) {
        char ignored[512];
        int client = accept(server.listener, NULL, NULL);
        if (send(client, "+OK\r\n+OK\r\n", 10, MSG_NOSIGNAL) == 10)
            send(client, server.bytes, server.length, MSG_NOSIGNAL); /* the client may have gone */
        shutdown(client, SHUT_WR);
        while (recv(client, ignored, sizeof ignored, 0) > 0)
            continue;
        close(client);
        sem_post(&server.done);
    }
    return NULL;
}

static void remove_socket(void)
{
    unlink(server.address.sun_path);
}

static void start_server(void)
{
    pthread_t thread;
    snprintf(server.address.sun_path, sizeof server.address.sun_path, "/tmp/geophone-fuzz-%ld",
             (long)getpid());
    unlink(server.address.sun_path);
    sem_init(&server.done, 0, 0);
    server.listener = socket(AF_UNIX, SOCK_STREAM, 0);
    require(bind(server.listener, (struct sockaddr *)&server.address, sizeof server.address) == 0);
    require(listen(server.listener, 8) == 0 && pthread_create(&thread, NULL, serve, NULL) == 0);
    atexit(remove_socket);
}

/* All values: a list without recursion, since a walk knows no more than the depth that is promised. */
static void check_tree(const struct redis_value *value, unsigned depth)
{
    const struct redis_value *stack[REDIS_MAX_DEPTH] = {value};
    size_t next[REDIS_MAX_DEPTH] = {0};
    require(value->depth == depth);
    for (int at = 0; at >= 0;) {
        const struct redis_value *here = stack[at];
        if (next[at] == 0) {
            require(here->text != NULL && here->text[here->length] == '\0');
            require(here->length <= LIMIT && here->count <= LIMIT);
        }
        if (next[at] == here->count) {
            at--;
            continue;
        }
        const struct redis_value *item = &here->items[next[at]++];
        require(at + 1 < REDIS_MAX_DEPTH && item->depth == (unsigned)at + 2);
        stack[++at] = item;
        next[at] = 0;
    }
}

static void read_answers(const uint8_t *bytes, size_t length)
{
    struct redis_login login = {.timeout_ms = 2000, .max_reply_bytes = LIMIT};
    struct error error;
    const struct redis_value *value;
    if (server.listener < 0)
        start_server();
    server.bytes = bytes;
    server.length = length;
    login.url.address_count = 1;
    memcpy(login.url.addresses[0].path, server.address.sun_path, sizeof login.url.addresses[0].path);
    struct redis_client *client = redis_client_connect(&login, &error);
    require(client != NULL);
    for (int i = 0; i < 100; i++) {
        enum redis_answer answer = redis_client_read(client, &value, &error);
        if (answer == REDIS_ANSWER_DONE)
            check_tree(value, 1);
        if (answer == REDIS_ANSWER_LOST)
            break;
    }
    redis_client_close(client);
    while (sem_wait(&server.done) != 0)
        continue;
}

static void read_url(const char *text)
{
    struct redis_url url;
    struct error error = {.text = ""};
    if (!redis_url_read(text, &url, &error)) {
        require(error.text[0] != '\0');
        return;
    }
    require(url.address_count >= 1 && url.address_count <= REDIS_MAX_ADDRESSES);
    require((url.kind == REDIS_SENTINEL) == (url.master[0] != '\0'));
    for (unsigned i = 0; i < url.address_count; i++)
        require((url.addresses[i].host[0] != '\0') != (url.addresses[i].path[0] != '\0'));
}

static void read_commands(const char *bytes, size_t length)
{
    while (length > 0) {
        size_t one = redis_command_length(bytes, length);
        int slot = redis_command_slot(bytes, length);
        require(one <= length && slot >= REDIS_NO_SLOT && slot < REDIS_SLOTS);
        if (one == 0)
            return;
        require(redis_command_length(bytes, one) == one && redis_command_length(bytes, one - 1) == 0);
        bytes += one;
        length -= one;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct redis_redirect redirect;
    if (length == 0 || length > 8192)
        return 0;
    char *copy = copy_of(bytes + 1, length - 1), *text = strndup((const char *)bytes + 1, length - 1);
    if (bytes[0] == 'u')
        read_url(text);
    else if (bytes[0] == 'r' && redis_redirect_read(copy, length - 1, &redirect))
        require(redirect.slot >= 0 && redirect.slot < REDIS_SLOTS && redirect.address.port > 0);
    else if (bytes[0] == 'c')
        read_commands(copy, length - 1);
    else if (bytes[0] == 'a')
        read_answers((const uint8_t *)copy, length - 1);
    free(text);
    copy_free(copy);
    return 0;
}
