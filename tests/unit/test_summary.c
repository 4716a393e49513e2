// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/humanise.h"
#include "event_samples.h"
#include "sink/sink.h"
#include "sink/summary/summary_report.h"

static struct summary_findings findings;
static char *written;
static size_t written_size;

static int begin(void **state)
{
    (void)state;
    memset(&findings, 0, sizeof findings);
    return 0;
}

static int end(void **state)
{
    (void)state;
    summary_findings_done(&findings);
    free(written);
    written = NULL;
    return 0;
}

static void add(const struct mining *mining, enum incident_action action)
{
    struct event event = sample_event(EVENT_MINING, mining);
    event.action = action;
    summary_findings_add(&findings, &event);
}

static void add_statistics(void)
{
    struct sensor_statistics statistics = {.alerts = 1};
    struct event event = sample_event(EVENT_STATS, NULL);
    statistics.capture.frames = 12345;
    statistics.capture.bytes = 45200000;
    statistics.flow.created = 250;
    event.statistics = &statistics;
    summary_findings_add(&findings, &event);
}

static const char *report(size_t width, bool color, bool unicode)
{
    free(written);
    FILE *stream = open_memstream(&written, &written_size);
    struct page page = {stream, width, color, unicode};
    summary_report(&page, &findings, "capture.pcap");
    fclose(stream);
    return written;
}

