// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "dashboard/answer/campaign.h"
#include "dashboard/answer/tally.h"
#include "dashboard_samples.h"

static void an_incident(void **state)
{
    (void)state;
    struct model *model = sample_model(10);
    struct incident_view *view = sample_put(model, "edge1", "00a1", sample_values(NULL));
    assert_ptr_equal(model_incident_find(model, NULL, "00a1"), view);
    assert_ptr_equal(model_incident_find(model, model_sensor_at(model, 0), "00a1"), view);
    assert_null(model_incident_find(model, NULL, "00a2"));
    assert_true(view->is_active && !view->is_contact && !view->is_sanctioned);
    assert_true(view->hashrate == 9000); /* the latest 10 minutes */
    assert_string_equal(view->hashrate_unit, "H/s");
    assert_string_equal(incident_view_text(view, INCIDENT_POOL), "pool.example.net:3333");
    assert_true(view->numbers[INCIDENT_LAST_SEEN] == 1795347792.5);
    assert_int_equal(view->history.count, 1);
    model_free(model);
}

static void changes(void **state)
{
    struct incident_view *view;
    struct sample_values values = sample_values(NULL), closed = sample_values("state", "closed", NULL),
                         gone = {0};
    (void)state;
    struct model *model = sample_model(10);
    struct sensor_view *sensor = model_sensor_get(model, "edge1", 5);
    assert_int_equal(model_incident_put(model, sensor, "1", values.values, &view), MODEL_OPENED);
    assert_int_equal(model_incident_put(model, sensor, "1", values.values, &view), MODEL_UPDATED);
    assert_int_equal(model_incident_put(model, sensor, "1", closed.values, &view), MODEL_CLOSED);
    assert_int_equal(model_incident_put(model, sensor, "1", closed.values, &view), MODEL_UPDATED);
    assert_int_equal(model_incident_put(model, sensor, "1", gone.values, &view), MODEL_CLOSED);
    assert_null(view);
    assert_int_equal(model_bytes(model), 0);
    assert_int_equal(model_incident_put(model, sensor, "1", gone.values, &view), MODEL_UNCHANGED);
    model_free(model);
}

static void hostile_values(void **state)
{
    static char large[10000];
    (void)state;
    struct model *model = sample_model(10);
    memset(large, 'w', sizeof large - 1);
    large[254] = '\xc3'; /* a character of two bytes lies over the limit of 256 - it is left out whole */
    large[255] = '\xc3';
    large[256] = '\xa4';
    struct incident_view *view =
        sample_put(model, "edge1", "1",
                   sample_values("wallet", large, "bytes", "1e999", "flows", "nan", "hashes", "0x10zz",
                                 "first_seen", "yesterday", "last_seen", "2026-11-22T11:43:12.500000+0100",
                                 "shares_accepted", "-3", "cost_total", "", NULL));
    assert_int_equal(strlen(incident_view_text(view, INCIDENT_WALLET)), 255);
    assert_true(view->numbers[INCIDENT_BYTES] == 0 && view->numbers[INCIDENT_FLOWS] == 0);
    assert_true(view->numbers[INCIDENT_HASHES] == 0 && view->numbers[INCIDENT_COST_TOTAL] == 0);
    assert_true(view->numbers[INCIDENT_FIRST_SEEN] == 0 && view->numbers[INCIDENT_LAST_SEEN] == 0);
    struct sample_values values = sample_values(NULL);
    sample_set(&values, "worker", "a");
    values.values[0] = (struct incident_value){"a\0b", 3};
    view = sample_put(model, "edge1", "2", values);
    assert_string_equal(incident_view_text(view, INCIDENT_STATE), "a b");
    model_free(model);
}

static void times(void **state)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "2026",
                                      "2026-11-22T11:43:99+0000",
                                      "2026-11-22T11:43:12",
                                      "2026-11-22T11:43:nan+0000",
                                      "1969-11-22T11:43:12+0000",
                                      "2026-11-22T11:43:12.5+0000 "};
    (void)state;
    assert_true(incident_view_time("2026-01-05T09:30:20.132000+0000") == 1767605420.132);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_true(incident_view_time(bad[i]) == 0);
}

static void the_oldest_make_room(void **state)
{
    (void)state;
    struct model *model = sample_model(100);
    size_t count;
    for (int i = 0; i < 130; i++) {
        char id[16], seen[40];
        snprintf(id, sizeof id, "%04x", i);
        snprintf(seen, sizeof seen, "2026-11-22T11:%02d:%02d.500000+0000", i / 60, i % 60);
        sample_put(model, "edge1", id, sample_values("last_seen", seen, NULL));
    }
    assert_true(model_keep_limits(model));
    assert_false(model_keep_limits(model));
    model_incidents(model, &count);
    assert_int_equal(count, 95);
    assert_int_equal(model_forgotten(model), 35);
    assert_null(model_incident_find(model, NULL, "0022"));
    assert_non_null(model_incident_find(model, NULL, "0023"));
    for (int i = 35; i < 130; i++) { /* the list is as it should be */
        char id[16];
        snprintf(id, sizeof id, "%04x", i);
        struct incident_view *view = model_incident_find(model, NULL, id);
        assert_non_null(view);
        model_incident_forget(model, view);
    }
    assert_int_equal(model_bytes(model), 0);
    model_free(model);
}

