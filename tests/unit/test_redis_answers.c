// SPDX-License-Identifier: Apache-2.0
/*
 * What the Redis sink makes of each answer that is no "OK", and of servers that give none. All by a true
 * server, but for answers that get lost: there a proxy of ours stands before it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/un.h>

#include "redis_sink.h"

static bool comes_to(const char *command, const char *expected)
{
    unsigned patience = 0;
    while (strcmp(redis_ask(&server, command), expected) != 0)
        if (!redis_look_again(&patience))
            return false;
    return true;
}

/* How many different alerts the stream has. */
static int stored_alerts(void)
{
    return (int)strtol(redis_ask(&server, "XRANGE 'geophone:{sensor-1}:alerts' - + | "
                                          "grep -oE '^alert-[0-9]+$' | sort -u | wc -l"),
                       NULL, 10);
}

static bool in_order(void)
{
    return strcmp(redis_ask(&server, "XRANGE 'geophone:{sensor-1}:alerts' - + | grep -oE '^alert-[0-9]+$' | "
                                     "awk '!seen[$0]++' | cut -c7- | sort -nc && echo sorted"),
                  "sorted") == 0;
}

static void server_without_memory(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    assert_answer("CONFIG SET maxmemory 1", "OK");
    emit(sinks, EVENT_ALERT, 1);
    for (int i = 0; i < 10; i++)
        emit(sinks, EVENT_FLOW, i);
    for (unsigned patience = 0; counted(sinks).dropped[EVENT_FLOW] < 10;)
        assert_true(redis_look_again(&patience));
    assert_int_equal(counted(sinks).dropped[EVENT_FLOW], 10);
    assert_int_equal(counted(sinks).dropped[EVENT_ALERT], 0);
    assert_answer("CONFIG SET maxmemory 0", "OK");
    assert_true(drained(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "1");
    assert_true(sinks_close(sinks));
}

static void replica_keeps_alerts_waiting(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 1);
    assert_true(drained(sinks));
    assert_answer("REPLICAOF 127.0.0.1 1", "OK"); /* READONLY from now on */
    emit(sinks, EVENT_ALERT, 2);
    assert_true(says("READONLY"));
    assert_int_equal(counted(sinks).queued, 1);
    assert_answer("REPLICAOF NO ONE", "OK");
    assert_true(drained(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "2");
    assert_true(sinks_close(sinks));
}

static void missing_rights_are_said_once_and_counted(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    config.redis.prefix = (char[]){"elsewhere"};
    struct sinks *sinks = open_sinks();
    for (int i = 0; i < 20; i++)
        emit(sinks, EVENT_ALERT, i);
    assert_true(drained(sinks));
    assert_int_equal(counted(sinks).dropped[EVENT_ALERT], 20);
    assert_false(sinks_close(sinks)); /* alerts were lost */
    assert_int_equal(count_of(messages(), "(to a command for alerts)"), 1);
    assert_non_null(strstr(messages(), "NOPERM"));
}

static void loading(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    redis_ask(&server,
              "EVAL \"for i = 1, 5000 do redis.call('SET', 'key' .. i, string.rep('x', 100)) end\" 0");
    assert_answer("SAVE", "OK");
    redis_server_kill(&server);
    /* half a minute for all, and answers several times a second meanwhile */
    server.options = "key-load-delay 5000\nloading-process-events-interval-bytes 1024";
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 1);
    assert_true(redis_server_launch(&server));
    assert_true(says("LOADING"));
    assert_int_equal(counted(sinks).queued, 1);
    assert_answer("CONFIG SET key-load-delay 0", "OK");
    assert_true(drained(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "1");
    assert_true(sinks_close(sinks));
}

static void replica_without_its_master(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    assert_answer("CONFIG SET replica-serve-stale-data no", "OK");
    assert_answer("REPLICAOF 127.0.0.1 1", "OK");
    emit(sinks, EVENT_ALERT, 1);
    assert_true(says("MASTERDOWN"));
    assert_int_equal(counted(sinks).queued, 1);
    assert_answer("REPLICAOF NO ONE", "OK");
    assert_true(drained(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "1");
    assert_true(sinks_close(sinks));
}

/* It is said once, harms no other key, and ends by itself when the key is gone. */
static void key_of_another_type(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    assert_answer("SET 'geophone:{sensor-1}:alerts' mine", "OK");
    struct sinks *sinks = open_sinks();
    for (int i = 0; i < 5; i++)
        emit(sinks, EVENT_ALERT, i);
    emit(sinks, EVENT_FLOW, 1);
    assert_true(drained(sinks));
    assert_int_equal(counted(sinks).dropped[EVENT_ALERT], 5);
    assert_int_equal(counted(sinks).written[EVENT_FLOW], 1);
    assert_int_equal(count_of(messages(), "WRONGTYPE"), 1);
    assert_answer("DEL 'geophone:{sensor-1}:alerts'", "1");
    emit(sinks, EVENT_ALERT, 6);
    assert_true(drained(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "1");
    assert_false(sinks_close(sinks)); /* alerts were lost */
}

/* The connection stands, but nobody is at its other end. */
static void server_that_stands_still(void **state)
{
    (void)state;
    need_server();
    config.redis.timeout_ms = 200;
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 0);
    assert_true(drained(sinks));
    kill(server.pid, SIGSTOP);
    for (int i = 1; i <= 100; i++)
        emit(sinks, EVENT_ALERT, i);
    assert_true(says("does not answer within 200 ms"));
    assert_true(counted(sinks).queued >= 36); /* a batch may be on its way */
    kill(server.pid, SIGCONT);
    assert_true(drained(sinks));
    assert_int_equal(stored_alerts(), 101);
    assert_true(in_order());
    assert_true(says("takes events again; 0 were dropped"));
    assert_true(sinks_close(sinks));
}

static void slow_server(void **state)
{
    (void)state;
    need_server();
    config.redis.timeout_ms = 200;
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    assert_true(comes_to("EXISTS 'geophone:{sensor-1}:alive'", "1"));
    assert_answer("CLIENT PAUSE 60000 WRITE", "OK");
    for (int i = 1; i <= 100; i++)
        emit(sinks, EVENT_ALERT, i);
    assert_true(says("does not answer within 200 ms"));
    assert_answer("CLIENT UNPAUSE", "OK");
    assert_true(drained(sinks));
    assert_int_equal(stored_alerts(), 100);
    assert_true(in_order());
    assert_true(sinks_close(sinks));
}

/* Copies between a client and the server; with a file "swallow" there, what the server says gets lost. */
static void pass_on(int client)
{
    char bytes[16384], flag[128];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int ends[2] = {client, socket(AF_UNIX, SOCK_STREAM, 0)};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", server.socket);
    snprintf(flag, sizeof flag, "%s/swallow", server.directory);
    if (connect(ends[1], (struct sockaddr *)&address, sizeof address) != 0)
        _exit(1);
    for (;;) {
        struct pollfd ready[2] = {{.fd = ends[0], .events = POLLIN}, {.fd = ends[1], .events = POLLIN}};
        if (poll(ready, 2, -1) < 0)
            _exit(1);
        for (int from = 0; from < 2; from++) {
            ssize_t length = ready[from].revents == 0 ? 0 : read(ends[from], bytes, sizeof bytes);
            if (ready[from].revents != 0 && length <= 0)
                _exit(0);
            bool swallows = from == 1 && access(flag, F_OK) == 0;
            if (length > 0 && !swallows && write(ends[1 - from], bytes, (size_t)length) != length)
                _exit(1);
        }
    }
}

static pid_t start_proxy(char path[static 108])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/proxy", server.directory);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    snprintf(path, 108, "%s", address.sun_path);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int client = accept(listener, NULL, NULL);
            if (fork() == 0)
                pass_on(client);
            close(client);
        }
    }
    close(listener);
    return pid;
}

