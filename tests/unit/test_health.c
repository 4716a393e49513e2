// SPDX-License-Identifier: Apache-2.0
/* The HTTP server, the file and the notifications, as they are seen from outside. */
#include "health/health.h"

#include "health/health_file.h"
#include "health/health_server.h"
#include "health/notify.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct config config;
static char directory[] = "/tmp/test_health.XXXXXX";
static char notify_path[64], file_path[64];
static int notify_fd, port_holder;
static uint16_t port;

/* A port that is nobody's. The server, which sets SO_REUSEADDR as well, can listen there beside what holds
 * it, and nobody else is given it. */
static uint16_t find_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = port_holder = socket(AF_INET, SOCK_STREAM, 0);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) != 0 ||
        bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

static int set_up(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char listen[32];
    port = find_port();
    snprintf(listen, sizeof listen, "127.0.0.1:%u", port);
    if (mkdtemp(directory) == NULL || !config_init(&config, NULL))
        return -1;
    snprintf(notify_path, sizeof notify_path, "%s/notify", directory);
    snprintf(file_path, sizeof file_path, "%s/health", directory);
    memcpy(address.sun_path, notify_path, strlen(notify_path) + 1);
    notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    return config_set(&config, "health.listen", listen, NULL) &&
                   config_set(&config, "health.stall-after", "1h", NULL) &&
                   config_set(&config, "health.file", file_path, NULL) &&
                   bind(notify_fd, (struct sockaddr *)&address, sizeof address) == 0
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    close(notify_fd);
    close(port_holder);
    unlink(notify_path);
    config_done(&config);
    return rmdir(directory); /* nothing else is left in it */
}

static const char *notified(void)
{
    static char text[512];
    ssize_t length = recv(notify_fd, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    return text;
}

/* The answer to a request, until the server closes. */
static const char *ask(const char *request)
{
    static char answer[4096];
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval patience = {.tv_sec = 60};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, request, strlen(request), 0), strlen(request));
    size_t length = 0;
    for (ssize_t got;
         length < sizeof answer - 1 && (got = recv(fd, answer + length, sizeof answer - 1 - length, 0)) > 0;)
        length += (size_t)got;
    answer[length] = '\0';
    close(fd);
    return answer;
}

