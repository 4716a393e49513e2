// SPDX-License-Identifier: Apache-2.0
#include "flow/wheel.h"

#include <assert.h>
#include <string.h>

static unsigned slot_of(int64_t second)
{
    return (unsigned)((uint64_t)second % WHEEL_SLOTS);
}

void wheel_link(struct wheel *wheel, struct flow *flows, uint32_t index, int64_t second)
{
    if (second < wheel->cursor)
        second = wheel->cursor;
    if (second > wheel->cursor + WHEEL_SLOTS - 1)
        second = wheel->cursor + WHEEL_SLOTS - 1;
    unsigned slot = slot_of(second);
    uint32_t head = wheel->heads[slot];
    flows[index].wheel_slot = (uint16_t)slot;
    flows[index].wheel_next = head;
    flows[index].wheel_previous = 0;
    if (head != 0)
        flows[head].wheel_previous = index;
    wheel->heads[slot] = index;
    wheel->occupied[slot / 64] |= UINT64_C(1) << slot % 64;
    wheel->count++;
}

void wheel_unlink(struct wheel *wheel, struct flow *flows, uint32_t index)
{
    const struct flow *flow = &flows[index];
    unsigned slot = flow->wheel_slot;
    if (flow->wheel_next != 0)
        flows[flow->wheel_next].wheel_previous = flow->wheel_previous;
    if (flow->wheel_previous != 0)
        flows[flow->wheel_previous].wheel_next = flow->wheel_next;
    else
        wheel->heads[slot] = flow->wheel_next;
    if (wheel->heads[slot] == 0)
        wheel->occupied[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    assert(wheel->count > 0);
    wheel->count--;
}

void wheel_clear(struct wheel *wheel)
{
    memset(wheel->occupied, 0, sizeof wheel->occupied);
    memset(wheel->heads, 0, sizeof wheel->heads);
    wheel->count = 0;
}

/* Slots from the cursor to the first one that is not empty; WHEEL_SLOTS where all are. */
static unsigned distance(const struct wheel *wheel)
{
    enum { WORDS = WHEEL_SLOTS / 64 };
    unsigned start = slot_of(wheel->cursor);
    uint64_t word = wheel->occupied[start / 64] & UINT64_MAX << start % 64;
    /* the first word is looked at twice: the slots in it before the cursor are the last of the turn */
    for (unsigned i = 0; i <= WORDS; i++) {
        unsigned at = (start / 64 + i) % WORDS;
        if (i > 0)
            word = wheel->occupied[at];
        if (word != 0)
            return (at * 64 + (unsigned)__builtin_ctzll(word) - start) % WHEEL_SLOTS;
    }
    return WHEEL_SLOTS;
}

uint32_t wheel_due(struct wheel *wheel, int64_t now)
{
    if (now < wheel->cursor)
        return 0;
    if (now - wheel->cursor >= WHEEL_SLOTS)
        wheel_turn_to(wheel, now);
    unsigned slots = wheel->count == 0 ? WHEEL_SLOTS : distance(wheel);
    if (slots > now - wheel->cursor) {
        wheel->cursor = now;
        return 0;
    }
    wheel->cursor += slots;
    return wheel->heads[slot_of(wheel->cursor)];
}

uint32_t wheel_soonest(const struct wheel *wheel)
{
    if (wheel->count == 0)
        return 0;
    return wheel->heads[slot_of(wheel->cursor + distance(wheel))];
}

void wheel_turn_to(struct wheel *wheel, int64_t now)
{
    wheel->cursor = wheel->count == 0 ? now : now - (WHEEL_SLOTS - 1);
}
