// SPDX-License-Identifier: Apache-2.0
/*
 * The report as a sink: what stands in the page, what must not, and the file that it becomes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event_samples.h"
#include "json_check.h"
#include "sink/sink.h"
#include "sink/summary/summary_findings.h"

static char directory[64], path[96], *page;
static struct config config;
static struct sink_environment environment;

static int begin(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/geophone-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/report.html", directory);
    sample_config(&config);
    config.report.file = path;
    environment = (struct sink_environment){.config = &config,
                                            .version = "0.1.0",
                                            .inputs = "capture.pcap",
                                            .started_us = sample_time_us(0),
                                            .command = "geophone -r <capture>.pcap"};
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(page);
    page = NULL;
    unlink(path);
    return rmdir(directory); /* fails where anything else was left */
}

static void emit(void *self, const struct mining *mining)
{
    struct event event = sample_event(EVENT_MINING, mining);
    sink_report.emit(self, &event);
}

static void *open_report(void)
{
    struct error error;
    void *self = NULL;
    assert_true(sink_report.wanted(&config));
    if (!sink_report.open(&self, &environment, &error))
        fail_msg("%s", error.text);
    return self;
}

static const char *read_page(void)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    free(page);
    page = calloc(1, 1 << 24);
    assert_true(fread(page, 1, (1 << 24) - 1, file) > 0);
    fclose(file);
    return page;
}

