// SPDX-License-Identifier: Apache-2.0
#include "guarded.h"
#include "intel/wallet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define MONERO                                                                                               \
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
#define SUB                                                                                                  \
    "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoo"                \
    "gDavup3H"
#define BITCOIN "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
#define SEGWIT  "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
#define ETHER   "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
#define HEX64   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Reads a copy whose NUL is the last byte of a page. */
static struct wallet read_login(const char *login)
{
    struct wallet wallet;
    struct guarded guarded = guarded_copy(login, strlen(login) + 1);
    wallet_read((const char *)guarded.bytes, &wallet);
    guarded_free(&guarded);
    assert_true((wallet.proof == WALLET_NONE) == (wallet.address[0] == '\0'));
    assert_true((wallet.proof == WALLET_NONE) == (wallet.kind == NULL));
    assert_true(wallet.coin[0] == '\0' || wallet.proof == WALLET_CHECKSUM);
    return wallet;
}

/* Public reference addresses of each kind; for the rest of the Base58Check versions a made-up hash. */
static void proves_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address, *coin;
    } rows[] = {
        {MONERO, "XMR"},
        {SUB, "XMR"},
        {BITCOIN, "BTC"},
        {"3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "BTC"},
        {SEGWIT, "BTC"},
        {"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "BTC"},
        {"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BTC"},
        {"tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", ""},
        {"mn4jUMneEBjZuDPEdFuj6BmFPmehmrT2Zc", ""},
        {"2MsFcKT79zmjyuyZcAyTGM6t5zoXzpjAkTV", ""},
        {"LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9", "LTC"},
        {"MUZNZDgeKi7qdyS59as5gHYcNfcX1J8nQ1", ""},
        {"DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", ""},
        {"A8cnMy1hR9xhtEyDQb4of3SrS5zH9JZaGv", "DOGE"},
        {"SQe2YwSVUPzREbVPge6b5cntXrGiYzUC3A", "DGB"},
        {"XpESxaUmonkq8RaLLp46Brx2K39ggQe226", "DASH"},
        {"RXVNvPmyymB4anShs5u9G3UhBpo1uhRZv1", ""},
        {"i8qiTzTyXyyFs3AcoFEQWjE5tUW73x6HbD", "VRSC"},
        {"ETJNpfvFJDRdyYK4zZUxgv4qooJXHGbPo1", "EVR"},
        {"GSZTqh8JZBNc9ZxrNhY5iNYxRKg4p3nP4b", ""},
        {"a6iSYKVQzTFMVAqE4vaxEuAMPp6L3kz8Px", "FIRO"},
        {"VeVQww5Zy2ypCF8sTJGEshCz84VCfiLgqn", "VTC"},
        {"FnsbUoCc93tbzQSbWwSh8NJvTmqEfSzxTZ", ""}, /* a version of no coin we know */
        {"t1KJkEGkUrmBRQdeQeNchfqgvDFD7Pk1kKQ", ""},
        {"t3fhtse9apnz3rEMqqX32mJrL3CsktoBc2z", ""},
        {"znc3p7CFNTsz1s6CceskrTxKevQLPoDK4cK", "ZEN"},
        {"zswBAMo8ZiynJ4Eq3PL5xFJyUuMCZo1XN96", "ZEN"},
        {ETHER, ""},
        {"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", ""},
        {"bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "BCH"},
        {"qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "BCH"},
        {"kaspa:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqkx9awp4e", "KAS"},
        {"cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg", "CFX"},
        {"CFX:TYPE.USER:AARC9ABYCUE0HHZGYRR53M6CXEDGCCRMMYYBJGH4XG", "CFX"},
        {"9fRAWhdxEsTcdb8PhGNrZfwqa65zfkuYHAMmkQLcic1gdLSV5vA", "ERG"},
        {"xel:ys4peuzztwl67rzhsdu0yxfzwcfmgt85uu53hycpeeary7n8qvysqmxznt0", "XEL"},
        {"NQ0700000000000000000000000000000000", "NIM"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wallet wallet = read_login(rows[i].address);
        assert_int_equal(wallet.proof, WALLET_CHECKSUM);
        assert_string_equal(wallet.address, rows[i].address);
        assert_string_equal(wallet.coin, rows[i].coin);
        assert_string_equal(wallet.worker, "");
    }
}

/* Another character anywhere, or an end anywhere, and no checksum is right any more. */
static void disproves_damaged_addresses(void **state)
{
    (void)state;
    static const char *const addresses[] = {MONERO,
                                            SUB,
                                            BITCOIN,
                                            SEGWIT,
                                            "t1KJkEGkUrmBRQdeQeNchfqgvDFD7Pk1kKQ",
                                            "9fRAWhdxEsTcdb8PhGNrZfwqa65zfkuYHAMmkQLcic1gdLSV5vA",
                                            "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
                                            "cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg",
                                            "NQ0700000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        size_t data = strcspn(addresses[i], ":") + 1;
        data = data > strlen(addresses[i]) ? 0 : data;
        char text[128];
        for (size_t at = data; addresses[i][at] != '\0'; at++) {
            snprintf(text, sizeof text, "%s", addresses[i]);
            text[at] = text[at] == '3' ? '4' : '3';
            assert_int_not_equal(read_login(text).proof, WALLET_CHECKSUM);
            text[at] = '\0';
            assert_int_not_equal(read_login(text).proof, WALLET_CHECKSUM);
        }
        snprintf(text, sizeof text, "%s3", addresses[i]);
        assert_int_not_equal(read_login(text).proof, WALLET_CHECKSUM);
    }
}

static void sees_shapes_without_proof(void **state)
{
    (void)state;
    static const char *const shapes[] = {"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
                                         "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
                                         "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
                                         "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
                                         "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
                                         HEX64,
                                         ("k:" HEX64),
                                         "NQ0800000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct wallet wallet = read_login(shapes[i]);
        assert_int_equal(wallet.proof, WALLET_SHAPE);
        assert_string_equal(wallet.address, shapes[i]);
        assert_string_equal(wallet.coin, "");
    }
}

static void parts_the_worker(void **state)
{
    (void)state;
    static const struct {
        const char *login, *address, *worker;
    } rows[] = {
        {MONERO ".rig01", MONERO, "rig01"},
        {MONERO "+5000", MONERO, ""},
        {MONERO "+5000.rig01", MONERO, "rig01"},
        {MONERO "=5000.rig01", MONERO, "rig01"},
        {MONERO ".5000", MONERO, ""},
        {MONERO ".5000.rig01", MONERO, "rig01"},
        {MONERO ".5000rig", MONERO, "5000rig"},
        {MONERO ".001", MONERO, "001"},
        {MONERO "." HEX64 ".rig01", MONERO, "rig01"},
        {MONERO "." HEX64 ".rig01/me@example.org", MONERO, "rig01"},
        {MONERO "." HEX64, MONERO, ""},
        {MONERO "/rig01/me@example.org", MONERO, "rig01"},
        {MONERO "/me@example.org", MONERO, ""},
        {MONERO ".rig01#abcd-1234", MONERO, "rig01"},
        {MONERO "#abcd-1234", MONERO, ""},
        {MONERO ".", MONERO, ""},
        {MONERO ":secret", MONERO, ""},
        {"XMR:" MONERO ".rig01#abcd", MONERO, "rig01"},
        {"solo:" MONERO, MONERO, ""},
        {"solo:XMR:" MONERO "-rig01", MONERO, "rig01"},
        {BITCOIN ".5000", BITCOIN, "5000"},
        {SEGWIT ".host.example.org", SEGWIT, "host.example.org"},
        {SEGWIT ".aa:bb:cc:dd:ee:ff", SEGWIT, "aa:bb:cc:dd:ee:ff"},
        {"30@" ETHER "@rig01", ETHER, "rig01"},
        {"stratum+tcp://pool.example.org:3333;" BITCOIN ".rig01;secret", BITCOIN, "rig01"},
        {"stratum+tcp://pool.example.org:3333;" BITCOIN ";secret", BITCOIN, ""},
        {" " BITCOIN, BITCOIN, ""},
        {"NQ07 0000 0000 0000 0000 0000 0000 0000 0000.rig01", "NQ0700000000000000000000000000000000",
         "rig01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wallet wallet = read_login(rows[i].login);
        assert_string_equal(wallet.address, rows[i].address);
        assert_string_equal(wallet.worker, rows[i].worker);
        assert_int_equal(wallet.proof, WALLET_CHECKSUM);
    }
}

static void leaves_accounts_alone(void **state)
{
    (void)state;
    static const struct {
        const char *login, *worker;
    } rows[] = {
        {"", ""},
        {"x", ""},
        {"user", ""},
        {"kvetak.worker1", "worker1"},
        {"account.rig.7", "rig.7"},
        {"me@example.org", ""},
        {"account.", ""},
        {"XMR:account.rig", "rig"},
        {"kaspa:", ""},
        {"0x", ""},
        {":::::::", ""},
        {"averyveryverylongaccountnameoflettersonly", ""},
        {BITCOIN "\xff", ""},
        {BITCOIN BITCOIN, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wallet wallet = read_login(rows[i].login);
        assert_int_equal(wallet.proof, WALLET_NONE);
        assert_string_equal(wallet.worker, rows[i].worker);
    }
}

/* No length overflows a field or makes a wallet of noise. */
static void bounds_every_length(void **state)
{
    (void)state;
    static const char fills[] = "1zaq:@. N0fF";
    char text[600];
    for (const char *fill = fills; *fill != '\0'; fill++)
        for (size_t length = 0; length < sizeof text; length += length < 140 ? 1 : 97) {
            memset(text, *fill, length);
            text[length] = '\0';
            assert_int_not_equal(read_login(text).proof, WALLET_CHECKSUM);
        }
    memset(text, 'w', sizeof text - 1);
    memcpy(text, SEGWIT ".", sizeof SEGWIT);
    text[sizeof text - 1] = '\0';
    struct wallet wallet = read_login(text);
    assert_int_equal(wallet.proof, WALLET_CHECKSUM);
    assert_int_equal(strlen(wallet.worker), sizeof wallet.worker - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_addresses),          cmocka_unit_test(disproves_damaged_addresses),
        cmocka_unit_test(sees_shapes_without_proof), cmocka_unit_test(parts_the_worker),
        cmocka_unit_test(leaves_accounts_alone),     cmocka_unit_test(bounds_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
