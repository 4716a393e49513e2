// SPDX-License-Identifier: Apache-2.0
/*
 * Values of settings: from text into struct config, and back.
 */
#include "config/setting.h"

#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
    const char *name;
    uint64_t worth;
};

/* Largest first, as they are tried for printing; "" is the setting's own unit. Names after the first of the
 * same worth are read, never printed. */
static const struct unit units_of_counts[] = {{"", 1}, {NULL, 0}};
static const struct unit units_of_sizes[] = {
    {"g", 1 << 30}, {"gb", 1 << 30}, {"gib", 1 << 30}, {"m", 1 << 20}, {"mb", 1 << 20}, {"mib", 1 << 20},
    {"k", 1 << 10}, {"kb", 1 << 10}, {"kib", 1 << 10}, {"", 1},        {"b", 1},        {NULL, 0},
};
static const struct unit units_of_seconds[] = {
    {"h", 3600}, {"m", 60}, {"min", 60}, {"s", 1}, {"", 1}, {"d", 86400}, {NULL, 0},
};
static const struct unit units_of_milliseconds[] = {
    {"h", 3600000}, {"m", 60000}, {"min", 60000}, {"s", 1000}, {"ms", 1}, {"", 1}, {NULL, 0},
};

static const struct unit *units_of(enum setting_type type)
{
    switch (type) {
    case SETTING_SIZE:
        return units_of_sizes;
    case SETTING_SECONDS:
        return units_of_seconds;
    case SETTING_MILLISECONDS:
        return units_of_milliseconds;
    default:
        return units_of_counts;
    }
}

const char *setting_quote(const char *value, char quoted[static SETTING_QUOTE_SIZE])
{
    size_t length = 0;
    for (; value[length] != '\0' && length < SETTING_QUOTE_SIZE - 4; length++) {
        unsigned char c = (unsigned char)value[length];
        if (c < 0x20 || c == 0x7f)
            quoted[length] = '?';
        else
            quoted[length] = value[length];
    }
    snprintf(quoted + length, SETTING_QUOTE_SIZE - length, "%s", value[length] != '\0' ? "..." : "");
    return quoted;
}

/* The one sentence for a value of the wrong form. */
static bool refuse(const struct setting *setting, const char *value, struct error *error)
{
    char quoted[SETTING_QUOTE_SIZE], allowed[256];
    setting_describe(setting, allowed, sizeof allowed);
    return error_set(error, STATUS_CONFIGURATION, "%s cannot be '%s': it must be %s", setting->name,
                     setting_quote(value, quoted), allowed);
}

static bool read_bool(const char *value, bool *truth)
{
    static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"off", "on"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (int is_true = 0; is_true < 2; is_true++)
            if (strcasecmp(value, words[i][is_true]) == 0) {
                *truth = is_true != 0;
                return true;
            }
    return false;
}

/* "64", "64m", "64 MB". */
static bool read_number(const struct setting *setting, const char *value, uint64_t *number)
{
    uint64_t digits = 0;
    const char *at = value;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(digits, 10, &digits) || __builtin_add_overflow(digits, *at - '0', &digits))
            return false;
    if (at == value)
        return false;
    while (*at == ' ')
        at++;
    for (const struct unit *unit = units_of(setting->type); unit->name != NULL; unit++)
        if (strcasecmp(at, unit->name) == 0)
            return !__builtin_mul_overflow(digits, unit->worth, number) && *number >= setting->min &&
                   *number <= setting->max;
    return false;
}

