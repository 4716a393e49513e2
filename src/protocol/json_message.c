// SPDX-License-Identifier: Apache-2.0
/* Looking at a message that json.c has read. */
#include "protocol/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uint8_t json_next_member(const struct json_reader *reader, uint8_t object, const char *name, uint8_t after)
{
    if (!json_is(reader, object, JSON_OBJECT))
        return JSON_NONE;
    unsigned first = after == JSON_NONE ? object + 1u : after + 1u;
    for (unsigned i = first; i < reader->count; i++) {
        const struct json_value *value = &reader->values[i];
        if (value->parent == object && value->name != 0 && strcmp(reader->text + value->name, name) == 0)
            return (uint8_t)i;
    }
    return JSON_NONE;
}

uint8_t json_member(const struct json_reader *reader, uint8_t object, const char *name)
{
    uint8_t last = JSON_NONE;
    for (uint8_t next = JSON_NONE; (next = json_next_member(reader, object, name, next)) != JSON_NONE;)
        last = next;
    return last;
}

uint8_t json_element(const struct json_reader *reader, uint8_t array, uint16_t position)
{
    if (!json_is(reader, array, JSON_ARRAY))
        return JSON_NONE;
    for (unsigned i = array + 1u; i < reader->count; i++)
        if (reader->values[i].parent == array && reader->values[i].position == position)
            return (uint8_t)i;
    return JSON_NONE;
}

static bool has_text(const struct json_reader *reader, uint8_t value)
{
    return json_is(reader, value, JSON_STRING) || json_is(reader, value, JSON_NUMBER);
}

const char *json_text(const struct json_reader *reader, uint8_t value)
{
    return has_text(reader, value) ? reader->text + reader->values[value].text : "";
}

uint32_t json_length(const struct json_reader *reader, uint8_t value)
{
    return value == JSON_NONE ? 0 : reader->values[value].length;
}

bool json_equals(const struct json_reader *reader, uint8_t value, const char *text)
{
    size_t length = strlen(text);
    return json_is(reader, value, JSON_STRING) && reader->values[value].length == length &&
           reader->values[value].stored == length &&
           memcmp(reader->text + reader->values[value].text, text, length) == 0;
}

static bool hex_within(const struct json_value *value, uint32_t low, uint32_t high)
{
    uint32_t digits = value->length - (value->prefixed ? 2 : 0);
    return value->hexadecimal && digits >= low && digits <= high;
}

bool json_is_hex(const struct json_reader *reader, uint8_t value, uint32_t low, uint32_t high)
{
    return json_is(reader, value, JSON_STRING) && hex_within(&reader->values[value], low, high);
}

bool json_is_prefixed_hex(const struct json_reader *reader, uint8_t value, uint32_t low, uint32_t high)
{
    return json_is_hex(reader, value, low, high) && reader->values[value].prefixed;
}

bool json_is_bare_hex(const struct json_reader *reader, uint8_t value, uint32_t low, uint32_t high)
{
    return json_is_hex(reader, value, low, high) && !reader->values[value].prefixed;
}

bool json_number(const struct json_reader *reader, uint8_t value, double *number)
{
    if (!has_text(reader, value) || reader->values[value].stored != reader->values[value].length ||
        reader->values[value].length == 0 || reader->values[value].length > 64)
        return false;
    /* strtod() would also take "inf", "nan", blanks and hexadecimal; the program keeps the C locale for
     * numbers */
    const char *text = json_text(reader, value);
    if (strspn(text, "0123456789+-.eE") != reader->values[value].length)
        return false;
    char *end;
    *number = strtod(text, &end);
    return *end == '\0' && end != text && isfinite(*number);
}
