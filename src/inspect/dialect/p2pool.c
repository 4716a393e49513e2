// SPDX-License-Identifier: Apache-2.0
/* The peers of Monero's P2Pool have no words of JSON: inspect/p2pool.c knows their handshake. */
#include "inspect/dialect/dialect.h"

const struct dialect dialect_p2pool = {
    .name = "p2pool",
    .kind = "p2pool",
    .summary = "P2Pool (Monero), between its nodes",
    .algorithm = "rx/0",
    .coin = "XMR",
    .share_unit = "H",
    .hashes_per_difficulty = 1,
};