static bool is_word_of(const char *choices, const char *word)
{
    size_t length = strlen(word);
    if (length == 0 || strchr(word, ',') != NULL)
        return false;
    for (const char *at = choices; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

static bool is_name(const char *value)
{
    for (const char *c = value; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL)
            return false;
    return true;
}

static bool is_text(const struct setting *setting, const char *value)
{
    size_t length = strlen(value);
    return text_is_plain(value) && length >= setting->min && length <= setting->max;
}

/* Whether a user part with a colon, or a query, carries a password. A path of a socket may hold '@' and ':'.
 */
static bool has_password(const char *after_scheme)
{
    const char *at = strrchr(after_scheme, '@');
    if (at != NULL && after_scheme[0] != '/' &&
        memchr(after_scheme, ':', (size_t)(at - after_scheme)) != NULL)
        return true;
    const char *query = strchr(after_scheme, '?');
    return query != NULL && strstr(query, "password=") != NULL;
}

/* Messages do not repeat the URL: it may hold a password. */
static bool check_redis_url(const struct setting *setting, const char *value, struct error *error)
{
    static const char *const schemes[] = {"redis",           "rediss",        "redis-sentinel",
                                          "rediss-sentinel", "redis-cluster", "rediss-cluster"};
    const char *scheme_end = strstr(value, "://");
    if (scheme_end != NULL && has_password(scheme_end + 3))
        return error_set(
            error, STATUS_CONFIGURATION,
            "%s must not hold the password, because anyone on this machine could read it there: write it "
            "into a file that redis.password-file names, or into the environment's "
            "GEOPHONE_REDIS_PASSWORD",
            setting->name);
    if (strncmp(value, "unix://", 7) == 0 && strchr(value + 7, '/') != NULL)
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (scheme_end != NULL && strncmp(value, schemes[i], strlen(schemes[i])) == 0 &&
            scheme_end == value + strlen(schemes[i]) && scheme_end[3] != '\0' && scheme_end[3] != '/')
            return true;
    return error_set(error, STATUS_CONFIGURATION,
                     "%s is not of the form redis://user@host:port/db, unix:///path?db=N, "
                     "redis-sentinel://host:port,host:port/master or redis-cluster://host:port,host:port",
                     setting->name);
}

static bool check_text(const struct setting *setting, const char *value, struct error *error)
{
    if (setting->type == SETTING_CHOICE)
        return is_word_of(setting->choices, value) || refuse(setting, value, error);
    if (!is_text(setting, value) || (setting->type == SETTING_NAME && !is_name(value)))
        return refuse(setting, setting->type == SETTING_REDIS_URL ? "(this)" : value, error);
    return setting->type != SETTING_REDIS_URL || check_redis_url(setting, value, error);
}

static void clear_list(struct config_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    list->count = 0;
}

static bool out_of_memory(struct error *error)
{
    return error_set(error, STATUS_FAILED, "out of memory while reading the configuration");
}

bool setting_read_items(const struct setting *setting, struct config *config, const char *const *items,
                        size_t count, struct error *error)
{
    struct config_list list = {.count = 0};
    if (count < setting->min || count > setting->max || count > CONFIG_MAX_LIST)
        return refuse(setting, count == 0 ? "" : "(too many items)", error);
    for (size_t i = 0; i < count; i++) {
        bool is_allowed = setting->choices != NULL
                              ? is_word_of(setting->choices, items[i])
                              : is_text(&(struct setting){.min = 1, .max = 4095}, items[i]);
        char *copy = is_allowed ? strdup(items[i]) : NULL;
        if (copy == NULL) {
            clear_list(&list);
            return is_allowed ? out_of_memory(error) : refuse(setting, items[i], error);
        }
        list.items[list.count++] = copy;
    }
    struct config_list *place = (struct config_list *)((char *)config + setting->offset);
    clear_list(place);
    *place = list;
    return true;
}

/* Cuts "a, b" at its commas. */
static bool read_list(const struct setting *setting, struct config *config, const char *value,
                      struct error *error)
{
    const char *items[CONFIG_MAX_LIST + 1];
    size_t count = 0;
    char *copy = strdup(value);
    if (copy == NULL)
        return out_of_memory(error);
    char *rest = copy;
    for (char *item; (item = strsep(&rest, ",")) != NULL && count <= CONFIG_MAX_LIST;) {
        while (*item == ' ')
            item++;
        for (size_t length = strlen(item); length > 0 && item[length - 1] == ' ';)
            item[--length] = '\0';
        if (*item != '\0' || rest != NULL || count > 0)
            items[count++] = item;
    }
    bool done = setting_read_items(setting, config, items, count, error);
    free(copy);
    return done;
}

static bool read_text(const struct setting *setting, char **place, const char *value, struct error *error)
{
    if (!check_text(setting, value, error))
        return false;
    char *copy = strdup(value);
    if (copy == NULL)
        return out_of_memory(error);
    free(*place);
    *place = copy;
    return true;
}

bool setting_read(const struct setting *setting, struct config *config, const char *value,
                  struct error *error)
{
    void *place = (char *)config + setting->offset;
    uint64_t number;
    switch (setting->type) {
    case SETTING_TEXT:
    case SETTING_NAME:
    case SETTING_REDIS_URL:
    case SETTING_CHOICE:
        return read_text(setting, place, value, error);
    case SETTING_LIST:
        return read_list(setting, config, value, error);
    case SETTING_BOOL:
        return read_bool(value, place) || refuse(setting, value, error);
    default:
        if (!read_number(setting, value, &number))
            return refuse(setting, value, error);
        *(uint64_t *)place = number;
        return true;
    }
}

void setting_format_number(enum setting_type type, uint64_t number, char *text, size_t size)
{
    const struct unit *unit = units_of(type);
    while (unit->worth > 1 && (number == 0 || number % unit->worth != 0))
        unit++;
    snprintf(text, size, "%" PRIu64 "%s", number / unit->worth, number == 0 ? "" : unit->name);
}

void setting_write(const struct setting *setting, const struct config *config, FILE *stream)
{
    const void *place = (const char *)config + setting->offset;
    const struct config_list *list = place;
    char text[32];
    switch (setting->type) {
    case SETTING_TEXT:
    case SETTING_NAME:
    case SETTING_REDIS_URL:
    case SETTING_CHOICE:
        fputs(*(char *const *)place, stream);
        break;
    case SETTING_BOOL:
        fputs(*(const bool *)place ? "yes" : "no", stream);
        break;
    case SETTING_LIST:
        for (size_t i = 0; i < list->count; i++)
            fprintf(stream, "%s%s", i > 0 ? "," : "", list->items[i]);
        break;
    default:
        setting_format_number(setting->type, *(const uint64_t *)place, text, sizeof text);
        fputs(text, stream);
    }
}

void setting_clear(const struct setting *setting, struct config *config)
{
    void *place = (char *)config + setting->offset;
    switch (setting->type) {
    case SETTING_TEXT:
    case SETTING_NAME:
    case SETTING_REDIS_URL:
    case SETTING_CHOICE:
        free(*(char **)place);
        *(char **)place = NULL;
        break;
    case SETTING_LIST:
        clear_list(place);
        break;
    default:
        break;
    }
}
