// SPDX-License-Identifier: Apache-2.0
/*
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): type and code stand for ports as Community ID v1 maps them
 * (corelight/community-id-spec, README): a question and its answer get each other's type, so that both are
 * one flow; any other message gets its type and its code.
 */
#include "decode/decoder.h"

struct counterpart {
    uint8_t question, answer;
};

static const struct counterpart counterparts_v4[] = {
    {8, 0},   /* echo */
    {10, 9},  /* router solicitation, advertisement */
    {13, 14}, /* time stamp */
    {15, 16}, /* information */
    {17, 18}, /* address mask */
    {0, 0},
};

static const struct counterpart counterparts_v6[] = {
    {128, 129}, /* echo */
    {130, 131}, /* multicast listener query, report */
    {133, 134}, /* router solicitation, advertisement */
    {135, 136}, /* neighbour solicitation, advertisement */
    {139, 140}, /* node information */
    {144, 145}, /* home agent address discovery */
    {0, 0},
};

static uint16_t counterpart_of(const struct counterpart *row, uint8_t type, uint8_t code)
{
    for (; row->question != 0; row++) {
        if (type == row->question)
            return row->answer;
        if (type == row->answer)
            return row->question;
    }
    return code;
}

static struct next icmp_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    uint8_t type = cursor_u8(bytes);
    uint8_t code = cursor_u8(bytes);
    packet->source_port = type;
    packet->destination_port =
        counterpart_of(packet->protocol == PROTOCOL_ICMP ? counterparts_v4 : counterparts_v6, type, code);
    return next_none(DECODE_PACKET);
}

const struct layer layer_icmp = {
    .name = "icmp",
    .after = {{NUMBERING_IP, PROTOCOL_ICMP}, {NUMBERING_IP, PROTOCOL_ICMPV6}},
    .peel = icmp_peel,
};
