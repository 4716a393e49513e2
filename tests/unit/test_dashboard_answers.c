// SPDX-License-Identifier: Apache-2.0
/* What the handlers of the dashboard answer: queries, order, pages, stories, and hostile texts that stay
 * texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "dashboard/answer/answers.h"
#include "dashboard/routes.h"
#include "dashboard_samples.h"
#include "json_check.h"

static struct model *model;
static struct answer answer;

static int begin(void **state)
{
    (void)state;
    model = sample_model(1000);
    sample_put(model, "edge1", "0001", sample_values(NULL));
    sample_put(model, "edge1", "0002",
               sample_values("coin", "BTC", "wallet", "1wallet", "worker", "w1", "miner_ip", "192.0.2.11",
                             "pool", "btc.example:3333", "region", "", "hashrate_10m", "70000", "last_seen",
                             "2026-11-22T11:50:00.000000+0000", NULL));
    sample_put(model, "edge2", "0003",
               sample_values("worker", "build-99", "miner_ip", "192.0.2.12", "account", "99", "wallet",
                             "other", "state", "closed", "verdict", "likely", "agent", "XMRig/6.21",
                             "last_seen", "2026-11-22T11:00:00.000000+0000", NULL));
    sample_put(
        model, "edge2", "0004",
        sample_values("sanctioned", "1", "sanctioned_reason", "research", "miner_ip", "192.0.2.13", NULL));
    return 0;
}

static int end(void **state)
{
    (void)state;
    answer_done(&answer);
    model_free(model);
    return 0;
}

static const char *ask(const char *raw)
{
    const char *rest;
    static struct target target;
    answer_done(&answer);
    assert_true(target_read(&target, raw));
    const struct route *route = route_find(target.path, &rest);
    assert_non_null(route);
    return sample_ask(&answer, route->handler, model, raw, rest);
}

/* The value at `path` is written as `expected`. */
static void assert_at(const char *json, const char *path, const char *expected)
{
    const char *found = json_at(json, path);
    assert_non_null(found);
    assert_string_equal(found, expected);
}

static bool find_at(const char *json, const char *path, char *found, size_t size)
{
    const char *value = json_at(json, path);
    text_copy(found, size, value);
    return value[0] != '\0';
}

/* The identifiers of the rows, one after another. */
static void assert_rows(const char *raw, const char *expected)
{
    char ids[200] = "", path[40], found[64];
    const char *json = ask(raw);
    assert_int_equal(answer.status, 200);
    assert_true(json_is_valid(json));
    for (int i = 0; i < 10; i++) {
        snprintf(path, sizeof path, "incidents.%d.id", i);
        if (!find_at(json, path, found, sizeof found))
            break;
        found[strlen(found) - 1] = '\0';
        strcat(strcat(ids, i > 0 ? " " : ""), found + 1);
    }
    assert_string_equal(ids, expected);
}

static void filters(void **state)
{
    (void)state;
    assert_rows("/api/v1/incidents", "0002 0001 0004 0003");
    assert_rows("/api/v1/incidents?coin=BTC", "0002");
    assert_rows("/api/v1/incidents?coin=BTC&coin=XMR&sensor=edge1", "0002 0001");
    assert_rows("/api/v1/incidents?region=", "0002");
    assert_rows("/api/v1/incidents?account=99", "0003");
    assert_rows("/api/v1/incidents?verdict=likely&state=closed", "0003");
    assert_rows("/api/v1/incidents?verdict=likely&state=active", "");
    assert_rows("/api/v1/incidents?sanctioned=1", "0004");
    assert_rows("/api/v1/incidents?sanctioned=0&sensor=edge2", "0003");
    assert_rows("/api/v1/incidents?pool=btc.example", "0002");
    assert_rows("/api/v1/incidents?pool=btc.example:3333", "0002");
    assert_rows("/api/v1/incidents?pool=btc.exampl", "");
}

