// SPDX-License-Identifier: Apache-2.0
/*
 * In which tunnel a miner was seen, in words: "VXLAN 4660 from 10.0.0.1, in GENEVE".
 */
#ifndef SINK_SUMMARY_SUMMARY_TUNNEL_H
#define SINK_SUMMARY_SUMMARY_TUNNEL_H

#include "flow/flow_record.h"

enum { SUMMARY_TUNNEL_SIZE = 160 };

/* "" where the flow came in none. */
const char *summary_tunnel(const struct flow_record *flow, char text[static SUMMARY_TUNNEL_SIZE]);

#endif
