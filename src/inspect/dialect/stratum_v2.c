// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum V2 has no words of JSON: inspect/stratum_v2.c reads it in clear, inspect/noise.c knows it behind
 * Noise. Source: stratum-mining/sv2-spec:05-Mining-Protocol.md.
 */
#include "inspect/dialect/dialect.h"

const struct dialect dialect_stratum_v2 = {
    .name = "stratum-v2",
    .kind = "stratum-v2",
    .summary = "Stratum V2, in clear and behind Noise (by its sizes)",
    .algorithm = "",
    .coin = "",
    .share_unit = "H",
    .hashes_per_difficulty =
        281474976710656.0 / 65535.0, /* difficulty as in Stratum V1: 2^48 / 65535 hashes */
};
