// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers and untrusted text for people: what the summary and log lines show.
 * Each number function writes into `text` and returns it.
 */
#ifndef BASE_HUMANISE_H
#define BASE_HUMANISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HUMANISE_SIZE = 40 };

const char *humanise_count(uint64_t count, char text[static HUMANISE_SIZE]); /* "1,234,567" */
const char *humanise_bytes(uint64_t bytes, char text[static HUMANISE_SIZE]); /* "4.52 MB", 1000 to a kB */
const char *humanise_duration(int64_t duration_us,
                              char text[static HUMANISE_SIZE]);              /* "0.4 s", "2 h 13 min" */
const char *humanise_time(int64_t time_us, char text[static HUMANISE_SIZE]); /* "2026-11-22 09:30:12", UTC */
/* "12.4 kH/s"; Equihash algorithms count solutions: "31.0 Sol/s". */
const char *humanise_hashrate(double hashes_per_second, const char *algorithm,
                              char text[static HUMANISE_SIZE]);

/*
 * Makes text from the wire safe for a terminal: one line, no control characters, escape sequences, invisible
 * or bidirectional formatting characters, nothing that is no UTF-8; each of these becomes "?". Without
 * `unicode` all that is not ASCII does. Longer than `columns` columns (wide characters take two) or `size`
 * bytes: cut, ending in "...". Returns the columns that `text` takes.
 */
size_t humanise_text(const char *raw, size_t columns, bool unicode, char *text, size_t size);

/* The character at the start of `text`: its bytes (at least 1) and how many columns it takes (0 to 2). For
 * text that humanise_text() made. */
size_t humanise_character(const char *text, size_t *columns);

/* The number of columns of text that humanise_text() made. */
size_t humanise_columns(const char *text);

#endif
