// SPDX-License-Identifier: Apache-2.0
/*
 * Which application a flow belongs to, for flow records and statistics: nDPI's name for it where geophone is
 * built with nDPI, and always geophone's own for what it recognises itself. Never evidence of mining.
 *
 * application_ndpi.c is the only file that includes nDPI; application_plain.c stands in for it where there is
 * none. One engine belongs to one thread.
 */
#ifndef INSPECT_APPLICATION_H
#define INSPECT_APPLICATION_H

#include "base/error.h"
#include "decode/packet.h"
#include "flow/flow.h"

#include <stdint.h>

/* Identifiers below APPLICATION_OWN_COUNT are geophone's own, others are nDPI's plus APPLICATION_NDPI_BASE.
 */
enum application {
#define APPLICATION(identifier, name) APPLICATION_##identifier,
#include "inspect/applications.def"
#undef APPLICATION
    APPLICATION_OWN_COUNT,
    APPLICATION_NDPI_BASE = 64,
};

struct application_engine;
struct application_state; /* what nDPI remembers of one flow */

/* NULL with `error` filled where nDPI cannot be used (header and library of different versions). */
struct application_engine *application_engine_create(struct error *error);
/* Before packets are shown to it; where it was started before this costs nothing. nDPI takes milliseconds to
 * make its tables, a quarter of the sensor's start, which a capture is spared that leaves nothing to ask it.
 * False where it does not start, which is warned of once. */
bool application_engine_start(struct application_engine *engine);
void application_engine_free(struct application_engine *engine);

/* What the payload of one packet (TCP or UDP) says by itself, at next to no cost, as each direction's first
 * ones do; APPLICATION_UNKNOWN where it begins nothing that is known, as in the middle of a stream. */
uint16_t application_by_payload(const struct packet *packet, enum direction direction);

/*
 * Shows the engine, which was started, one packet of a flow. TCP segments without payload are neither shown
 * to nDPI nor counted. `state` points to the flow's state, NULL at first; made and freed here: freed as soon
 * as the flow is named or after `max_packets` packets. Returns true when it wants no more packets of this
 * flow; *application is then the identifier, or stays as it was where nothing was recognised.
 */
bool application_packet(struct application_engine *engine, struct application_state **state,
                        const struct packet *packet, uint32_t max_packets, uint16_t *application);

void application_state_free(struct application_engine *engine,
                            struct application_state *state); /* NULL is fine */

/* Lower-case name as Suricata's app_proto: "tls", "http", "stratum", else nDPI's; "unknown" for 0. Never
 * NULL; static storage or owned by the library. Thread-safe for what an engine gave. */
const char *application_name(uint16_t application);

/* "nDPI 4.2.0" or "none", for --build-info. */
const char *application_library(void);

#endif
