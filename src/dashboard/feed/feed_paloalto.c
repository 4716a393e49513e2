// SPDX-License-Identifier: Apache-2.0
/*
 * Palo Alto's external dynamic list of type IP: an address, a blank, a comment on the same line.
 */
#include "dashboard/feed/feed_format.h"

static bool write_list(FILE *to, const struct feed_format *format, const struct feed_view *view,
                       uint32_t serial)
{
    (void)serial;
    const struct feed_entry *entry;
    char text[ADDRESS_TEXT_SIZE], comment[FEED_COMMENT_SIZE];
    for (size_t at = 0; (entry = feed_format_next(format, view, &at)) != NULL;)
        fprintf(to, "%s %s\n", feed_entry_text(entry, text), feed_format_comment(entry, comment));
    return true;
}

const struct feed_format feed_format_paloalto_ip = {
    .name = "block-ip.paloalto.txt",
    .type = "text/plain; charset=utf-8",
    .reader = "Palo Alto: external dynamic list of type IP",
    .takes = {[FEED_ADDRESS] = true},
    .write = write_list,
};
