// SPDX-License-Identifier: Apache-2.0
#include "verdict/tls_notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_notes(void **state)
{
    (void)state;
    struct tls_notes *notes = tls_notes_create();
    assert_non_null(notes);
    assert_null(tls_notes_find(notes, 1));
    for (uint64_t id = 1; id <= TLS_NOTES_MAX; id++) {
        struct tls_note *note = tls_notes_get(notes, id);
        assert_non_null(note);
        note->seen.version = (uint16_t)id;
    }
    assert_null(tls_notes_get(notes, TLS_NOTES_MAX + 1)); /* full: the new one is refused */
    assert_non_null(tls_notes_get(notes, 77));
    tls_notes_forget(notes, 4096 + 5); /* in the middle of a chain */
    tls_notes_forget(notes, 4096 + 5);
    assert_null(tls_notes_find(notes, 4096 + 5));
    assert_int_equal(tls_notes_find(notes, 5)->seen.version, 5);
    assert_int_equal(tls_notes_find(notes, 8192 + 5)->seen.version, 8192 + 5);
    assert_non_null(tls_notes_get(notes, TLS_NOTES_MAX + 1));
    tls_notes_free(notes);
    tls_notes_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_notes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
