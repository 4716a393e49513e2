// SPDX-License-Identifier: Apache-2.0
/*
 * One row of settings.def, and what can be done with it. Used inside config/ only.
 */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include "config/config.h"

enum setting_type {
    SETTING_TEXT,
    SETTING_NAME,      /* letters, digits, '.', '_', '-': it becomes a part of Redis keys */
    SETTING_REDIS_URL, /* without a password */
    SETTING_BOOL,
    SETTING_COUNT,
    SETTING_SIZE, /* bytes */
    SETTING_SECONDS,
    SETTING_MILLISECONDS,
    SETTING_CHOICE, /* one word of `choices` */
    SETTING_LIST,   /* texts; words of `choices` where there are any */
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset; /* in struct config: of a char *, bool, uint64_t or struct config_list */
    const char *initial;
    uint64_t min, max;
    const char *choices; /* comma-separated, or NULL */
    const char *help;
};

struct section {
    const char *name;
    const char *help;
};

extern const struct setting settings[]; /* in the order of settings.def */
extern const size_t setting_count;
extern const struct section sections[];
extern const size_t section_count;

const struct setting *setting_find(const char *name); /* NULL where there is none */

/* Whether the setting stands in the section: "flow" and "flow.max-flows". */
bool setting_is_in(const struct setting *setting, const char *section);

/* Says what the value may be: "a whole number from 1 to 64". */
void setting_describe(const struct setting *setting, char *text, size_t size);

/* Reads the value from text into `config`, which keeps the old one on failure. */
bool setting_read(const struct setting *setting, struct config *config, const char *value,
                  struct error *error);

/* The same for the items of a SETTING_LIST, which may hold commas. */
bool setting_read_items(const struct setting *setting, struct config *config, const char *const *items,
                        size_t count, struct error *error);

/* Prints the value as setting_read() takes it. */
void setting_write(const struct setting *setting, const struct config *config, FILE *stream);

/* Frees the strings of the value. */
void setting_clear(const struct setting *setting, struct config *config);

/* Prints a number in the largest unit that gives a whole one: "64m", "15m", "500ms", "8". */
void setting_format_number(enum setting_type type, uint64_t number, char *text, size_t size);

/* Copies `value` for a message: at most 60 bytes of it, with what is not printable replaced. */
enum { SETTING_QUOTE_SIZE = 64 };
const char *setting_quote(const char *value, char quoted[static SETTING_QUOTE_SIZE]);

#endif
