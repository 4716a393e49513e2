// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum V2 in clear, as it is spoken inside farms: between devices, proxies and pools that leave the Noise
 * layer out. Behind Noise see noise.c.
 */
#include "inspect/recogniser.h"

#include "inspect/application.h"
#include "inspect/channel.h"
#include "inspect/dialect/dialect.h"
#include "inspect/hints.h"
#include "inspect/json_rpc.h"
#include "protocol/stratum_v2.h"

#include <stdio.h>
#include <string.h>

enum { MAX_CHANNELS = 16, MAX_ACCEPTED_AT_ONCE = 100000, MIDSTREAM_FRAMES = 3 };

struct sv2_state {
    struct sv2_reader readers[2];
    struct sv2_channel {
        uint32_t number;
        double attempts; /* that a share takes; 0: not known */
    } channels[MAX_CHANNELS];
    uint8_t channel_count;
    uint32_t request; /* of the latest channel that was asked for */
    bool requested;
    uint8_t frames; /* that were understood, up to MIDSTREAM_FRAMES */
    bool no_mining; /* template distribution: between a pool and its node */
};

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

static enum begins begins(const uint8_t *bytes, size_t length)
{
    int begins = sv2_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

/* ---- channels ---- */

static struct sv2_channel *find_channel(struct sv2_state *state, uint32_t number)
{
    for (uint8_t i = 0; i < state->channel_count; i++)
        if (state->channels[i].number == number)
            return &state->channels[i];
    return NULL;
}

/* Beyond MAX_CHANNELS the shares of a channel count at the difficulty that was set last. */
static void set_attempts(struct session *session, struct sv2_state *state, uint32_t number, double attempts)
{
    if (attempts <= 0 || attempts > 0x1p95)
        return;
    struct sv2_channel *channel = find_channel(state, number);
    if (channel == NULL && state->channel_count < MAX_CHANNELS) {
        channel = &state->channels[state->channel_count++];
        channel->number = number;
    }
    if (channel != NULL)
        channel->attempts = attempts;
    session->work = attempts;
    session->conversation.exact_work = true;
    dialect_set_difficulty(session, attempts / dialect_stratum_v2.hashes_per_difficulty);
}

static double attempts_of(const struct session *session, struct sv2_state *state, uint32_t number)
{
    const struct sv2_channel *channel = find_channel(state, number);
    return channel != NULL ? channel->attempts : session->work;
}

/* ---- what the miner says ---- */

/* "Bitmain S19 2023.1": what the device says of itself. */
static void read_setup(struct session *session, const struct sv2_message *message)
{
    struct conversation *conversation = &session->conversation;
    const char *parts[] = {message->vendor, message->hardware, message->firmware};
    char text[CONVERSATION_MAX_AGENT] = "";
    size_t length = 0;
    for (size_t i = 0; i < 3 && length < sizeof text; i++)
        if (parts[i][0] != '\0')
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length > 0 ? " " : "",
                                       parts[i]);
    SET(conversation->agent, text);
    SET(conversation->worker, message->device);
    if (message->host[0] != '\0') {
        snprintf(text, sizeof text, message->port != 0 ? "%.240s:%u" : "%.240s", message->host,
                 message->port);
        SET(conversation->pool_name, text);
    }
    session_state(session, FACT_SV2_SETUP);
    conversation_add_method(conversation, SIDE_MINER, "SetupConnection");
}

static void read_open(struct session *session, struct sv2_state *state, const struct sv2_message *message)
{
    struct conversation *conversation = &session->conversation;
    SET(conversation->user, message->user);
    conversation->logins++;
    hints_note_login(session, message->user);
    conversation->hashrate_claimed_hs += message->hashrate; /* of all channels */
    state->request = message->request;
    state->requested = true;
    conversation_add_method(conversation, SIDE_MINER, "OpenMiningChannel");
}

static void job_name(uint32_t channel, uint32_t job, char text[static 24])
{
    (void)channel; /* a job of a group serves all its channels */
    snprintf(text, 24, "%u", job);
}

