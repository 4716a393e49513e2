// SPDX-License-Identifier: Apache-2.0
#include "sink/report/report_html.h"

#include "base/humanise.h"

#include <stdarg.h>
#include <string.h>

enum { SAFE_SIZE = 4 * HTML_MAX_COLUMNS + 4, FORMAT_SIZE = 4096 }; /* a character has at most 4 bytes */
enum { IDENTIFIER_WHOLE = 24, IDENTIFIER_BEGIN = 10, IDENTIFIER_END = 6 };

void html_raw(FILE *stream, const char *markup)
{
    fputs(markup, stream);
}

static void put_escaped(FILE *stream, const char *safe)
{
    for (const char *at = safe; *at != '\0'; at++) {
        switch (*at) {
        case '&':
            fputs("&amp;", stream);
            break;
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '"':
            fputs("&quot;", stream);
            break;
        case '\'':
            fputs("&#39;", stream);
            break;
        default:
            fputc(*at, stream);
        }
    }
}

void html_text(FILE *stream, const char *raw)
{
    char safe[SAFE_SIZE];
    if (raw == NULL)
        return;
    humanise_text(raw, HTML_MAX_COLUMNS, true, safe, sizeof safe);
    put_escaped(stream, safe);
}

void html_format(FILE *stream, const char *format, ...)
{
    char raw[FORMAT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    html_text(stream, raw);
}

static void fact(FILE *stream, const char *label, const char *before, const char *raw, const char *after)
{
    if (raw == NULL || raw[0] == '\0')
        return;
    fprintf(stream, "<div><dt>%s</dt><dd>%s", label, before);
    html_text(stream, raw);
    fprintf(stream, "%s</dd></div>\n", after);
}

void html_fact(FILE *stream, const char *label, const char *raw)
{
    fact(stream, label, "", raw, "");
}

void html_fact_code(FILE *stream, const char *label, const char *raw)
{
    fact(stream, label, "<code>", raw, "</code>");
}

void html_identifier(FILE *stream, const char *raw)
{
    size_t length = strlen(raw);
    if (length == 0)
        return;
    if (length <= IDENTIFIER_WHOLE) {
        html_raw(stream, "<code>");
        html_text(stream, raw);
    } else {
        html_raw(stream, "<code title=\"");
        html_text(stream, raw);
        html_raw(stream, "\">");
        html_format(stream, "%.*s\xe2\x80\xa6%s", IDENTIFIER_BEGIN, raw, raw + length - IDENTIFIER_END);
    }
    html_raw(stream, "</code>");
}

void html_copyable(FILE *stream, const char *label, const char *raw)
{
    if (raw == NULL || raw[0] == '\0')
        return;
    size_t length = strlen(raw);
    fprintf(stream, "<label><span>%s</span><input readonly size=\"%zu\" value=\"", label,
            length < 12   ? 12
            : length > 80 ? 80
                          : length);
    html_text(stream, raw);
    html_raw(stream, "\"></label>\n");
}

void html_json(FILE *stream, const char *json)
{
    for (const char *at = json; *at != '\0'; at++) {
        if (*at == '<' || *at == '>' || *at == '&')
            fprintf(stream, "\\u%04x", (unsigned)(unsigned char)*at);
        else
            fputc(*at, stream);
    }
}
