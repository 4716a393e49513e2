// SPDX-License-Identifier: Apache-2.0
/*
 * Text for a terminal or a file: colours where wanted, lines broken at the width, hanging indents.
 * All text given here is trusted or went through humanise_text().
 */
#ifndef SINK_SUMMARY_SUMMARY_PAGE_H
#define SINK_SUMMARY_SUMMARY_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum page_paint { PAINT_PLAIN, PAINT_BOLD, PAINT_DIM, PAINT_RED, PAINT_YELLOW, PAINT_CYAN, PAINT_GREEN };

struct page {
    FILE *stream;
    size_t width; /* columns */
    bool color, unicode;
};

/* `color`: always, never, or auto (NULL): on a terminal that is not "dumb", unless NO_COLOR
 * (https://no-color.org) is set. Unicode where the locale's environment says UTF-8. */
void page_init(struct page *page, FILE *stream, const char *color);

void page_paint(const struct page *page, enum page_paint paint, const char *text);

/* "    label     text", the text broken at blanks and continued below its beginning. `label` may be "". */
void page_row(const struct page *page, const char *label, const char *text);
/* The same without label, from the first column. */
void page_paragraph(const struct page *page, const char *text);

#endif
