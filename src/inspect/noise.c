// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum V2 behind Noise: all bytes look random, so only sizes and turns are left. Sources:
 * stratum-mining/sv2-spec: 04-Protocol-Security.md (handshake, 22 + payload + 16 bytes a frame),
 * 05-Mining-Protocol.md (payloads), stratum-mining/stratum:sv2/noise-sv2/src/lib.rs.
 *
 * A handshake of these sizes is not enough: BIP 324 and obfuscated MTProto open with 64 random bytes as well.
 * It takes the turns of the set-up behind it, and then shares, their answers and jobs in their exact sizes.
 * Of the early form that negotiates its ciphers in clear (STR3), the negotiation stands alone.
 */
#include "inspect/opening.h"

#include "inspect/dialect/dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRAME = 22 + 16, /* encrypted header, and the payload's authentication */
    SHARE = FRAME + 24,
    SHARE_EXTENDED = SHARE + 1, /* and the extranonce, up to 32 */
    ANSWER = FRAME + 20,
    PREVIOUS_HASH = FRAME + 48,
    TARGET = FRAME + 36,
    FUTURE_JOB = FRAME + 45,
    JOB = FRAME + 49,
    SETUP_LEAST = FRAME + 16, /* no text in it */
    SETUP_MOST = FRAME + 16 + 5 * 255,
    SETUP_ANSWER = FRAME + 6,
};

enum kinds { KIND_SHARE = 1, KIND_ANSWER = 2, KIND_PREVIOUS_HASH = 4, KIND_TARGET = 8, KIND_JOB = 16 };

/* Whose turn it is, and how many bytes it takes; a turn ends where the other side speaks. */
struct turn {
    enum direction direction;
    uint16_t least, most, step; /* step 0: any between them */
    uint16_t distinct;          /* byte values that so many random bytes hold at least; 0: not looked at */
};

enum { MAX_TURNS = 6 };

/* Of 64 random bytes 57 differ on average, of 234 153, of 32 30, of 170 124; below these is less than one in
 * a thousand. */
static const struct turn forms[2][MAX_TURNS + 1] = {
    {{TO_SERVER, 64, 64, 0, 46},
     {TO_CLIENT, 234, 234, 0, 130},
     {TO_SERVER, SETUP_LEAST, SETUP_MOST, 0, 0},
     {TO_CLIENT, SETUP_ANSWER, SETUP_ANSWER, 0, 0}},
    /* November 2022 to February 2024: keys of 32 bytes, then ciphers offered (1 + 4n) and one chosen (1 or 5)
     */
    {{TO_SERVER, 32, 32, 0, 26},
     {TO_CLIENT, 170, 170, 0, 100},
     {TO_SERVER, 1, 17, 4, 0},
     {TO_CLIENT, 1, 5, 4, 0},
     {TO_SERVER, SETUP_LEAST, SETUP_MOST, 0, 0},
     {TO_CLIENT, SETUP_ANSWER, SETUP_ANSWER, 0, 0}},
};

/* ---- the negotiation of early versions ---- */

/* "STR3", the number of ciphers, their names; behind a length of two bytes or bare. */
static bool negotiates(const uint8_t *bytes, size_t length)
{
    static const char codes[][5] = {"AESG", "CHCH", "SAGS", "SCHS"};
    if (length >= 2 && bytes[1] == 0 && bytes[0] == length - 2) {
        bytes += 2;
        length -= 2;
    }
    if (length < 9 || memcmp(bytes, "STR3", 4) != 0 || bytes[4] == 0 || length != 5 + 4 * (size_t)bytes[4])
        return false;
    for (size_t at = 5; at < length; at += 4) {
        bool known = false;
        for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
            known |= memcmp(bytes + at, codes[i], 4) == 0;
        if (!known)
            return false;
    }
    return true;
}

static bool take_negotiation(struct inspector *inspector, struct flow *flow)
{
    struct session *session = opening_session(inspector, flow, &dialect_stratum_v2);
    if (session != NULL) {
        session_state(session, FACT_NOISE_NEGOTIATED);
        opening_moved(inspector, flow, TO_SERVER);
    }
    return false;
}

/* ---- turns ---- */

static void note_values(uint64_t values[static 4], const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        values[bytes[i] / 64] |= UINT64_C(1) << bytes[i] % 64;
}

/* Values below 128, and the others. */
static void count_values(const uint64_t values[static 4], unsigned *low, unsigned *high)
{
    *low = (unsigned)(__builtin_popcountll(values[0]) + __builtin_popcountll(values[1]));
    *high = (unsigned)(__builtin_popcountll(values[2]) + __builtin_popcountll(values[3]));
}

/* As many different values as random bytes have, and as many of them above 127 as chance would have it. */
static bool look_random(unsigned low, unsigned high, unsigned distinct)
{
    return low + high >= distinct && low * 3 >= high && high * 3 >= low;
}

static bool turn_fits(const struct noise_opening *noise, const struct turn *turn)
{
    if (noise->count < turn->least || noise->count > turn->most)
        return false;
    if (turn->step != 0 && (noise->count - turn->least) % turn->step != 0)
        return false;
    unsigned low, high;
    count_values(noise->values, &low, &high);
    return turn->distinct == 0 || look_random(low, high, turn->distinct);
}

/* The other side speaks: the turn was complete, or this is something else. */
static bool next_turn(struct noise_opening *noise)
{
    if (!turn_fits(noise, &forms[noise->form][noise->turn]))
        return false;
    noise->turn++;
    noise->count = 0;
    memset(noise->values, 0, sizeof noise->values);
    return true;
}

static bool is_over(const struct noise_opening *noise)
{
    return forms[noise->form][noise->turn].most == 0;
}

