// SPDX-License-Identifier: Apache-2.0
/*
 * Datagrams of which some fragments have been seen. All memory is taken at the start and its amount is the
 * bound; when it is full, the oldest datagram makes room. What came first stays, but a datagram is given up
 * when two fragments claim the same bytes with different content or only in part: endpoints resolve that in
 * different ways, and RFC 5722 has IPv6 ones discard it. Repeated fragments are ignored. Only for files of
 * this folder.
 */
#ifndef DECODE_FRAGMENT_TABLE_H
#define DECODE_FRAGMENT_TABLE_H

#include "base/address.h"
#include "decode/decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAGMENT_MAX_LENGTH = 65535, FRAGMENT_MAX_HEADER = 40 };

/* What the fragments of a datagram have in common (RFC 791, section 3.2; RFC 8200, section 4.5) and the VLANs
 * and tunnels they came in, as different customers use the same addresses. Hashed as bytes: has no padding.
 */
struct fragment_key {
    struct address source, destination;
    uint32_t identification;
    uint16_t vlans[PACKET_MAX_VLANS];
    uint8_t ip_version;
    uint8_t protocol;
    uint16_t depth;  /* of the tunnels around it */
    uint32_t tenant; /* the tunnels say whose addresses these are */
    uint32_t zero;
};

struct fragment {
    uint32_t identification;
    uint8_t protocol;      /* of what was fragmented, as this fragment says */
    bool more;             /* not the last one */
    uint32_t offset;       /* multiple of 8 */
    const uint8_t *header; /* IP header */
    size_t header_length;  /* at most FRAGMENT_MAX_HEADER; of what shall be kept of it */
    const uint8_t *data;
    size_t
        length; /* offset + length is at most FRAGMENT_MAX_LENGTH; multiple of 8 unless the last one; not 0 */
};

enum fragment_outcome {
    FRAGMENT_HELD, /* waits for others, or was a repetition, or was dropped with a datagram given up before */
    FRAGMENT_JOINED,  /* the last one that lacked */
    FRAGMENT_REFUSED, /* contradicts others: the datagram is given up */
};

/* A datagram put together: header, then `length` bytes. Valid until the next but one. */
struct datagram_view {
    uint8_t *bytes;
    size_t header_length, length;
    uint8_t protocol;
};

struct fragment_table;

/* `bytes` is an upper bound for all that waits. Counts in `statistics`. NULL when out of memory. */
struct fragment_table *fragment_table_create(size_t bytes, uint32_t timeout_ms,
                                             struct decode_statistics *statistics);
void fragment_table_free(struct fragment_table *table);

enum fragment_outcome fragment_table_add(struct fragment_table *table, const struct fragment_key *key,
                                         const struct fragment *fragment, int64_t time_us,
                                         struct datagram_view *whole);

#endif
