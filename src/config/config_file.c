// SPDX-License-Identifier: Apache-2.0
/*
 * The configuration file: YAML of a fixed shape, sections of settings, read event by event with libyaml (this
 * file is its only user). Nothing nests deeper than a list in a section, so nothing recurs and nothing grows
 * with the input.
 */
#include "config/config.h"
#include "config/setting.h"
#include "config/suggest.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_SETTINGS = 256 };

/* Where in the file the reader is; what events may come next follows from it. */
enum place {
    BEFORE_SECTIONS, /* the mapping of sections */
    SECTION_KEY,
    SECTION_VALUE, /* the section's mapping, or nothing */
    SETTING_KEY,
    SETTING_VALUE,
    IN_LIST,
    AFTER_SECTIONS,
};

struct reader {
    struct config *config;
    const char *file;
    struct error *error;
    enum place place;
    const struct section *section;
    const struct setting *setting;
    char *items[CONFIG_MAX_LIST]; /* of the list, owned */
    size_t item_count;
    bool seen_sections[MAX_SETTINGS], seen_settings[MAX_SETTINGS];
};

static bool fail(struct reader *reader, yaml_mark_t mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct reader *reader, yaml_mark_t mark, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(reader->error, STATUS_CONFIGURATION, "%s: line %zu, column %zu: %s", reader->file,
                     mark.line + 1, mark.column + 1, text);
}

/* Adds file, line and column to an error of a single setting. */
static bool fail_with(struct reader *reader, yaml_mark_t mark, const struct error *inner)
{
    if (inner->status != STATUS_CONFIGURATION)
        return error_set(reader->error, inner->status, "%s", inner->text);
    return fail(reader, mark, "%s", inner->text);
}

static const char *text_of(const yaml_event_t *event)
{
    return (const char *)event->data.scalar.value;
}

/* Nothing at all, "~" or "null". */
static bool is_null(const yaml_event_t *event)
{
    const char *text = text_of(event);
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static bool read_section_key(struct reader *reader, const yaml_event_t *event)
{
    struct suggestion suggestion = {.word = text_of(event)};
    char quoted[SETTING_QUOTE_SIZE], hint[128];
    for (size_t i = 0; i < section_count; i++) {
        suggest_offer(&suggestion, sections[i].name);
        if (strcmp(sections[i].name, text_of(event)) != 0)
            continue;
        if (reader->seen_sections[i])
            return fail(reader, event->start_mark, "the section '%s' is there twice: join the two",
                        sections[i].name);
        reader->seen_sections[i] = true;
        reader->section = &sections[i];
        reader->place = SECTION_VALUE;
        return true;
    }
    return fail(reader, event->start_mark, "there is no section '%s'%s",
                setting_quote(text_of(event), quoted), suggest_text(&suggestion, hint, sizeof hint));
}

static bool refuse_setting(struct reader *reader, const yaml_event_t *event)
{
    struct suggestion suggestion = {.word = text_of(event)};
    char quoted[SETTING_QUOTE_SIZE], hint[128];
    for (size_t i = 0; i < setting_count; i++)
        if (setting_is_in(&settings[i], reader->section->name))
            suggest_offer(&suggestion, strchr(settings[i].name, '.') + 1);
    return fail(reader, event->start_mark, "there is no setting '%s' in the section '%s'%s",
                setting_quote(text_of(event), quoted), reader->section->name,
                suggest_text(&suggestion, hint, sizeof hint));
}

static bool read_setting_key(struct reader *reader, const yaml_event_t *event)
{
    char name[128];
    int length = snprintf(name, sizeof name, "%s.%s", reader->section->name, text_of(event));
    reader->setting = length > 0 && (size_t)length < sizeof name ? setting_find(name) : NULL;
    if (reader->setting == NULL)
        return refuse_setting(reader, event);
    bool *seen = &reader->seen_settings[reader->setting - settings];
    if (*seen)
        return fail(reader, event->start_mark, "%s is set twice: remove one", reader->setting->name);
    *seen = true;
    reader->place = SETTING_VALUE;
    return true;
}

static bool read_value(struct reader *reader, const yaml_event_t *event)
{
    struct error inner;
    if (is_null(event))
        return fail(reader, event->start_mark, "%s has no value: remove the line, or write \"\" for none",
                    reader->setting->name);
    if (!setting_read(reader->setting, reader->config, text_of(event), &inner))
        return fail_with(reader, event->start_mark, &inner);
    reader->place = SETTING_KEY;
    return true;
}

static bool read_item(struct reader *reader, const yaml_event_t *event)
{
    if (reader->item_count == CONFIG_MAX_LIST)
        return fail(reader, event->start_mark, "%s holds more than %d items", reader->setting->name,
                    CONFIG_MAX_LIST);
    char *copy = strdup(text_of(event));
    if (copy == NULL)
        return error_set(reader->error, STATUS_FAILED, "out of memory while reading %s", reader->file);
    reader->items[reader->item_count++] = copy;
    return true;
}

static void free_items(struct reader *reader)
{
    for (size_t i = 0; i < reader->item_count; i++)
        free(reader->items[i]);
    reader->item_count = 0;
}

static bool end_list(struct reader *reader, const yaml_event_t *event)
{
    struct error inner;
    bool done = setting_read_items(reader->setting, reader->config, (const char *const *)reader->items,
                                   reader->item_count, &inner);
    free_items(reader);
    reader->place = SETTING_KEY;
    return done || fail_with(reader, event->start_mark, &inner);
}

/* What a person must be told where the event does not belong to the place. */
static bool refuse_event(struct reader *reader, const yaml_event_t *event)
{
    char allowed[256];
    switch (reader->place) {
    case SECTION_VALUE:
        return fail(reader, event->start_mark, "'%s' is a section: its settings follow indented, one a line",
                    reader->section->name);
    case SETTING_VALUE:
    case IN_LIST:
        setting_describe(reader->setting, allowed, sizeof allowed);
        return fail(reader, event->start_mark, "%s must be %s", reader->setting->name, allowed);
    default:
        return fail(reader, event->start_mark,
                    "here must stand the name of a %s, a colon and what belongs to it",
                    reader->place == SETTING_KEY ? "setting" : "section");
    }
}

static bool read_scalar(struct reader *reader, const yaml_event_t *event)
{
    if (strlen(text_of(event)) != event->data.scalar.length)
        return fail(reader, event->start_mark, "a NUL character cannot be part of a name or value");
    switch (reader->place) {
    case BEFORE_SECTIONS: /* a file of nothing but comments */
        reader->place = AFTER_SECTIONS;
        return is_null(event) || fail(reader, event->start_mark, "the file must hold sections of settings");
    case SECTION_KEY:
        return read_section_key(reader, event);
    case SECTION_VALUE:
        reader->place = SECTION_KEY;
        if (is_null(event))
            return true;
        reader->place = SECTION_VALUE;
        return refuse_event(reader, event);
    case SETTING_KEY:
        return read_setting_key(reader, event);
    case SETTING_VALUE:
        return read_value(reader, event);
    case IN_LIST:
        return read_item(reader, event);
    default:
        return refuse_event(reader, event);
    }
}

/* Beginnings and ends: from one place to the next. */
static bool step(struct reader *reader, const yaml_event_t *event, enum place from, enum place to)
{
    if (reader->place != from)
        return refuse_event(reader, event);
    reader->place = to;
    return true;
}

static bool has_extras(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL;
    default:
        return event->type == YAML_ALIAS_EVENT;
    }
}

