// SPDX-License-Identifier: Apache-2.0
/*
 * The configuration file: YAML of a fixed shape, sections of settings, read event by event. Nothing nests
 * deeper than a list in a section, so nothing recurs and nothing grows with the input.
 */
#include "config/config.h"
#include "config/document.h"
#include "config/setting.h"
#include "config/suggest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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

#define FAIL(reader, event, ...) document_fail((reader)->file, (event)->place, (reader)->error, __VA_ARGS__)

/* Adds file, line and column to an error of a single setting. */
static bool fail_with(struct reader *reader, const struct document_event *event, const struct error *inner)
{
    if (inner->status != STATUS_CONFIGURATION)
        return error_set(reader->error, inner->status, "%s", inner->text);
    return FAIL(reader, event, "%s", inner->text);
}

static bool read_section_key(struct reader *reader, const struct document_event *event)
{
    struct suggestion suggestion = {.word = event->text};
    char quoted[SETTING_QUOTE_SIZE], hint[128];
    for (size_t i = 0; i < section_count; i++) {
        suggest_offer(&suggestion, sections[i].name);
        if (strcmp(sections[i].name, event->text) != 0)
            continue;
        if (reader->seen_sections[i])
            return FAIL(reader, event, "the section '%s' is there twice: join the two", sections[i].name);
        reader->seen_sections[i] = true;
        reader->section = &sections[i];
        reader->place = SECTION_VALUE;
        return true;
    }
    return FAIL(reader, event, "there is no section '%s'%s", setting_quote(event->text, quoted),
                suggest_text(&suggestion, hint, sizeof hint));
}

static bool refuse_setting(struct reader *reader, const struct document_event *event)
{
    struct suggestion suggestion = {.word = event->text};
    char quoted[SETTING_QUOTE_SIZE], hint[128];
    for (size_t i = 0; i < setting_count; i++)
        if (setting_is_in(&settings[i], reader->section->name))
            suggest_offer(&suggestion, strchr(settings[i].name, '.') + 1);
    return FAIL(reader, event, "there is no setting '%s' in the section '%s'%s",
                setting_quote(event->text, quoted), reader->section->name,
                suggest_text(&suggestion, hint, sizeof hint));
}

static bool read_setting_key(struct reader *reader, const struct document_event *event)
{
    char name[128];
    int length = snprintf(name, sizeof name, "%s.%s", reader->section->name, event->text);
    reader->setting = length > 0 && (size_t)length < sizeof name ? setting_find(name) : NULL;
    if (reader->setting == NULL)
        return refuse_setting(reader, event);
    bool *seen = &reader->seen_settings[reader->setting - settings];
    if (*seen)
        return FAIL(reader, event, "%s is set twice: remove one", reader->setting->name);
    *seen = true;
    reader->place = SETTING_VALUE;
    return true;
}

static bool read_value(struct reader *reader, const struct document_event *event)
{
    struct error inner;
    if (event->is_null)
        return FAIL(reader, event, "%s has no value: remove the line, or write \"\" for none",
                    reader->setting->name);
    if (!setting_read(reader->setting, reader->config, event->text, &inner))
        return fail_with(reader, event, &inner);
    reader->place = SETTING_KEY;
    return true;
}

static bool read_item(struct reader *reader, const struct document_event *event)
{
    if (reader->item_count == CONFIG_MAX_LIST)
        return FAIL(reader, event, "%s holds more than %d items", reader->setting->name, CONFIG_MAX_LIST);
    char *copy = strdup(event->text);
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

static bool end_list(struct reader *reader, const struct document_event *event)
{
    struct error inner;
    bool done = setting_read_items(reader->setting, reader->config, (const char *const *)reader->items,
                                   reader->item_count, &inner);
    free_items(reader);
    reader->place = SETTING_KEY;
    return done || fail_with(reader, event, &inner);
}

/* What a person must be told where the event does not belong to the place. */
static bool refuse_event(struct reader *reader, const struct document_event *event)
{
    char allowed[256];
    switch (reader->place) {
    case SECTION_VALUE:
        return FAIL(reader, event, "'%s' is a section: its settings follow indented, one a line",
                    reader->section->name);
    case SETTING_VALUE:
    case IN_LIST:
        setting_describe(reader->setting, allowed, sizeof allowed);
        return FAIL(reader, event, "%s must be %s", reader->setting->name, allowed);
    default:
        return FAIL(reader, event, "here must stand the name of a %s, a colon and what belongs to it",
                    reader->place == SETTING_KEY ? "setting" : "section");
    }
}

static bool read_scalar(struct reader *reader, const struct document_event *event)
{
    switch (reader->place) {
    case BEFORE_SECTIONS: /* a file of nothing but comments */
        reader->place = AFTER_SECTIONS;
        return event->is_null || FAIL(reader, event, "the file must hold sections of settings");
    case SECTION_KEY:
        return read_section_key(reader, event);
    case SECTION_VALUE:
        reader->place = SECTION_KEY;
        if (event->is_null)
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
static bool step(struct reader *reader, const struct document_event *event, enum place from, enum place to)
{
    if (reader->place != from)
        return refuse_event(reader, event);
    reader->place = to;
    return true;
}

static bool read_event(void *taker, const struct document_event *event, struct error *error)
{
    (void)error; /* the reader has it */
    struct reader *reader = taker;
    switch (event->type) {
    case DOCUMENT_SCALAR:
        return read_scalar(reader, event);
    case DOCUMENT_MAPPING:
        return reader->place == BEFORE_SECTIONS ? step(reader, event, BEFORE_SECTIONS, SECTION_KEY)
                                                : step(reader, event, SECTION_VALUE, SETTING_KEY);
    case DOCUMENT_MAPPING_END:
        return reader->place == SETTING_KEY ? step(reader, event, SETTING_KEY, SECTION_KEY)
                                            : step(reader, event, SECTION_KEY, AFTER_SECTIONS);
    case DOCUMENT_LIST:
        if (reader->place == SETTING_VALUE && reader->setting->type != SETTING_LIST)
            return refuse_event(reader, event);
        return step(reader, event, SETTING_VALUE, IN_LIST);
    case DOCUMENT_LIST_END:
        return end_list(reader, event);
    }
    return true;
}

bool config_read_text(struct config *config, const char *text, size_t length, const char *name,
                      struct error *error)
{
    struct reader reader = {.config = config, .file = name, .error = error};
    assert(setting_count <= MAX_SETTINGS && section_count <= MAX_SETTINGS);
    bool fine = document_read(text, length, name, read_event, &reader, error);
    free_items(&reader);
    return fine;
}

bool config_read_file(struct config *config, const char *path, struct error *error)
{
    size_t length;
    char *text = document_load(path, "configuration", MAX_FILE_BYTES, &length, error);
    bool fine = text != NULL && config_read_text(config, text, length, path, error);
    free(text);
    return fine;
}