static bool take_turn(struct noise_opening *noise, enum direction direction, const uint8_t *bytes,
                      size_t length)
{
    if (direction != forms[noise->form][noise->turn].direction && !next_turn(noise))
        return false;
    if (is_over(noise))
        return true; /* the first message behind the set-up: a channel is opened */
    const struct turn *turn = &forms[noise->form][noise->turn];
    if (length > (size_t)turn->most - noise->count)
        return false;
    noise->count = (uint16_t)(noise->count + length);
    note_values(noise->values, bytes, length);
    return true;
}

/* ---- the first turn ---- */

bool noise_begins(struct inspector *inspector, struct flow *flow, struct noise_beginning *beginning,
                  const uint8_t *bytes, size_t length)
{
    uint64_t values[4] = {0};
    unsigned low, high;
    if (beginning->count == 0 && negotiates(bytes, length))
        return take_negotiation(inspector, flow);
    if (length > (size_t)forms[0][0].most - beginning->count)
        return false;
    note_values(values, bytes, length);
    count_values(values, &low, &high);
    beginning->count = (uint8_t)(beginning->count + length);
    beginning->low = (uint8_t)(beginning->low + low);
    beginning->high = (uint8_t)(beginning->high + high);
    return true;
}

/* The first size tells the form. */
static uint8_t form_of(const struct noise_beginning *beginning)
{
    return beginning->count == forms[1][0].least;
}

bool noise_fits(const struct noise_beginning *beginning)
{
    const struct turn *first = &forms[form_of(beginning)][0];
    return beginning->count == first->least && look_random(beginning->low, beginning->high, first->distinct);
}

struct noise_opening *noise_answered(const struct noise_beginning *beginning)
{
    struct noise_opening *noise = calloc(1, sizeof *noise);
    if (noise == NULL)
        return NULL;
    noise->form = form_of(beginning);
    noise->turn = 1;
    return noise;
}

/* ---- rhythm ---- */

static unsigned kinds_from_client(struct noise_opening *noise, size_t length)
{
    bool extended = length >= SHARE_EXTENDED && length <= SHARE_EXTENDED + 32;
    if (length != SHARE && !extended)
        return 0;
    if (length != noise->share_size) { /* shares of a connection are all of one size */
        noise->share_size = (uint16_t)length;
        noise->shares = 0;
    }
    noise->shares++;
    noise->unanswered++;
    return length == SHARE || noise->shares >= 3 ? KIND_SHARE : 0;
}

static unsigned kinds_from_server(struct noise_opening *noise, size_t length)
{
    switch (length) {
    case ANSWER: /* one may answer several shares, none comes without */
        if (noise->unanswered == 0)
            return 0;
        noise->unanswered = 0;
        noise->answers++;
        return KIND_ANSWER;
    case PREVIOUS_HASH:
        return KIND_PREVIOUS_HASH;
    case TARGET:
        return KIND_TARGET;
    case JOB:
    case FUTURE_JOB:
        return KIND_JOB;
    case PREVIOUS_HASH + FUTURE_JOB: /* a new block: both in one segment */
    case PREVIOUS_HASH + JOB:
        return KIND_PREVIOUS_HASH | KIND_JOB;
    default:
        return 0;
    }
}

/* Two shares or more, answered, and a job or a new block between them; what does not fit is less than a
 * third. */
static bool has_rhythm(const struct noise_opening *noise)
{
    const unsigned both = KIND_SHARE | KIND_ANSWER, pool = KIND_PREVIOUS_HASH | KIND_TARGET | KIND_JOB;
    bool standard = noise->share_size == SHARE;
    return (noise->kinds & both) == both && (noise->kinds & pool) != 0 && noise->shares >= 2 &&
           noise->answers >= 2 && noise->fitting >= (standard ? 5 : 8) &&
           noise->others <= 3 + noise->fitting / 3;
}

static void take_rhythm(struct inspector *inspector, struct flow *flow, struct noise_opening *noise,
                        enum direction direction)
{
    struct session *session = opening_session(inspector, flow, &dialect_stratum_v2);
    if (session == NULL)
        return;
    struct conversation *conversation = &session->conversation;
    if ((conversation->facts & fact_bit(FACT_NOISE_RHYTHM)) == 0) {
        char text[64];
        snprintf(text, sizeof text, "%u and %u bytes, shares of %u, answers of %u",
                 forms[noise->form][0].most, forms[noise->form][1].most, noise->share_size, ANSWER);
        conversation_add_method(conversation, SIDE_MINER, text);
        session_state(session, FACT_NOISE_RHYTHM);
    }
    conversation->shares_submitted = noise->shares;
    opening_moved(inspector, flow, direction);
}

static bool take_message(struct inspector *inspector, struct flow *flow, struct noise_opening *noise,
                         enum direction direction, size_t length)
{
    unsigned kinds =
        direction == TO_SERVER ? kinds_from_client(noise, length) : kinds_from_server(noise, length);
    noise->kinds |= (uint8_t)kinds;
    if (kinds != 0)
        noise->fitting++;
    else
        noise->others++;
    noise->known |= has_rhythm(noise);
    if (noise->known && kinds != 0)
        take_rhythm(inspector, flow, noise, direction);
    return noise->known || noise->others <= 16 + noise->fitting;
}

bool noise_bytes(struct inspector *inspector, struct flow *flow, struct noise_opening *noise,
                 enum direction direction, const uint8_t *bytes, size_t length)
{
    if (!is_over(noise)) {
        if (!take_turn(noise, direction, bytes, length))
            return false;
        if (!is_over(noise))
            return true;
    }
    return take_message(inspector, flow, noise, direction, length);
}