static bool read_event(struct reader *reader, const yaml_event_t *event)
{
    if (has_extras(event))
        return fail(reader, event->start_mark,
                    "anchors, aliases and tags are not supported: write the value itself");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_MAPPING_START_EVENT:
        return reader->place == BEFORE_SECTIONS ? step(reader, event, BEFORE_SECTIONS, SECTION_KEY)
                                                : step(reader, event, SECTION_VALUE, SETTING_KEY);
    case YAML_MAPPING_END_EVENT:
        return reader->place == SETTING_KEY ? step(reader, event, SETTING_KEY, SECTION_KEY)
                                            : step(reader, event, SECTION_KEY, AFTER_SECTIONS);
    case YAML_SEQUENCE_START_EVENT:
        if (reader->place == SETTING_VALUE && reader->setting->type != SETTING_LIST)
            return refuse_event(reader, event);
        return step(reader, event, SETTING_VALUE, IN_LIST);
    case YAML_SEQUENCE_END_EVENT:
        return end_list(reader, event);
    case YAML_DOCUMENT_START_EVENT:
        return reader->place == BEFORE_SECTIONS ||
               fail(reader, event->start_mark, "a second document begins: one file holds one configuration");
    default:
        return true;
    }
}

static bool fail_syntax(struct reader *reader, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return error_set(reader->error, STATUS_FAILED, "out of memory while reading %s", reader->file);
    return fail(reader, parser->problem_mark, "this is not YAML: %s",
                parser->problem != NULL ? parser->problem : "it cannot be read");
}

bool config_read_text(struct config *config, const char *text, size_t length, const char *name,
                      struct error *error)
{
    struct reader reader = {.config = config, .file = name, .error = error};
    yaml_parser_t parser;
    assert(setting_count <= MAX_SETTINGS && section_count <= MAX_SETTINGS);
    if (!yaml_parser_initialize(&parser))
        return error_set(error, STATUS_FAILED, "out of memory while reading %s", name);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    bool fine = true, is_end = false;
    while (fine && !is_end) {
        yaml_event_t event;
        fine = yaml_parser_parse(&parser, &event) != 0;
        if (!fine) {
            fail_syntax(&reader, &parser);
            break;
        }
        is_end = event.type == YAML_STREAM_END_EVENT;
        fine = read_event(&reader, &event);
        yaml_event_delete(&event);
    }
    free_items(&reader);
    yaml_parser_delete(&parser);
    return fine;
}

bool config_read_file(struct config *config, const char *path, struct error *error)
{
    bool fine = false;
    char *text = malloc(MAX_FILE_BYTES + 1);
    FILE *file = text != NULL ? fopen(path, "re") : NULL;
    if (file == NULL) {
        error_set(error, STATUS_CONFIGURATION, "cannot open the configuration %s: %s", path, strerror(errno));
        goto done;
    }
    size_t length = fread(text, 1, MAX_FILE_BYTES + 1, file);
    if (ferror(file))
        error_set(error, STATUS_CONFIGURATION, "cannot read the configuration %s: %s", path, strerror(errno));
    else if (length > MAX_FILE_BYTES)
        error_set(error, STATUS_CONFIGURATION,
                  "the configuration %s is larger than 1 MiB: is it the right file?", path);
    else
        fine = config_read_text(config, text, length, path, error);
    fclose(file);
done:
    free(text);
    return fine;
}
