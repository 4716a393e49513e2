// SPDX-License-Identifier: Apache-2.0
/*
 * The tables that settings.def makes, and what a row says of itself.
 */
#include "config/setting.h"

#include <inttypes.h>
#include <string.h>

#define KI     UINT64_C(1024)
#define MI     (UINT64_C(1024) * KI)
#define GI     (UINT64_C(1024) * MI)
#define SECOND UINT64_C(1000) /* in milliseconds */
#define DAY    UINT64_C(86400)

/* The member's place, and a compile error where the member is not of the type that goes with the row's. */
#define AT(member)                 (((struct config *)0)->member)
#define PLACE_TEXT(member)         _Generic(AT(member), char * : offsetof(struct config, member))
#define PLACE_NUMBER(member)       _Generic(AT(member), uint64_t : offsetof(struct config, member))
#define PLACE_BOOL(member)         _Generic(AT(member), bool : offsetof(struct config, member))
#define PLACE_LIST(member)         _Generic(AT(member), struct config_list : offsetof(struct config, member))
#define PLACE_NAME(member)         PLACE_TEXT(member)
#define PLACE_REDIS_URL(member)    PLACE_TEXT(member)
#define PLACE_CHOICE(member)       PLACE_TEXT(member)
#define PLACE_COUNT(member)        PLACE_NUMBER(member)
#define PLACE_SIZE(member)         PLACE_NUMBER(member)
#define PLACE_SECONDS(member)      PLACE_NUMBER(member)
#define PLACE_MILLISECONDS(member) PLACE_NUMBER(member)

#define SECTION(name, help)
#define SETTING(type, name, member, initial, min, max, choices, help)                                        \
    {name, SETTING_##type, PLACE_##type(member), initial, min, max, choices, help},
const struct setting settings[] = {
#include "config/settings.def"
};
const size_t setting_count = sizeof settings / sizeof settings[0];
#undef SECTION
#undef SETTING

#define SECTION(name, help) {name, help},
#define SETTING(type, name, member, initial, min, max, choices, help)
const struct section sections[] = {
#include "config/settings.def"
};
const size_t section_count = sizeof sections / sizeof sections[0];
#undef SECTION
#undef SETTING

const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < setting_count; i++)
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

bool setting_is_in(const struct setting *setting, const char *section)
{
    size_t length = strlen(section);
    return strncmp(setting->name, section, length) == 0 && setting->name[length] == '.';
}

static void describe_number(const struct setting *setting, const char *what, char *text, size_t size)
{
    char min[32], max[32];
    setting_format_number(setting->type, setting->min, min, sizeof min);
    setting_format_number(setting->type, setting->max, max, sizeof max);
    snprintf(text, size, "%s from %s to %s", what, min, max);
}

static void describe_text(const struct setting *setting, const char *what, char *text, size_t size)
{
    snprintf(text, size, "%s of %s%" PRIu64 " characters", what, setting->min > 0 ? "1 to " : "at most ",
             setting->max);
}

static void describe_words(const struct setting *setting, const char *what, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%s", what);
    for (const char *c = setting->choices; *c != '\0' && used + 3 < size; c++) {
        text[used++] = *c;
        if (*c == ',')
            text[used++] = ' ';
    }
    text[used] = '\0';
}

void setting_describe(const struct setting *setting, char *text, size_t size)
{
    switch (setting->type) {
    case SETTING_TEXT:
        describe_text(setting, "text", text, size);
        break;
    case SETTING_NAME:
        describe_text(setting, "a name (letters, digits, '.', '_', '-')", text, size);
        break;
    case SETTING_REDIS_URL:
        snprintf(text, size, "redis://user@host:port/db or unix:///path?db=N");
        break;
    case SETTING_BOOL:
        snprintf(text, size, "yes or no");
        break;
    case SETTING_COUNT:
        describe_number(setting, "a whole number", text, size);
        break;
    case SETTING_SIZE:
        describe_number(setting, "a size (bytes, or with k, m, g)", text, size);
        break;
    case SETTING_SECONDS:
        describe_number(setting, "a time (seconds, or with s, m, h)", text, size);
        break;
    case SETTING_MILLISECONDS:
        describe_number(setting, "a time (milliseconds, or with ms, s, m)", text, size);
        break;
    case SETTING_CHOICE:
        describe_words(setting, "one of ", text, size);
        break;
    case SETTING_LIST:
        if (setting->choices != NULL)
            describe_words(setting, setting->min > 0 ? "a list of some of " : "a list of any of ", text,
                           size);
        else
            snprintf(text, size, "a list of at most %" PRIu64 " texts", setting->max);
        break;
    }
}
