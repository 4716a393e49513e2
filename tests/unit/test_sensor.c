// SPDX-License-Identifier: Apache-2.0
/* A sensor of which a thread cannot be started. */
#include "sensor.h"

#include "capture_builder.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

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
    (void)wait_until_nothing_is_read(watched);
    return EAGAIN;
}

/* Each frame is another flow's, over UDP, so that each is told of. */
static struct memory_file make_flows(void)
{
    struct builder builder = {0};
    put_pcap_header(&builder, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < FLOWS; i++) {
        const uint8_t frame[FRAME] = {[12] = 8,
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
        put_u32(&builder, 1700000000);
        put_u32(&builder, i);
        put_u32(&builder, FRAME);
        put_u32(&builder, FRAME);
        put_bytes(&builder, frame, FRAME);
    }
    struct memory_file file = memory_file(builder.bytes, builder.length);
    builder_done(&builder);
    return file;
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
    struct config config;
    struct error error;
    struct memory_file file = make_flows();
    assert_true(config_init(&config, &error) &&
                config_set(&config, "signatures.directory", "signatures", &error) &&
                config_set(&config, "summary.enabled", "no", &error));
    for (unsigned threads = 1; threads < WORKERS; threads++)
        fails_to_start(&config, file.path, threads);
    config_done(&config);
    memory_file_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_that_cannot_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