static void searches(void **state)
{
    (void)state;
    assert_rows("/api/v1/incidents?q=XMRIG", "0003");
    assert_rows("/api/v1/incidents?q=192.0.2.1", "0002 0001 0004 0003");
    assert_rows("/api/v1/incidents?q=btc+edge1", "0002");
    assert_rows("/api/v1/incidents?q=btc+edge2", "");
    assert_rows("/api/v1/incidents?q=++", "0002 0001 0004 0003");
}

static void order_and_pages(void **state)
{
    (void)state;
    assert_rows("/api/v1/incidents?sort=hashrate&order=desc&limit=1", "0002");
    assert_rows("/api/v1/incidents?sort=miner_ip&order=asc", "0001 0002 0003 0004");
    assert_rows("/api/v1/incidents?sort=id&order=desc&offset=1&limit=2", "0003 0002");
    assert_rows("/api/v1/incidents?offset=4", "");
    assert_at(ask("/api/v1/incidents?limit=0&coin=XMR"), "matched", "3");
    assert_at(ask("/api/v1/incidents?limit=0"), "facets.coin.0.value", "\"XMR\"");
    assert_at(ask("/api/v1/incidents?limit=0"), "facets.coin.0.count", "3");
}

static void bad_questions(void **state)
{
    static const char *const bad[] = {"/api/v1/incidents?colour=red", "/api/v1/incidents?sort=evil",
                                      "/api/v1/incidents?limit=501",  "/api/v1/incidents?limit=-1",
                                      "/api/v1/incidents?offset=1e3", "/api/v1/incidents?order=up",
                                      "/api/v1/incidents?limit=",     "/api/v1/incidents?q=a+b+c+d+e+f+g+h+i",
                                      "/api/v1/series?span=1",        "/api/v1/top/pools?by=colour",
                                      "/api/v1/top/pools?limit=0"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *json = ask(bad[i]);
        assert_int_equal(answer.status, 400);
        assert_true(json_is_valid(json));
        assert_int_equal(strncmp(json, "{\"error\":\"", 10), 0);
    }
    static const char *const none[] = {"/api/v1/incidents/9999", "/api/v1/incidents/0001?sensor=edge2",
                                       "/api/v1/incidents/../x", "/api/v1/top/colours",
                                       "/api/v1/series?sensor=none"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        ask(none[i]);
        assert_int_equal(answer.status, 404);
    }
}

static void a_story(void **state)
{
    (void)state;
    const char *json = ask("/api/v1/incidents/0001?sensor=edge1");
    assert_true(json_is_valid(json));
    assert_at(json, "incident.hashrate", "9000");
    assert_at(json, "incident.sanctioned", "false");
    assert_at(json, "evidence.0.weight", "60"); /* the weightiest first */
    assert_at(json, "evidence.0.detail", "\"40 of 41 shares\"");
    assert_at(json, "evidence.1.what", "\"login with a Monero address\"");
    assert_at(json, "history.shares_accepted.0", "40");
    assert_at(json, "campaign.worker_scheme", "\"build-#\"");
    assert_at(json, "campaign.matched", "2"); /* 0004: wallet, scheme, pool; 0003: scheme and pool */
    assert_at(json, "campaign.related.0.id", "\"0004\"");
    assert_at(json, "campaign.related.0.shares.0", "\"wallet\"");
    assert_at(json, "campaign.related.1.id", "\"0003\"");
    assert_at(json, "campaign.related.1.shares.0", "\"worker_scheme\"");
    assert_at(json, "campaign.miners", "3");
    assert_at(json, "campaign.accounts.0", "\"1234\"");
    char found[1024];
    assert_true(find_at(json, "advice.0.what", found, sizeof found));
    assert_non_null(strstr(found, "192.0.2.10"));
    json = ask("/api/v1/incidents/0004");
    assert_true(find_at(json, "advice.0.what", found, sizeof found));
    assert_non_null(strstr(found, "research"));
    assert_false(find_at(json, "advice.1.what", found, sizeof found));
}

