// SPDX-License-Identifier: Apache-2.0
#include "inspect/channel.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows as lanes name them; a row is all that a lane needs. */
enum row {
    ROW_NONE,
#define RECOGNISER(name, first) ROW_##name,
#include "inspect/recognisers.def"
#undef RECOGNISER
    ROW_COUNT,
};

static const struct recogniser_row {
    const struct recogniser *recogniser; /* NULL: none */
    const char *first;                   /* bytes that it may begin with */
    size_t first_count;
} rows[ROW_COUNT] = {
#define RECOGNISER(name, first) [ROW_##name] = {&recogniser_##name, first, sizeof(first) - 1},
#include "inspect/recognisers.def"
#undef RECOGNISER
};

/* By first byte: who may begin so, a bit each. Most beginnings are so settled without asking anyone. */
static uint16_t candidates[UINT8_MAX + 1];
_Static_assert(ROW_COUNT <= 16, "each row has its bit");

static void list_candidates(void)
{
    for (unsigned row = ROW_NONE + 1; row < ROW_COUNT; row++)
        for (size_t i = 0; i < rows[row].first_count; i++)
            candidates[(uint8_t)rows[row].first[i]] |= (uint16_t)(1u << row);
}

void channel_states_init(struct channel_states *states, uint32_t max_states)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, list_candidates);
    for (size_t i = 0; i < CHANNEL_RECOGNISERS; i++)
        slab_init(&states->slabs[i], rows[i + 1].recogniser->state_size, max_states);
}

void channel_states_done(struct channel_states *states)
{
    for (size_t i = 0; i < CHANNEL_RECOGNISERS; i++)
        slab_done(&states->slabs[i]);
}

static struct slab *slab_of(struct inspector *inspector, uint8_t row)
{
    return &inspector_channel_states(inspector)->slabs[row - 1];
}

static const struct recogniser *recogniser_of(uint8_t row)
{
    return rows[row].recogniser;
}

static uint8_t row_of(const struct recogniser *recogniser)
{
    uint8_t row = ROW_NONE + 1;
    while (rows[row].recogniser != recogniser)
        row++;
    return row;
}

void channel_init(struct channel *channel, struct flow *flow, uint8_t depth)
{
    *channel = (struct channel){.flow = flow, .depth = depth};
}

void channel_init_late(struct channel *channel, struct flow *flow)
{
    channel_init(channel, flow, 0);
    channel->late = true;
    channel->lanes[TO_SERVER].seen = channel->lanes[TO_CLIENT].seen = 1;
}

void channel_done(struct inspector *inspector, struct channel *channel)
{
    struct channel *inner = channel_inner(channel);
    if (inner != NULL)
        channel_done(inspector, inner); /* at most CHANNEL_MAX_DEPTH deep */
    free(inner);
    for (int i = 0; i < 2; i++)
        channel->flow->spoke[i] |= channel->lanes[i].spoke;
    for (int i = 0; i < 2 && channel->owners[i] != ROW_NONE; i++) {
        const struct recogniser *owner = recogniser_of(channel->owners[i]);
        if (owner->done != NULL)
            owner->done(inspector, channel->states[i]);
        slab_give(slab_of(inspector, channel->owners[i]), channel->states[i]);
        channel->owners[i] = ROW_NONE;
        channel->states[i] = NULL;
    }
    free(channel->aside);
    channel->aside = NULL;
}

/* ---- what is put aside ---- */

static struct channel_aside *put_aside(struct channel *channel)
{
    if (channel->aside == NULL)
        channel->aside = calloc(1, sizeof *channel->aside);
    return channel->aside;
}

const struct channel_way *channel_way(const struct channel *channel)
{
    static const struct channel_way nothing;
    return channel->aside == NULL ? &nothing : &channel->aside->way;
}

void channel_set_carrier(struct channel *channel, const char *carrier)
{
    if (put_aside(channel) != NULL)
        channel->aside->way.carrier = carrier;
}

/* False where memory is short: what comes next is then taken for the beginning. */
static bool keep_prefix(struct channel *channel, enum direction direction, const uint8_t *bytes,
                        size_t length)
{
    struct channel_aside *aside = put_aside(channel);
    if (aside == NULL)
        return false;
    memcpy(aside->prefixes[direction].bytes, bytes, length);
    aside->prefixes[direction].length = (uint8_t)length;
    channel->lanes[direction].pieces = 1;
    return true;
}

