// SPDX-License-Identifier: Apache-2.0
/*
 * A recogniser reads one kind of byte stream: JSON lines, HTTP, TLS. It states what it finds about the flow.
 *
 * Everything inside a flow is a channel, a two-way byte stream; a carrier is nothing special: its recogniser
 * unwraps what it carries and opens an inner channel for it, in which the others look again.
 *
 * Adding one is a file that ends in `const struct recogniser recogniser_NAME = {...};` and a row
 * RECOGNISER(NAME, FIRST_BYTES) in recognisers.def.
 */
#ifndef INSPECT_RECOGNISER_H
#define INSPECT_RECOGNISER_H

#include "flow/flow.h"
#include "inspect/inspector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel;

enum begins {
    BEGINS_NO,
    BEGINS_YES,
    BEGINS_MAYBE, /* more bytes are needed to tell, at most CHANNEL_PREFIX */
};

enum { CHANNEL_PREFIX = 16 };

struct recogniser {
    const char *name;
    bool pairs; /* has both directions once it has one: its handshake tells more than what the other begins
                   with */
    size_t state_size; /* of the state that both directions of a channel share; made zeroed with the first
                          direction */
    /* Whether a direction that begins with `bytes` (1 or more) is of this kind; asked only where the first
     * byte is one of its row's. */
    enum begins (*begins)(const uint8_t *bytes, size_t length);
    /* Bytes in order. False: nothing more is wanted of this direction. */
    bool (*bytes)(struct inspector *inspector, struct channel *channel, void *state, enum direction direction,
                  const uint8_t *bytes, size_t length);
    /* Bytes are missing here; 0: an unknown number. NULL: the direction is given up at a gap. */
    void (*gap)(struct inspector *inspector, struct channel *channel, void *state, enum direction direction,
                uint32_t missing);
    /* Gives back what the state holds. NULL: nothing to do. */
    void (*done)(struct inspector *inspector, void *state);
};

#define RECOGNISER(name, first) extern const struct recogniser recogniser_##name;
#include "inspect/recognisers.def"
#undef RECOGNISER

#endif
