// SPDX-License-Identifier: Apache-2.0
/*
 * Linux "cooked" captures, what the device "any" gives:
 * https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and
 * .../LINKTYPE_LINUX_SLL2.html. Both carry the same fields, in another order.
 */
#include "decode/decoder.h"

/* For this hardware type the protocol field counts netlink families, not EtherTypes (linux/if_arp.h). */
enum { ARPHRD_NETLINK = 824 };

static struct next next_cooked(uint16_t hardware, uint16_t protocol)
{
    return hardware == ARPHRD_NETLINK ? next_none(DECODE_NO_IP) : next_ethertype(protocol);
}

static struct next linux_sll_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    (void)packet;
    cursor_skip(bytes, 2); /* direction */
    uint16_t hardware = cursor_u16_be(bytes);
    cursor_skip(bytes, 10); /* length of the address, address */
    uint16_t protocol = cursor_u16_be(bytes);
    return next_cooked(hardware, protocol);
}

static struct next linux_sll2_peel(struct decoder *decoder, struct packet *packet, struct cursor *bytes)
{
    (void)decoder;
    (void)packet;
    uint16_t protocol = cursor_u16_be(bytes);
    cursor_skip(bytes, 6); /* reserved, interface */
    uint16_t hardware = cursor_u16_be(bytes);
    cursor_skip(bytes, 10); /* direction, length of the address, address */
    return next_cooked(hardware, protocol);
}

const struct layer layer_linux_sll = {
    .name = "linux_sll",
    .after = {{NUMBERING_LINK_TYPE, 113}},
    .peel = linux_sll_peel,
};

const struct layer layer_linux_sll2 = {
    .name = "linux_sll2",
    .after = {{NUMBERING_LINK_TYPE, 276}},
    .peel = linux_sll2_peel,
};