/* In most channels nothing else is aside. */
static void drop_prefix(struct channel *channel, enum direction direction)
{
    if (!channel->lanes[direction].pieces)
        return;
    channel->lanes[direction].pieces = 0;
    if (channel->depth > 0 || channel->aside->way.carrier != NULL || channel->aside->inner != NULL ||
        channel->lanes[direction_reverse(direction)].pieces)
        return;
    free(channel->aside);
    channel->aside = NULL;
}

/* ---- */

struct channel *channel_open_inner(struct inspector *inspector, struct channel *channel)
{
    (void)inspector;
    struct channel_aside *aside = put_aside(channel);
    if (aside == NULL)
        return NULL;
    if (aside->inner == NULL && channel->depth + 1 < CHANNEL_MAX_DEPTH) {
        struct channel *inner = malloc(sizeof *inner);
        if (inner != NULL)
            channel_init(inner, channel->flow, (uint8_t)(channel->depth + 1));
        if (inner != NULL && put_aside(inner) == NULL) {
            free(inner);
            inner = NULL;
        }
        aside->inner = inner;
    }
    return aside->inner;
}

uint8_t channel_spoke(const struct channel *outermost, enum direction direction)
{
    uint8_t spoke = outermost->flow->spoke[direction];
    for (const struct channel *channel = outermost; channel != NULL; channel = channel_inner(channel))
        spoke |= channel->lanes[direction].spoke;
    return spoke;
}

int64_t channel_time_us(const struct channel *channel)
{
    return channel->flow->last_us;
}

static void *state_of(const struct channel *channel, uint8_t row)
{
    for (int i = 0; i < 2; i++)
        if (channel->owners[i] == row)
            return channel->states[i];
    return NULL;
}

/* Gives the direction to a recogniser; false where memory is short. */
static bool attach(struct inspector *inspector, struct channel *channel, enum direction direction,
                   uint8_t row)
{
    const struct recogniser *recogniser = recogniser_of(row);
    assert(recogniser != NULL);
    if (state_of(channel, row) == NULL) {
        int slot = channel->owners[0] == ROW_NONE ? 0 : 1;
        if (channel->owners[slot] != ROW_NONE)
            return false; /* both directions have one already */
        void *state = slab_take(slab_of(inspector, row));
        if (state == NULL)
            return false;
        memset(state, 0, recogniser->state_size);
        channel->owners[slot] = row;
        channel->states[slot] = state;
    }
    channel->lanes[direction].recogniser = row;
    struct lane *other = &channel->lanes[direction_reverse(direction)];
    if (recogniser->pairs && other->recogniser == ROW_NONE && !other->deaf && !other->pieces &&
        (other->seen == 0 || channel->flow->midstream))
        other->recogniser = row;
    return true;
}

void channel_assign(struct inspector *inspector, struct channel *channel, enum direction direction,
                    const struct recogniser *recogniser)
{
    if (channel->lanes[direction].recogniser == ROW_NONE && !channel->lanes[direction].deaf)
        attach(inspector, channel, direction, row_of(recogniser));
}

/* Where only one side of a WebSocket's handshake was seen, its frames stand one channel deeper than the
 * other's. */
static bool is_same_websocket(const struct channel *channel, const char *before)
{
    return before != NULL && strcmp(before, "websocket") == 0 &&
           strcmp(channel_way(channel)->carrier, before) == 0;
}

void channel_tell(const struct channel *outermost, struct conversation *conversation)
{
    size_t used = 0, size = sizeof conversation->carrier;
    const char *before = NULL;
    for (const struct channel *channel = outermost; channel != NULL; channel = channel_inner(channel)) {
        const struct channel_way *way = channel_way(channel);
        if (way->destination != NULL)
            conversation_set(conversation->destination, sizeof conversation->destination, way->destination);
        if (way->origin != NULL)
            conversation_set(conversation->origin, sizeof conversation->origin, way->origin);
        if (way->carrier == NULL || is_same_websocket(channel, before) ||
            used + strlen(way->carrier) + 4 > size)
            continue;
        before = way->carrier;
        int written =
            snprintf(conversation->carrier + used, size - used, "%s%s", used == 0 ? "" : " > ", way->carrier);
        used += (size_t)written;
    }
}

