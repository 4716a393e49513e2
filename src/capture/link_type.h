// SPDX-License-Identifier: Apache-2.0
/*
 * Link types have two numberings: LINKTYPE_ values stand in files and are the same everywhere, DLT_ values
 * are those of libpcap's functions and differ between systems. https://www.tcpdump.org/linktypes.html lists
 * where they part; on Linux that is what this table has.
 */
#ifndef CAPTURE_LINK_TYPE_H
#define CAPTURE_LINK_TYPE_H

#include <stddef.h>
#include <stdint.h>

static const struct link_type_pair {
    uint16_t dlt, link_type;
} link_type_pairs[] = {
    {12, 101}, /* RAW; 12 stands in some files, too */
    {14, 101}, /* RAW of OpenBSD, in files */
    {11, 100}, /* ATM_RFC1483 */
    {15, 102}, /* SLIP_BSDOS */
    {16, 103}, /* PPP_BSDOS */
    {19, 106}, /* ATM_CLIP */
};

/* Of a DLT_ value, or of what a file says: numbers of old files that mean raw IP become 101. */
static inline uint16_t link_type_of(uint32_t number)
{
    for (size_t i = 0; i < sizeof link_type_pairs / sizeof link_type_pairs[0]; i++)
        if (link_type_pairs[i].dlt == number)
            return link_type_pairs[i].link_type;
    return (uint16_t)number;
}

/* The DLT_ value that libpcap's functions take. */
static inline int link_type_to_dlt(uint16_t link_type)
{
    for (size_t i = 0; i < sizeof link_type_pairs / sizeof link_type_pairs[0]; i++)
        if (link_type_pairs[i].link_type == link_type)
            return link_type_pairs[i].dlt;
    return link_type;
}

#endif
