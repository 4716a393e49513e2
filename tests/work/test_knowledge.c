// SPDX-License-Identifier: Apache-2.0
/*
 * Worst cases of files and of the verdict thread: captures, configuration, pool lists, names, incidents.
 */
#include "path.h"

#include "../unit/event_samples.h"
#include "capture/capture.h"
#include "config/config.h"
#include "intel/names.h"
#include "intel/pools.h"
#include "intel/prices.h"
#include "sink/summary/summary_findings.h"
#include "verdict/judge.h"

#include <sys/mman.h>
#include <unistd.h>

/* ---- captures ---- */

static uint64_t read_capture(struct text *text)
{
    char name[64];
    const char *paths = name;
    const struct capture_options options = {0};
    struct error error;
    static struct frame_batch batch = {0};
    int descriptor = memfd_create("capture", MFD_CLOEXEC);
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    assert_int_equal(write(descriptor, text->bytes, text->length), text->length);
    uint64_t before = work_so_far();
    struct capture *capture = capture_open_files(&paths, 1, &options, &error);
    assert_non_null(capture);
    while (capture_read(capture, &batch, &error) == CAPTURE_FRAMES)
        continue;
    uint64_t work = work_so_far() - before;
    capture_close(capture);
    close(descriptor);
    text_done(text);
    return work;
}

static void put_u32(struct text *text, uint32_t number)
{
    text_add_bytes(text, &number, sizeof number);
}

