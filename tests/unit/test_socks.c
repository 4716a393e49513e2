// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "guarded.h"
#include "protocol/socks.h"

typedef int reader(struct socks_side *side, const uint8_t *bytes, size_t length);

/* The message is complete with its last byte and no earlier, and what follows is not touched. */
static void assert_message(reader *read, struct socks_side *side, const void *bytes, size_t length)
{
    const struct socks_side before = *side;
    for (size_t cut = 0; cut < length; cut++) {
        struct guarded guarded = guarded_copy(bytes, cut);
        *side = before;
        assert_int_equal(read(side, guarded.bytes, cut), SOCKS_MORE);
        guarded_free(&guarded);
    }
    struct guarded guarded = guarded_copy(bytes, length);
    *side = before;
    assert_int_equal(read(side, guarded.bytes, length), length);
    guarded_free(&guarded);
}

#define CLIENT(side, bytes) assert_message(socks_read_client, side, bytes, sizeof(bytes) - 1)
#define SERVER(side, bytes) assert_message(socks_read_server, side, bytes, sizeof(bytes) - 1)

static void version_5(void **state)
{
    struct socks_side client = {0}, server = {0};
    (void)state;
    CLIENT(&client, "\x05\x02\x00\x02");
    SERVER(&server, "\x05\x02");
    CLIENT(&client, "\x01\x03"
                    "bob\x06secret");
    assert_int_equal(client.stage, SOCKS_REQUEST);
    SERVER(&server, "\x01\x00");
    CLIENT(&client, "\x05\x01\x00\x03\x0cpool.example\x0d\x05");
    SERVER(&server, "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00");
    assert_int_equal(client.stage, SOCKS_PASSES);
    assert_int_equal(server.stage, SOCKS_PASSES);
    assert_false(server.refused);
    assert_int_equal(client.version, SOCKS_5);
    assert_string_equal(client.destination, "pool.example:3333");
}

static void addresses(void **state)
{
    struct socks_side client = {.stage = SOCKS_REQUEST};
    (void)state;
    CLIENT(&client, "\x05\x01\x00\x01\xcb\x00\x71\x05\x0d\x05");
    assert_string_equal(client.destination, "203.0.113.5:3333");
    client.stage = SOCKS_REQUEST;
    CLIENT(&client, "\x05\x01\x00\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x05\x0d\x05");
    assert_string_equal(client.destination, "[2001:db8::5]:3333");
}

static void version_4(void **state)
{
    struct socks_side client = {0}, server = {0};
    (void)state;
    CLIENT(&client, "\x04\x01\x0d\x05\xcb\x00\x71\x05"
                    "bob\0");
    assert_int_equal(client.version, SOCKS_4);
    assert_string_equal(client.destination, "203.0.113.5:3333");
    client = (struct socks_side){0};
    CLIENT(&client, "\x04\x01\x0d\x05\0\0\0\x01\0pool.example\0");
    assert_int_equal(client.version, SOCKS_4A);
    assert_string_equal(client.destination, "pool.example:3333");
    SERVER(&server, "\x00\x5a\0\0\0\0\0\0");
    assert_int_equal(server.stage, SOCKS_PASSES);
    assert_false(server.refused);
}

static void longest(void **state)
{
    uint8_t bytes[3 + 1 + 1 + 255 + 2] = {5, 1, 0, 3, 255};
    struct socks_side client = {.stage = SOCKS_REQUEST};
    (void)state;
    memset(bytes + 5, 'a', 255);
    bytes[260] = bytes[261] = 0xff;
    assert_message(socks_read_client, &client, bytes, sizeof bytes);
    assert_int_equal(strlen(client.destination), 255 + 6);
}

static void refusals(void **state)
{
    struct socks_side server = {0};
    (void)state;
    SERVER(&server, "\x05\xff");
    assert_true(server.refused);
    server = (struct socks_side){0};
    SERVER(&server, "\x00\x5b\0\0\0\0\0\0");
    assert_true(server.refused);
    server = (struct socks_side){.stage = SOCKS_REQUEST};
    SERVER(&server, "\x05\x05\x00\x01\0\0\0\0\0\0");
    assert_true(server.refused);
}

static void assert_not(reader *read, enum socks_stage stage, const void *bytes, size_t length)
{
    struct socks_side side = {.stage = (uint8_t)stage};
    assert_int_equal(read(&side, bytes, length), SOCKS_NOT);
}

