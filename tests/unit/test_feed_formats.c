// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_format.h"
#include "dashboard/feed/feed_reasons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed_samples.h"
#include "json_check.h"

/* Two pools, one of them with IPv6, and one that may not be listed. */
static struct feed_view *ordinary(void)
{
    static struct feed_sighting many[4];
    many[0] = sample_sighting("xmr.example.org:3333", "203.0.113.9");
    many[1] = sample_sighting("[2001:db8::9:0:0:1]:3333", "2001:db8::9:0:0:1");
    many[2] = sample_sighting("a-pool.example.net:443", "104.16.1.2");
    many[3] = sample_sighting("198.51.100.7:3333", "198.51.100.7");
    many[3].coin = "";
    many[3].verdict = FEED_LIKELY;
    struct feed_policy policy = sample_policy();
    policy.verdict = FEED_LIKELY;
    return feed_view_build(&policy, many, 4, sample_now);
}

static void check(const struct feed_format *format, struct feed_view *view, const char *expected)
{
    char *text = sample_text(format, view);
    assert_string_equal(text, expected);
    free(text);
    feed_view_free(view);
}

static void plain_lists(void **state)
{
    (void)state;
    static const char addresses[] = "198.51.100.7\n203.0.113.9\n2001:db8::9:0:0:1\n";
    static const char names[] = "a-pool.example.net\nxmr.example.org\n";
    check(&feed_format_plain_ip, ordinary(), addresses);
    check(&feed_format_fortigate_ip, ordinary(), addresses);
    check(&feed_format_plain_domain, ordinary(), names);
    check(&feed_format_fortigate_domain, ordinary(), names);
    check(&feed_format_paloalto_domain, ordinary(), names);
    check(&feed_format_checkpoint_network, ordinary(),
          "198.51.100.7\n203.0.113.9\n2001:db8::9:0:0:1\na-pool.example.net\nxmr.example.org\n");
}

static void paloalto_list(void **state)
{
    (void)state;
    check(&feed_format_paloalto_ip, ordinary(),
          "198.51.100.7 mining pool incident 0422841d71dcdc48\n"
          "203.0.113.9 mining pool XMR incident 0422841d71dcdc48\n"
          "2001:db8::9:0:0:1 mining pool XMR incident 0422841d71dcdc48\n");
}

static void generic_data_center(void **state)
{
    (void)state;
    check(&feed_format_checkpoint_gdc, ordinary(),
          "{\"version\":\"1.0\",\"description\":\"geophone: cryptocurrency mining "
          "pools\",\"objects\":[{\"name\":"
          "\"geophone mining "
          "pools\",\"id\":\"6b0f5a52-3c1e-5d0b-9b1a-67656f70686f\",\"description\":\"Mining pools "
          "that geophone saw miners "
          "at\",\"ranges\":[\"198.51.100.7\",\"203.0.113.9\",\"2001:db8::9:0:0:1\"]}]}\n");
}

static void custom_intelligence(void **state)
{
    (void)state;
    check(&feed_format_checkpoint_ioc, ordinary(),
          "#UNIQ-NAME,VALUE,TYPE,CONFIDENCE,SEVERITY,PRODUCT,COMMENT\n"
          "geophone-198.51.100.7,198.51.100.7,IP,medium,high,AB,mining pool incident 0422841d71dcdc48\n"
          "geophone-203.0.113.9,203.0.113.9,IP,high,high,AB,mining pool XMR incident 0422841d71dcdc48\n"
          "geophone-a-pool.example.net,a-pool.example.net,Domain,high,high,AB,mining pool XMR incident "
          "0422841d71dcdc48\n"
          "geophone-xmr.example.org,xmr.example.org,Domain,high,high,AB,mining pool XMR incident "
          "0422841d71dcdc48\n");
}

