// SPDX-License-Identifier: Apache-2.0
/*
 * How json.c shares out the fixed room of a message among its values: so that none hides those that count.
 * For json.c alone.
 */
#ifndef PROTOCOL_JSON_ROOM_H
#define PROTOCOL_JSON_ROOM_H

#include "protocol/json.h"

/* The depth of a message's members: an array outermost is a batch of messages. */
unsigned json_member_depth(const struct json_reader *reader);

/* A name was read, and is `pending_name`. */
void json_note_member(struct json_reader *reader);

/* The value that is being read is that of a tag: a member that says what the message is. */
bool json_is_tag_value(const struct json_reader *reader);

/* How many values are kept back from the one that is being read. */
unsigned json_values_kept_back(const struct json_reader *reader);

/* How many more bytes of the name, string or number that is being read may be kept. */
size_t json_room_for_text(const struct json_reader *reader);

/* For the value of a tag that came JSON_MAX_REPEATED times: gives it room for any that follows; and, of one
 * that came more often, puts it in the other's place. */
void json_make_replaceable(struct json_reader *reader, struct json_value *value);
void json_replace_tag(struct json_reader *reader, struct json_value value);

#endif