/* Everything was stored, and nobody heard of it: it is sent again, and each alert stands there once or twice.
 */
static void answers_get_lost(void **state)
{
    char path[108], flag[128];
    (void)state;
    need_server();
    config.redis.timeout_ms = 200;
    assert_true(redis_server_start(&server));
    pid_t proxy = start_proxy(path);
    snprintf(flag, sizeof flag, "%s/swallow", server.directory);
    snprintf(url, sizeof url, "unix://sensor@%s", path);
    struct sinks *sinks = open_sinks();
    assert_true(comes_to("EXISTS 'geophone:{sensor-1}:alive'", "1"));
    close(open(flag, O_CREAT | O_WRONLY, 0600));
    for (int i = 1; i <= 10; i++)
        emit(sinks, EVENT_ALERT, i);
    assert_true(says("does not answer within 200 ms"));
    assert_int_equal(counted(sinks).queued, 10);
    unlink(flag);
    assert_true(drained(sinks));
    assert_int_equal(counted(sinks).written[EVENT_ALERT], 10);
    assert_int_equal(stored_alerts(), 10);
    assert_true(in_order());
    long entries = strtol(redis_ask(&server, "XLEN 'geophone:{sensor-1}:alerts'"), NULL, 10);
    size_t silences =
        count_of(messages(), "does not answer within 200 ms"); /* of a slow server, more than one */
    assert_in_range(entries, 11, 10 + 10 * silences);
    assert_true(sinks_close(sinks));
    kill(proxy, SIGTERM);
    waitpid(proxy, NULL, 0);
    unlink(path);
}

/* Who reads captures can wait: memory for a few, thousands come, and a server that pauses. */
static void captures_wait_for_the_server(void **state)
{
    enum { FLOWS = 3000 };
    char expected[16];
    (void)state;
    need_server();
    config.redis.queue_memory = 64 * 1024;
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    assert_true(comes_to("EXISTS 'geophone:{sensor-1}:alive'", "1"));
    assert_answer("CLIENT PAUSE 300 WRITE", "OK");
    for (int i = 0; i < FLOWS; i++)
        emit(sinks, EVENT_FLOW, i);
    assert_true(drained(sinks));
    assert_int_equal(counted(sinks).dropped[EVENT_FLOW], 0);
    snprintf(expected, sizeof expected, "%d", FLOWS);
    assert_answer("XLEN 'geophone:{sensor-1}:eve'", expected);
    assert_true(sinks_close(sinks));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(server_without_memory),
        WITH_SERVER(replica_keeps_alerts_waiting),
        WITH_SERVER(missing_rights_are_said_once_and_counted),
        WITH_SERVER(loading),
        WITH_SERVER(replica_without_its_master),
        WITH_SERVER(key_of_another_type),
        WITH_SERVER(server_that_stands_still),
        WITH_SERVER(slow_server),
        WITH_SERVER(answers_get_lost),
        WITH_SERVER(captures_wait_for_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
