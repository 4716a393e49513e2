// SPDX-License-Identifier: Apache-2.0
/*
 * What a stream of text may be given.
 */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Whether `stream` shall have colours: `when` is auto, always or never; NULL is auto. With auto: on a
 * terminal that is not dumb, unless NO_COLOR (no-color.org) says otherwise. */
bool terminal_wants_color(FILE *stream, const char *when);

/* Prints `text` and ends the line. It stands from column `indent` on and is broken at blanks before column
 * `width`; the cursor is at `column`, and where that is too far a new line is begun. */
void terminal_print_wrapped(const char *text, int column, int indent, int width, FILE *stream);

#endif
