// SPDX-License-Identifier: Apache-2.0
/*
 * A flow's record, as its first packet makes it. Only for flow_table.c.
 *
 * All is written where it is to stand. A record that is made elsewhere, in small parts, and then copied in
 * larger ones waits for them: beginning a flow took twice as long.
 */
#ifndef FLOW_FLOW_BEGIN_H
#define FLOW_FLOW_BEGIN_H

#include "flow/flow_key.h"
#include "flow/handshake.h"

/* Line by line, which is a few stores: as one piece gcc makes it a `rep stos`, which takes longer to begin.
 */
static inline void flow_clear(struct flow *flow)
{
    enum { LINE = 64 };
    _Static_assert(sizeof *flow == 3 * LINE, "each line is cleared");
    memset(flow, 0, LINE);
    memset((char *)flow + LINE, 0, LINE);
    memset((char *)flow + 2 * LINE, 0, LINE);
}

/* `tagged`: VLANs tell flows apart. Hash and identifier are the table's to set. */
static inline void flow_begin(struct flow *flow, const struct packet *packet, bool source_is_low, bool tagged,
                              int64_t time_us)
{
    flow_clear(flow);
    set_key(&flow->key, packet, source_is_low, tagged);
    flow->first_us = flow->last_us = time_us;
    flow->source = packet->frame->source;
    flow->report_due = flow_report_time(time_us);
    flow->client_is_low = source_is_client(packet) == source_is_low;
    flow->midstream = packet->protocol == PROTOCOL_TCP && !is_syn(packet) && !is_syn_ack(packet);
    for (unsigned i = 0; i < PACKET_MAX_VLANS; i++)
        flow->vlans[i] = packet->vlans[i];
}

#endif
