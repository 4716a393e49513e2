// SPDX-License-Identifier: Apache-2.0
/* Live capture on interfaces of a network namespace of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above
#include <cmocka.h>

#include "capture_builder.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

static bool isolated; /* in a namespace, with the right to capture there */

static int set_up(const char *name)
{
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    int status = ioctl(descriptor, SIOCGIFFLAGS, &request);
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    status = status == 0 ? ioctl(descriptor, SIOCSIFFLAGS, &request) : status;
    close(descriptor);
    return status;
}

static int enter_namespace(void **state)
{
    (void)state;
    isolated = unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    isolated = isolated && set_up("lo") == 0;
    return 0;
}

/* A tap interface; it is gone when the descriptor is closed. */
static int make_tap(const char *name)
{
    int descriptor = open("/dev/net/tun", O_RDWR);
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (descriptor < 0 || ioctl(descriptor, TUNSETIFF, &request) != 0 || set_up(name) != 0) {
        if (descriptor >= 0)
            close(descriptor);
        return -1;
    }
    return descriptor;
}

static void send_datagrams(uint16_t port, size_t count)
{
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    uint8_t payload[100];
    memset(payload, 0x5a, sizeof payload);
    for (size_t i = 0; i < count;
         i++) /* nobody listens: ICMP says so, which sendto() reports the next time */
        (void)sendto(descriptor, payload, sizeof payload, 0, (struct sockaddr *)&to, sizeof to);
    close(descriptor);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct capture *open_live(const char *const *names, size_t count, const char *filter)
{
    struct capture_options options = {.filter = filter, .buffer_bytes = 2 << 20};
    struct error error = {0};
    struct capture *capture = capture_open_interfaces(names, count, &options, &error);
    if (capture == NULL)
        fail_msg("%s", error.text);
    return capture;
}

enum { PATIENCE_MS = 30000 };

/* Frames of `source` until `wanted` have come, or it took too long. */
static size_t read_frames(struct capture *capture, uint16_t source, size_t wanted)
{
    struct frame_batch batch = {0};
    size_t frames = 0;
    int64_t end = now_ms() + PATIENCE_MS;
    while (frames < wanted && now_ms() < end) {
        enum capture_result result = capture_read(capture, &batch, NULL);
        assert_true(result == CAPTURE_FRAMES || result == CAPTURE_IDLE);
        for (size_t i = 0; i < batch.count; i++) {
            const struct frame *frame = &batch.frames[i];
            assert_int_equal(frame->link_type, 1);
            frames += frame->source == source;
            if (frame->length >= 142) {
                assert_int_equal(frame->captured, 142);
                assert_int_equal(frame->data[141], 0x5a);
            }
        }
    }
    return frames;
}

static void test_reads_loopback(void **state)
{
    (void)state;
    if (!isolated)
        skip();
    const char *name = "lo";
    struct capture *capture = open_live(&name, 1, "udp port 3333");
    assert_true(capture_is_live(capture));
    assert_string_equal(capture_source_name(capture, 0), "lo");
    assert_null(capture_source_name(capture, 1));
    assert_int_equal(capture_link_type(capture, 0), 1);
    send_datagrams(4444, 50);
    send_datagrams(3333, 300);
    size_t expected = 300; /* libpcap hands a packet on loopback over once */
    assert_int_equal(read_frames(capture, 0, expected), expected);
    struct capture_statistics statistics;
    capture_get_statistics(capture, &statistics);
    assert_int_equal(statistics.frames, expected);
    assert_int_equal(statistics.bytes, expected * 142);
    assert_int_equal(statistics.kernel_drops, 0);
    capture_close(capture);
}

static void test_idles_and_stops(void **state)
{
    (void)state;
    if (!isolated)
        skip();
    const char *name = "lo";
    struct capture *capture = open_live(&name, 1, NULL);
    struct frame_batch batch = {0};
    int64_t start = now_ms();
    assert_int_equal(capture_read(capture, &batch, NULL), CAPTURE_IDLE);
    assert_int_equal(batch.count, 0);
    assert_in_range(now_ms() - start, 50, PATIENCE_MS); /* some 100 */
    capture_stop(capture);
    assert_int_equal(capture_read(capture, &batch, NULL), CAPTURE_END);
    capture_close(capture);
}

/* The second interface is heard although the first is busy; its end is a warning, that of both the end. */
static void test_several_interfaces_and_their_loss(void **state)
{
    (void)state;
    int taps[2] = {-1, -1};
    if (!isolated || (taps[0] = make_tap("tap0")) < 0 || (taps[1] = make_tap("tap1")) < 0)
        skip();
    const char *names[] = {"tap0", "tap1"};
    struct capture *capture = open_live(names, 2, "udp port 3333");
    struct builder frame = {0};
    put_bytes(&frame, "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0\x45\0\0\x80\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2",
              34);
    put_bytes(&frame, "\x9c\x40\x0d\x05\0\x6c\0\0", 8);
    for (size_t i = 0; i < 100; i++)
        put_bytes(&frame, "\x5a", 1);
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(write(taps[0], frame.bytes, frame.length), frame.length);
    assert_int_equal(write(taps[1], frame.bytes, frame.length), frame.length);
    assert_int_equal(read_frames(capture, 1, 1), 1);

    struct frame_batch batch = {0};
    struct error error = {0};
    enum capture_result result = CAPTURE_IDLE;
    close(taps[0]);
    struct log_grab grab = log_grab_begin();
    for (int64_t end = now_ms() + PATIENCE_MS; now_ms() < end && lseek(fileno(grab.file), 0, SEEK_END) == 0;)
        (void)capture_read(capture, &batch, &error); /* first what tap0 had left */
    char *log = log_grab_end(&grab);
    if (strstr(log, "cannot capture from tap0 any more") == NULL || strstr(log, "going on with") == NULL)
        fail_msg("no warning of tap0 but: %s", log);
    free(log);
    assert_int_equal(write(taps[1], frame.bytes, frame.length), frame.length);
    assert_int_equal(read_frames(capture, 1, 1), 1);
    close(taps[1]);
    for (int64_t end = now_ms() + PATIENCE_MS; now_ms() < end && result != CAPTURE_FAILED;)
        result = capture_read(capture, &batch, &error);
    assert_int_equal(result, CAPTURE_FAILED);
    assert_int_equal(error.status, STATUS_FAILED);
    assert_non_null(strstr(error.text, "cannot capture from tap1 any more"));
    capture_close(capture);
    builder_done(&frame);
}

static void test_errors_at_open(void **state)
{
    (void)state;
    if (!isolated)
        skip();
    struct error error = {0};
    struct capture_options options = {.filter = "tcp prot 1", .buffer_bytes = 2 << 20};
    const char *names[] = {"lo", "nosuch0"};
    assert_null(capture_open_interfaces(&names[1], 1, NULL, &error));
    assert_int_equal(error.status, STATUS_NO_INPUT);
    assert_non_null(strstr(error.text, "no interface nosuch0"));
    assert_null(capture_open_interfaces(names, 1, &options, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_non_null(strstr(error.text, "\"tcp prot 1\" on lo: "));
}

/* In a thread, whose capabilities are its own: the raw system call takes them from this thread alone. */
static void *open_without_right(void *error)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {0};
    const char *name = "lo";
    if (syscall(SYS_capset, &header, none) == 0)
        capture_close(capture_open_interfaces(&name, 1, NULL, error));
    return NULL;
}

static void test_no_permission(void **state)
{
    (void)state;
    if (!isolated)
        skip();
    struct error error = {0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, open_without_right, &error), 0);
    pthread_join(thread, NULL);
    assert_int_equal(error.status, STATUS_NOT_PERMITTED);
    assert_non_null(strstr(error.text, "no permission to capture from lo; run as root"));
    assert_non_null(strstr(error.text, "cap_net_raw"));
}

static void test_lists_interfaces(void **state)
{
    (void)state;
    if (!isolated)
        skip();
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_true(capture_list_interfaces(stream, NULL));
    fclose(stream);
    assert_non_null(strstr(text, "lo  "));
    assert_non_null(strstr(text, "up"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_loopback),
        cmocka_unit_test(test_idles_and_stops),
        cmocka_unit_test(test_several_interfaces_and_their_loss),
        cmocka_unit_test(test_errors_at_open),
        cmocka_unit_test(test_no_permission),
        cmocka_unit_test(test_lists_interfaces),
    };
    return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