static void others(void **state)
{
    (void)state;
    assert_not(socks_read_client, SOCKS_GREETING, "{\"id\":1}", 8);
    assert_not(socks_read_client, SOCKS_GREETING, "\x05\x00", 2);         /* no method */
    assert_not(socks_read_client, SOCKS_GREETING, "\x05\x01\x40", 3);     /* one that nobody has */
    assert_not(socks_read_client, SOCKS_GREETING, "\x04\x03\x0d\x05", 4); /* no command of version 4 */
    assert_not(socks_read_client, SOCKS_GREETING, "\x04\x01\x00\x00\xcb\x00\x71\x05\x00", 9); /* port 0 */
    assert_not(socks_read_client, SOCKS_GREETING, "\x04\x01\x0d\x05\xcb\x00\x71\x05\x01\x02",
               10);                                                                  /* no name */
    assert_not(socks_read_client, SOCKS_REQUEST, "\x05\x04\x00\x01\x00", 5);         /* no command */
    assert_not(socks_read_client, SOCKS_REQUEST, "\x05\x01\x00\x02\x00", 5);         /* no kind of address */
    assert_not(socks_read_client, SOCKS_REQUEST, "\x05\x01\x00\x03\x00\x00\x50", 7); /* an empty name */
    assert_not(socks_read_client, SOCKS_REQUEST, "\x05\x01\x00\x03\x02 a\x00\x50", 9);
    assert_not(socks_read_server, SOCKS_GREETING, "\x05\x03", 2); /* a method that nobody uses */
    assert_not(socks_read_server, SOCKS_GREETING, "\x00\x40", 2);
    assert_not(socks_read_server, SOCKS_REQUEST, "{}", 2);
}

