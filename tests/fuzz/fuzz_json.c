// SPDX-License-Identifier: Apache-2.0
/*
 * The JSON reader gives the same message however its bytes are cut into pieces and copied in between; what it
 * stores is consistent and within its bounds.
 */
#include "protocol/json.h"

#include <stdlib.h>
#include <string.h>

static void require(bool condition)
{
    if (!condition)
        abort();
}

static struct json_reader whole, pieces, copy;

static enum json_result read_whole(const uint8_t *bytes, size_t length, size_t *used)
{
    json_reader_reset(&whole);
    return json_read(&whole, bytes, length, used);
}

/* Each piece in a block of its own, so that reading past it is seen. */
static enum json_result read_pieces(const uint8_t *bytes, size_t length, size_t step, size_t *used)
{
    enum json_result result = JSON_MORE;
    json_reader_reset(&pieces);
    *used = 0;
    for (size_t at = 0; at < length && result == JSON_MORE; at += step) {
        size_t piece = length - at < step ? length - at : step, taken;
        uint8_t *block = malloc(piece);
        require(block != NULL);
        memcpy(block, bytes + at, piece);
        result = json_read(&pieces, block, piece, &taken);
        free(block);
        require(taken <= piece && (result != JSON_MORE || taken == piece));
        *used += taken;
        memset(&copy, (int)at, sizeof copy);
        json_reader_copy(&copy, &pieces);
        memcpy(&pieces, &copy, sizeof pieces);
    }
    return result;
}

static void check_value(const struct json_reader *reader, uint8_t index)
{
    const struct json_value *value = &reader->values[index];
    double number;
    require(value->type <= JSON_OBJECT && (value->parent == JSON_NONE) == (index == 0));
    require(value->name < JSON_TEXT_SIZE && value->text < JSON_TEXT_SIZE);
    if (value->parent != JSON_NONE) {
        require(value->parent < index && reader->values[value->parent].type >= JSON_ARRAY);
        require(value->position < reader->values[value->parent].length || value->position == UINT16_MAX);
    }
    if (value->type == JSON_STRING || value->type == JSON_NUMBER) {
        require(value->stored <= value->length && value->stored <= JSON_MAX_STORED);
        require(value->text + value->stored < JSON_TEXT_SIZE);
        require(json_text(reader, index)[value->stored] == '\0');
    }
    require(strlen(json_text(reader, index)) <= JSON_MAX_STORED);
    json_number(reader, index, &number);
    require(!json_is_bare_hex(reader, index, 0, UINT32_MAX) ||
            !json_is_prefixed_hex(reader, index, 0, UINT32_MAX));
    json_member(reader, index, "method");
    json_element(reader, index, 3);
}

static void check_same(uint8_t index)
{
    const struct json_value *a = &whole.values[index], *b = &pieces.values[index];
    require(a->type == b->type && a->parent == b->parent && a->position == b->position &&
            a->length == b->length);
    if (a->type == JSON_STRING)
        require(a->hexadecimal == b->hexadecimal && (!a->hexadecimal || a->prefixed == b->prefixed));
    require(strcmp(json_text(&whole, index), json_text(&pieces, index)) == 0);
    require(strcmp(whole.text + a->name, pieces.text + b->name) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2)
        return 0;
    size_t step = 1 + bytes[0] % 64, used_whole, used_pieces;
    bytes++;
    size--;
    enum json_result result = read_whole(bytes, size, &used_whole);
    require(read_pieces(bytes, size, step, &used_pieces) == result && used_whole == used_pieces);
    require(whole.count <= JSON_MAX_VALUES && whole.count == pieces.count &&
            whole.text_used < JSON_TEXT_SIZE);
    require(result != JSON_COMPLETE || whole.count >= 1);
    for (uint8_t i = 0; i < whole.count; i++) {
        check_value(&whole, i);
        check_same(i);
    }
    return 0;
}