static void assert_widths(const char *text, size_t width)
{
    char *copy = strdup(text);
    for (char *line = strtok(copy, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (humanise_columns(line) > width)
            fail_msg("wider than %zu columns: %s", width, line);
    free(copy);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

static void one_miner(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    add(&mining, INCIDENT_OPENED);
    add_statistics();
    assert_string_equal(
        report(100, false, false),
        "1 miner found: 1 confirmed\n"
        "\n"
        "* 192.0.2.10  confirmed  mines XMR (rx/0)  12.3 kH/s\n"
        "    since     2026-11-22 09:30:12 UTC, seen for 2 h 13 min\n"
        "    pool      pool.example.net:3333 (203.0.113.7, Example Pool, DE, AS64496 Example Networks)\n"
        "    wallet    4wallet\n"
        "    worker    rig01\n"
        "    software  XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/11.2.0\n"
        "    work      41 shares sent, 40 accepted, 1 rejected, difficulty 120001\n"
        "    lately    no share in the last 10 min\n"
        "    cost      about 0.12 EUR an hour (0.10 to 0.20), 12.50 EUR so far, an estimate: list price of\n"
        "              m7i.large in eu-north-1 (2026-06)\n"
        "    protocol  stratum, dialect cryptonote\n"
        "    because   share accepted by the pool: 40 of 41 shares\n"
        "              login with a Monero address\n"
        "\n"
        "12,345 packets, 45.2 MB, 250 flows, from 2026-11-22 09:30:12 UTC over 2 h 13 min (capture.pcap)\n");
    assert_widths(report(80, false, false), 80);
    assert_widths(report(60, false, true), 60);
}

/* Shares that were computed again, and what the latest minutes tell, each with its error. */
static void proof_and_windows(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.hashrate_error = 0.158;
    mining.shares_proven = 12;
    mining.shares_invalid = 3;
    mining.hashrate_1h_hs = 12200;
    mining.hashrate_1h_error = 0.3;
    add(&mining, INCIDENT_OPENED);
    const char *text = report(100, false, false);
    assert_non_null(strstr(text, "mines XMR (rx/0)  12.3 kH/s +- 16 %\n"));
    assert_non_null(strstr(text, "    proof     3 of 15 shares that were checked miss their target\n"));
    assert_non_null(
        strstr(text, "    lately    no share in the last 10 min, 12.2 kH/s +- 30 % in the last hour\n"));
    snprintf(mining.incident, sizeof mining.incident, "b");
    mining.hashrate_10m_hs = 8000;
    mining.hashrate_10m_error = 0.5;
    mining.shares_proven = 0;
    mining.shares_invalid = 1;
    mining.last_seen_us = mining.first_seen_us + INT64_C(1800000000);
    mining.miner = sample_address("192.0.2.99");
    add(&mining, INCIDENT_OPENED);
    text = report(100, false, false);
    assert_non_null(strstr(text, "    proof     the share that was checked misses its target\n"));
    assert_non_null(strstr(text, "    lately    8.00 kH/s +- 50 % in the last 10 min\n"));
    assert_widths(text, 100);
}

static void all_proven_or_one_missed(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.shares_proven = 12;
    add(&mining, INCIDENT_OPENED);
    assert_non_null(
        strstr(report(100, false, false), "    proof     all 12 shares that were checked are real work\n"));
    mining.shares_invalid = 1;
    add(&mining, INCIDENT_UPDATED);
    assert_non_null(strstr(report(100, false, false),
                           "    proof     1 of 13 shares that were checked misses its target\n"));
}

/* The same machine at two pools, and one in another region: a line for each place, and the sum. */
static void the_bill(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    snprintf(mining.cloud.provider, sizeof mining.cloud.provider, "aws");
    snprintf(mining.cloud.account, sizeof mining.cloud.account, "123456789012");
    snprintf(mining.cloud.region, sizeof mining.cloud.region, "eu-north-1");
    add(&mining, INCIDENT_OPENED);
    snprintf(mining.incident, sizeof mining.incident, "b");
    add(&mining, INCIDENT_OPENED);
    snprintf(mining.incident, sizeof mining.incident, "c");
    mining.miner = sample_address("192.0.2.11");
    snprintf(mining.cloud.region, sizeof mining.cloud.region, "us-\x1b[2J");
    mining.cost = (struct cost){.hour = 200, .hour_low = 100, .hour_high = 400, .currency = "EUR"};
    add(&mining, INCIDENT_OPENED);
    const char *text = report(100, false, false);
    assert_non_null(
        strstr(text, "    cost      about 0.25 EUR an hour (0.20 to 0.40), 25.00 EUR so far, an estimate"));
    assert_non_null(
        strstr(text, "The bill: about 200 EUR an hour (100 to 400), 25.00 EUR so far, an estimate\n"));
    assert_non_null(
        strstr(text, "aws 123456789012, eu-north-1: about 0.25 EUR an hour (0.20 to 0.40), 25.00 EUR"));
    assert_non_null(
        strstr(text, "aws 123456789012, us-?[2J: about 200 EUR an hour (100 to 400), 0 EUR so far"));
    assert_widths(text, 100);
}

/* Pools that were tried one after another: what is spent adds up, what is spent an hour does not. */
static void pools_in_turn(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    add(&mining, INCIDENT_OPENED);
    snprintf(mining.incident, sizeof mining.incident, "b");
    mining.first_seen_us = mining.last_seen_us + 1;
    mining.last_seen_us += 1000000;
    add(&mining, INCIDENT_OPENED);
    assert_non_null(
        strstr(report(100, false, false),
               "    cost      about 0.12 EUR an hour (0.10 to 0.20), 25.00 EUR so far, an estimate"));
}

static void nothing_costs(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.cost = (struct cost){.hour = 0};
    add(&mining, INCIDENT_OPENED);
    snprintf(mining.incident, sizeof mining.incident, "b");
    mining.miner = sample_address("192.0.2.11");
    add(&mining, INCIDENT_OPENED);
    const char *text = report(100, false, false);
    assert_null(strstr(text, "cost"));
    assert_null(strstr(text, "bill"));
}

static void nothing_found(void **state)
{
    (void)state;
    add_statistics();
    assert_string_equal(report(100, false, false),
                        "No mining found.\n\n12,345 packets, 45.2 MB, 250 flows (capture.pcap)\n");
}

static void contacts_only(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.kind = "pool-contact";
    for (int i = 0; i < 5; i++) {
        snprintf(mining.incident, sizeof mining.incident, "%d", i);
        snprintf(mining.pool_domain, sizeof mining.pool_domain, "pool%d.example.net", i);
        add(&mining, INCIDENT_OPENED);
    }
    const char *text = report(100, false, false);
    assert_int_equal(strncmp(text, "No mining found.\n\nContact with known pools, without mining seen\n", 64),
                     0);
    assert_non_null(strstr(text, "  192.0.2.10       pool0.example.net:3333, pool1.example.net:3333, "
                                 "pool2.example.net:3333 and 2 more\n"));
}

static void many_pools_of_one_miner(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    for (int i = 0; i < 900; i++) {
        snprintf(mining.incident, sizeof mining.incident, "%d", i);
        snprintf(mining.pool_domain, sizeof mining.pool_domain, "pool%d.example.net", i);
        add(&mining, INCIDENT_OPENED);
    }
    const char *text = report(100, false, false);
    assert_int_equal(count_of(text, "192.0.2.10"), 1);
    assert_int_equal(count_of(text, "4wallet"), 1);
    assert_non_null(strstr(text, "and 897 more pools"));
    assert_true(count_of(text, "\n") < 25);
}

static void many_logins_of_one_miner(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    for (int i = 0; i < 10; i++) {
        snprintf(mining.incident, sizeof mining.incident, "%d", i);
        snprintf(mining.wallet, sizeof mining.wallet, "wallet%d", i);
        add(&mining, INCIDENT_OPENED);
    }
    const char *text = report(100, false, false);
    assert_int_equal(count_of(text, "192.0.2.10"), 1);
    assert_int_equal(count_of(text, "wallet") - count_of(text, "4wallet"),
                     5); /* the label, and four of them */
    assert_non_null(strstr(text, "and 6 more logins"));
}

static void many_miners(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        snprintf(mining.incident, sizeof mining.incident, "%u", i);
        mining.miner.bytes[15] = (uint8_t)i;
        mining.verdict = i == 150 ? VERDICT_CONFIRMED : VERDICT_SUSPECTED;
        add(&mining, INCIDENT_OPENED);
    }
    const char *text = report(80, false, false);
    assert_int_equal(
        strncmp(text, "200 miners found: 1 confirmed, 199 suspected\n\n* 192.0.2.150  confirmed", 70), 0);
    assert_int_equal(count_of(text, "\n* "), 10);
    assert_non_null(strstr(text, "and 150 more miners"));
    assert_widths(text, 80);
}

static void latest_state_counts(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.verdict = VERDICT_SUSPECTED;
    add(&mining, INCIDENT_OPENED);
    mining.verdict = VERDICT_CONFIRMED;
    add(&mining, INCIDENT_CLOSED);
    assert_int_equal(findings.count, 1);
    assert_non_null(strstr(report(100, false, false), "1 confirmed"));
}

static void bounded(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.verdict = VERDICT_SUSPECTED;
    for (int i = 0; i < 5000; i++) {
        snprintf(mining.incident, sizeof mining.incident, "weak%d", i);
        add(&mining, INCIDENT_OPENED);
    }
    assert_int_equal(findings.count, SUMMARY_MAX_INCIDENTS);
    assert_int_equal(findings.not_kept, 4000);
    mining.verdict = VERDICT_CONFIRMED;
    for (int i = 0; i < 1500; i++) {
        snprintf(mining.incident, sizeof mining.incident, "strong%d", i);
        add(&mining, INCIDENT_OPENED);
    }
    assert_int_equal(findings.count, SUMMARY_MAX_INCIDENTS);
    assert_int_equal(findings.not_kept, 5500);
    for (size_t i = 0; i < findings.count; i++)
        assert_int_equal(findings.incidents[i]->mining.verdict, VERDICT_CONFIRMED);
    assert_non_null(strstr(report(100, false, false), "5,500 weaker incidents not listed here"));
}

static void hostile_text(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    snprintf(mining.agent, sizeof mining.agent, "\033[2J\033]0;x\007\r\n\xe2\x80\xae\xc2\x9b");
    memset(mining.user, '\n', sizeof mining.user - 1);
    snprintf(mining.wallet, sizeof mining.wallet, "a\nb");
    snprintf(mining.pool_domain, sizeof mining.pool_domain, "evil\033[31m.example");
    snprintf(mining.pool_operator, sizeof mining.pool_operator, "\033c");
    snprintf(mining.coin, sizeof mining.coin, "\b\b\b");
    snprintf(mining.geo.as_organization, sizeof mining.geo.as_organization, "\033[0m");
    snprintf(mining.evidence[0].detail, sizeof mining.evidence[0].detail, "\033[1A");
    add(&mining, INCIDENT_OPENED);
    mining.kind = "pool-contact";
    mining.miner.bytes[15]++;
    snprintf(mining.incident, sizeof mining.incident, "other");
    add(&mining, INCIDENT_OPENED);
    for (const char *c = report(100, false, true); *c != '\0'; c++)
        assert_true((unsigned char)*c == '\n' || (unsigned char)*c >= 0x20);
    assert_null(strstr(written, "\xe2\x80\xae"));
    assert_null(strstr(written, "\xc2\x9b"));
    for (const char *c = report(100, false, false); *c != '\0'; c++)
        assert_true((unsigned char)*c < 0x7f); /* without a UTF-8 locale: ASCII */
}

static void long_text_is_whole(void **state)
{
    struct mining mining = sample_mining();
    char joined[4096] = "";
    size_t length = 0;
    (void)state;
    for (size_t i = 0; i + 1 < sizeof mining.wallet; i++)
        mining.wallet[i] = (char)('a' + i % 26);
    add(&mining, INCIDENT_OPENED);
    for (const char *c = report(60, false, false); *c != '\0'; c++)
        if (*c != '\n' && *c != ' ')
            joined[length++] = *c;
    assert_non_null(strstr(joined, mining.wallet)); /* broken over lines, never cut */
    assert_widths(written, 60);
}

static void losses(void **state)
{
    struct sensor_statistics statistics = {.reports_dropped = 7};
    struct event event = sample_event(EVENT_STATS, NULL);
    (void)state;
    statistics.capture.kernel_drops = 1234;
    statistics.capture.faults = 1;
    event.statistics = &statistics;
    summary_findings_add(&findings, &event);
    assert_non_null(strstr(report(100, false, false),
                           "Mind: 1,234 packets dropped before they were read; 7 flow records "
                           "lost; 1 inputs damaged"));
}

static void colors(void **state)
{
    struct mining mining = sample_mining();
    struct page page;
    (void)state;
    add(&mining, INCIDENT_OPENED);
    assert_null(strchr(report(100, false, false), '\033'));
    assert_non_null(strstr(report(100, true, false), "\033[1;31mconfirmed\033[0m"));
    page_init(&page, stdout, "always");
    assert_true(page.color);
    page_init(&page, stdout, "never");
    assert_false(page.color);
    FILE *file = tmpfile();
    page_init(&page, file, "auto"); /* no terminal */
    assert_false(page.color);
    assert_int_equal(page.width, 100);
    fclose(file);
}

/* The sink itself, with standard output in a file. */
static void sanctioned_stands_apart(void **state)
{
    struct mining mining = sample_mining();
    (void)state;
    mining.sanction =
        (struct sanction){SANCTION_APPLIES, "our\x1b[31m farm", "local-allowed.tsv:3", "2027-01-31", ""};
    add(&mining, INCIDENT_OPENED);
    const char *text = report(100, false, false);
    assert_non_null(strstr(text, "No mining found but what is sanctioned."));
    assert_non_null(strstr(text, "1 sanctioned incident not alerted\n  192.0.2.10 "));
    assert_non_null(strstr(text, "(line 3, until 2027-01-31)"));
    assert_null(strchr(text, '\x1b'));
    assert_widths(text, 100);
    mining.sanction.state = SANCTION_EXPIRED; /* its day is over */
    add(&mining, INCIDENT_UPDATED);
    text = report(100, false, false);
    assert_non_null(strstr(text, "1 miner found"));
    assert_null(strstr(text, "sanctioned incident"));
    assert_non_null(strstr(text, "sanction  ended, was until 2027-01-31"));
    for (unsigned i = 0; i < 30; i++) {
        mining.sanction.state = SANCTION_APPLIES;
        snprintf(mining.incident, sizeof mining.incident, "%016x", i + 1000);
        add(&mining, INCIDENT_OPENED);
    }
    text = report(100, false, false);
    assert_non_null(strstr(text, "30 sanctioned incidents not alerted"));
    assert_non_null(strstr(text, "  and 10 more; --json lists them all"));
}

static void sink_prints_at_the_end(void **state)
{
    struct config config;
    struct error error;
    struct mining mining = sample_mining();
    struct event event = sample_event(EVENT_MINING, &mining);
    char text[4096];
    (void)state;
    sample_config(&config);
    config.summary.enabled = true;
    struct sink_environment environment = {.config = &config,
                                           .version = "0.1.0",
                                           .inputs = "capture.pcap",
                                           .started_us = sample_time_us(0),
                                           .is_live = false};
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    struct sinks *sinks = sinks_open(&environment, &error);
    if (sinks != NULL)
        sinks_emit(sinks, &event);
    bool had_json = event.json != NULL;
    bool closed = sinks_close(sinks);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_non_null(sinks);
    assert_true(closed);
    assert_false(had_json); /* nobody reads it: it was not written */
    assert_non_null(strstr(text, "192.0.2.10  confirmed  mines XMR"));
    config.json.enabled = true;
    config.json.file = (char[]){"-"};
    assert_false(sink_summary.wanted(&config)); /* standard output belongs to JSON */
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(one_miner),
        CASE(proof_and_windows),
        CASE(all_proven_or_one_missed),
        CASE(the_bill),
        CASE(pools_in_turn),
        CASE(nothing_costs),
        CASE(nothing_found),
        CASE(contacts_only),
        CASE(many_pools_of_one_miner),
        CASE(many_logins_of_one_miner),
        CASE(many_miners),
        CASE(latest_state_counts),
        CASE(bounded),
        CASE(hostile_text),
        CASE(long_text_is_whole),
        CASE(losses),
        CASE(sanctioned_stands_apart),
        CASE(colors),
        CASE(sink_prints_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