static uint64_t pcap_empty_packets(size_t size)
{
    struct text text = {0};
    put_u32(&text, 0xa1b2c3d4);
    text_add_bytes(&text, "\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0", 20);
    for (size_t i = 0; i < size; i++)
        text_add_bytes(&text, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    return read_capture(&text);
}

/* A block of its type and of 4 bytes times `words`, all zero. */
static void put_block(struct text *text, uint32_t type, uint32_t words)
{
    uint32_t length = 12 + 4 * words;
    put_u32(text, type);
    put_u32(text, length);
    for (uint32_t i = 0; i < words; i++)
        put_u32(text, 0);
    put_u32(text, length);
}

static void put_section(struct text *text)
{
    put_u32(text, 0x0a0d0d0a);
    put_u32(text, 28);
    put_u32(text, 0x1a2b3c4d);
    put_u32(text, 1);
    put_u32(text, UINT32_MAX);
    put_u32(text, UINT32_MAX);
    put_u32(text, 28);
}

static uint64_t pcapng_interfaces(size_t size)
{
    struct text text = {0};
    put_section(&text);
    for (size_t i = 0; i < size; i++) {
        put_block(&text, 1, 2);
        put_block(&text, 6, 5);
    }
    return read_capture(&text);
}

static uint64_t pcapng_sections(size_t size)
{
    struct text text = {0};
    for (size_t i = 0; i < size; i++) {
        put_section(&text);
        put_block(&text, 1, 2);
        put_block(&text, 5, 2);
    }
    return read_capture(&text);
}

LINEAR(pcap_empty_packets, 4000)
LINEAR(pcapng_interfaces, 1000)
LINEAR(pcapng_sections, 1000)

/* ---- configuration ---- */

static uint64_t read_configuration(struct text *text)
{
    struct config config;
    struct error error;
    assert_true(config_init(&config, &error));
    uint64_t before = work_so_far();
    config_read_text(&config, text->bytes, text->length, "x", &error);
    uint64_t work = work_so_far() - before;
    config_done(&config);
    text_done(text);
    return work;
}

static uint64_t configuration_comments(size_t size)
{
    struct text text = {0};
    text_fill(&text, "# nothing\n", size);
    text_add(&text, "sensor:\n  name: x\n");
    return read_configuration(&text);
}

static uint64_t configuration_long_value(size_t size)
{
    struct text text = {0};
    text_add(&text, "sensor:\n  name: ");
    text_fill(&text, "x", size);
    return read_configuration(&text);
}

static uint64_t configuration_long_list(size_t size)
{
    struct text text = {0};
    text_add(&text, "geo:\n  databases: [");
    text_fill(&text, "a, ", size);
    text_add(&text, "b]\n");
    return read_configuration(&text);
}

static uint64_t configuration_long_key(size_t size)
{
    struct text text = {0};
    text_fill(&text, "sensor", size);
    text_add(&text, ": {}\n");
    return read_configuration(&text);
}

/* Faults end the reading; and what libyaml does inside is not counted. */
AT_MOST_LINEAR(configuration_comments, 8000)
AT_MOST_LINEAR(configuration_long_value, 8000)
AT_MOST_LINEAR(configuration_long_list, 8000)
AT_MOST_LINEAR(configuration_long_key, 200)

/* ---- pools and names ---- */

static uint64_t load_pools(struct text *domains, struct text *addresses)
{
    char directory[] = "/tmp/test_work.XXXXXX", path_of[2][64];
    struct text *const texts[2] = {domains, addresses};
    struct error error = {.text = ""};
    assert_non_null(mkdtemp(directory));
    for (int i = 0; i < 2; i++) {
        snprintf(path_of[i], sizeof path_of[i], "%s/pool-%s.tsv", directory,
                 i == 0 ? "domains" : "addresses");
        FILE *file = fopen(path_of[i], "w");
        assert_non_null(file);
        fwrite(texts[i]->bytes, 1, texts[i]->length, file);
        fclose(file);
    }
    uint64_t before = work_so_far();
    struct pools *pools = pools_load(directory, &error);
    uint64_t work = work_so_far() - before;
    assert_string_equal(error.text, "");
    pools_free(pools);
    for (int i = 0; i < 2; i++) {
        unlink(path_of[i]);
        text_done(texts[i]);
    }
    rmdir(directory);
    return work;
}

static uint64_t pool_names(size_t size)
{
    struct text domains = {0}, addresses = {0};
    text_count(&domains, "pool", ".example\tsuffix\tpool\thigh\t2026\tXMR\tExample\tmade up\n", size);
    return load_pools(&domains, &addresses);
}

static uint64_t pool_addresses(size_t size)
{
    struct text domains = {0}, addresses = {0};
    for (size_t i = 0; i < size; i++) {
        char line[80];
        snprintf(line, sizeof line, "10.%zu.%zu.%zu/32\t-\tpool\thigh\t2026\tXMR\tExample\tmade up\n",
                 i * 7919 >> 16 & 255, i * 7919 >> 8 & 255, i * 7919 & 255);
        text_add(&addresses, line);
    }
    return load_pools(&domains, &addresses);
}

/* Rows that are read, sorted and exchanged; and as many questions after the type that has them all. */
static uint64_t prices_of_many_regions(size_t size)
{
    char directory[] = "/tmp/test_work.XXXXXX", name[64];
    struct error error = {.text = ""};
    struct instance_price price;
    assert_non_null(mkdtemp(directory));
    snprintf(name, sizeof name, "%s/instance-prices.tsv", directory);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fprintf(file, "aws\ttype-%05zu\tregion-%05zu\t1\tEUR\t-\t-\t2026\t-\tmade up\n", i * 7919 % size / 40,
                i * 7919 % size);
    fclose(file);
    uint64_t before = work_so_far();
    struct prices *prices = prices_load(directory, "EUR", &error);
    assert_string_equal(error.text, "");
    for (size_t i = 0; i < size; i++)
        assert_true(prices_of_instance(prices, "aws", "type-00001", "nowhere", &price));
    uint64_t work = work_so_far() - before;
    prices_free(prices);
    unlink(name);
    rmdir(directory);
    return work;
}

LINEAR(prices_of_many_regions, 4000)

/* One name after the other for one address, and one address after the other for one name. */
static uint64_t names_learned(size_t size)
{
    static const uint8_t secret[16] = {1};
    struct error error;
    struct names *names = names_create(1024, secret, &error);
    assert_non_null(names);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i++) {
        const uint8_t number[4] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
        struct address address = address_from_ipv4(number), client = address_from_ipv4(secret);
        char name[32];
        snprintf(name, sizeof name, "h%07zu.example", i);
        names_learn(names, &client, i % 2 == 0 ? &address : &client, i % 3 == 0 ? "same.example" : name,
                    (int64_t)i);
        names_find(names, &client, &address, (int64_t)i, 3600);
    }
    uint64_t work = work_so_far() - before;
    names_free(names);
    return work;
}

LINEAR(pool_names, 3000)
LINEAR(pool_addresses, 3000)
LINEAR(names_learned, 4000)

/* ---- verdicts ---- */

static size_t events;

static void on_emit(void *context, struct event *event)
{
    (void)context;
    events += event->type == EVENT_ALERT;
}

static void on_nothing(void *context)
{
    (void)context;
}

static void on_statistics(void *context, struct sensor_statistics *statistics)
{
    (void)context;
    (void)statistics;
}

