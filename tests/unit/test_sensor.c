// SPDX-License-Identifier: Apache-2.0
/* A sensor of which a thread cannot be started. */
#include "sensor.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORKERS = 3, FLOWS = 60000, FRAME = 46, NEVER = 1000 };

typedef int start_function(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                           void *context);

static unsigned allowed = NEVER; /* threads that may still be started */
static const struct capture *watched;

/* Called in place of the library's. Fails when what was read by the others has long filled all that is to
 * take it. */
int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                   void *(*run)(void *), void *restrict context)
{
    if (allowed > 0) {
        allowed--;
        start_function *start;
        *(void **)&start = dlsym(RTLD_NEXT, "pthread_create");
        return start(thread, attributes, run, context);
    }
    struct capture_statistics statistics = {0};
    for (uint64_t before = 0, same = 0; same < 10; before = statistics.bytes_read) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        capture_get_statistics(watched, &statistics);
        same = statistics.bytes_read == before && before > 0 ? same + 1 : 0;
    }
    return EAGAIN;
}

static void put(FILE *file, const uint32_t *words, size_t count)
{
    assert_int_equal(fwrite(words, sizeof *words, count, file), count);
}

/* Each frame is another flow's, over UDP, so that each is told of. */
static void write_flows(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    put(file, (const uint32_t[]){0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1}, 6);
    for (uint32_t i = 0; i < FLOWS; i++) {
        uint8_t frame[FRAME] = {[12] = 8,
                                [14] = 0x45,
                                [17] = 32,
                                [22] = 64,
                                [23] = 17,
                                [26] = 10,
                                [28] = (uint8_t)(i >> 8),
                                [29] = (uint8_t)i,
                                [30] = 192,
                                [32] = 2,
                                [33] = 1,
                                [34] = 4,
                                [36] = 39,
                                [39] = 12};
        put(file, (const uint32_t[]){1700000000, i, FRAME, FRAME}, 4);
        assert_int_equal(fwrite(frame, 1, FRAME, file), FRAME);
    }
    assert_int_equal(fclose(file), 0);
}

static void fails_to_start(const struct config *config, const char *path, unsigned threads)
{
    struct error error;
    struct capture *captures[WORKERS];
    for (size_t i = 0; i < WORKERS; i++) {
        captures[i] = i == 0 ? capture_open_files(&path, 1, NULL, &error) : capture_join(captures[0], &error);
        assert_non_null(captures[i]);
    }
    struct sensor_options options = {config, captures, WORKERS, "a file", "geophone"};
    struct sensor *sensor = sensor_create(&options, &error);
    if (sensor == NULL)
        fail_msg("%s", error.text);
    watched = captures[0];
    allowed = threads;
    assert_false(sensor_start(sensor, &error));
    assert_non_null(strstr(error.text, "too many threads"));
    allowed = NEVER;
    sensor_free(sensor);
    for (size_t i = 0; i < WORKERS; i++)
        capture_close(captures[i]);
}

/* Those that run wait for ever, if they wait for the reports of those that do not. */
static void test_a_worker_that_cannot_start(void **state)
{
    (void)state;
    char path[] = "/tmp/test_sensor.XXXXXX";
    struct config config;
    struct error error;
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    write_flows(path);
    assert_true(config_init(&config, &error) &&
                config_set(&config, "signatures.directory", "signatures", &error) &&
                config_set(&config, "summary.enabled", "no", &error));
    for (unsigned threads = 1; threads < WORKERS; threads++)
        fails_to_start(&config, path, threads);
    config_done(&config);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_that_cannot_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