static void policy_zone(void **state)
{
    (void)state;
    check(&feed_format_rpz, ordinary(),
          "$TTL 60\n@ SOA localhost. hostmaster.localhost. 1767607200 300 60 604800 60\n@ NS localhost.\n"
          "32.7.100.51.198.rpz-ip CNAME .\n32.9.113.0.203.rpz-ip CNAME .\n"
          "128.1.0.0.9.zz.db8.2001.rpz-ip CNAME .\n"
          "a-pool.example.net CNAME .\n*.a-pool.example.net CNAME .\n"
          "xmr.example.org CNAME .\n*.xmr.example.org CNAME .\n");
}

/* An empty list is an empty text of its form, never an error. */
static void empty_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++) {
        struct feed_view *view = sample_view(NULL, 0);
        char *text = sample_text(feed_format_at(i), view);
        if (strncmp(feed_format_at(i)->type, "text/plain", 10) == 0)
            assert_string_equal(text, "");
        free(text);
        feed_view_free(view);
    }
    check(&feed_format_checkpoint_gdc, sample_view(NULL, 0),
          "{\"version\":\"1.0\",\"description\":\"geophone: cryptocurrency mining pools\",\"objects\":[]}\n");
    check(&feed_format_checkpoint_ioc, sample_view(NULL, 0),
          "#UNIQ-NAME,VALUE,TYPE,CONFIDENCE,SEVERITY,PRODUCT,COMMENT\n");
}

/* What attackers may write into a pool's name, and into all else. */
static const char *const hostile[] = {
    "=HYPERLINK(\"http://x\").example.org:1",
    "+cmd|x.example.org",
    "@x.example.org:443",
    "a.example.org\n*.com CNAME .",
    "a.example.org,b",
    "a.example.org\"\r\nx,y,IP",
    "a\\.example.org",
    "$ORIGIN.example.org",
    "(a.example.org)",
    ";a.example.org",
    "\"]}],\"x\":[{\"",
    "*",
    "*.org",
    "#a.example.org",
    "32.8.8.8.8.rpz-ip",
    "\xc3\x28.example.org",
    "a b.example.org",
    "-1+1.example.org",
};

static void hostile_names_reach_no_list(void **state)
{
    (void)state;
    enum { COUNT = sizeof hostile / sizeof hostile[0] };
    struct feed_sighting many[COUNT + 1];
    for (size_t i = 0; i < COUNT; i++) {
        many[i] = sample_sighting(hostile[i], hostile[COUNT - 1 - i]);
        many[i].coin = many[i].incident = many[i].sensor = many[i].miner = hostile[i];
        many[i].kind = many[i].dialect = many[i].carrier = many[i].wallet = many[i].other_name = hostile[i];
    }
    many[COUNT] = sample_sighting("", "203.0.113.9"); /* listed, with hostile words around */
    many[COUNT].coin = "=1+1,\"\n;#";
    many[COUNT].incident = "\"\r\n@a\tb,<c>;\\(d)";
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++) {
        struct feed_view *view = sample_view(many, COUNT + 1);
        const struct feed_format *format = feed_format_at(i);
        char *text = sample_text(format, view);
        assert_int_equal(view->listed, 1);
        assert_null(strstr(text, "example"));
        assert_null(strchr(text, '\r'));
        size_t lines = 0;
        for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
            lines++;
        size_t expected = format == &feed_format_rpz              ? 4
                          : format == &feed_format_checkpoint_gdc ? 1
                          : format == &feed_format_checkpoint_ioc ? 2
                                                                  : format->takes[FEED_ADDRESS];
        assert_int_equal(lines, expected);
        free(text);
        feed_view_free(view);
    }
    struct feed_view *view = sample_view(&many[COUNT], 1);
    check(&feed_format_paloalto_ip, view, "203.0.113.9 mining pool 11 incident abcd\n");
}

