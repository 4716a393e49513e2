// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_guard.h"

#include "base/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed_samples.h"

/* Why the entry `text` of these sightings is withheld. */
static enum feed_guard guard_of(const struct feed_sighting *sightings, size_t count, const char *text)
{
    struct feed_view *view = sample_view(sightings, count);
    const struct feed_entry *entry = sample_entry(view, text);
    if (entry == NULL)
        fail_msg("there is no %s", text);
    enum feed_guard guard = entry->guard;
    feed_view_free(view);
    return guard;
}

static enum feed_guard guard_of_name(const char *name)
{
    struct feed_sighting one = sample_sighting(name, "");
    struct feed_view *view = sample_view(&one, 1);
    enum feed_guard guard = view->count == 1 ? view->entries[0].guard : FEED_GUARD_COUNT;
    feed_view_free(view);
    return guard;
}

static enum feed_guard guard_of_address(const char *address)
{
    struct feed_sighting one = sample_sighting("", address);
    return guard_of(&one, 1, address);
}

static void what_is_no_host_name_is_withheld(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "=cmd|' /C calc'!A0.example.org",
        "+1.example.org ",
        "-a.example.org",
        "@sum.example.org",
        "a,b.example.org",
        "a\"b.example.org",
        "a\nb.example.org",
        "a\r\nHost: b.example.org",
        "a;b.example.org",
        "a\\b.example.org",
        "*.example.org",
        "$INCLUDE.example.org",
        "a b.example.org",
        "a..example.org",
        ".example.org",
        "localhost-or-so",
        "32.8.8.8.8.rpz-ip",
        "8.8.8.8.rpz-client-ip",
        "1.2.3",
        "a.0x7f",
        "a-.example.org",
        "a.-b.example.org",
        "a.example-",
        "\xff\xfe.example.org",
        "a.example.c0m",
        "b\xc3\xbc"
        "cher.example",
        "<script>.example.org",
        "a'b.example.org",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (guard_of_name(bad[i]) != FEED_GUARD_no_name)
            fail_msg("%s: %s", bad[i], feed_guard_word(guard_of_name(bad[i])));
    assert_int_equal(guard_of_name("_stratum.pool-1.example.org:3333"), FEED_LISTED);
    assert_int_equal(guard_of_name("xn--bcher-kva.xn--p1ai"), FEED_LISTED);
}

