// SPDX-License-Identifier: Apache-2.0
/*
 * Writing HTML. What comes from the wire or from the operator's files goes through html_text() and through
 * nothing else, as text and as the value of an attribute in double quotes alike.
 */
#ifndef SINK_REPORT_REPORT_HTML_H
#define SINK_REPORT_REPORT_HTML_H

#include <stddef.h>
#include <stdio.h>

enum { HTML_MAX_COLUMNS = 420 }; /* longer texts are cut, ending in "..." */

/* Markup of the program's own. */
void html_raw(FILE *stream, const char *markup);

/*
 * One line of text, escaped: & < > " ' become references (HTML, section 13.1.4); control characters,
 * invisible and bidirectional formatting characters and what is no UTF-8 become "?" (humanise_text()); cut
 * where longer than HTML_MAX_COLUMNS. NULL is "".
 */
void html_text(FILE *stream, const char *raw);
/* The same of a text that is put together first. */
void html_format(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* <dt> and <dd> of a list of facts; nothing where `raw` is NULL or "". `label` is the program's own. */
void html_fact(FILE *stream, const char *label, const char *raw);
/* The same in a fixed-width font, selected as a whole by one click. */
void html_fact_code(FILE *stream, const char *label, const char *raw);
/* A wallet or login where it need not stand whole: "44AFFq5kSi…GQBEP3A" when long, the whole as its title. */
void html_identifier(FILE *stream, const char *raw);
/* A field that cannot be changed: the Tab key goes there and selects all of it, so that it can be copied. */
void html_copyable(FILE *stream, const char *label, const char *raw);

/* The JSON text inside a <script> element: < > & become \u003c ..., so that nothing in it ends the element.
 */
void html_json(FILE *stream, const char *json);

#endif
