// SPDX-License-Identifier: Apache-2.0
/*
 * The Redis sink against a real server: rights, outages, full memory, wrong passwords.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redis_sink.h"

/* Starts a listener on the channel of alerts; it writes what it hears into a file. */
static pid_t listen_for_alerts(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        char path[128];
        snprintf(path, sizeof path, "%s/heard", server.directory);
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        dup2(fd, STDOUT_FILENO);
        execlp("redis-cli", "redis-cli", "-s", server.socket, "SUBSCRIBE", "geophone:{sensor-1}:alert",
               (char *)NULL);
        _exit(127);
    }
    unsigned patience = 0;
    while (strstr(redis_ask(&server, "PUBSUB NUMSUB 'geophone:{sensor-1}:alert'"), "\n1") == NULL)
        if (!redis_look_again(&patience))
            fail_msg("the listener does not listen");
    return pid;
}

static void assert_heard(pid_t listener, const char *part)
{
    char path[128], text[4096];
    unsigned patience = 0;
    snprintf(path, sizeof path, "%s/heard", server.directory);
    do {
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    } while (strstr(text, part) == NULL && redis_look_again(&patience));
    kill(listener, SIGTERM);
    waitpid(listener, NULL, 0);
    unlink(path);
    assert_non_null(strstr(text, part));
}

static void assert_every_key_is_bounded(void)
{
    char *keys = strdup(redis_ask(&server, "--scan"));
    for (char *key = strtok(keys, "\n"); key != NULL; key = strtok(NULL, "\n")) {
        char command[256];
        snprintf(command, sizeof command, "TTL '%s'", key);
        bool expires = strtol(redis_ask(&server, command), NULL, 10) > 0;
        snprintf(command, sizeof command, "TYPE '%s'", key);
        if (!expires) /* streams have a length instead */
            assert_answer(command, "stream");
    }
    free(keys);
}

static void keys_of_the_contract_as_a_user_who_may_only_write(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    pid_t listener = listen_for_alerts();
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 1);
    emit(sinks, EVENT_MINING, 0);
    emit(sinks, EVENT_FLOW, 0);
    emit(sinks, EVENT_STATS, 0);
    assert_true(sinks_close(sinks));
    assert_string_equal(messages(), "");
    assert_answer("ACL LOG", "");
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "1");
    assert_answer("XLEN 'geophone:{sensor-1}:eve'", "2");
    assert_answer("XLEN 'geophone:{sensor-1}:ts'", "1");
    assert_answer("HGET 'geophone:{sensor-1}:incident:00000000000000a1' wallet", "4wallet");
    assert_answer("ZSCORE 'geophone:{sensor-1}:incidents' 00000000000000a1", "1795347792.123456");
    assert_answer("HGET 'geophone:{sensor-1}:miner:192.0.2.10' pool", "pool.example.net:3333");
    assert_answer("ZCARD 'geophone:{sensor-1}:miners'", "1");
    assert_answer("HGET 'geophone:{sensor-1}:meta' version", "0.1.0");
    assert_answer("ZRANGE geophone:sensors 0 -1", "sensor-1");
    assert_non_null(strstr(redis_ask(&server, "GET 'geophone:{sensor-1}:alive'"), "\"version\":\"0.1.0\""));
    assert_every_key_is_bounded();
    assert_heard(listener, "alert-1");
}

static void tcp_and_database(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    snprintf(url, sizeof url, "redis://sensor@127.0.0.1:%u/3", server.port);
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 1);
    assert_true(sinks_close(sinks));
    assert_answer("-n 3 XLEN 'geophone:{sensor-1}:alerts'", "1");
    assert_string_equal(messages(), "");
}

static void alerts_survive_an_outage(void **state)
{
    enum { ALERTS = 200 };
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 0);
    assert_true(drained(sinks));
    redis_server_kill(&server);
    for (int i = 1; i <= ALERTS; i++) {
        emit(sinks, EVENT_ALERT, i);
        redis_sleep_ms(2);
    }
    assert_true(says("\n")); /* lost */
    assert_true(redis_server_start(&server));
    assert_true(drained(sinks) && says("takes events again; 0 were dropped"));
    struct sink_statistics statistics = counted(sinks);
    assert_int_equal(statistics.dropped[EVENT_ALERT], 0);
    assert_int_equal(statistics.written[EVENT_ALERT], ALERTS + 1);
    const char *all = redis_ask(
        &server, "XRANGE 'geophone:{sensor-1}:alerts' - + | grep -E '^alert-[0-9]+$' | sort -u | wc -l");
    assert_int_equal(strtol(all, NULL, 10), ALERTS);
    assert_int_equal(count_of(messages(), "\n"), 2); /* lost, and back: once each */
    assert_true(sinks_close(sinks));
}

