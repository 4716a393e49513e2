// SPDX-License-Identifier: Apache-2.0
/* The only user of libyaml. */
#include "config/document.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct reading {
    const char *name;
    bool begun; /* a document did */
    document_take *take;
    void *taker;
    struct error *error;
};

bool document_fail(const char *name, struct document_place place, struct error *error, const char *format,
                   ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_set(error, STATUS_CONFIGURATION, "%s: line %u, column %u: %s", name, place.line,
                     place.column, text);
}

static struct document_place place_of(yaml_mark_t mark)
{
    return (struct document_place){(unsigned)mark.line + 1, (unsigned)mark.column + 1};
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

static bool take_scalar(const struct reading *reading, const yaml_event_t *event, struct document_event *one)
{
    one->type = DOCUMENT_SCALAR;
    one->text = (const char *)event->data.scalar.value;
    one->is_null = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                   (one->text[0] == '\0' || strcmp(one->text, "~") == 0 || strcmp(one->text, "null") == 0);
    if (strlen(one->text) != event->data.scalar.length)
        return document_fail(reading->name, one->place, reading->error,
                             "a NUL character cannot be part of a name or value");
    return reading->take(reading->taker, one, reading->error);
}

static bool take_event(struct reading *reading, const yaml_event_t *event)
{
    struct document_event one = {.text = "", .place = place_of(event->start_mark)};
    if (has_extras(event))
        return document_fail(reading->name, one.place, reading->error,
                             "anchors, aliases and tags are not supported: write the value itself");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return take_scalar(reading, event, &one);
    case YAML_MAPPING_START_EVENT:
        one.type = DOCUMENT_MAPPING;
        break;
    case YAML_MAPPING_END_EVENT:
        one.type = DOCUMENT_MAPPING_END;
        break;
    case YAML_SEQUENCE_START_EVENT:
        one.type = DOCUMENT_LIST;
        break;
    case YAML_SEQUENCE_END_EVENT:
        one.type = DOCUMENT_LIST_END;
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (reading->begun)
            return document_fail(reading->name, one.place, reading->error,
                                 "a second document begins: one file holds one");
        reading->begun = true;
        return true;
    default:
        return true;
    }
    return reading->take(reading->taker, &one, reading->error);
}

static bool fail_syntax(const struct reading *reading, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return error_set(reading->error, STATUS_FAILED, "out of memory while reading %s", reading->name);
    return document_fail(reading->name, place_of(parser->problem_mark), reading->error,
                         "this is not YAML: %s",
                         parser->problem != NULL ? parser->problem : "it cannot be read");
}

bool document_read(const char *text, size_t length, const char *name, document_take *take, void *taker,
                   struct error *error)
{
    struct reading reading = {.name = name, .take = take, .taker = taker, .error = error};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_set(error, STATUS_FAILED, "out of memory while reading %s", name);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    bool fine = true, is_end = false;
    while (fine && !is_end) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            fine = fail_syntax(&reading, &parser);
            break;
        }
        is_end = event.type == YAML_STREAM_END_EVENT;
        fine = take_event(&reading, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return fine;
}

char *document_load(const char *path, const char *what, size_t max_bytes, size_t *length, struct error *error)
{
    char *text = malloc(max_bytes + 1);
    FILE *file = text != NULL ? fopen(path, "re") : NULL;
    if (file == NULL) {
        error_set(error, STATUS_CONFIGURATION, "cannot open the %s %s: %s", what, path, strerror(errno));
        free(text);
        return NULL;
    }
    bool fine = false;
    *length = fread(text, 1, max_bytes + 1, file);
    if (ferror(file))
        error_set(error, STATUS_CONFIGURATION, "cannot read the %s %s: %s", what, path, strerror(errno));
    else if (*length > max_bytes)
        error_set(error, STATUS_CONFIGURATION, "the %s %s is larger than %zu KiB: is it the right file?",
                  what, path, max_bytes >> 10);
    else
        fine = true;
    fclose(file);
    if (!fine) {
        free(text);
        return NULL;
    }
    text[*length] = '\0';
    return text;
}