static void hand_over(struct inspector *inspector, struct channel *channel, enum direction direction,
                      const uint8_t *bytes, size_t length)
{
    struct lane *lane = &channel->lanes[direction];
    if (!lane->deaf && length > 0 &&
        !recogniser_of(lane->recogniser)
             ->bytes(inspector, channel, state_of(channel, lane->recogniser), direction, bytes, length))
        lane->deaf = true;
}

/* A line that begins with `{` further on, where a stream was not seen from its beginning. */
static const uint8_t *find_line(const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length;
    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL && ++bytes < end)
        if (*bytes == '{')
            return bytes;
    return NULL;
}

/* What an HTTP request asked for is a document, even where its answer is seen from the middle only. */
static bool is_cut_document(const struct channel *channel, enum direction direction)
{
    return channel->flow->midstream && channel->depth == 0 &&
           channel->lanes[direction_reverse(direction)].recogniser == ROW_web;
}

/* What stands before that line is the end of a message, and no text that quotes one. */
static bool ends_message(const uint8_t *bytes, const uint8_t *line)
{
    while (line > bytes && (line[-1] == '\n' || line[-1] == '\r' || line[-1] == ' '))
        line--;
    return line == bytes || line[-1] == '}';
}

static bool may_begin_late(const struct channel *channel, enum direction direction)
{
    const struct lane *other = &channel->lanes[direction_reverse(direction)];
    bool midstream = channel->flow->midstream && channel->depth == 0 && !is_cut_document(channel, direction);
    return midstream || other->recogniser == ROW_json_stream;
}

/* Words behind other bytes: only as long as nobody else reads the other direction. */
static bool may_be_held(const struct channel *channel, enum direction direction)
{
    const struct lane *other = &channel->lanes[direction_reverse(direction)];
    return (other->recogniser == ROW_NONE || other->recogniser == ROW_json_stream) &&
           !is_cut_document(channel, direction);
}

static bool is_control(uint8_t byte)
{
    return (byte < ' ' && (uint8_t)(byte - '\t') > '\r' - '\t') || byte == 0x7f;
}

/* People who talk write text in front, each of them; what a protocol of bytes begins with holds others. */
static bool is_text(const uint8_t *bytes, size_t length)
{
    enum { LOOKED_AT = 16 };
    unsigned controls = 0;
    if (length >= LOOKED_AT)
        for (size_t i = 0; i < LOOKED_AT; i++) /* as many as the compiler takes at once */
            controls |= is_control(bytes[i]);
    else
        for (size_t i = 0; i < length; i++)
            controls |= is_control(bytes[i]);
    return controls == 0;
}

/* Decides whose the direction is by its first bytes; true once it is decided. */
static bool decide(struct inspector *inspector, struct channel *channel, enum direction direction,
                   const uint8_t *bytes, size_t length, bool *wait)
{
    *wait = false;
    for (unsigned left = candidates[bytes[0]]; left != 0; left &= left - 1) {
        uint8_t row = (uint8_t)__builtin_ctz(left);
        if (row == ROW_json_stream && is_cut_document(channel, direction))
            continue;
        enum begins begins = recogniser_of(row)->begins(bytes, length);
        if (begins == BEGINS_YES)
            return attach(inspector, channel, direction, row);
        *wait |= begins == BEGINS_MAYBE;
    }
    return false;
}

static bool names_member(const uint8_t *line, size_t length)
{
    return length == 1 || line[1] == '"' || line[1] == ' ' || line[1] == '\n' || line[1] == '\r';
}

/* At a line that begins with `{`; false where there is none. */
static bool begin_late(struct inspector *inspector, struct channel *channel, enum direction direction,
                       const uint8_t *bytes, size_t length, bool held)
{
    const uint8_t *line = bytes[0] == '{' ? bytes : find_line(bytes, length), *end = bytes + length;
    if (held && line != NULL && !names_member(line, (size_t)(end - line)))
        line = NULL; /* noise holds a brace now and then */
    if (line == NULL || !attach(inspector, channel, direction, ROW_json_stream))
        return false;
    channel->late |= held;
    if (!held && !ends_message(bytes, line))
        line = bytes; /* the recogniser counts foreign lines */
    hand_over(inspector, channel, direction, line, length - (size_t)(line - bytes));
    return true;
}