static void the_overview(void **state)
{
    (void)state;
    struct model_link link = {.connected = true, .updated_us = 1795352399000000};
    model_set_link(model, &link);
    const char *json = ask("/api/v1/overview");
    assert_true(json_is_valid(json));
    assert_at(json, "state.connected", "true");
    assert_at(json, "miners_active", "2");
    assert_at(json, "incidents", "4");
    assert_at(json, "sanctioned_active", "1");
    assert_at(json, "coins.0.miners", "1");
    assert_at(json, "costs.0.currency", "\"USD\"");
    assert_at(json, "costs.0.hour", "5");
    assert_at(json, "costs.0.total", "300"); /* without what is sanctioned */
    assert_at(json, "sensors.known", "2");
}

static void top(void **state)
{
    (void)state;
    const char *json = ask("/api/v1/top/wallets?by=hashrate");
    assert_true(json_is_valid(json));
    assert_at(json, "top.0.value", "\"1wallet\"");
    assert_at(json, "top.1.value", "\"4wallet\"");
    assert_at(json, "total", "3");
    assert_at(ask("/api/v1/top/pools?state=active"), "total", "2");
    assert_true(json_is_valid(ask("/api/v1/top/applications")));
}

static void series_and_sensors(void **state)
{
    double values[STATISTICS] = {[STATISTIC_PPS] = 5};
    (void)state;
    series_add(&model_sensor_at(model, 0)->series, 1795352390, values);
    const char *json = ask("/api/v1/series?span=3600&sensor=edge1");
    assert_true(json_is_valid(json));
    assert_at(json, "time.359", "1795352400");
    assert_at(json, "pps.358", "5");
    assert_at(json, "pps.0", "null");
    assert_true(json_is_valid(ask("/api/v1/series?span=172800")));
    json = ask("/api/v1/sensors");
    assert_true(json_is_valid(json));
    assert_at(json, "sensors.1.name", "\"edge2\"");
    assert_at(json, "sensors.0.quality.7.fault", "\"clock_steps\"");
}

/* Whatever an attacker writes into a login: JSON has it as text, metrics not at all. */
static void injections(void **state)
{
    static const char *const evil[] = {"<script>alert(1)</script>",
                                       "\"},{\"id\":\"x",
                                       "\\u0000\\",
                                       "\xff\xfe\xc0\x80",
                                       "a\nb\r\tc\x1b[31m",
                                       "' OR 1=1 --",
                                       "\xe2\x80\xae"
                                       "gpj.exe",
                                       "${jndi:ldap://x}"};
    char found[1024];
    (void)state;
    for (size_t i = 0; i < sizeof evil / sizeof evil[0]; i++) {
        sample_put(model, "edge1", "0001",
                   sample_values("wallet", evil[i], "agent", evil[i], "worker", evil[i], "pool", evil[i],
                                 "coin", evil[i], "evidence", evil[i], NULL));
        static const char *const paths[] = {"/api/v1/overview", "/api/v1/incidents", "/api/v1/incidents/0001",
                                            "/api/v1/top/wallets"};
        for (size_t j = 0; j < sizeof paths / sizeof paths[0]; j++)
            assert_true(json_is_valid(ask(paths[j])));
        assert_true(find_at(ask("/api/v1/incidents/0001"), "incident.id", found, sizeof found));
        assert_string_equal(found, "\"0001\"");
        const char *metrics = ask("/metrics");
        for (const char *line = metrics; line != NULL && *line != '\0';
             line = strchr(line, '\n'), line += line != NULL)
            assert_true(strncmp(line, "# ", 2) == 0 || strncmp(line, "geophone_", 9) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(filters, begin, end),
        cmocka_unit_test_setup_teardown(searches, begin, end),
        cmocka_unit_test_setup_teardown(order_and_pages, begin, end),
        cmocka_unit_test_setup_teardown(bad_questions, begin, end),
        cmocka_unit_test_setup_teardown(a_story, begin, end),
        cmocka_unit_test_setup_teardown(the_overview, begin, end),
        cmocka_unit_test_setup_teardown(top, begin, end),
        cmocka_unit_test_setup_teardown(series_and_sensors, begin, end),
        cmocka_unit_test_setup_teardown(injections, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