/* The work of the verdict thread alone, over what `count` connections report. */
static uint64_t judge(size_t count, void (*each)(size_t n), bool alerts)
{
    static const struct judge_outlet outlet = {NULL, on_emit, on_nothing, on_nothing, on_statistics};
    struct text empty = {0};
    struct config config;
    struct error error;
    put_u32(&empty, 0xa1b2c3d4);
    text_add_bytes(&empty, "\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0", 20);
    char name[64];
    const char *paths = name;
    const struct capture_options options = {0};
    int descriptor = memfd_create("capture", MFD_CLOEXEC);
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    assert_int_equal(write(descriptor, empty.bytes, empty.length), empty.length);
    struct capture *capture = capture_open_files(&paths, 1, &options, &error);
    assert_non_null(capture);
    path_open(1 << 27);
    path.keep = true;
    for (size_t i = 0; i < count; i++) {
        path.client = (uint32_t)i;
        path.sequence[0] = path.sequence[1] = 1;
        each(i);
        path.time_us += 1000;
        inspector_report_time(path.inspector, path.time_us, NULL);
    }
    path_end();
    inspector_report_end(path.inspector, path.time_us);
    assert_true(config_init(&config, &error) && config_set(&config, "sensor.name", "x", &error) &&
                config_set(&config, "signatures.directory", "signatures", &error));
    struct judge *judge = judge_create(&config, capture, path.queue, &outlet, &error);
    assert_non_null(judge);
    events = 0;
    uint64_t before = work_so_far();
    judge_run(judge);
    uint64_t work = work_so_far() - before;
    assert_true(!alerts || events >= count / 2);
    judge_free(judge);
    config_done(&config);
    capture_close(capture);
    close(descriptor);
    path_close();
    text_done(&empty);
    return work;
}

static void mine(size_t n)
{
    char login[200];
    snprintf(
        login, sizeof login,
        "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"user%zu\",\"pass\":\"x\","
        "\"agent\":\"XMRig/6.21.0\",\"algo\":[\"rx/0\"]}}\n",
        n);
    path_handshake();
    path_say_text(TO_SERVER, login);
    path_say_text(
        TO_CLIENT,
        "{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"id\":\"a\",\"job\":{\"blob\":\"10\","
        "\"job_id\":\"1\",\"target\":\"b88d0600\",\"height\":3000000,\"algo\":\"rx/"
        "0\"},\"status\":\"OK\"}}\n");
}

/* All of one miner: one incident, many flows. */
static void mine_again(size_t n)
{
    path.client = 7;
    path.client_port = (uint16_t)(1024 + n);
    mine(n);
}

/* All of them with time between, so that incidents are opened, updated and closed. */
static void mine_slowly(size_t n)
{
    mine(n);
    path.time_us += 2000000;
}

static void look_up(size_t n)
{
    (void)n;
    path_say_text(TO_SERVER, "GET / HTTP/1.1\r\nHost: xmr.nanopool.org\r\n\r\n");
}

static void shake_hands(size_t n)
{
    (void)n;
    path_handshake();
}

static uint64_t many_miners(size_t size)
{
    return judge(size, mine, true);
}

static uint64_t many_flows_of_a_miner(size_t size)
{
    return judge(size, mine_again, true);
}

static uint64_t many_incidents_one_by_one(size_t size)
{
    return judge(size, mine_slowly, true);
}

static uint64_t many_contacts(size_t size)
{
    return judge(size, look_up, true);
}

static uint64_t many_flows_of_no_interest(size_t size)
{
    return judge(size, shake_hands, false);
}

LINEAR(many_miners, 500)
LINEAR(many_flows_of_a_miner, 500)
LINEAR(many_incidents_one_by_one, 1500)
LINEAR(many_contacts, 500)
LINEAR(many_flows_of_no_interest, 1000)

/* More incidents than the summary keeps, each stronger than all before. */
static uint64_t summary_of_incidents(size_t size)
{
    struct summary_findings *findings = calloc(1, sizeof *findings);
    struct mining mining = sample_mining();
    assert_non_null(findings);
    uint64_t before = work_so_far();
    for (size_t i = 0; i < size; i++) {
        snprintf(mining.incident, sizeof mining.incident, "%016zx", i);
        mining.shares_accepted = i + 1;
        const struct event event = sample_event(EVENT_MINING, &mining);
        summary_findings_add(findings, &event);
    }
    uint64_t work = work_so_far() - before;
    summary_findings_done(findings);
    free(findings);
    return work;
}

LINEAR(summary_of_incidents, 8000)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pcap_empty_packets),
        cmocka_unit_test(test_pcapng_interfaces),
        cmocka_unit_test(test_pcapng_sections),
        cmocka_unit_test(test_configuration_comments),
        cmocka_unit_test(test_configuration_long_value),
        cmocka_unit_test(test_configuration_long_list),
        cmocka_unit_test(test_configuration_long_key),
        cmocka_unit_test(test_pool_names),
        cmocka_unit_test(test_pool_addresses),
        cmocka_unit_test(test_prices_of_many_regions),
        cmocka_unit_test(test_names_learned),
        cmocka_unit_test(test_many_miners),
        cmocka_unit_test(test_many_flows_of_a_miner),
        cmocka_unit_test(test_many_incidents_one_by_one),
        cmocka_unit_test(test_many_contacts),
        cmocka_unit_test(test_many_flows_of_no_interest),
        cmocka_unit_test(test_summary_of_incidents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
