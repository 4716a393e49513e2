// SPDX-License-Identifier: Apache-2.0
/*
 * Frames of BTCAgent, a proxy between many miners and a pool: it speaks Stratum V1, and behind the login
 * mixes binary frames into the same connection. Source: btccom/btcpool-ABANDONED:docs/AGENT.md. Numbers are
 * little endian.
 */
#ifndef INSPECT_BTCAGENT_H
#define INSPECT_BTCAGENT_H

#include "flow/flow.h"
#include "inspect/inspector.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BTCAGENT_MAGIC = 0x7f, BTCAGENT_KEPT = 160 };

struct btcagent_reader {
    uint16_t length; /* of the frame, header included; 0: not known yet */
    uint16_t seen;   /* of it; 0: between frames */
    uint8_t bytes[BTCAGENT_KEPT];
};

/* Whether the conversation is one in which such frames can come: Stratum was spoken in it. */
bool btcagent_may_follow(struct inspector *inspector, struct flow *flow);

/* Reads on in a frame, or begins one at its magic byte; gives the number of bytes used, 0 where this is no
 * frame. */
size_t btcagent_read(struct inspector *inspector, struct flow *flow, struct btcagent_reader *reader,
                     enum direction direction, const uint8_t *bytes, size_t length);

#endif