#define GET(path) ask("GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void a_sensor_is_seen_from_outside(void **state)
{
    (void)state;
    struct error error;
    struct health_sample sample = {.beats = {1, 1}, .beat_count = 2, .packets = 5};
    setenv("NOTIFY_SOCKET", notify_path, 1);
    setenv("WATCHDOG_USEC", "3000000", 1);
    unsetenv("WATCHDOG_PID");
    struct health *health = health_open(&config, &error);
    assert_non_null(health);
    assert_true(health_start(health, &error));
    assert_true(begins(GET("/healthz"), "HTTP/1.1 503"));
    health_running(health);
    assert_string_equal(notified(), "READY=1\nSTATUS=listening");
    const char *answer = GET("/healthz");
    assert_true(begins(answer, "HTTP/1.1 200"));
    assert_non_null(strstr(answer, "Content-Type: application/json"));
    assert_non_null(strstr(answer, "{\"status\":\"ok\",\"phase\":\"running\""));
    assert_true(begins(GET("/"), "HTTP/1.1 404"));
    assert_true(
        begins(ask("POST /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
               "HTTP/1.1 405"));
    answer = ask("HEAD /healthz HTTP/1.0\r\n\r\n");
    assert_true(strstr(answer, " 200 ") != NULL && strchr(answer, '{') == NULL);
    health_beat(health, &sample);
    assert_string_equal(notified(), "WATCHDOG=1");
    assert_string_equal(notified(), "STATUS=5 packets, 0 dropped");
    health_reloading(health);
    assert_true(begins(notified(), "RELOADING=1\nMONOTONIC_USEC="));
    health_reloaded(health);
    assert_string_equal(notified(), "READY=1");
    assert_int_equal(access(file_path, R_OK), 0);
    health_drain(health);
    health_drain(health);
    assert_true(begins(notified(), "STOPPING=1"));
    assert_string_equal(notified(), ""); /* once */
    answer = GET("/healthz");
    assert_true(begins(answer, "HTTP/1.1 503") && strstr(answer, "draining") != NULL);
    health_close(health);
    assert_int_not_equal(access(file_path, F_OK), 0);
}

static void a_thread_that_is_stuck_is_noticed(void **state)
{
    (void)state;
    struct error error;
    struct config impatient = config;
    impatient.health.stall_after_s = 0;
    struct health_sample sample = {.beats = {1}, .beat_count = 1};
    setenv("WATCHDOG_USEC", "3000", 1);
    struct health *health = health_open(&impatient, &error);
    assert_non_null(health);
    assert_true(health_start(health, &error));
    health_running(health);
    notified();
    health_beat(health, &sample);
    while (notified()[0] != '\0')
        ;
    nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
    const char *answer = GET("/healthz"); /* the main thread is this one, and does not beat */
    assert_true(begins(answer, "HTTP/1.1 503"));
    assert_non_null(strstr(answer, "has not moved"));
    health_beat(health, &sample); /* it does again, but the other does not */
    nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
    assert_string_equal(notified(), ""); /* no WATCHDOG=1 */
    health_close(health);
}

static void notifications_go_where_they_are_wanted(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(notify_open(), -1);
    setenv("NOTIFY_SOCKET", "vsock:2:1234", 1);
    assert_int_equal(notify_open(), -1);
    setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
    assert_int_equal(notify_open(), -1);
    assert_false(notify_send(-1, "READY=1"));
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", "1", 1);
    assert_int_equal(notify_watchdog_ms(), 0); /* another process's */
    unsetenv("WATCHDOG_PID");
    assert_int_equal(notify_watchdog_ms(), 30000);
    setenv("WATCHDOG_USEC", "-5", 1);
    assert_int_equal(notify_watchdog_ms(), 0);
    unsetenv("WATCHDOG_USEC");
    assert_int_equal(notify_watchdog_ms(), 0);
}

static void addresses_are_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "8080",    ":8080", "127.0.0.1:", "localhost:8080", "127.0.0.1:http",  "::1:80",     "[::1]",
        "[::1:80", "",      ":",          "[]:80",          "127.0.0.1:70000", "127.0.0.1:0"};
    struct error error;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct health_server *server = health_server_open(bad[i], &error);
        if (server != NULL)
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(error.status, STATUS_CONFIGURATION);
    }
    struct health_server *first = health_server_open(config.health.listen, &error);
    assert_non_null(first);
    assert_null(health_server_open(config.health.listen, &error));
    assert_int_equal(error.status, STATUS_FAILED);
    assert_non_null(strstr(error.text, "Address already in use"));
    health_server_close(first);
}

static void a_file_is_replaced_as_a_whole(void **state)
{
    (void)state;
    struct error error;
    struct stat before, after;
    char path[128];
    assert_true(health_file_write(file_path, "{\"first\":1}\n", &error));
    assert_int_equal(stat(file_path, &before), 0);
    assert_true(health_file_write(file_path, "{}\n", &error));
    assert_int_equal(stat(file_path, &after), 0);
    assert_int_equal(after.st_size, 3);
    assert_true(before.st_ino != after.st_ino);
    unlink(file_path);
    snprintf(path, sizeof path, "%s/none/health", directory);
    assert_false(health_file_write(path, "{}", &error));
    assert_non_null(strstr(error.text, "No such file"));
    snprintf(path, sizeof path, "%s.new", file_path); /* a link that somebody laid there is not followed */
    assert_int_equal(symlink(notify_path, path), 0);
    assert_false(health_file_write(file_path, "{}", &error));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sensor_is_seen_from_outside),
        cmocka_unit_test(a_thread_that_is_stuck_is_noticed),
        cmocka_unit_test(notifications_go_where_they_are_wanted),
        cmocka_unit_test(addresses_are_numbers),
        cmocka_unit_test(a_file_is_replaced_as_a_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
