// SPDX-License-Identifier: Apache-2.0
#include "intel/export_value.h"

#include <json-c/json.h>

#include <assert.h>
#include <string.h>
#include <strings.h>

enum { MAX_NAME = 64 };

/* json-c's object stands behind this name; nobody else looks into it. */
static struct json_object *own(const struct export_value *value)
{
    union {
        const struct export_value *ours;
        struct json_object *theirs;
    } one = {.ours = value};
    return one.theirs;
}

static struct export_value *shown(struct json_object *object)
{
    union {
        struct json_object *theirs;
        struct export_value *ours;
    } one = {.theirs = object};
    return one.ours;
}

struct export_value *export_value_read(const struct export_record *record, struct error *error)
{
    struct json_tokener *tokener = json_tokener_new_ex(EXPORT_MAX_DEPTH + 1);
    if (tokener == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while reading %s", record->path);
        return NULL;
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *object = json_tokener_parse_ex(tokener, record->text, (int)record->length);
    enum json_tokener_error fault = json_tokener_get_error(tokener);
    json_tokener_free(tokener);
    if (fault == json_tokener_success && json_object_is_type(object, json_type_object))
        return shown(object);
    json_object_put(object);
    error_set(error, STATUS_CONFIGURATION,
              "%s:%llu: the entry that begins here is no JSON: %s; export it again", record->path,
              (unsigned long long)record->line,
              fault == json_tokener_success ? "no object" : json_tokener_error_desc(fault));
    return NULL;
}

void export_value_free(struct export_value *value)
{
    json_object_put(own(value));
}

static struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *found;
    if (!json_object_is_type(object, json_type_object))
        return NULL;
    if (json_object_object_get_ex(object, name, &found))
        return found;
    json_object_object_foreach(object, key, value)
    {
        if (strcasecmp(key, name) == 0)
            return value;
    }
    return NULL;
}

const struct export_value *export_at(const struct export_value *value, const char *path)
{
    struct json_object *object = own(value);
    while (*path != '\0' && object != NULL) {
        char name[MAX_NAME];
        size_t length = strcspn(path, ".");
        assert(length < sizeof name);
        memcpy(name, path, length);
        name[length] = '\0';
        object = member(object, name);
        path += length + (path[length] == '.');
    }
    return shown(object);
}

const char *export_text(const struct export_value *value, const char *path)
{
    struct json_object *object = own(export_at(value, path));
    return json_object_is_type(object, json_type_string) ? json_object_get_string(object) : "";
}

uint64_t export_number(const struct export_value *value, const char *path)
{
    struct json_object *object = own(export_at(value, path));
    return json_object_is_type(object, json_type_int) ? json_object_get_uint64(object) : 0;
}

size_t export_count(const struct export_value *value, const char *path)
{
    struct json_object *object = own(export_at(value, path));
    return json_object_is_type(object, json_type_array) ? json_object_array_length(object) : 0;
}

const struct export_value *export_element(const struct export_value *value, const char *path, size_t index)
{
    if (index >= export_count(value, path))
        return NULL;
    return shown(json_object_array_get_idx(own(export_at(value, path)), index));
}

void export_each_text(const struct export_value *value, const char *path,
                      void (*take)(void *taker, const char *name, const char *text), void *taker)
{
    struct json_object *object = own(export_at(value, path));
    if (!json_object_is_type(object, json_type_object))
        return;
    json_object_object_foreach(object, name, member_value)
    {
        if (json_object_is_type(member_value, json_type_string))
            take(taker, name, json_object_get_string(member_value));
    }
}