static size_t prefix_length(const struct channel *channel, enum direction direction)
{
    return channel->lanes[direction].pieces ? channel->aside->prefixes[direction].length : 0;
}

static void count_seen(struct lane *lane, size_t length)
{
    size_t room = (size_t)UINT16_MAX - lane->seen;
    lane->seen = (uint16_t)(lane->seen + (length < room ? length : room));
}

/* Bytes that tell nobody's beginning: of most streams, all but the first. */
static void go_undecided(struct inspector *inspector, struct channel *channel, enum direction direction,
                         const uint8_t *bytes, size_t length)
{
    struct lane *lane = &channel->lanes[direction];
    count_seen(lane, length);
    bool late = may_begin_late(channel, direction);
    if (!late && (lane->spoke & FLOW_SPOKE_BYTES) == 0)
        lane->spoke |= is_text(bytes, length) ? FLOW_SPOKE_TEXT : FLOW_SPOKE_BYTES;
    if ((late || may_be_held(channel, direction)) &&
        begin_late(inspector, channel, direction, bytes, length, !late))
        return;
    if (lane->text < 2 && bytes[length - 1] == '\n' && !ends_message(bytes, bytes + length))
        lane->text++;
    if (lane->seen > CHANNEL_PATIENCE)
        lane->deaf = true;
}

/* Whose the direction is may still be told by `bytes`, with those that came before. Not inlined, as its stack
 * would be set up for each segment: 40 instructions of 200. */
__attribute__((noinline)) static void begin(struct inspector *inspector, struct channel *channel,
                                            enum direction direction, const uint8_t *bytes, size_t length)
{
    struct lane *lane = &channel->lanes[direction];
    uint8_t joined[CHANNEL_PREFIX];
    const uint8_t *first = bytes;
    size_t first_length = length, kept = prefix_length(channel, direction), more = 0;
    if (kept > 0) { /* the beginning came in pieces */
        more = length < CHANNEL_PREFIX - kept ? length : CHANNEL_PREFIX - kept;
        memcpy(joined, channel->aside->prefixes[direction].bytes, kept);
        memcpy(joined + kept, bytes, more);
        first = joined;
        first_length = kept + more;
    }
    bool wait;
    if (decide(inspector, channel, direction, first, first_length, &wait)) {
        drop_prefix(channel, direction);
        hand_over(inspector, channel, direction, first,
                  first_length); /* in one piece: enough to tell what it is */
        if (kept > 0)
            hand_over(inspector, channel, direction, bytes + more, length - more);
        return;
    }
    if (lane->seen == 0 && wait && first_length < CHANNEL_PREFIX &&
        keep_prefix(channel, direction, first, first_length))
        return;
    drop_prefix(channel, direction);
    count_seen(lane, kept);
    go_undecided(inspector, channel, direction, bytes, length);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

void channel_bytes(struct inspector *inspector, struct channel *channel, enum direction direction,
                   const uint8_t *bytes, size_t length)
{
    struct lane *lane = &channel->lanes[direction];
    if (lane->deaf || length == 0)
        return;
    if (lane->recogniser != ROW_NONE) {
        hand_over(inspector, channel, direction, bytes, length);
        return;
    }
    if (lane->seen > 0 && !channel->flow->midstream) {
        go_undecided(inspector, channel, direction, bytes, length);
        return;
    }
    if (lane->seen == 0 && !lane->pieces) /* blanks before a beginning tell nothing, however many */
        while (length > 0 && is_blank(*bytes)) {
            bytes++;
            length--;
        }
    if (length > 0)
        begin(inspector, channel, direction, bytes, length);
}

void channel_gap(struct inspector *inspector, struct channel *channel, enum direction direction,
                 uint32_t missing)
{
    struct lane *lane = &channel->lanes[direction];
    drop_prefix(channel, direction);
    const struct recogniser *recogniser = recogniser_of(lane->recogniser);
    if (recogniser == NULL) {
        channel->flow->midstream = true; /* the beginning was not seen */
        return;
    }
    if (recogniser->gap != NULL)
        recogniser->gap(inspector, channel, state_of(channel, lane->recogniser), direction, missing);
    else
        lane->deaf = true;
}
