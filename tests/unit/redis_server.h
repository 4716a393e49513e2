// SPDX-License-Identifier: Apache-2.0
/*
 * A redis-server of our own for tests: in a temporary directory, on a Unix socket and a free port of the
 * loopback, with the users of the documentation. Ends with the test.
 */
#ifndef TESTS_UNIT_REDIS_SERVER_H
#define TESTS_UNIT_REDIS_SERVER_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What a sensor may do: docs, "Redis". */
#define SENSOR_ACL                                                                                           \
    "user sensor on >sensor-secret resetkeys resetchannels -@all %W~geophone:* &geophone:* +xadd +xtrim "    \
    "+hset "                                                                                                 \
    "+hdel +zadd +zremrangebyrank +zremrangebyscore +pfadd +set +del +expire +pexpire +publish +ping "       \
    "+hello "                                                                                                \
    "+auth +select +client|setname"

struct redis_server {
    char directory[64], socket[96];
    unsigned port;
    int port_holder;     /* keeps the port from everybody but the server */
    pid_t pid;           /* 0: not running */
    const char *options; /* lines of its configuration; NULL: no more */
};

static inline void redis_sleep_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* For what comes in a moment, and later on a machine that is busy: sleeps a little, and says whether to look
 * again. `patience` is 0 before the first look. */
static inline bool redis_look_again(unsigned *patience)
{
    redis_sleep_ms(10);
    return ++*patience < 6000;
}

static inline bool redis_server_is_installed(void)
{
    return system("command -v redis-server >/dev/null && command -v redis-cli >/dev/null") == 0;
}

/* A port that is nobody's, 0 where there is none. The server, which sets SO_REUSEADDR as well, can listen
 * there beside `holder`, and nobody else is given it. */
static inline unsigned redis_free_port(int *holder)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    *holder = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(*holder, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(*holder, (struct sockaddr *)&address, length) != 0 ||
        getsockname(*holder, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return ntohs(address.sin_port);
}

/* The answer of redis-cli, without the last line feed; static storage until the next call. The default user
 * may all. */
static inline const char *redis_ask(const struct redis_server *server, const char *command)
{
    static char answer[64 * 1024];
    char line[512];
    snprintf(line, sizeof line, "redis-cli -s %s %s 2>&1", server->socket, command);
    FILE *pipe = popen(line, "r");
    size_t length = pipe == NULL ? 0 : fread(answer, 1, sizeof answer - 1, pipe);
    if (pipe != NULL)
        pclose(pipe);
    while (length > 0 && answer[length - 1] == '\n')
        length--;
    answer[length] = '\0';
    return answer;
}

/* Does not wait for it to answer. */
static inline bool redis_server_launch(struct redis_server *server)
{
    char configuration[128];
    snprintf(configuration, sizeof configuration, "%s/redis.conf", server->directory);
    FILE *file = fopen(configuration, "w");
    if (file == NULL)
        return false;
    fprintf(file, "port %u\nbind 127.0.0.1\nunixsocket %s\ndir %s\nsave \"\"\nlogfile %s/log\n%s\n%s\n",
            server->port, server->socket, server->directory, server->directory, SENSOR_ACL,
            server->options != NULL ? server->options : "");
    fclose(file);
    server->pid = fork();
    if (server->pid == 0) {
        execlp("redis-server", "redis-server", configuration, (char *)NULL);
        _exit(127);
    }
    return server->pid > 0;
}

static inline bool redis_server_start(struct redis_server *server)
{
    if (!redis_server_launch(server))
        return false;
    unsigned patience = 0;
    while (strcmp(redis_ask(server, "PING"), "PONG") != 0)
        if (!redis_look_again(&patience))
            return false;
    return true;
}

static inline void redis_server_kill(struct redis_server *server)
{
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    server->pid = 0;
    unlink(server->socket);
}

/* Makes the directory and chooses the port; does not start the server. */
static inline bool redis_server_prepare(struct redis_server *server)
{
    *server = (struct redis_server){0};
    server->port = redis_free_port(&server->port_holder);
    snprintf(server->directory, sizeof server->directory, "/tmp/geophone-redis-XXXXXX");
    if (mkdtemp(server->directory) == NULL || server->port == 0)
        return false;
    snprintf(server->socket, sizeof server->socket, "%s/socket", server->directory);
    return true;
}

static inline void redis_server_remove(struct redis_server *server)
{
    static const char *const names[] = {"redis.conf", "log", "dump.rdb"};
    redis_server_kill(server);
    close(server->port_holder);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", server->directory, names[i]);
        unlink(path);
    }
    rmdir(server->directory);
}

#endif
