// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_room.h"

#include <string.h>

/* The members of a message that JSON-RPC and its relatives give a meaning (JSON-RPC 2.0, sections 4 and 5);
 * the first ones are its tags, and say what it is. */
static const char *const known_members[JSON_KNOWN_MEMBERS] = {
    "method", "type", "identifier", "message", "command", "params", "id", "result", "error", "body",
};

enum {
    TAGS = 5,
    TAG_VALUES = TAGS * JSON_MAX_REPEATED,
    MAX_TAG =
        63, /* bytes of a tag that are kept where there is no room for more; no word of mining is longer */
    TAG_TEXT = TAG_VALUES * (MAX_TAG + 1 + (int)sizeof "identifier") + JSON_MAX_NAME + 1,
};

/* The depth of a message's members: an array outermost is a batch of messages. */
unsigned json_member_depth(const struct json_reader *reader)
{
    return (reader->is_object & 1) != 0 ? 1 : 2;
}

/* A name was read; no number of other members may hide those that count, nor may those that come again. */
void json_note_member(struct json_reader *reader)
{
    const char *name = reader->text + reader->pending_name;
    if (reader->depth == json_member_depth(reader)) {
        reader->in_other_member = true;
        reader->in_tag = false;
        for (uint8_t i = 0; i < JSON_KNOWN_MEMBERS && reader->in_other_member; i++) {
            if (strcmp(name, known_members[i]) != 0)
                continue;
            if (reader->repeated[i] < UINT8_MAX)
                reader->repeated[i]++;
            reader->member = i;
            reader->in_tag = i < TAGS;
            reader->in_other_member = i >= TAGS && reader->repeated[i] >= JSON_MAX_REPEATED;
        }
    }
    if (!reader->in_tag && reader->text_used + TAG_TEXT >= JSON_TEXT_SIZE) { /* nothing is left for it */
        reader->text_used = reader->pending_name;
        reader->pending_name = 0;
    }
}

/* A tag's own value, and nothing inside it. */
bool json_is_tag_value(const struct json_reader *reader)
{
    return reader->in_tag && reader->depth == json_member_depth(reader);
}

/* How much of `text` and of `values` is kept back from values at this depth for those nearer to the top, from
 * members without a meaning for those with one, and from all for those that say what a message is. */
static size_t text_kept_back(const struct json_reader *reader)
{
    if (reader->in_other_member)
        return TAG_TEXT + 3008;
    return TAG_TEXT + (reader->depth <= 1 ? 0 : reader->depth == 2 ? 512 : 1536);
}

unsigned json_values_kept_back(const struct json_reader *reader)
{
    if (json_is_tag_value(reader))
        return 0;
    if (reader->in_other_member)
        return TAG_VALUES + 64;
    return TAG_VALUES + (reader->depth <= 1 ? 0 : reader->depth == 2 ? 16 : 48);
}

/* A tag that came too often takes the place of the one before, which has room for MAX_TAG bytes. */
void json_replace_tag(struct json_reader *reader, struct json_value value)
{
    uint8_t last = json_member(reader, value.parent, known_members[reader->member]);
    struct json_value *place = last == JSON_NONE ? NULL : &reader->values[last];
    if (place != NULL && place->replaceable && value.type != JSON_ARRAY && value.type != JSON_OBJECT) {
        char *text = reader->text + place->text;
        memmove(text, reader->text + value.text, value.stored);
        text[value.stored] = '\0';
        place->type = value.type;
        place->hexadecimal = value.hexadecimal;
        place->prefixed = value.prefixed;
        place->position = value.position;
        place->stored = value.stored;
        place->length = value.length;
    }
    if (value.name != 0) /* where its own text begins, which nobody needs any more */
        reader->text_used = value.name;
}

/* The last of the tags of one name that has a place of its own: the next ones may need more room than it. */
void json_make_replaceable(struct json_reader *reader, struct json_value *value)
{
    uint16_t text = value->text != 0 ? value->text : reader->text_used;
    if (text + MAX_TAG + 1 > JSON_TEXT_SIZE)
        return;
    memset(reader->text + text + value->stored, 0, MAX_TAG + 1 - value->stored);
    value->text = text;
    value->replaceable = true;
    reader->text_used = (uint16_t)(text + MAX_TAG + 1);
}

static size_t room_beside(const struct json_reader *reader, size_t kept_back)
{
    size_t used = reader->text_used + kept_back;
    return used < JSON_TEXT_SIZE - 1 ? JSON_TEXT_SIZE - 1 - used : 0;
}

/* How much of the string or number that is being read may still be kept. */
size_t json_room_for_text(const struct json_reader *reader)
{
    size_t stored = reader->now.stored;
    if (reader->string_is_name) {
        size_t limit = JSON_MAX_NAME - stored, all = room_beside(reader, 0);
        return limit < all ? limit : all;
    }
    size_t limit = JSON_MAX_STORED - stored, room = room_beside(reader, text_kept_back(reader));
    if (json_is_tag_value(reader)) {
        size_t sure = stored < MAX_TAG ? MAX_TAG - stored : 0, all = room_beside(reader, 0);
        if (reader->repeated[reader->member] >= JSON_MAX_REPEATED)
            limit = sure;
        if (room < sure)
            room = sure < all ? sure : all;
    }
    return room < limit ? room : limit;
}
