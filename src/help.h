// SPDX-License-Identifier: Apache-2.0
/*
 * The text of --help: what options.c lists, laid out for a terminal of 80 columns.
 */
#ifndef HELP_H
#define HELP_H

#include <stdbool.h>
#include <stdio.h>

struct help_row {
    char letter; /* '\0': long only */
    const char *name;
    const char *value; /* what the argument is called; NULL: there is none */
    bool value_is_optional;
    const char *help;
    const char *group; /* begins a group; NULL: goes on */
};

void help_print_usage(FILE *stream);
void help_print_row(const struct help_row *row, FILE *stream);
void help_print_examples(FILE *stream);

#endif