static void sensors(void **state)
{
    (void)state;
    struct model *model = sample_model(10);
    struct sensor_view *first = model_sensor_get(model, "edge", 4);
    assert_ptr_equal(model_sensor_get(model, "edge", 4), first);
    assert_ptr_not_equal(model_sensor_get(model, "edge1", 5), first);
    assert_null(model_sensor_get(model, "", 0));
    assert_null(model_sensor_get(model, "a\0b", 3));
    static const char large[SENSOR_NAME_SIZE + 1] = "x";
    assert_null(model_sensor_get(model, large, SENSOR_NAME_SIZE));
    char name[16];
    for (int i = 0; i < MODEL_MAX_SENSORS + 5; i++)
        model_sensor_get(model, name, (size_t)snprintf(name, sizeof name, "s%d", i));
    assert_int_equal(model_sensor_count(model), MODEL_MAX_SENSORS);
    model_free(model);
}

static void alerts(void **state)
{
    (void)state;
    struct model *model = sample_model(10);
    struct model_alert alert = {.sensor = model_sensor_get(model, "edge1", 5)};
    for (int i = 0; i < MODEL_MAX_ALERTS; i++) {
        snprintf(alert.id, sizeof alert.id, "%d", i);
        alert.time = 1000 + i;
        assert_true(model_alert_add(model, &alert));
    }
    assert_false(model_alert_add(model, &alert)); /* told twice */
    assert_true(model_alert_at(model, 0)->time == 1000 + MODEL_MAX_ALERTS - 1);
    snprintf(alert.id, sizeof alert.id, "late");
    alert.time = 999;
    assert_false(model_alert_add(model, &alert));
    alert.time = 1500.5; /* belongs in between */
    assert_true(model_alert_add(model, &alert));
    assert_null(model_alert_at(model, MODEL_MAX_ALERTS));
    double before = 1e9;
    for (size_t i = 0; i < MODEL_MAX_ALERTS; i++) {
        assert_true(model_alert_at(model, i)->time < before);
        before = model_alert_at(model, i)->time;
    }
    model_free(model);
}

static void history(void **state)
{
    struct history history = {0};
    (void)state;
    for (int i = 0; i < 1000; i++)
        history_add(&history, &(struct history_point){.time = i % 2 == 0 ? i : 2000 - i, .bytes = i});
    assert_true(history.count <= HISTORY_MAX && history.count > HISTORY_MAX / 2);
    for (int i = 1; i < history.count; i++)
        assert_true(history.points[i].time > history.points[i - 1].time);
    uint16_t count = history.count;
    history_add(&history, &(struct history_point){.time = history.points[5].time, .bytes = 77});
    assert_int_equal(history.count, count);
    assert_true(history.points[5].bytes == 77);
    history_done(&history);
}

static void worker_schemes(void **state)
{
    static const char *const rows[][2] = {{"build-017", "build-#"},
                                          {"ip-10-2-3-4", ""},
                                          {"web-9-eu7", "web-#-eu#"},
                                          {"worker1", ""},
                                          {"Rig02", ""},
                                          {"x", ""},
                                          {"", ""},
                                          {"staging", ""},
                                          {"k8s-node-12", "k#s-node-#"}};
    char scheme[CAMPAIGN_SCHEME_SIZE], large[1000];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        campaign_scheme(rows[i][0], scheme);
        assert_string_equal(scheme, rows[i][1]);
    }
    memset(large, 'a', sizeof large - 1);
    large[0] = '1';
    large[sizeof large - 1] = '\0';
    campaign_scheme(large, scheme);
    assert_int_equal(strlen(scheme), CAMPAIGN_SCHEME_SIZE - 1);
}

static void tallies(void **state)
{
    struct tally tally;
    char values[300][16];
    (void)state;
    struct model *model = sample_model(1000);
    tally_init(&tally, model_secret(model));
    struct incident_view *a = sample_put(model, "edge1", "1", sample_values(NULL)),
                         *again = sample_put(model, "edge1", "2", sample_values(NULL)),
                         *other =
                             sample_put(model, "edge2", "3", sample_values("cost_currency", "EUR", NULL));
    tally_add(&tally, "x", "", a, "USD");
    tally_add(&tally, "x", "", again, "USD"); /* the same machine */
    tally_add(&tally, "x", "", other, "USD"); /* the same address at another sensor is another machine */
    struct tally_row *row = tally_get(&tally, "x", "");
    assert_true(row->incidents == 3 && row->miners == 2 && row->hashrate == 27000);
    assert_true(row->cost_hour == 5 && row->cost_total == 200); /* euros are no dollars */
    for (int i = 0; i < 300; i++) {
        snprintf(values[i], sizeof values[i], "v%03d", i);
        tally_get(&tally, values[i], "")->bytes = i;
    }
    tally_sort(&tally, "bytes");
    assert_string_equal(tally.rows[0].value, "x"); /* 3000 */
    assert_string_equal(tally.rows[1].value, "v299");
    assert_true(tally_get(&tally, "v007", "")->bytes == 7); /* found after sorting, too */
    assert_int_equal(tally.count, 301);
    tally_done(&tally);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incident),
        cmocka_unit_test(changes),
        cmocka_unit_test(hostile_values),
        cmocka_unit_test(times),
        cmocka_unit_test(the_oldest_make_room),
        cmocka_unit_test(sensors),
        cmocka_unit_test(alerts),
        cmocka_unit_test(history),
        cmocka_unit_test(worker_schemes),
        cmocka_unit_test(tallies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