static uint32_t share_hash(const struct sv2_message *message)
{
    const uint32_t values[] = {message->channel, message->sequence, message->job,
                               message->nonce,   message->time,     message->version};
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        hash = (hash ^ values[i]) * 16777619u;
    return hash;
}

static void read_submit(struct session *session, struct sv2_state *state, const struct sv2_message *message)
{
    char job[24];
    job_name(message->channel, message->job, job);
    session_state(session, FACT_SHARE_SUBMITTED);
    if (session_has_job(session, job))
        session_state(session, FACT_JOB_ECHOED);
    conversation_add_method(&session->conversation, SIDE_MINER, "SubmitShares");
    if (!session_add_share(session, share_hash(message)))
        return;
    session->conversation.shares_submitted++;
    session->conversation.hashes_submitted += attempts_of(session, state, message->channel);
}

static bool read_miner(struct session *session, struct sv2_state *state, const struct sv2_message *message)
{
    switch (message->type) {
    case SV2_SETUP_CONNECTION:
        read_setup(session, message);
        break;
    case SV2_OPEN_STANDARD:
    case SV2_OPEN_EXTENDED:
        read_open(session, state, message);
        break;
    case SV2_UPDATE_CHANNEL:
        if (session->conversation.logins <= 1)
            session->conversation.hashrate_claimed_hs = message->hashrate;
        break;
    case SV2_SUBMIT_STANDARD:
    case SV2_SUBMIT_EXTENDED:
        read_submit(session, state, message);
        break;
    default:
        return false;
    }
    return true;
}

/* ---- what the pool says ---- */

static void read_job(struct session *session, const struct sv2_message *message)
{
    char job[24];
    job_name(message->channel, message->job, job);
    session_add_job(session, job);
    session->conversation.jobs++;
    conversation_add_method(&session->conversation, SIDE_POOL, "NewMiningJob");
}

/* The time that a block may have at least is that of the packet within two hours, its bits are a target's: an
 * exponent that a chain can have and a mantissa that is not negative. */
static void prove_previous_hash(struct session *session, const struct sv2_message *message, int64_t now_us)
{
    int64_t age_s = now_us / 1000000 - (int64_t)message->time;
    uint32_t exponent = message->bits >> 24, mantissa = message->bits & 0xffffff;
    if (age_s < -7200 || age_s > 7200 || exponent < 0x15 || exponent > 0x20 || mantissa == 0 ||
        mantissa > 0x7fffff)
        return;
    session_state(session, FACT_JOB_PROVEN);
    conversation_set(session->conversation.job_proof, sizeof session->conversation.job_proof,
                     "the present time and a block's target");
}

static void read_accepted(struct session *session, struct sv2_state *state, const struct sv2_message *message)
{
    struct conversation *conversation = &session->conversation;
    uint64_t count = message->accepted,
             answered = conversation->shares_accepted + conversation->shares_rejected;
    /* where the shares are seen, not more than they */
    if (conversation->shares_submitted > 0 && count > conversation->shares_submitted - answered)
        count = conversation->shares_submitted > answered ? conversation->shares_submitted - answered : 0;
    if (count == 0 || count > MAX_ACCEPTED_AT_ONCE)
        return;
    session_state(session, FACT_SHARE_ACCEPTED);
    conversation->shares_accepted += count;
    conversation->hashes_accepted += (double)count * attempts_of(session, state, message->channel);
}