static void ipv6_owners_are_shortened_as_bind_does(void **state)
{
    (void)state;
    static const struct {
        const char *address, *owner;
    } cases[] = {
        {"2001:db8::9", "128.9.zz.db8.2001.rpz-ip CNAME .\n"},
        {"2001:db8:0:1:2:3:4:5", "128.5.4.3.2.1.0.db8.2001.rpz-ip CNAME .\n"},
        {"2001:db8:0:0:1:0:0:5", "128.5.0.0.1.zz.db8.2001.rpz-ip CNAME .\n"},
        {"2a01:db8::", "128.zz.db8.2a01.rpz-ip CNAME .\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct feed_sighting one = sample_sighting("", cases[i].address);
        struct feed_view *view = sample_view(&one, 1);
        char *text = sample_text(&feed_format_rpz, view);
        assert_non_null(strstr(text, cases[i].owner));
        free(text);
        feed_view_free(view);
    }
}

static void names_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        assert_int_equal(feed_format_find(feed_format_at(i)->name), i);
    assert_int_equal(feed_format_find("../block-ip.txt"), FEED_FORMAT_COUNT);
}

static void value_is(const char *json, const char *path, const char *expected)
{
    struct json_check check = {.at = json, .want = path};
    json_check_value(&check, 0);
    if (check.is_bad || !check.has_found || strcmp(check.found, expected) != 0)
        fail_msg("%s: %s instead of %s", path, check.has_found ? check.found : "nothing", expected);
}

static void reasons_tell_each_entry(void **state)
{
    (void)state;
    struct json_writer json;
    struct feed_view *view = ordinary();
    json_writer_init(&json);
    json_object(&json, NULL);
    feed_reasons_write(&json, view, NULL);
    json_object_end(&json);
    const char *text = json_writer_text(&json);
    value_is(text, "policy.verdict", "\"likely\"");
    value_is(text, "listed.1.value", "\"203.0.113.9\"");
    value_is(text, "listed.1.reason", "\"listed\"");
    value_is(text, "listed.1.since", "1767520800");
    value_is(text, "listed.1.until", "1768211940");
    value_is(text, "listed.1.incidents.0.id", "\"0422841d71dcdc48\"");
    value_is(text, "listed.1.incidents.0.evidence.0",
             "\"the pool accepted a share: 5 submitted, 5 accepted\"");
    value_is(text, "listed.1.incidents.0.evidence.1", "\"the miner's side speaks a mining protocol\"");
    value_is(text, "withheld.0.value", "\"104.16.1.2\"");
    value_is(text, "withheld.0.reason", "\"shared\"");
    value_is(text, "withheld.0.detail", "\"Cloudflare\"");
    value_is(text, "withheld_left_out", "0");
    json_writer_done(&json);
    feed_view_free(view);
}

static void reasons_are_json_whatever_was_seen(void **state)
{
    (void)state;
    enum { COUNT = sizeof hostile / sizeof hostile[0] };
    struct feed_sighting many[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        many[i] = sample_sighting(hostile[i], "203.0.113.9");
        many[i].incident = many[i].sensor = many[i].wallet = many[i].kind = hostile[i];
        many[i].evidence = hostile[i];
    }
    struct json_writer json;
    struct feed_view *view = sample_view(many, COUNT);
    json_writer_init(&json);
    json_object(&json, NULL);
    feed_reasons_write(&json, view, NULL);
    json_object_end(&json);
    value_is(json_writer_text(&json), "listed.0.sightings", "18");
    value_is(json_writer_text(&json), "withheld.0.reason", "\"no-name\"");
    json_writer_done(&json);
    feed_view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lists),
        cmocka_unit_test(paloalto_list),
        cmocka_unit_test(generic_data_center),
        cmocka_unit_test(custom_intelligence),
        cmocka_unit_test(policy_zone),
        cmocka_unit_test(empty_lists),
        cmocka_unit_test(hostile_names_reach_no_list),
        cmocka_unit_test(ipv6_owners_are_shortened_as_bind_does),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(reasons_tell_each_entry),
        cmocka_unit_test(reasons_are_json_whatever_was_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
