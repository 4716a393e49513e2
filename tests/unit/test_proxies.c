// SPDX-License-Identifier: Apache-2.0
/* Hosts that are pool to some and miner at another. */
#include "verdict/proxies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const uint8_t secret[16] = {3};

static struct address host(uint32_t number)
{
    const uint8_t bytes[4] = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    return address_from_ipv4(bytes);
}

static void see(struct proxies *proxies, uint32_t miner, uint32_t pool, int64_t now_us)
{
    struct address from = host(miner), to = host(pool);
    proxies_see(proxies, &from, &to, now_us);
}

static uint32_t behind(const struct proxies *proxies, uint32_t number, int64_t since_us)
{
    struct address address = host(number);
    return proxies_miners_behind(proxies, &address, since_us);
}

static void test_proxy_needs_two_miners_and_a_pool(void **state)
{
    (void)state;
    struct proxies *proxies = proxies_create(secret);
    see(proxies, 1, 100, 10);
    assert_int_equal(behind(proxies, 100, 0), 0); /* a pool with one miner */
    see(proxies, 2, 100, 10);
    assert_int_equal(behind(proxies, 100, 0), 0); /* a pool */
    see(proxies, 100, 200, 10);
    assert_int_equal(behind(proxies, 100, 0), 2);
    assert_int_equal(behind(proxies, 200, 0), 0);
    assert_int_equal(behind(proxies, 1, 0), 0);
    see(proxies, 2, 100, 20); /* seen again is no other */
    see(proxies, 3, 100, 20);
    assert_int_equal(behind(proxies, 100, 0), 3);
    assert_int_equal(behind(proxies, 100, 15), 0); /* its pool was not seen since */
    see(proxies, 100, 200, 20);
    assert_int_equal(behind(proxies, 100, 15), 2);
    proxies_free(proxies);
}

/* Where the miners are the only pools, roles were mistaken. */
static void test_no_proxy_in_a_circle(void **state)
{
    (void)state;
    struct proxies *proxies = proxies_create(secret);
    see(proxies, 1, 100, 10);
    see(proxies, 2, 100, 10);
    see(proxies, 100, 1, 10);
    see(proxies, 100, 100, 10);
    assert_int_equal(behind(proxies, 100, 0), 0);
    proxies_free(proxies);
}

static void test_bounds(void **state)
{
    (void)state;
    struct proxies *proxies = proxies_create(secret);
    see(proxies, 1, 2, 10);
    for (uint32_t miner = 10; miner < 10 + 2 * PROXIES_MAX_MINERS; miner++)
        see(proxies, miner, 1, 10 + miner);
    assert_int_equal(behind(proxies, 1, 0), PROXIES_MAX_MINERS);
    for (uint32_t miner = 1 << 16; miner < (1 << 16) + PROXIES_MAX_HOSTS + 10; miner++)
        see(proxies, miner, 3, 1000000);
    assert_int_equal(behind(proxies, 1, 0), 0); /* forgotten: quiet for longest */
    proxies_free(proxies);
    proxies_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy_needs_two_miners_and_a_pool),
        cmocka_unit_test(test_no_proxy_in_a_circle),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