static void killed_in_the_middle_of_a_stream(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    environment.is_live = true; /* who reads files would wait a minute for the server */
    struct sinks *sinks = open_sinks();
    environment.is_live = false;
    for (int i = 0; i < 2000; i++) {
        emit(sinks, EVENT_ALERT, i);
        if (i == 500)
            redis_server_kill(&server);
    }
    assert_true(redis_server_start(&server));
    assert_true(drained(sinks));
    uint64_t written = counted(sinks).written[EVENT_ALERT];
    assert_int_equal(written + counted(sinks).dropped[EVENT_ALERT],
                     2000); /* each counted once, sent once or more */
    assert_true(sinks_close(sinks) == (written == 2000));
}

static void flows_are_dropped_first_and_counted(void **state)
{
    (void)state;
    need_server();
    config.redis.queue_memory = 64 * 1024;
    environment.is_live = true; /* who reads captures waits instead */
    struct sinks *sinks = open_sinks();
    for (int i = 0; i < 5; i++)
        emit(sinks, EVENT_ALERT, i);
    for (int i = 0; i < 1000; i++)
        emit(sinks, EVENT_FLOW, i);
    assert_true(counted(sinks).dropped[EVENT_FLOW] > 500);
    assert_int_equal(counted(sinks).dropped[EVENT_ALERT], 0);
    assert_int_equal(counted(sinks).dropped[EVENT_FLOW] + counted(sinks).queued, 1005);
    assert_true(redis_server_start(&server));
    assert_true(drained(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "5");
    assert_true(sinks_close(sinks));
}

static void closing_sends_what_waits(void **state)
{
    (void)state;
    need_server();
    config.redis.queue_memory = 16 * 1024 * 1024;
    assert_true(redis_server_start(&server));
    struct sinks *sinks = open_sinks();
    for (int i = 0; i < 5000; i++)
        emit(sinks, EVENT_FLOW, i);
    assert_true(sinks_close(sinks));
    assert_answer("XLEN 'geophone:{sensor-1}:eve'", "5000");
}

static void wrong_password(void **state)
{
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    setenv("GEOPHONE_REDIS_PASSWORD", "not-the-secret", 1);
    struct sinks *sinks = open_sinks();
    assert_true(says("WRONGPASS"));
    unsigned patience = 0; /* several attempts */
    while (strtol(redis_ask(&server, "ACL LOG | grep -A1 '^count$' | tail -1"), NULL, 10) < 3)
        assert_true(redis_look_again(&patience));
    assert_true(sinks_close(sinks));
    assert_int_equal(count_of(messages(), "\n"), 1);
    assert_non_null(strstr(messages(), "user \"sensor\" cannot log in"));
    assert_null(strstr(messages(), "not-the-secret"));
}

static void password_file(void **state)
{
    char path[128];
    struct error error;
    (void)state;
    need_server();
    assert_true(redis_server_start(&server));
    snprintf(path, sizeof path, "%s/password", server.directory);
    config.redis.password_file = path;
    assert_null(sinks_open(&environment, &error));
    assert_int_equal(error.status, STATUS_CONFIGURATION);
    assert_non_null(strstr(error.text, path));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("sensor-secret\nsecond line\n", file);
    fclose(file);
    setenv("GEOPHONE_REDIS_PASSWORD", "wrong", 1); /* the file comes first */
    struct sinks *sinks = open_sinks();
    emit(sinks, EVENT_ALERT, 1);
    assert_true(sinks_close(sinks));
    unlink(path);
    assert_answer("XLEN 'geophone:{sensor-1}:alerts'", "1");
}

static void unreachable(void **state)
{
    (void)state;
    need_server();
    struct sinks *sinks = open_sinks(); /* no reason to fail */
    assert_true(says("cannot reach the Redis server"));
    redis_sleep_ms(400);             /* several attempts */
    assert_true(sinks_close(sinks)); /* nothing was lost */
    assert_int_equal(count_of(messages(), "\n"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(keys_of_the_contract_as_a_user_who_may_only_write),
        WITH_SERVER(tcp_and_database),
        WITH_SERVER(alerts_survive_an_outage),
        WITH_SERVER(killed_in_the_middle_of_a_stream),
        WITH_SERVER(flows_are_dropped_first_and_counted),
        WITH_SERVER(closing_sends_what_waits),
        WITH_SERVER(wrong_password),
        WITH_SERVER(password_file),
        WITH_SERVER(unreachable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