static void private_networks_are_withheld(void **state)
{
    (void)state;
    static const char *const addresses[] = {"10.0.0.5",   "172.16.3.4",      "192.168.1.1", "100.64.0.1",
                                            "127.0.0.1",  "169.254.1.1",     "224.0.0.5",   "0.0.0.0",
                                            "198.18.0.1", "255.255.255.255", "192.0.0.8",   "fe80::1",
                                            "fd00::1",    "ff02::1",         "::1",         "::"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        if (guard_of_address(addresses[i]) != FEED_GUARD_private)
            fail_msg("%s: %s", addresses[i], feed_guard_word(guard_of_address(addresses[i])));
    assert_int_equal(guard_of_address("203.0.113.9"), FEED_LISTED);
    static const char *const names[] = {"pool.local",     "p.lan:3333",  "pool.corp",
                                        "pool.home.arpa", "a.localhost", "9.113.0.203.in-addr.arpa",
                                        "x.onion"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(guard_of_name(names[i]), FEED_GUARD_private);
    struct feed_sighting one = sample_sighting("proxy.example.org:3333", "10.0.0.5");
    assert_int_equal(guard_of(&one, 1, "proxy.example.org"), FEED_GUARD_private);
    one.carrier = "http-connect"; /* the address is that of the company's proxy, the name that of the pool */
    assert_int_equal(guard_of(&one, 1, "proxy.example.org"), FEED_LISTED);
}

static void machines_that_mine_are_never_listed(void **state)
{
    (void)state;
    struct feed_sighting many[] = {sample_sighting("", "198.51.100.1"), sample_sighting("", "203.0.113.9")};
    many[1].miner = "198.51.100.1";
    assert_int_equal(guard_of(many, 2, "198.51.100.1"), FEED_GUARD_miner);
    assert_int_equal(guard_of(many, 2, "203.0.113.9"), FEED_LISTED);
}

static void pools_of_sanctioned_miners_are_withheld(void **state)
{
    (void)state;
    struct feed_sighting many[] = {sample_sighting("pool.example.org:1", "203.0.113.9"),
                                   sample_sighting("pool.example.org:1", "203.0.113.9")};
    many[1].sanctioned = "the research cluster";
    struct feed_view *view = sample_view(many, 2);
    assert_int_equal(view->listed, 0);
    assert_int_equal(view->entries[0].guard, FEED_GUARD_sanctioned);
    assert_string_equal(view->entries[0].detail, "the research cluster");
    feed_view_free(view);
}

static void shared_addresses_are_left_to_names(void **state)
{
    (void)state;
    struct feed_sighting one = sample_sighting("pool.example.org:443", "104.16.1.2");
    assert_int_equal(guard_of(&one, 1, "104.16.1.2"), FEED_GUARD_shared);
    assert_int_equal(guard_of(&one, 1, "pool.example.org"), FEED_LISTED);
    assert_int_equal(guard_of_address("2606:4700::6810:1"), FEED_GUARD_shared);
    assert_int_equal(guard_of_address("104.15.255.255"), FEED_LISTED);
    one = sample_sighting("pool.example.org:443", "203.0.113.9");
    one.as_number = 13335;
    assert_int_equal(guard_of(&one, 1, "203.0.113.9"), FEED_GUARD_shared);
    one.as_number = 0;
    one.other_name = "www.example.com";
    struct feed_view *view = sample_view(&one, 1);
    assert_int_equal(sample_entry(view, "203.0.113.9")->guard, FEED_GUARD_other_name);
    assert_string_equal(sample_entry(view, "203.0.113.9")->detail, "www.example.com");
    assert_int_equal(sample_entry(view, "pool.example.org")->guard, FEED_LISTED);
    feed_view_free(view);
}

static void names_that_nobody_mined_at_are_withheld(void **state)
{
    (void)state;
    struct feed_sighting many[] = {sample_sighting("www.example.com:3333", "203.0.113.9"),
                                   sample_sighting("www.example.com:3333", "203.0.113.9")};
    many[0].name_from = "dns-of-others";
    many[0].other_name = "www.example.com";
    many[1].name_from = "";
    assert_int_equal(guard_of(many, 2, "www.example.com"), FEED_GUARD_guessed);
    assert_int_equal(guard_of(many, 2, "203.0.113.9"), FEED_GUARD_other_name);
    static const char *const known[] = {"list", "conversation", "dns"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        many[1].name_from = known[i];
        assert_int_equal(guard_of(many, 2, "www.example.com"), FEED_LISTED);
    }
}

static void a_proxys_address_is_not_the_pools(void **state)
{
    (void)state;
    static const char *const proxied[] = {"socks5", "websocket/http-connect", "proxy-v1/socks5/websocket",
                                          "socks4a"};
    struct feed_sighting many[] = {sample_sighting("pool.example.org:1", "203.0.113.9"),
                                   sample_sighting("pool.example.org:1", "203.0.113.9")};
    for (size_t i = 0; i < sizeof proxied / sizeof proxied[0]; i++) {
        many[0].carrier = proxied[i];
        assert_int_equal(guard_of(many, 1, "203.0.113.9"), FEED_GUARD_proxied);
        assert_int_equal(guard_of(many, 1, "pool.example.org"), FEED_LISTED);
    }
    assert_int_equal(guard_of(many, 2, "203.0.113.9"), FEED_LISTED); /* somebody goes there without one */
    many[1].verdict = FEED_SUSPECTED;                                /* and only that counts */
    assert_int_equal(guard_of(many, 2, "203.0.113.9"), FEED_GUARD_verdict);
    many[0].carrier = "http/websocket";
    assert_int_equal(guard_of(many, 1, "203.0.113.9"), FEED_LISTED);
}

static void well_known_names_are_withheld(void **state)
{
    (void)state;
    assert_int_equal(guard_of_name("www.google.com:443"), FEED_GUARD_well_known);
    assert_int_equal(guard_of_name("GitHub.com."), FEED_GUARD_well_known);
    assert_int_equal(guard_of_name("notgoogle.com"), FEED_LISTED);
    assert_int_equal(guard_of_name("google.com.example.org"), FEED_LISTED);
}

/* Each row of the tables is what the guards take it for. */
static void tables_are_sound(void **state)
{
    (void)state;
    static const char *const networks[] = {
#define SHARED(network, owner) network,
#define SHARED_AS(number, owner)
#define WELL_KNOWN(name)
#include "dashboard/feed/feed_shared.def"
#undef SHARED
#undef SHARED_AS
#undef WELL_KNOWN
    };
    static const char *const names[] = {
#define SHARED(network, owner)
#define SHARED_AS(number, owner)
#define WELL_KNOWN(name) name,
#include "dashboard/feed/feed_shared.def"
#undef SHARED
#undef SHARED_AS
#undef WELL_KNOWN
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        struct network network;
        if (network_parse(networks[i], &network) != NETWORK_GOOD)
            fail_msg("%s is no network", networks[i]);
        assert_non_null(feed_shared_owner(&network.address, 0));
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!host_name_is_good(names[i]) || strcmp(feed_well_known(names[i]), names[i]) != 0)
            fail_msg("%s is no name, or stands under another", names[i]);
    struct address documentation;
    assert_true(address_parse("203.0.113.9", &documentation));
    assert_null(feed_shared_owner(&documentation, 64496));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_host_name_is_withheld),
        cmocka_unit_test(private_networks_are_withheld),
        cmocka_unit_test(machines_that_mine_are_never_listed),
        cmocka_unit_test(pools_of_sanctioned_miners_are_withheld),
        cmocka_unit_test(shared_addresses_are_left_to_names),
        cmocka_unit_test(names_that_nobody_mined_at_are_withheld),
        cmocka_unit_test(a_proxys_address_is_not_the_pools),
        cmocka_unit_test(well_known_names_are_withheld),
        cmocka_unit_test(tables_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