/* RFC 1928, section 6: the first answer says where the proxy listens, the second who came. */
static void binding(void **state)
{
    struct socks_side client = {.stage = SOCKS_REQUEST}, server = {.stage = SOCKS_REQUEST};
    (void)state;
    CLIENT(&client, "\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"); /* whoever comes */
    assert_int_equal(client.command, SOCKS_BIND);
    assert_string_equal(client.destination, "");
    SERVER(&server, "\x05\x00\x00\x01\xc0\x00\x02\x02\x9c\x41");
    assert_int_equal(server.answers, 1);
    assert_string_equal(server.destination, "");
    assert_message(socks_read_bound, &server, "\x05\x00\x00\x01\xcb\x00\x71\x05\x0d\x05", 10);
    assert_int_equal(server.command, SOCKS_BIND); /* known by the second answer alone */
    assert_string_equal(server.destination, "203.0.113.5:3333");
    assert_int_equal(socks_read_bound(&server, (const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0\0", 10),
                     SOCKS_NOT);
}

static void binding_4(void **state)
{
    static const uint8_t answer[] = {0, 0x5a, 0x0d, 5, 203, 0, 113, 5};
    struct socks_side client = {0}, server = {0};
    (void)state;
    CLIENT(&client, "\x04\x02\x0d\x05\xcb\x00\x71\x05\0");
    assert_int_equal(client.command, SOCKS_BIND);
    assert_string_equal(client.destination, "203.0.113.5:3333");
    SERVER(&server, "\x00\x5a\0\0\0\0\0\0");
    assert_int_equal(socks_read_bound(&server, answer, sizeof answer),
                     SOCKS_NOT); /* it may be SOCKS in SOCKS */
    server.command = SOCKS_BIND;
    assert_message(socks_read_bound, &server, answer, sizeof answer);
}

static void what_passes_is_no_second_answer(void **state)
{
    (void)state;
    const struct socks_side granted = {
        .stage = SOCKS_PASSES, .version = SOCKS_5, .answers = 1, .command = SOCKS_UNKNOWN};
    struct socks_side side = granted;
    assert_int_equal(socks_read_bound(&side, (const uint8_t *)"{", 1), SOCKS_NOT);
    assert_int_equal(socks_read_bound(&side, (const uint8_t *)"\x05\x00", 2), SOCKS_MORE);
    assert_int_equal(socks_read_bound(&side, (const uint8_t *)"\x05\x00\x05\x00", 4),
                     SOCKS_NOT); /* SOCKS in it */
    side.command = SOCKS_CONNECT;
    assert_int_equal(socks_read_bound(&side, (const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0\0", 10), SOCKS_NOT);
    side = granted;
    side.refused = true;
    assert_int_equal(socks_read_bound(&side, (const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0\0", 10), SOCKS_NOT);
}

static void associating(void **state)
{
    struct socks_side client = {.stage = SOCKS_REQUEST};
    (void)state;
    CLIENT(&client, "\x05\x03\x00\x01\x00\x00\x00\x00\x00\x00");
    assert_int_equal(client.command, SOCKS_UDP);
    assert_int_equal(client.stage, SOCKS_PASSES);
}

static void gssapi(void **state)
{
    struct socks_side client = {0}, server = {0};
    (void)state;
    CLIENT(&client, "\x05\x03\x00\x01\x02"); /* as curl greets: no request of UDP ASSOCIATE */
    assert_int_equal(client.stage, SOCKS_REQUEST);
    SERVER(&server, "\x05\x01");
    CLIENT(&client, "\x01\x01\x02\x03");
    assert_int_equal(client.skip, 0x203);
    assert_true(client.gssapi);
    SERVER(&server, "\x01\x01\x00\x10");
    assert_int_equal(server.skip, 16);
    CLIENT(&client, "\x01\x02\x00\x01");
    assert_false(client.sealed);
    CLIENT(&client, "\x05\x01\x00\x03\x0cpool.example\x0d\x05");
    assert_string_equal(client.destination, "pool.example:3333");
    SERVER(&server, "\x01\xff");
    assert_true(server.refused);
    client = (struct socks_side){.stage = SOCKS_REQUEST, .gssapi = true};
    CLIENT(&client, "\x01\x03\x00\x40");
    assert_true(client.sealed);
    assert_not(socks_read_client, SOCKS_REQUEST, "\x01\x00\x00\x40", 4);
}

/* The sensor began to look in the middle of the handshake. */
static void joined(void **state)
{
    static const char password[] = "\x01\x03"
                                   "bob\x06secret";
    static const char request[] = "\x05\x01\x00\x01\xcb\x00\x71\x05\x0d\x05";
    struct socks_side client = {0}, server = {0};
    (void)state;
    assert_int_equal(socks_read_client(&client, (const uint8_t *)password, 12), 12);
    assert_int_equal(client.version, SOCKS_5);
    CLIENT(&client, "\x05\x01\x00\x01\xcb\x00\x71\x05\x0d\x05");
    client = (struct socks_side){0};
    assert_int_equal(socks_read_client(&client, (const uint8_t *)request, 10), 10);
    assert_string_equal(client.destination, "203.0.113.5:3333");
    assert_int_equal(socks_read_server(&server, (const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0\0", 10), 10);
    assert_int_equal(server.stage, SOCKS_PASSES);
    assert_int_equal(socks_begins((const uint8_t *)password, 12), 1);
    assert_int_equal(socks_begins((const uint8_t *)password, 11), 0); /* cut */
    assert_int_equal(socks_begins((const uint8_t *)"\x01\x03"
                                                   "bob\x02no{",
                                  9),
                     0);                                                       /* more behind it */
    assert_int_equal(socks_begins((const uint8_t *)"\x01\x02 b\x02no", 7), 0); /* no name */
    assert_int_equal(socks_begins((const uint8_t *)"\x01\x00\x00", 3), 0);
}

static void whole_messages(void **state)
{
    (void)state;
    assert_true(socks_is_message((const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0\0", 10));
    assert_true(socks_is_message((const uint8_t *)"\x05\x01\x00\x03\x01"
                                                  "a\x0d\x05",
                                 8));
    assert_false(socks_is_message((const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0\0\0", 11));
    assert_false(socks_is_message((const uint8_t *)"\x05\x00\x00\x01\0\0\0\0\0", 9));
    assert_false(socks_is_message((const uint8_t *)"\x05\x00", 2));
    assert_false(socks_is_message((const uint8_t *)"", 0));
}

static void beginnings(void **state)
{
    (void)state;
    assert_int_equal(socks_begins((const uint8_t *)"\x05\x01\x00", 3), 1);
    assert_int_equal(socks_begins((const uint8_t *)"\x05\x00", 2), 1);
    assert_int_equal(socks_begins((const uint8_t *)"\x05", 1), -1);
    assert_int_equal(socks_begins((const uint8_t *)"\x04\x01\x0d\x05\xcb\x00\x71\x05longusername", 20), 1);
    assert_int_equal(socks_begins((const uint8_t *)"\x04\x01\x0d", 3), -1);
    assert_int_equal(socks_begins((const uint8_t *)"\x05\xee\xee", 3), 0);
    assert_int_equal(socks_begins((const uint8_t *)"\x00\x5a\0\0\0\0\0\0", 8), 1);
    assert_int_equal(socks_begins((const uint8_t *)"\x16\x03\x01", 3), 0);
    assert_int_equal(socks_begins((const uint8_t *)"\x00", 1), -1);
    const uint8_t bind[] = "\x05\x00\x0b\x03\x10\0\0\0\x48\0\0\0\x01\0\0"; /* of DCE/RPC */
    assert_int_equal(socks_begins(bind, 16), 0);
    assert_int_equal(socks_begins(bind, 15), 1); /* too short to tell */
    const uint8_t granted[] = "\x05\x00\x00\x01\0\0\0\0\x10\x38{\"id\"";
    assert_int_equal(socks_begins(granted, 16), 1); /* bound to 0.0.0.0:4152, and what passes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_5),   cmocka_unit_test(addresses),
        cmocka_unit_test(version_4),   cmocka_unit_test(longest),
        cmocka_unit_test(refusals),    cmocka_unit_test(others),
        cmocka_unit_test(beginnings),  cmocka_unit_test(binding),
        cmocka_unit_test(binding_4),   cmocka_unit_test(what_passes_is_no_second_answer),
        cmocka_unit_test(associating), cmocka_unit_test(gssapi),
        cmocka_unit_test(joined),      cmocka_unit_test(whole_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
