// SPDX-License-Identifier: Apache-2.0
#include "base/community_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct address address(const char *text)
{
    struct address address;
    assert_true(address_parse(text, &address));
    return address;
}

/* From the specification's baseline (corelight/community-id-spec). */
static const struct {
    const char *a, *b;
    uint16_t port_a, port_b;
    uint8_t protocol;
    uint16_t seed;
    bool one_way;
    const char *expected;
} vectors[] = {
    {"128.232.110.120", "66.35.250.204", 34855, 80, 6, 0, false, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {"128.232.110.120", "66.35.250.204", 34855, 80, 6, 1, false, "1:3V71V58M3Ksw/yuFALMcW0LAHvc="},
    {"192.168.1.52", "8.8.8.8", 54585, 53, 17, 0, false, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
    {"2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25, 6, 0, false,
     "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
    {"2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25, 6, 1, false,
     "1:eJYTW6AOzFLlSUoESovMjnu7rMw="},
    {"192.168.0.89", "192.168.0.1", 8, 0, 1, 0, false, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
    {"192.168.0.89", "192.168.0.1", 20, 0, 1, 0, true, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="},
    {"192.168.0.89", "192.168.0.1", 20, 1, 1, 0, true, "1:tz/fHIDUHs19NkixVVoOZywde+I="},
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct address a = address(vectors[i].a), b = address(vectors[i].b);
        char text[COMMUNITY_ID_SIZE];
        assert_string_equal(community_id(&a, vectors[i].port_a, &b, vectors[i].port_b, vectors[i].protocol,
                                         vectors[i].seed, text),
                            vectors[i].expected);
        if (!vectors[i].one_way)
            assert_string_equal(community_id(&b, vectors[i].port_b, &a, vectors[i].port_a,
                                             vectors[i].protocol, vectors[i].seed, text),
                                vectors[i].expected);
    }
}

/* Two at once are each what it is alone, of both families. */
static void test_two_at_once(void **state)
{
    (void)state;
    enum { COUNT = sizeof vectors / sizeof vectors[0] };
    for (size_t i = 0; i < COUNT; i++) {
        struct community_message messages[2];
        struct community_digest digests[2];
        size_t places[2] = {i, (i + 3) % COUNT};
        char text[COMMUNITY_ID_SIZE];
        for (size_t k = 0; k < 2; k++) {
            struct address a = address(vectors[places[k]].a), b = address(vectors[places[k]].b);
            community_id_message(&a, vectors[places[k]].port_a, &b, vectors[places[k]].port_b,
                                 vectors[places[k]].protocol, vectors[places[k]].seed, &messages[k]);
        }
        community_id_digest_two(messages, digests);
        for (size_t k = 0; k < 2; k++)
            assert_string_equal(community_id_text(&digests[k], text), vectors[places[k]].expected);
    }
}

static void test_ports_decide_between_equal_addresses(void **state)
{
    (void)state;
    struct address a = address("127.0.0.1");
    char one[COMMUNITY_ID_SIZE], other[COMMUNITY_ID_SIZE];
    community_id(&a, 1000, &a, 2000, 6, 0, one);
    community_id(&a, 2000, &a, 1000, 6, 0, other);
    assert_string_equal(one, other);
    community_id(&a, 2000, &a, 1001, 6, 0, other);
    assert_string_not_equal(one, other);
}

static void test_protocols_without_ports_ignore_them(void **state)
{
    (void)state;
    struct address a = address("10.0.0.1"), b = address("10.0.0.2");
    char one[COMMUNITY_ID_SIZE], other[COMMUNITY_ID_SIZE];
    community_id(&a, 0, &b, 0, 47, 0, one);
    community_id(&a, 7, &b, 9, 47, 0, other);
    assert_string_equal(one, other);
    assert_int_equal(strlen(one), COMMUNITY_ID_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_ports_decide_between_equal_addresses),
        cmocka_unit_test(test_protocols_without_ports_ignore_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
