// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/humanise.h"
#include "guarded.h"

static void numbers(void **state)
{
    char text[HUMANISE_SIZE];
    (void)state;
    assert_string_equal(humanise_count(0, text), "0");
    assert_string_equal(humanise_count(999, text), "999");
    assert_string_equal(humanise_count(1000, text), "1,000");
    assert_string_equal(humanise_count(1234567, text), "1,234,567");
    assert_string_equal(humanise_count(UINT64_MAX, text), "18,446,744,073,709,551,615");
    assert_string_equal(humanise_bytes(999, text), "999 B");
    assert_string_equal(humanise_bytes(4520000, text), "4.52 MB");
    assert_string_equal(humanise_bytes(999999, text), "1.00 MB");
    assert_string_equal(humanise_bytes(UINT64_MAX, text), "18.4 EB");
}

static void hash_rates(void **state)
{
    char text[HUMANISE_SIZE];
    (void)state;
    assert_string_equal(humanise_hashrate(12345, "rx/0", text), "12.3 kH/s");
    assert_string_equal(humanise_hashrate(31, "equihash", text), "31.0 Sol/s");
    assert_string_equal(humanise_hashrate(2.5e3, "equihash144_5", text), "2.50 kSol/s");
    assert_string_equal(humanise_hashrate(110e12, "sha256d", text), "110 TH/s");
    assert_string_equal(humanise_hashrate(NAN, NULL, text), "0.00 H/s");
    assert_string_equal(humanise_hashrate(-1, NULL, text), "0.00 H/s");
    assert_string_equal(humanise_hashrate(1e300, NULL, text), "0.00 H/s");
}

static void times(void **state)
{
    char text[HUMANISE_SIZE];
    (void)state;
    assert_string_equal(humanise_duration(0, text), "0.0 s");
    assert_string_equal(humanise_duration(-5, text), "0.0 s");
    assert_string_equal(humanise_duration(1490000, text), "1.4 s");
    assert_string_equal(humanise_duration(45000000, text), "45 s");
    assert_string_equal(humanise_duration(12 * 60 * 1000000LL, text), "12 min");
    assert_string_equal(humanise_duration(7980LL * 1000000, text), "2 h 13 min");
    assert_string_equal(humanise_duration(100LL * 3600 * 1000000, text), "4 d 4 h");
    assert_string_equal(humanise_duration(INT64_MAX, text), "106751991 d 4 h");
    assert_string_equal(humanise_time(1795339812LL * 1000000, text), "2026-11-22 09:30:12");
    assert_string_equal(humanise_time(INT64_MAX, text), "9999-12-31 23:59:59");
    assert_string_equal(humanise_time(-1, text), "1970-01-01 00:00:00");
}

static const char *shown(const char *raw, size_t columns, bool unicode)
{
    static char text[256];
    struct guarded guarded = guarded_copy(raw, strlen(raw) + 1);
    humanise_text((const char *)guarded.bytes, columns, unicode, text, sizeof text);
    guarded_free(&guarded);
    return text;
}

static void hostile_text(void **state)
{
    (void)state;
    assert_string_equal(shown("XMRig/6.21", 80, true), "XMRig/6.21");
    assert_string_equal(shown("\033[2J\033]0;own\007ed", 80, true), "?[2J?]0;own?ed");
    assert_string_equal(shown("a\r\nb\tc", 80, true), "a??b?c");
    assert_string_equal(shown("a\xc2\x9b"
                              "2Jb",
                              80, true),
                        "a?2Jb"); /* U+009B: CSI in one character */
    assert_string_equal(shown("a\x9b"
                              "2Jb",
                              80, true),
                        "a?2Jb"); /* and in one byte */
    assert_string_equal(shown("gpj.\xe2\x80\xae"
                              "exe",
                              80, true),
                        "gpj.?exe"); /* right-to-left override */
    assert_string_equal(shown("a\xe2\x81\xa6"
                              "b\xef\xbb\xbf",
                              80, true),
                        "a?b?");
    assert_string_equal(shown("e\xcc\x81\xcc\x81", 80, true), "e??"); /* stacked marks */
    assert_string_equal(shown("\xf3\xa0\x81\x81", 80, true), "?");    /* tag character */
    assert_string_equal(shown("\xc0\xaf\xed\xa0\x80\xff", 80, true),
                        "??????"); /* overlong, surrogate, no UTF-8 */
    assert_string_equal(shown("\xe7\x9f\xbf\xe5\xb7\xa5", 80, true), "\xe7\x9f\xbf\xe5\xb7\xa5");
    assert_string_equal(shown("\xe7\x9f\xbf\xe5\xb7\xa5", 80, false), "??");
    assert_string_equal(shown("cut \xe7\x9f", 80, true), "cut ??");
}

static void cutting(void **state)
{
    char text[8];
    (void)state;
    assert_string_equal(shown("0123456789", 10, true), "0123456789");
    assert_string_equal(shown("0123456789", 9, true), "012345...");
    assert_string_equal(shown("\xe7\x9f\xbf\xe7\x9f\xbf\xe7\x9f\xbf", 5, true), "\xe7\x9f\xbf...");
    assert_int_equal(humanise_text("0123456789", 80, true, text, sizeof text), 7);
    assert_string_equal(text, "0123...");
    for (size_t size = 1; size <= sizeof text; size++)
        for (size_t columns = 0; columns < 12; columns++) {
            struct guarded room = guarded_copy(text, size);
            size_t used = humanise_text("\xe7\x9f\xbf"
                                        "abcdefgh",
                                        columns, true, (char *)room.bytes, size);
            assert_true(used <= columns);
            assert_true(strnlen((char *)room.bytes, size) < size);
            assert_int_equal(humanise_columns((char *)room.bytes), used);
            guarded_free(&room);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),      cmocka_unit_test(hash_rates), cmocka_unit_test(times),
        cmocka_unit_test(hostile_text), cmocka_unit_test(cutting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