static bool read_pool(struct session *session, struct sv2_state *state, const struct sv2_message *message,
                      int64_t now_us)
{
    switch (message->type) {
    case SV2_SETUP_CONNECTION_SUCCESS:
    case SV2_SETUP_CONNECTION_ERROR:
    case SV2_OPEN_ERROR:
        break;
    case SV2_RECONNECT:
        hints_note_redirect(session, message->host, message->port);
        break;
    case SV2_OPEN_STANDARD_SUCCESS:
    case SV2_OPEN_EXTENDED_SUCCESS:
        if (state->requested && state->request == message->request)
            session_state(session, FACT_POOL_ANSWERS);
        set_attempts(session, state, message->channel, message->attempts);
        break;
    case SV2_NEW_JOB:
    case SV2_NEW_EXTENDED_JOB:
        read_job(session, message);
        break;
    case SV2_SET_TARGET:
        set_attempts(session, state, message->channel, message->attempts);
        break;
    case SV2_SET_NEW_PREVIOUS_HASH:
        prove_previous_hash(session, message, now_us);
        break;
    case SV2_SUBMIT_SUCCESS:
        read_accepted(session, state, message);
        break;
    case SV2_SUBMIT_ERROR:
        session->conversation.shares_rejected++;
        session_state(session, FACT_SHARE_REJECTED);
        break;
    default:
        return false;
    }
    return true;
}

/* ---- the stream ---- */

/* The side that sets up the connection mines, whichever opened it: the pool may connect out. */
static bool is_from_miner(enum sv2_type type)
{
    return type == SV2_SETUP_CONNECTION || type == SV2_OPEN_STANDARD || type == SV2_OPEN_EXTENDED ||
           type == SV2_UPDATE_CHANNEL || type == SV2_SUBMIT_STANDARD || type == SV2_SUBMIT_EXTENDED;
}

static void note_side(struct session *session, enum direction direction, bool miner, bool speaks)
{
    session_speak(session, direction, miner);
    if (miner)
        session_state(session, speaks ? FACT_MINER_SPEAKS : FACT_MINER_HINTS);
    else
        session_state(session, speaks ? FACT_POOL_SPEAKS : FACT_POOL_HINTS);
    session->conversation.dialect = &dialect_stratum_v2;
}

static void take_frame(struct inspector *inspector, struct channel *channel, struct sv2_state *state,
                       enum direction direction)
{
    struct sv2_message message;
    struct session *session = inspector_session(inspector, channel->flow, false);
    if (!sv2_parse(&state->readers[direction], &message))
        return;
    state->no_mining |= message.type == SV2_SETUP_CONNECTION && message.protocol == 2;
    if (state->no_mining)
        return;
    state->frames = (uint8_t)(state->frames + (state->frames < MIDSTREAM_FRAMES));
    bool miner = is_from_miner(message.type), opens = message.type <= SV2_SETUP_CONNECTION_SUCCESS;
    /* the set-up says what this is; from the middle it takes a few frames whose every length fits */
    if (session == NULL && (opens || state->frames == MIDSTREAM_FRAMES))
        session = inspector_session(inspector, channel->flow, true);
    if (session == NULL)
        return;
    int64_t now_us = channel_time_us(channel);
    bool known = miner ? read_miner(session, state, &message) : read_pool(session, state, &message, now_us);
    if (!known)
        return;
    /* the answer to a set-up holds too little to stand alone */
    note_side(session, direction, miner, miner || message.type >= SV2_RECONNECT);
    inspector_name_application(channel->flow, APPLICATION_STRATUM);
    const struct rpc_origin origin = {direction, CARRIER_LINE, "", now_us, false};
    inspector_conversation_moved(inspector, channel->flow, &origin);
}

static bool take_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                       enum direction direction, const uint8_t *bytes, size_t length)
{
    struct sv2_state *state = opaque;
    for (size_t at = 0, used; at < length && !state->no_mining; at += used) {
        enum sv2_result result = sv2_read(&state->readers[direction], bytes + at, length - at, &used);
        if (result == SV2_FOREIGN)
            return false;
        if (result == SV2_COMPLETE)
            take_frame(inspector, channel, state, direction);
    }
    return !state->no_mining;
}

const struct recogniser recogniser_stratum_v2 = {
    .name = "stratum-v2",
    .state_size = sizeof(struct sv2_state),
    .begins = begins,
    .bytes = take_bytes,
};
