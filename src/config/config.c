// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"

#include "config/setting.h"
#include "config/suggest.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The host name, made fit for a Redis key. */
static bool set_sensor_name(struct config *config, struct error *error)
{
    char name[65] = "";
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0')
        snprintf(name, sizeof name, "geophone");
    for (char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL)
            *c = '-';
    return config_set(config, "sensor.name", name, error);
}

bool config_init(struct config *config, struct error *error)
{
    *config = (struct config){.sensor = {.name = NULL}};
    for (size_t i = 0; i < setting_count; i++) {
        struct setting lenient = settings[i]; /* a default of "" stands for one that is found at start */
        if (settings[i].initial[0] == '\0')
            lenient.min = 0;
        if (!setting_read(&lenient, config, settings[i].initial, error))
            goto fail;
    }
    char signatures[PATH_MAX];
    if (!set_sensor_name(config, error))
        goto fail;
    if (config_find_signatures(signatures, sizeof signatures) &&
        !config_set(config, "signatures.directory", signatures, error))
        goto fail;
    return true;
fail:
    config_done(config);
    return false;
}

void config_done(struct config *config)
{
    for (size_t i = 0; i < setting_count; i++)
        setting_clear(&settings[i], config);
}

static bool refuse_unknown(const char *name, struct error *error)
{
    struct suggestion suggestion = {.word = name};
    for (size_t i = 0; i < setting_count; i++)
        suggest_offer(&suggestion, settings[i].name);
    for (size_t i = setting_count; i-- > 0;) /* the section may have been left out: the first that fits */
        if (strcmp(strchr(settings[i].name, '.') + 1, name) == 0)
            suggestion.best = settings[i].name;
    char quoted[SETTING_QUOTE_SIZE], hint[128];
    suggest_text(&suggestion, hint, sizeof hint);
    return error_set(error, STATUS_CONFIGURATION, "there is no setting '%s'%s", setting_quote(name, quoted),
                     hint[0] != '\0' ? hint : "; geophone --dump-config lists all");
}

bool config_set(struct config *config, const char *name, const char *value, struct error *error)
{
    const struct setting *setting = setting_find(name);
    if (setting == NULL)
        return refuse_unknown(name, error);
    return setting_read(setting, config, value, error);
}

static bool check_readable(const char *setting, const char *path, struct error *error)
{
    if (access(path, R_OK) == 0)
        return true;
    return error_set(error, STATUS_CONFIGURATION, "%s: cannot read %s: %s", setting, path, strerror(errno));
}

static bool check_signatures(const struct config *config, struct error *error)
{
    static const char *const files[] = {"pool-domains.tsv", "pool-addresses.tsv"};
    const char *directory = config->signatures.directory;
    if (directory[0] == '\0')
        return error_set(
            error, STATUS_CONFIGURATION,
            "the lists of known pools were not found beside the program: name their directory with "
            "signatures.directory");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[PATH_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, files[i]) >= sizeof path)
            return error_set(error, STATUS_CONFIGURATION, "signatures.directory: the path is too long");
        if (!check_readable("signatures.directory", path, error))
            return false;
    }
    return true;
}

bool config_check(const struct config *config, struct error *error)
{
    if (config->reassembly.direction_memory > config->reassembly.memory)
        return error_set(
            error, STATUS_CONFIGURATION,
            "reassembly.direction-memory is more than reassembly.memory, of which it is a part: lower it");
    for (size_t i = 0; i < config->geo.databases.count; i++)
        if (!check_readable("geo.databases", config->geo.databases.items[i], error))
            return false;
    if (config->redis.enabled && config->redis.password_file[0] != '\0' &&
        !check_readable("redis.password-file", config->redis.password_file, error))
        return false;
    return check_signatures(config, error);
}

void config_dump(const struct config *config, FILE *stream)
{
    for (size_t i = 0; i < setting_count; i++) {
        fprintf(stream, "%s = ", settings[i].name);
        setting_write(&settings[i], config, stream);
        fputc('\n', stream);
    }
}

bool config_list_has(const struct config_list *list, const char *item)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], item) == 0)
            return true;
    return false;
}
