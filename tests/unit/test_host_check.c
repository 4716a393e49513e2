// SPDX-License-Identifier: Apache-2.0
/* The checks of a host, on files laid out as in /proc and /sys; tests/live/host has those that ask the
 * kernel. */
#include "host/host_check.h"

#include "host/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory that stands for /. */
static char root[] = "/tmp/test_host_check.XXXXXX";
static struct config config;

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s%s", root, name);
    for (char *slash = path + sizeof root; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define UDP_HEAD                                                                                             \
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define UDP_LINE(port, inode)                                                                                \
    "  412: 00000000:" port " 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 " inode \
    " 2 0000000000000000 0\n"

static int make_root(void **state)
{
    (void)state;
    if (mkdtemp(root) == NULL || !config_init(&config, NULL))
        return -1;
    put("/proc/net/udp", UDP_HEAD);
    put("/proc/net/udp6", UDP_HEAD);
    put("/proc/net/softnet_stat", "00000010 00000000 00000000\n00000020 00000000 00000000\n");
    put("/proc/meminfo", "MemTotal:  16000000 kB\nMemFree: 1 kB\nMemAvailable:   8000000 kB\n");
    put("/proc/sys/net/core/rmem_max", "268435456\n");
    put("/proc/sys/net/core/netdev_max_backlog", "2000\n");
    put("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
    put("/proc/sys/net/ipv4/conf/lo/rp_filter", "0\n");
    return 0;
}

static int remove_root(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", root);
    config_done(&config);
    return system(command);
}

/* The report as JSON; to be freed. */
static char *report(bool listens, enum exit_status *status)
{
    static const char *const interfaces[] = {"lo"};
    static const struct decode_port ports[] = {{"vxlan", 4789}};
    struct host_check_options options = {.config = &config, .root = root};
    options.interfaces = interfaces;
    options.interface_count = 1;
    options.ports = ports;
    options.port_count = listens ? 1 : 0;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    enum exit_status got = host_check(&options, stream, true);
    fclose(stream);
    if (status != NULL)
        *status = got;
    return text;
}

/* That the report says `verdict` of `check`, with `word` in the sentence or the command. */
static void expect(bool listens, const char *check, const char *verdict, const char *word)
{
    char head[64], *text = report(listens, NULL);
    snprintf(head, sizeof head, "{\"check\":\"%s\"", check);
    bool found = false;
    for (char *at = text; !found && (at = strstr(at, head)) != NULL; at++) {
        char quoted[64];
        size_t length = strcspn(at, "}");
        char *finding = strndup(at, length);
        snprintf(quoted, sizeof quoted, "\"verdict\":\"%s\"", verdict);
        found = strstr(finding, quoted) != NULL && strstr(finding, word) != NULL;
        free(finding);
    }
    if (!found)
        fail_msg("no %s of %s with \"%s\" in %s", verdict, check, word, text);
    free(text);
}

static void udp_lines_are_read(void **state)
{
    (void)state;
    uint16_t port;
    uint64_t inode;
    assert_true(check_parse_udp_line(UDP_LINE("12B5", "18446744073709551615"), &port, &inode));
    assert_int_equal(port, 4789);
    assert_true(inode == UINT64_MAX);
    assert_true(check_parse_udp_line(
        "  77: 00000000000000000000000000000000:17C1 "
        "00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 "
        "  104        0 21 2 0 0\n",
        &port, &inode));
    assert_int_equal(port, 6081);
    assert_int_equal(inode, 21);
    assert_false(check_parse_udp_line(UDP_HEAD, &port, &inode));
    assert_false(check_parse_udp_line("", &port, &inode));
    assert_false(
        check_parse_udp_line("  412: 00000000:12B5 00000000:0000 07 00000000:00000000", &port, &inode));
}

static void softnet_is_summed(void **state)
{
    (void)state;
    uint64_t dropped;
    assert_true(check_parse_softnet("0000abcd 0000000a 00000000\n00000001 00000006 00000001\n", &dropped));
    assert_int_equal(dropped, 16);
    assert_true(check_parse_softnet("00000001 00000002", &dropped));
    assert_int_equal(dropped, 2);
    assert_false(check_parse_softnet("", &dropped));
    assert_false(check_parse_softnet("nothing", &dropped));
}

static void numbers_are_found(void **state)
{
    (void)state;
    uint64_t number;
    const char *text = "MemTotal:  12 kB\nMemAvailable:\t  34 kB\nBad: x\nOdd: 5x";
    assert_true(check_find_number(text, "MemAvailable:", &number));
    assert_int_equal(number, 34);
    assert_true(check_find_number(text, "MemTotal:", &number));
    assert_int_equal(number, 12);
    assert_false(check_find_number(text, "Bad:", &number));
    assert_false(check_find_number(text, "Odd:", &number));
    assert_false(check_find_number(text, "None:", &number));
}

static void ports_without_an_owner_are_warned_of(void **state)
{
    (void)state;
    expect(false, "ports", "warn", "4789");
    expect(false, "ports", "warn", "add table inet geophone");
    put("/proc/net/udp", UDP_HEAD UDP_LINE("12B5", "7") UDP_LINE("2118", "7") UDP_LINE("12B6", "7"));
    put("/proc/net/udp6", UDP_HEAD UDP_LINE("17C1", "7") UDP_LINE("9090", "7"));
    expect(false, "ports", "warn", "ports 2152:");
    put("/proc/net/udp6", UDP_HEAD UDP_LINE("17C1", "7") UDP_LINE("9090", "7") UDP_LINE("0868", "7"));
    expect(false, "ports", "ok", "belongs");
    put("/proc/net/udp", UDP_HEAD);
    put("/proc/net/udp6", UDP_HEAD);
}

static void a_port_to_listen_at_must_be_free(void **state)
{
    (void)state;
    enum exit_status status;
    expect(true, "ports", "ok", "4789 is free");
    put("/proc/net/udp", UDP_HEAD UDP_LINE("12B5", "18446744073709551615"));
    expect(true, "ports", "fail", "UDP port 4789");
    free(report(true, &status));
    assert_int_equal(status, STATUS_FAILED);
    put("/proc/net/udp", UDP_HEAD);
}

static void limits_of_sockets_matter_where_they_are_used(void **state)
{
    (void)state;
    expect(true, "buffers", "ok", "capture.buffer-size");
    expect(true, "reverse_path", "ok", "not strict");
    put("/proc/sys/net/core/rmem_max", "212992\n");
    put("/proc/sys/net/ipv4/conf/all/rp_filter", "1\n");
    expect(true, "buffers", "warn", "sysctl -w net.core.rmem_max=67108864");
    expect(true, "reverse_path", "warn", "net.ipv4.conf.lo.rp_filter=2");
    char *text = report(false, NULL);
    assert_null(strstr(text, "rmem_max"));
    assert_null(strstr(text, "rp_filter"));
    free(text);
    put("/proc/sys/net/ipv4/conf/lo/rp_filter", "2\n"); /* the larger counts */
    expect(true, "reverse_path", "ok", "not strict");
    put("/proc/sys/net/core/rmem_max", "268435456\n");
}

static void drops_of_the_kernel_are_told(void **state)
{
    (void)state;
    expect(false, "buffers", "ok", "dropped nothing");
    put("/proc/net/softnet_stat", "00000010 00000011 00000000\n");
    expect(false, "buffers", "warn", "dropped 17 packets");
    expect(false, "buffers", "warn", "netdev_max_backlog=8000");
    put("/proc/net/softnet_stat", "\n");
    expect(false, "buffers", "unknown", "softnet_stat");
    put("/proc/net/softnet_stat", "00000010 00000000 00000000\n");
}

static void memory_is_compared_with_the_settings(void **state)
{
    (void)state;
    expect(false, "memory", "ok", "8.19 GB");
    put("/sys/fs/cgroup/memory.max", "300000000\n");
    put("/sys/fs/cgroup/memory.current", "100000000\n");
    expect(false, "memory", "warn", "200 MB");
    put("/sys/fs/cgroup/memory.max", "max\n");
    expect(false, "memory", "ok", "8.19 GB");
    put("/proc/meminfo", "MemAvailable:   8000 kB\n");
    expect(false, "memory", "fail", "8.19 MB");
    put("/proc/meminfo", "");
    expect(false, "memory", "unknown", "meminfo");
    put("/proc/meminfo", "MemAvailable:   8000000 kB\n");
}

static void room_for_events(void **state)
{
    (void)state;
    char *text = report(false, NULL), file[128];
    assert_null(strstr(text, "\"check\":\"disk\"")); /* no file is written */
    free(text);
    snprintf(file, sizeof file, "%s/none/eve.json", root);
    assert_true(config_set(&config, "json.enabled", "yes", NULL) &&
                config_set(&config, "json.file", file, NULL));
    expect(false, "disk", "fail", "cannot be written");
    snprintf(file, sizeof file, "%s/eve.json", root);
    assert_true(config_set(&config, "json.file", file, NULL));
    text = report(false, NULL);
    assert_non_null(strstr(text, "free for events in /tmp/test_host_check"));
    free(text);
    assert_true(config_set(&config, "json.enabled", "no", NULL));
}

static void a_missing_interface_fails(void **state)
{
    (void)state;
    static const char *const interfaces[] = {"no-such-one"};
    struct host_check_options options = {.config = &config, .interfaces = interfaces, .interface_count = 1};
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_int_equal(host_check(&options, stream, false), STATUS_FAILED);
    fclose(stream);
    assert_non_null(strstr(text, "there is no interface of this name"));
    assert_null(strstr(text, "mtu"));
    assert_null(strchr(text, '\033')); /* no terminal */
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(udp_lines_are_read),
        cmocka_unit_test(softnet_is_summed),
        cmocka_unit_test(numbers_are_found),
        cmocka_unit_test(ports_without_an_owner_are_warned_of),
        cmocka_unit_test(a_port_to_listen_at_must_be_free),
        cmocka_unit_test(limits_of_sockets_matter_where_they_are_used),
        cmocka_unit_test(drops_of_the_kernel_are_told),
        cmocka_unit_test(memory_is_compared_with_the_settings),
        cmocka_unit_test(room_for_events),
        cmocka_unit_test(a_missing_interface_fails),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
