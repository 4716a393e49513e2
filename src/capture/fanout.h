// SPDX-License-Identifier: Apache-2.0
/*
 * How the kernel has packets between the sockets of several workers: a classic BPF program gives each packet
 * a number, which modulo the number of sockets says whose it is. Both directions of a flow must get the same
 * number. What is inside VXLAN and GENEVE is looked into, one tunnel deep, so that the traffic of one mirror
 * is spread; of all else the outermost two addresses count, which are the same for both directions of what
 * one mirror sends.
 */
#ifndef CAPTURE_FANOUT_H
#define CAPTURE_FANOUT_H

#include "base/error.h"

#include <stdint.h>

/*
 * Makes the packet socket `fd` a member of `group`, whose members are all on the same interface. Each member
 * may set the program: it is the same. IPv4 fragments are put together by the kernel first
 * (PACKET_FANOUT_FLAG_DEFRAG). False with STATUS_FAILED and the reason; `name` is the interface's. See
 * packet(7).
 */
bool fanout_join_packets(int fd, uint16_t group, const char *name, struct error *error);

/* The same for UDP sockets that are bound to one port with SO_REUSEPORT, `members` in the end; see socket(7),
 * SO_ATTACH_REUSEPORT_CBPF. As long as there are fewer, some packets go to any of them. */
bool fanout_join_datagrams(int fd, uint32_t members, const char *name, struct error *error);

#endif
