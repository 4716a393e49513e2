// SPDX-License-Identifier: Apache-2.0
/*
 * Check Point's custom intelligence feed (sk132193): CSV of seven columns, all of them in each record, and
 * IPv4 only. The fields hold letters, digits, blanks, '.', '-' and '_', so nothing in them needs quoting, and
 * none begins with a character that a spreadsheet takes for a formula.
 */
#include "dashboard/feed/feed_format.h"

/* The level that Check Point knows for a verdict. */
static const char *level(enum feed_verdict verdict)
{
    return verdict == FEED_CONFIRMED ? "high" : verdict == FEED_LIKELY ? "medium" : "low";
}

static bool write_csv(FILE *to, const struct feed_format *format, const struct feed_view *view,
                      uint32_t serial)
{
    (void)serial;
    const struct feed_entry *entry;
    char address[ADDRESS_TEXT_SIZE], comment[FEED_COMMENT_SIZE];
    fputs("#UNIQ-NAME,VALUE,TYPE,CONFIDENCE,SEVERITY,PRODUCT,COMMENT\n", to);
    for (size_t at = 0; (entry = feed_format_next(format, view, &at)) != NULL;) {
        const char *text = feed_entry_text(entry, address);
        fprintf(to, "geophone-%s,%s,%s,%s,high,AB,%s\n", text, text,
                entry->candidates[0].type == FEED_NAME ? "Domain" : "IP", level(entry->verdict),
                feed_format_comment(entry, comment));
    }
    return true;
}

const struct feed_format feed_format_checkpoint_ioc = {
    .name = "checkpoint-ioc.csv",
    .type = "text/csv; charset=utf-8",
    .reader = "Check Point: custom intelligence feed",
    .takes = {[FEED_ADDRESS] = true, [FEED_NAME] = true},
    .ipv4_only = true,
    .write = write_csv,
};
