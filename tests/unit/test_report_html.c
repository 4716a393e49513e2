// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sink/report/report_html.h"

static char *written;
static size_t written_size;

static int end(void **state)
{
    (void)state;
    free(written);
    written = NULL;
    return 0;
}

static const char *with(void write(FILE *stream, const char *raw), const char *raw)
{
    free(written);
    FILE *stream = open_memstream(&written, &written_size);
    write(stream, raw);
    fclose(stream);
    return written;
}

static void markup_becomes_text(void **state)
{
    (void)state;
    assert_string_equal(with(html_text, "<script>alert(1)</script>"),
                        "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_string_equal(with(html_text, "\" onfocus='x' &amp;"), "&quot; onfocus=&#39;x&#39; &amp;amp;");
    assert_string_equal(with(html_text, NULL), "");
    assert_string_equal(with(html_text, "K\xc3\xb6ln \xe2\x82\xbf"), "K\xc3\xb6ln \xe2\x82\xbf");
}

static void what_cannot_be_shown(void **state)
{
    (void)state;
    assert_string_equal(with(html_text, "a\x01\x1b[2J\r\nb\x7f"), "a??[2J??b?");
    assert_string_equal(with(html_text, "\xff\xc0\xaf\xed\xa0\x80<"), "??????&lt;"); /* overlong, surrogate */
    assert_string_equal(with(html_text, "\xe2\x80\xaetxt.exe\xe2\x80\xac"), "?txt.exe?"); /* RTL override */
    assert_string_equal(with(html_text, "\xe2\x81\xa6x\xe2\x80\x8b\xef\xbb\xbf"),
                        "?x??");                                 /* isolate, zero width */
    assert_string_equal(with(html_text, "\xf0\x9f\x92"), "???"); /* cut in the middle */
}

static void long_identifiers_are_shortened(void **state)
{
    (void)state;
    assert_string_equal(with(html_identifier, ""), "");
    assert_string_equal(with(html_identifier, "4wallet<"), "<code>4wallet&lt;</code>");
    assert_string_equal(with(html_identifier, "0123456789abcdefghijklmn"),
                        "<code>0123456789abcdefghijklmn</code>");
    assert_string_equal(
        with(html_identifier, "0123456\"89abcdefghijk<mno"),
        "<code title=\"0123456&quot;89abcdefghijk&lt;mno\">0123456&quot;89\xe2\x80\xa6jk&lt;mno</code>");
    assert_string_equal(
        with(html_identifier, "012345678\xe2\x82\xbfxxxxxxxxxxxxxx12345"),
        "<code title=\"012345678\xe2\x82\xbfxxxxxxxxxxxxxx12345\">012345678?\xe2\x80\xa6x12345</code>");
}

/* Cut before it is escaped: no half of a reference is left. */
static void long_texts_are_cut(void **state)
{
    char raw[4 * HTML_MAX_COLUMNS + 1];
    (void)state;
    memset(raw, '&', sizeof raw - 1);
    raw[sizeof raw - 1] = '\0';
    const char *text = with(html_text, raw);
    assert_int_equal(strlen(text), (HTML_MAX_COLUMNS - 3) * 5 + 3);
    assert_string_equal(text + strlen(text) - 8, "&amp;...");
    raw[HTML_MAX_COLUMNS] = '\0';
    assert_int_equal(strlen(with(html_text, raw)), HTML_MAX_COLUMNS * 5);
    FILE *stream = fopen("/dev/null", "w");
    for (size_t i = 0; i < sizeof raw - 1; i++) /* the longest characters, at every place */
        memcpy(raw + i - i % 4, "\xf0\x9f\x92\xb0", 4);
    html_text(stream, raw);
    html_format(stream, "%s%s%s", raw, raw, raw);
    fclose(stream);
}

static void copyable(FILE *stream, const char *raw)
{
    html_copyable(stream, "Wallet", raw);
}

static void fact(FILE *stream, const char *raw)
{
    html_fact(stream, "Wallet", raw);
}

static void attributes_stay_closed(void **state)
{
    (void)state;
    assert_string_equal(with(copyable, "\"><img src=x onerror=y>"),
                        "<label><span>Wallet</span><input readonly size=\"23\" "
                        "value=\"&quot;&gt;&lt;img src=x onerror=y&gt;\"></label>\n");
    assert_string_equal(with(fact, "</dd>"), "<div><dt>Wallet</dt><dd>&lt;/dd&gt;</dd></div>\n");
    assert_string_equal(with(fact, ""), "");
    assert_string_equal(with(copyable, NULL), "");
}

static void json_cannot_end_its_element(void **state)
{
    (void)state;
    assert_string_equal(with(html_json, "{\"a\":\"</script><!--&\"}"),
                        "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(markup_becomes_text, end),
        cmocka_unit_test_teardown(what_cannot_be_shown, end),
        cmocka_unit_test_teardown(long_texts_are_cut, end),
        cmocka_unit_test_teardown(long_identifiers_are_shortened, end),
        cmocka_unit_test_teardown(attributes_stay_closed, end),
        cmocka_unit_test_teardown(json_cannot_end_its_element, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
