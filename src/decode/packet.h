// SPDX-License-Identifier: Apache-2.0
/*
 * A packet: one frame, as far as it was decoded. All multi-byte fields are in host byte order; pointers
 * borrow from the frame, or from the decoder where the packet was put together from fragments, and are valid
 * until the next packet is decoded (fragments) or the next batch is read (all others).
 */
#ifndef DECODE_PACKET_H
#define DECODE_PACKET_H

#include "base/address.h"
#include "capture/frame.h"
#include "decode/tunnel.h"

#include <stdbool.h>
#include <stdint.h>

/* IP protocol numbers that the code names, https://www.iana.org/assignments/protocol-numbers */
enum ip_protocol {
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_SCTP = 132,
};

/* TCP flags, RFC 9293, section 3.1 */
enum tcp_flag {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
};

enum { PACKET_MAX_VLANS = 2 };

struct packet {
    const struct frame *frame; /* as captured */
    struct frame inner; /* the same without tunnels: from the innermost Ethernet header, or IP header where a
                           tunnel carries none; `captured` may leave out padding */

    struct address source, destination; /* of the innermost IP header */
    uint16_t source_port,
        destination_port; /* TCP, UDP, SCTP; ICMP: as Community ID v1 maps type and code; else 0 */
    uint8_t protocol;     /* IP protocol number of what `payload` belongs to */
    uint8_t ip_version;   /* 4 or 6; 0: no IP in this frame */
    uint8_t tcp_flags;
    uint8_t vlan_count;
    uint16_t vlans[PACKET_MAX_VLANS]; /* of the inner frame, outermost first; deeper ones are not kept */
    uint16_t tcp_window;
    uint32_t tcp_sequence, tcp_acknowledgement;

    const uint8_t *ip;         /* the innermost IP header with all that follows it */
    uint32_t ip_captured;      /* bytes at `ip`, without link-layer padding */
    const uint8_t *payload;    /* behind the TCP or UDP header; NULL where there is none */
    uint32_t payload_captured; /* bytes at `payload` */
    uint32_t
        payload_length; /* bytes that the IP header promises: more than captured where the frame was cut */
    bool reassembled;   /* from fragments, or out of a tunnel that came in such: its bytes live in the decoder
                           until   the next packet */

    const struct tunnel *tunnel; /* the way it came; NULL: no tunnel, or one that was not kept */
    uint32_t tenant;             /* whose addresses these are, as the tunnels tell; 0: they do not */
    uint32_t flow_cookie;        /* AWS and Tencent load balancers: their number for the flow; 0: none */
};

#endif
