// SPDX-License-Identifier: Apache-2.0
#include "inspect/btcagent.h"

#include "base/cursor.h"
#include "inspect/dialect/dialect.h"
#include "inspect/json_rpc.h"

#include <math.h>
#include <string.h>

enum {
    HEADER = 4, /* magic, command, length */
    REGISTER_WORKER = 0x01,
    SUBMIT_SHARE = 0x02,
    SUBMIT_SHARE_WITH_TIME = 0x03,
    UNREGISTER_WORKER = 0x04,
    SET_DIFFICULTY = 0x05,
    SUBMIT_SHARE_WITH_VERSION = 0x12, /* later versions: mask of version bits behind the share */
    SUBMIT_SHARE_WITH_TIME_AND_VERSION = 0x13,
    MAX_EXPONENT = 62,
};

bool btcagent_may_follow(struct inspector *inspector, struct flow *flow)
{
    struct session *session = inspector_session(inspector, flow, false);
    const uint64_t speaks = fact_bit(FACT_MINER_SPEAKS) | fact_bit(FACT_POOL_SPEAKS);
    return session != NULL && (session->conversation.facts & speaks) != 0;
}

/* Which side says it, and how long it is: what does not fit is no frame. */
static bool header_fits(const uint8_t *header, bool from_miner)
{
    uint16_t length = (uint16_t)(header[2] | header[3] << 8);
    switch (header[1]) {
    case REGISTER_WORKER: /* session, two texts with their ends */
        return from_miner && length >= HEADER + 2 + 2 && length <= HEADER + 2 + 512;
    case SUBMIT_SHARE:
        return from_miner && length == 15;
    case SUBMIT_SHARE_WITH_TIME:
    case SUBMIT_SHARE_WITH_VERSION:
        return from_miner && length == 19;
    case SUBMIT_SHARE_WITH_TIME_AND_VERSION:
        return from_miner && length == 23;
    case UNREGISTER_WORKER:
        return from_miner && length == 6;
    case SET_DIFFICULTY: /* exponent, number of sessions, sessions */
        return !from_miner && length >= HEADER + 3 + 2 && (length - HEADER - 3) % 2 == 0;
    default:
        return false;
    }
}

/* ---- frames ---- */

static bool read_register(struct session *session, const struct btcagent_reader *reader)
{
    struct conversation *conversation = &session->conversation;
    const char *texts = (const char *)reader->bytes + HEADER + 2;
    size_t left = (size_t)reader->length - HEADER - 2;
    if (reader->length <= BTCAGENT_KEPT) {
        const char *end = memchr(texts, '\0', left);
        if (end == NULL || texts[left - 1] != '\0' || end == texts + left - 1 ||
            memchr(end + 1, '\0', left - (size_t)(end + 1 - texts)) != texts + left - 1)
            return false; /* two texts, each with its end */
        if (conversation->workers == 0)
            session->changed |= conversation_set(conversation->agent, sizeof conversation->agent, texts);
    }
    conversation->workers +=
        conversation->workers < 65536; /* so many a proxy can have: sessions have two bytes */
    session->changed = true;
    conversation_add_method(conversation, SIDE_MINER, "BTCAgent register");
    return true;
}

static void read_share(struct session *session, const struct btcagent_reader *reader)
{
    struct conversation *conversation = &session->conversation;
    uint32_t hash = 2166136261u;
    for (size_t i = HEADER; i < reader->length; i++)
        hash = (hash ^ reader->bytes[i]) * 16777619u;
    session_state(session, FACT_SHARE_SUBMITTED);
    conversation_add_method(conversation, SIDE_MINER, "BTCAgent submit");
    if (!session_add_share(session, hash))
        return;
    conversation->shares_submitted++;
    conversation->hashes_submitted += conversation->difficulty * conversation->dialect->hashes_per_difficulty;
}

/* The sessions that it lists have another difficulty than others may: the latest counts for all. */
static bool read_difficulty(struct session *session, const struct btcagent_reader *reader)
{
    struct cursor cursor = cursor_of(reader->bytes + HEADER, 3);
    uint8_t exponent = cursor_u8(&cursor);
    uint16_t sessions = cursor_u16_le(&cursor);
    if (exponent > MAX_EXPONENT || reader->length != HEADER + 3 + 2 * (uint32_t)sessions)
        return false;
    session->work = 0;
    dialect_set_difficulty(session, ldexp(1.0, exponent));
    conversation_add_method(&session->conversation, SIDE_POOL, "BTCAgent difficulty");
    return true;
}

static void take_frame(struct inspector *inspector, struct flow *flow, const struct btcagent_reader *reader,
                       enum direction direction)
{
    struct session *session = inspector_session(inspector, flow, false);
    bool fits = true;
    if (session == NULL || session->conversation.dialect == NULL)
        return;
    if (reader->bytes[1] == REGISTER_WORKER)
        fits = read_register(session, reader);
    else if (reader->bytes[1] == SET_DIFFICULTY)
        fits = read_difficulty(session, reader);
    else if (reader->bytes[1] == UNREGISTER_WORKER)
        session->conversation.workers -= session->conversation.workers > 0;
    else
        read_share(session, reader);
    if (fits)
        session_state(session, FACT_AGENT_FRAMES);
    const struct rpc_origin origin = {direction, CARRIER_LINE, "", flow->last_us, false};
    inspector_conversation_moved(inspector, flow, &origin);
}

size_t btcagent_read(struct inspector *inspector, struct flow *flow, struct btcagent_reader *reader,
                     enum direction direction, const uint8_t *bytes, size_t length)
{
    struct session *session = inspector_session(inspector, flow, false);
    if (session == NULL)
        return 0;
    bool from_miner = session->conversation.miner_sends == direction;
    size_t used = 0;
    while (used < length && (reader->seen < HEADER || reader->seen < reader->length)) {
        if (reader->seen < BTCAGENT_KEPT)
            reader->bytes[reader->seen] = bytes[used];
        reader->seen++;
        used++;
        if (reader->seen == HEADER) {
            reader->length = (uint16_t)(reader->bytes[2] | reader->bytes[3] << 8);
            if (!header_fits(reader->bytes, from_miner)) {
                reader->seen = 0;
                return 0;
            }
        }
    }
    if (reader->seen >= HEADER && reader->seen == reader->length) {
        take_frame(inspector, flow, reader, direction);
        reader->seen = 0;
    }
    return used;
}
