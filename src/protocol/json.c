// SPDX-License-Identifier: Apache-2.0
#include "protocol/json.h"

#include "protocol/json_room.h"

#include <string.h>

enum state {
    BEFORE_VALUE,       /* a value must come */
    BEFORE_FIRST_VALUE, /* behind '[': a value or ']' */
    BEFORE_FIRST_NAME,  /* behind '{': a name or '}' */
    BEFORE_NAME,        /* behind ',' in an object */
    BEFORE_COLON,
    AFTER_VALUE, /* ',' or the container's end */
    IN_STRING,
    IN_ESCAPE,
    IN_UNICODE,
    IN_NUMBER,
    IN_LITERAL,
};

void json_reader_reset(struct json_reader *reader)
{
    reader->count = 0;
    reader->state = BEFORE_VALUE;
    reader->depth = 0;
    reader->in_other_member = reader->in_tag = false;
    memset(reader->repeated, 0, sizeof reader->repeated);
    reader->text_used = 1; /* offset 0 means: none */
    reader->text[0] = '\0';
    reader->high_surrogate = 0;
    reader->pending_name = 0;
    reader->length = 0;
    reader->is_object = 0;
}

void json_reader_copy(struct json_reader *to, const struct json_reader *from)
{
    memcpy(to, from, offsetof(struct json_reader, values));
    memcpy(to->values, from->values, from->count * sizeof from->values[0]);
    /* what is stored of the string being read stands before text_used as well */
    memcpy(to->text, from->text, from->text_used);
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static bool is_hex_digit(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

static bool in_object(const struct json_reader *reader)
{
    return reader->depth > 0 && (reader->is_object >> (reader->depth - 1) & 1) != 0;
}

/* ---- values ---- */

/* Gives the next value its place and name, and stores it where there is room. What is left out takes no text.
 */
static uint8_t add_value(struct json_reader *reader, struct json_value value)
{
    value.parent = reader->depth == 0 ? JSON_NONE : reader->container[reader->depth - 1];
    value.position = reader->depth == 0 ? 0 : reader->children[reader->depth - 1];
    value.name = reader->pending_name;
    reader->pending_name = 0;
    if (reader->depth > 0 && reader->children[reader->depth - 1] < UINT16_MAX)
        reader->children[reader->depth - 1]++;
    if (value.parent != JSON_NONE)
        reader->values[value.parent].length = reader->children[reader->depth - 1];
    if (json_is_tag_value(reader) && reader->repeated[reader->member] > JSON_MAX_REPEATED) {
        json_replace_tag(reader, value);
        return JSON_NONE;
    }
    bool parent_left_out = reader->depth > 0 && value.parent == JSON_NONE;
    if (parent_left_out || reader->count + json_values_kept_back(reader) >= JSON_MAX_VALUES) {
        uint16_t first = value.name != 0 ? value.name : value.text;
        if (first != 0)
            reader->text_used = first;
        return JSON_NONE;
    }
    if (json_is_tag_value(reader) && reader->repeated[reader->member] == JSON_MAX_REPEATED)
        json_make_replaceable(reader, &value);
    reader->values[reader->count] = value;
    return reader->count++;
}

static bool open_container(struct json_reader *reader, bool is_object)
{
    if (reader->depth == JSON_MAX_DEPTH)
        return false;
    uint8_t index = add_value(reader, (struct json_value){.type = is_object ? JSON_OBJECT : JSON_ARRAY});
    reader->container[reader->depth] = index;
    reader->children[reader->depth] = 0;
    uint32_t bit = (uint32_t)1 << reader->depth;
    reader->is_object = is_object ? reader->is_object | bit : reader->is_object & ~bit;
    reader->depth++;
    if (is_object && reader->depth == json_member_depth(reader)) /* of a batch, the next message */
        memset(reader->repeated, 0, sizeof reader->repeated);
    reader->state = is_object ? BEFORE_FIRST_NAME : BEFORE_FIRST_VALUE;
    return true;
}

static void start_text(struct json_reader *reader, enum json_type type)
{
    reader->now = (struct json_value){.type = (uint8_t)type, .hexadecimal = true, .text = reader->text_used};
}

/* Keeps as much of `bytes` as there is room for, and notes what they are. */
static void add_text(struct json_reader *reader, const uint8_t *bytes, size_t length)
{
    struct json_value *now = &reader->now;
    size_t room = json_room_for_text(reader), keep = length < room ? length : room;
    memcpy(reader->text + reader->text_used, bytes, keep);
    reader->text_used = (uint16_t)(reader->text_used + keep);
    now->stored = (uint16_t)(now->stored + keep);
    for (size_t i = 0; i < length && now->hexadecimal; i++) {
        uint64_t at = (uint64_t)now->length + i;
        if (at == 1 && bytes[i] == 'x' && now->stored > 0 && reader->text[now->text] == '0')
            now->prefixed = true;
        else if (!is_hex_digit(bytes[i]))
            now->hexadecimal = false;
    }
    now->length += (uint32_t)length;
}

/* Ends a string or number: its text gets a NUL. */
static void end_text(struct json_reader *reader)
{
    struct json_value *now = &reader->now;
    if (now->length == 0 || (now->prefixed && now->length == 2))
        now->hexadecimal = false;
    if (now->stored == 0) {
        now->text = 0; /* where a NUL stands: nothing takes no room */
        return;
    }
    reader->text[reader->text_used] = '\0';
    if (reader->text_used < JSON_TEXT_SIZE - 1)
        reader->text_used++;
}

static void end_string(struct json_reader *reader)
{
    end_text(reader);
    if (reader->string_is_name) {
        reader->pending_name = reader->now.text;
        reader->state = BEFORE_COLON;
        json_note_member(reader);
    } else {
        add_value(reader, reader->now);
        reader->state = AFTER_VALUE;
    }
}

/* ---- escapes ---- */

static void add_code_point(struct json_reader *reader, uint32_t code)
{
    static const uint8_t leads[] = {0, 0x00, 0xc0, 0xe0, 0xf0}; /* by length, RFC 3629 */
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    uint8_t utf8[4];
    for (size_t i = length; i-- > 1; code >>= 6)
        utf8[i] = (uint8_t)(0x80 | (code & 0x3f));
    utf8[0] = (uint8_t)(leads[length] | code);
    add_text(reader, utf8, length);
}

/* The first half of a surrogate pair has no second one. */
static void end_half_pair(struct json_reader *reader)
{
    if (reader->high_surrogate != 0)
        add_code_point(reader, 0xfffd);
    reader->high_surrogate = 0;
}

static void end_unicode(struct json_reader *reader)
{
    uint32_t unit = reader->unicode;
    bool is_low = unit >= 0xdc00 && unit < 0xe000;
    if (is_low && reader->high_surrogate != 0) {
        unit = 0x10000 + ((uint32_t)(reader->high_surrogate - 0xd800) << 10) + (unit - 0xdc00);
        reader->high_surrogate = 0;
    } else {
        end_half_pair(reader);
    }
    if (unit >= 0xd800 && unit < 0xdc00) /* wait for the low half of a pair */
        reader->high_surrogate = (uint16_t)unit;
    else
        add_code_point(reader, is_low && unit < 0x10000 ? 0xfffd : unit);
}

static bool read_escape(struct json_reader *reader, uint8_t byte)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (byte == 'u') {
        reader->unicode = 0;
        reader->escape_digits = 0;
        reader->state = IN_UNICODE;
        return true;
    }
    const char *found = byte == '\0' ? NULL : strchr(from, byte);
    if (found == NULL)
        return false;
    end_half_pair(reader);
    add_text(reader, (const uint8_t *)&to[found - from], 1);
    reader->state = IN_STRING;
    return true;
}

static bool read_unicode_digit(struct json_reader *reader, uint8_t byte)
{
    if (!is_hex_digit(byte))
        return false;
    unsigned digit = byte <= '9' ? byte - 0x30u : (byte | 0x20u) - 'a' + 10u;
    reader->unicode = (uint16_t)(reader->unicode << 4 | digit);
    if (++reader->escape_digits == 4) {
        end_unicode(reader);
        reader->state = IN_STRING;
    }
    return true;
}

/* ---- the states ---- */

static const char *const literals[] = {[JSON_NULL] = "null", [JSON_FALSE] = "false", [JSON_TRUE] = "true"};

static bool begin_value(struct json_reader *reader, uint8_t byte)
{
    if (byte == '{' || byte == '[')
        return open_container(reader, byte == '{');
    if (reader->depth == 0) /* a lone string or number is no message */
        return false;
    reader->string_is_name = false;
    if (byte == '"') {
        start_text(reader, JSON_STRING);
        reader->state = IN_STRING;
    } else if (byte == '-' || (byte >= '0' && byte <= '9')) {
        start_text(reader, JSON_NUMBER);
        add_text(reader, &byte, 1);
        reader->state = IN_NUMBER;
    } else if (byte == 'n' || byte == 'f' || byte == 't') {
        reader->now = (struct json_value){.type = byte == 'n'   ? JSON_NULL
                                                  : byte == 'f' ? JSON_FALSE
                                                                : JSON_TRUE};
        reader->literal_at = 1;
        reader->state = IN_LITERAL;
    } else {
        return false;
    }
    return true;
}

static bool begin_name(struct json_reader *reader, uint8_t byte)
{
    if (byte != '"')
        return false;
    reader->string_is_name = true;
    start_text(reader, JSON_STRING);
    reader->state = IN_STRING;
    return true;
}

static bool after_value(struct json_reader *reader, uint8_t byte)
{
    if (byte == ',') {
        reader->state = in_object(reader) ? BEFORE_NAME : BEFORE_VALUE;
        return true;
    }
    if (byte != (in_object(reader) ? '}' : ']'))
        return false;
    reader->depth--;
    reader->in_other_member &= reader->depth >= json_member_depth(reader);
    reader->state = AFTER_VALUE;
    return true;
}

static bool read_literal(struct json_reader *reader, uint8_t byte)
{
    const char *literal = literals[reader->now.type];
    if (byte != (uint8_t)literal[reader->literal_at])
        return false;
    if (literal[++reader->literal_at] == '\0') {
        add_value(reader, reader->now);
        reader->state = AFTER_VALUE;
    }
    return true;
}

/* Reads one byte that is neither part of a string's or number's run nor space between tokens. */
static bool read_byte(struct json_reader *reader, uint8_t byte)
{
    switch ((enum state)reader->state) {
    case BEFORE_FIRST_VALUE:
        return byte == ']' ? after_value(reader, byte) : begin_value(reader, byte);
    case BEFORE_VALUE:
        return begin_value(reader, byte);
    case BEFORE_FIRST_NAME:
        return byte == '}' ? after_value(reader, byte) : begin_name(reader, byte);
    case BEFORE_NAME:
        return begin_name(reader, byte);
    case BEFORE_COLON:
        reader->state = BEFORE_VALUE;
        return byte == ':';
    case AFTER_VALUE:
        return after_value(reader, byte);
    case IN_ESCAPE:
        return read_escape(reader, byte);
    case IN_UNICODE:
        return read_unicode_digit(reader, byte);
    case IN_LITERAL:
        return read_literal(reader, byte);
    case IN_STRING:
    case IN_NUMBER:
        break;
    }
    return false;
}

/* The run of a string up to its quote, a backslash, a control character or the end of `bytes`. */
static size_t read_string(struct json_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t run = 0;
    while (run < length && bytes[run] != '"' && bytes[run] != '\\' && bytes[run] >= 0x20)
        run++;
    if (run > 0)
        add_text(reader, bytes, run);
    return run;
}

static size_t read_number(struct json_reader *reader, const uint8_t *bytes, size_t length)
{
    size_t run = 0;
    while (run < length &&
           (is_hex_digit(bytes[run]) || bytes[run] == '.' || bytes[run] == '+' || bytes[run] == '-'))
        run++; /* hexadecimal letters hold the exponent's e; what is no number fails in json_number() */
    if (run > 0)
        add_text(reader, bytes, run);
    return run;
}

/* Reads inside a string: true when it took bytes or changed state, false for a byte that a string cannot
 * hold. */
static bool step_in_string(struct json_reader *reader, const uint8_t *bytes, size_t length, size_t *used)
{
    if (bytes[*used] != '\\') /* which may begin the second half */
        end_half_pair(reader);
    *used += read_string(reader, bytes + *used, length - *used);
    if (*used == length)
        return true;
    uint8_t byte = bytes[(*used)++];
    if (byte == '"')
        end_string(reader);
    else if (byte == '\\')
        reader->state = IN_ESCAPE;
    else if (byte !=
             '\n') /* RFC 8259 allows no control characters, some readers do; a line feed ends a line */
        add_text(reader, &byte, 1);
    else {
        (*used)--;
        return false;
    }
    return true;
}

enum json_result json_read(struct json_reader *reader, const uint8_t *bytes, size_t length, size_t *used)
{
    size_t at = 0;
    bool good = true;
    while (at < length && good) {
        if (reader->state == IN_STRING) {
            good = step_in_string(reader, bytes, length, &at);
        } else if (reader->state == IN_NUMBER) {
            at += read_number(reader, bytes + at, length - at);
            if (at < length) {
                end_text(reader);
                add_value(reader, reader->now);
                reader->state = AFTER_VALUE;
            }
        } else if (is_space(bytes[at]) && reader->state <= AFTER_VALUE) {
            at++;
        } else {
            good = read_byte(reader, bytes[at]);
            at += good;
            if (good && reader->depth == 0 && reader->state == AFTER_VALUE) {
                *used = at;
                return JSON_COMPLETE;
            }
        }
    }
    *used = at;
    reader->length += (uint32_t)at;
    return good && reader->length <= JSON_MAX_LENGTH ? JSON_MORE : JSON_BAD;
}