static const char *report_of(const struct mining *mining)
{
    void *self = open_report();
    emit(self, mining);
    assert_true(sink_report.close(self));
    return read_page();
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void assert_has(const char *part)
{
    if (strstr(page, part) == NULL)
        fail_msg("the page lacks: %s", part);
}

static void tells_the_story(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    report_of(&mining);
    assert_has("<h1>1 miner found: 1 confirmed</h1>");
    assert_has("<strong>192.0.2.10</strong> mines XMR with XMRig/6.21.0 (Linux x86_64)");
    assert_has(
        "for the wallet <code>4wallet</code> at pool.example.net:3333 (Example Pool), since 2026-11-22 "
        "09:30:12 UTC (seen for 2 h 13 min), at a speed of 12.3 kH/s. It costs about 0.12 EUR an hour "
        "(0.10 to 0.20), 12.50 EUR so far, an estimate.</p>");
    assert_has("Why we say so: share accepted by the pool (40 of 41 shares); login with a Monero address.");
    assert_has("<dt>Costs</dt><dd>0.12 EUR an hour</dd><dd class=\"dim\">0.10 to 0.20; an estimate</dd>");
    assert_has("<dt>Mining since</dt><dd>2026-11-22 09:30:12</dd>");
    assert_has("<li><strong>Keep the evidence first:</strong>");
    assert_has("<pre>pool.example.net:3333\n203.0.113.7:3333\n</pre>");
    assert_has("<pre>4wallet\n</pre>");
    assert_has("<td>share accepted by the pool</td><td>40 of 41 shares</td><td class=\"n\">+60</td>");
    assert_has("value=\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\"");
    assert_has("value=\"203.0.113.7:3333\"");
    assert_has("<code>geophone -r &lt;capture&gt;.pcap</code>");
    assert_has("id=\"incident-00000000000000a1\"");
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
}

/* Every text that comes from the wire or from files of the operator. */
static void injections_do_nothing(void **state)
{
    static const char evil[] = "\"'><script>x</script>\xe2\x80\xae&";
    struct mining mining = sample_mining();
    (void)state;
#define SPOIL(member) snprintf(mining.member, sizeof mining.member, "%s", evil)
    SPOIL(agent), SPOIL(software), SPOIL(software_version), SPOIL(user), SPOIL(wallet), SPOIL(worker);
    SPOIL(pool_domain), SPOIL(pool_operator), SPOIL(carrier), SPOIL(destination), SPOIL(origin), SPOIL(rig);
    SPOIL(password), SPOIL(redirect), SPOIL(tls.sni), SPOIL(tls.ja3), SPOIL(tls.ja4), SPOIL(algorithm);
    SPOIL(evidence[0].detail), SPOIL(geo.as_organization), SPOIL(logins[0]), SPOIL(logins[1]);
    SPOIL(cloud.owner), SPOIL(cloud.instance_id), SPOIL(cloud.instance_name), SPOIL(cloud.account);
    SPOIL(cloud.region), SPOIL(cloud.vpc), SPOIL(cloud.label), SPOIL(cost.basis), SPOIL(sanction.reason);
#undef SPOIL
    mining.geo.as_number = 1;
    mining.login_count = 2;
    mining.cloud.match = CLOUD_ADDRESS;
    assert_true(cloud_tag_add(&mining.cloud, evil, evil));
    mining.sanction.state = SANCTION_EXPIRED;
    environment.inputs = environment.command = evil;
    report_of(&mining);
    assert_int_equal(count_of(page, "<script"), 1); /* the data block */
    assert_int_equal(count_of(page, "</script"), 1);
    char *block = strstr(page, "<script"), *json = strchr(block, '\n') + 1;
    *block = '\0';
    assert_null(strstr(page, "'>"));
    assert_null(strstr(page, "\"'"));
    assert_null(strstr(page, "\xe2\x80\xae"));
    assert_true(count_of(page, "&lt;script&gt;x&lt;/script&gt;?&amp;") > 25);
    *strstr(json, "\n</script>") = '\0';
    assert_true(json_is_valid(json));
    assert_string_equal(json_at(json, "incidents.0.mining.wallet"),
                        "\"\\\"'\\u003e\\u003cscript\\u003ex\\u003c/script\\u003e\xe2\x80\xae\\u0026\"");
}

static void what_hosts_have_in_common(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    void *self = open_report();
    emit(self, &mining);
    snprintf(mining.incident, sizeof mining.incident, "b");
    snprintf(mining.worker, sizeof mining.worker, "rig7");
    mining.miner = sample_address("192.0.2.11");
    emit(self, &mining);
    snprintf(mining.incident, sizeof mining.incident, "c");
    snprintf(mining.worker, sizeof mining.worker, "other");
    snprintf(mining.wallet, sizeof mining.wallet, "5wallet");
    mining.miner = sample_address("192.0.2.12");
    emit(self, &mining);
    assert_true(sink_report.close(self));
    read_page();
    const char *first = strstr(page, "id=\"incident-00000000000000a1\"");
    assert_non_null(first);
    assert_non_null(strstr(first, "<dt>Same wallet</dt><dd>192.0.2.11</dd>"));
    assert_non_null(strstr(first, "<dt>Workers alike</dt><dd>192.0.2.11</dd>"));
    assert_non_null(strstr(first, "<dt>Same pool</dt><dd>192.0.2.11, 192.0.2.12</dd>"));
    assert_int_equal(count_of(page, "<dt>Same wallet</dt>"), 2);
    assert_has("<pre>4wallet\n5wallet\n</pre>");
}

/* Advice that is not for all names its hosts; what is known of the machine, its proofs and its price stands
 * there. */
static void advice_is_for_whom_it_concerns(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    void *self = open_report();
    mining.shares_proven = 12;
    emit(self, &mining);
    snprintf(mining.incident, sizeof mining.incident, "b");
    mining.miner = sample_address("192.0.2.11");
    mining.cloud.match = CLOUD_ADDRESS;
    snprintf(mining.cloud.provider, sizeof mining.cloud.provider, "aws");
    snprintf(mining.cloud.account, sizeof mining.cloud.account, "111122223333");
    mining.shares_invalid = 1;
    mining.miners_behind = 3;
    emit(self, &mining);
    assert_true(sink_report.close(self));
    read_page();
    assert_has("they connect to it, and it passes on their work. (192.0.2.11)</li>");
    assert_has("parent and its start time.</li>");
    assert_has("<dt>Proof</dt><dd>all 12 shares that were checked are real work</dd>");
    assert_has("<dt>Proof</dt><dd>1 of 13 shares that were checked misses its target</dd>");
    assert_has("1 of 25 shares that were checked misses its target");
    assert_has("<td>aws 111122223333</td><td class=\"n\">0.12 EUR</td><td class=\"n\">0.10 to 0.20</td>");
    assert_has("<td>All, also elsewhere</td><td class=\"n\">0.25 EUR</td>");
}

/* Thinned out, and still ordered, from the first to the latest. */
static void shares_over_time(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    void *self = open_report();
    for (int i = 0; i < 10 * SUMMARY_MAX_POINTS; i++) {
        mining.last_seen_us = sample_time_us(60 * i);
        mining.shares_submitted = (uint64_t)i;
        emit(self, &mining);
    }
    assert_true(sink_report.close(self));
    char *at = strstr(read_page(), "points=\"");
    assert_non_null(at);
    at += strlen("points=\"");
    double previous = -1, x, y, first = -1;
    int length, points = 0;
    for (; sscanf(at, "%lf,%lf %n", &x, &y, &length) == 2; at += length, points++) {
        assert_true(x > previous && y >= 18 && y <= 98);
        previous = x;
        first = first < 0 ? x : first;
    }
    assert_true(points > SUMMARY_MAX_POINTS / 2 - 1 && points <= SUMMARY_MAX_POINTS);
    assert_true(first == 8.0 && previous == 692.0);
}

static void hundreds_of_incidents(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    void *self = open_report();
    for (int i = 0; i < SUMMARY_MAX_INCIDENTS + 5; i++) {
        snprintf(mining.incident, sizeof mining.incident, "%016x", i);
        mining.miner.bytes[15] = (uint8_t)(i / 4);
        mining.shares_accepted = (uint64_t)(i + 1);
        struct event event = sample_event(EVENT_MINING, &mining);
        event.action = INCIDENT_OPENED;
        sink_report.emit(self, &event);
    }
    assert_true(sink_report.close(self));
    read_page();
    assert_int_equal(count_of(page, " id=\"incident-"), SUMMARY_MAX_INCIDENTS);
    assert_has("5 weaker incidents not listed here");
    assert_has("\"incidents_left_out\":5");
}

static void no_mining(void **state)
{
    struct event event = sample_event(EVENT_FLOW, NULL);
    (void)state;
    void *self = open_report();
    sink_report.emit(self, &event);
    assert_true(sink_report.close(self));
    read_page();
    assert_has("<h1>No mining found.</h1>");
}

/* A run that never began leaves what was there, and nothing beside it. */
static void the_report_before_stays(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    fputs("before", file);
    fclose(file);
    void *self = open_report();
    assert_string_equal(read_page(), "before");
    assert_true(sink_report.close(self));
    assert_string_equal(read_page(), "before");
}

static void refused(const char *file, const char *sentence)
{
    struct error error;
    void *self = NULL;
    char copy[256];
    snprintf(copy, sizeof copy, "%s", file);
    config.report.file = copy;
    assert_false(sink_report.open(&self, &environment, &error));
    if (strstr(error.text, sentence) == NULL)
        fail_msg("%s", error.text);
}

static void places_that_will_not_do(void **state)
{
    char missing[128];
    static char dash[] = "-";
    (void)state;
    snprintf(missing, sizeof missing, "%s/missing/report.html", directory);
    refused(missing, "No such file or directory; give --report a place");
    refused(directory, "it is no ordinary file");
    refused("/dev/null", "it is no ordinary file");
    config.json.enabled = true;
    config.json.file = dash;
    refused("-", "cannot both go to standard output");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_the_story),
        TEST(injections_do_nothing),
        TEST(what_hosts_have_in_common),
        TEST(advice_is_for_whom_it_concerns),
        TEST(shares_over_time),
        TEST(hundreds_of_incidents),
        TEST(no_mining),
        TEST(the_report_before_stays),
        TEST(places_that_will_not_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
