// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_page.h"

#include "base/humanise.h"
#include "base/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 100, WIDTH_MIN = 60, WIDTH_MAX = 120, LABEL_INDENT = 4, LABEL_WIDTH = 10 };

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool wants_unicode(void)
{
    const char *locale = is_set("LC_ALL")     ? getenv("LC_ALL")
                         : is_set("LC_CTYPE") ? getenv("LC_CTYPE")
                                              : getenv("LANG");
    return locale != NULL && (strcasestr(locale, "UTF-8") != NULL || strcasestr(locale, "UTF8") != NULL);
}

void page_init(struct page *page, FILE *stream, const char *color)
{
    struct winsize size;
    *page = (struct page){.stream = stream, .width = WIDTH_DEFAULT};
    page->color = terminal_wants_color(stream, color);
    page->unicode = wants_unicode();
    if (isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        page->width = size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

void page_paint(const struct page *page, enum page_paint paint, const char *text)
{
    /* Select Graphic Rendition, ECMA-48, section 8.3.117 */
    static const char *const codes[] = {
        [PAINT_BOLD] = "1",      [PAINT_DIM] = "2",     [PAINT_RED] = "1;31",
        [PAINT_YELLOW] = "1;33", [PAINT_CYAN] = "1;36", [PAINT_GREEN] = "1;32",
    };
    if (page->color && paint != PAINT_PLAIN)
        fprintf(page->stream, "\033[%sm%s\033[0m", codes[paint], text);
    else
        fputs(text, page->stream);
}

/* How many bytes of `text` go into a line of `width` columns: up to a blank where there is one in its second
 * half. */
static size_t line_length(const char *text, size_t width)
{
    size_t at = 0, used = 0, blank = 0;
    while (text[at] != '\0') {
        size_t columns;
        size_t bytes = humanise_character(text + at, &columns);
        if (used + columns > width)
            return blank > 0 ? blank : at > 0 ? at : bytes;
        if (text[at] == ' ' && used > width / 2)
            blank = at;
        at += bytes;
        used += columns;
    }
    return at;
}

static void put_lines(const struct page *page, const char *text, size_t indent)
{
    size_t width = page->width > indent + 8 ? page->width - indent : 8;
    for (bool is_first = true; is_first || *text != '\0'; is_first = false) {
        if (!is_first)
            fprintf(page->stream, "%*s", (int)indent, "");
        size_t length = line_length(text, width);
        fprintf(page->stream, "%.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

void page_row(const struct page *page, const char *label, const char *text)
{
    char padded[LABEL_WIDTH + 1];
    snprintf(padded, sizeof padded, "%-*s", LABEL_WIDTH, label);
    fprintf(page->stream, "%*s", LABEL_INDENT, "");
    page_paint(page, PAINT_DIM, padded);
    put_lines(page, text, LABEL_INDENT + LABEL_WIDTH);
}

void page_paragraph(const struct page *page, const char *text)
{
    put_lines(page, text, 0);
}
