# SPDX-License-Identifier: Apache-2.0
"""Packets from the inside out: TCP and UDP, IPv4 and IPv6 with extras and fragments, link layers."""
import ipaddress
import struct

TCP, UDP = 6, 17
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

# name in a scenario: LINKTYPE_ number, https://www.tcpdump.org/linktypes.html
LINK_TYPES = {"null": 0, "ethernet": 1, "ppp": 9, "raw": 101, "wifi": 105, "loop": 108, "sll": 113, "radiotap": 127,
              "sll2": 276}


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def with_checksum(source, destination, protocol, segment, offset, bad):
    pseudo = source.packed + destination.packed + struct.pack("!II", len(segment), protocol)
    value = checksum(pseudo + segment) or 0xffff
    if bad:
        value ^= 0x5555
    return segment[:offset] + struct.pack("!H", value) + segment[offset + 2:]


def tcp_segment(source, destination, sequence, acknowledgment, flags, payload=b"", bad=False):
    """`source` and `destination` are (address, port)."""
    options = bytes([2, 4, 5, 0xb4, 1, 1, 4, 2]) if flags & SYN else b""  # MSS 1460, SACK permitted
    head = struct.pack("!HHIIBBHHH", source[1], destination[1], sequence & 0xffffffff,
                       acknowledgment & 0xffffffff if flags & ACK else 0, (20 + len(options)) << 2, flags, 64240, 0, 0)
    return with_checksum(source[0], destination[0], TCP, head + options + payload, 16, bad)


def udp_datagram(source, destination, payload, bad=False):
    head = struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0)
    return with_checksum(source[0], destination[0], UDP, head + payload, 6, bad)


def ip_packets(source, destination, protocol, payload, identification, settings):
    """One packet, or several where `fragment` limits the payload of each."""
    build = ipv4_packet if source.version == 4 else ipv6_packet
    limit = settings["fragment"]
    if not limit or len(payload) <= limit:
        return [build(source, destination, protocol, payload, identification, None, settings)]
    limit -= limit % 8
    pieces = []
    for offset in range(0, len(payload), limit):
        more = offset + limit < len(payload)
        pieces.append(build(source, destination, protocol, payload[offset:offset + limit], identification,
                            (offset, more), settings))
    return pieces[::-1] if settings["fragments-reversed"] else pieces


def ipv4_packet(source, destination, protocol, payload, identification, fragment, settings):
    options = bytes([0x94, 4, 0, 0]) if settings["ip-options"] else b""  # router alert, RFC 2113
    offset, more = fragment or (0, False)
    field = (offset >> 3) | (0x2000 if more else 0) if fragment else 0x4000
    head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload),
                       identification & 0xffff, field, 64, protocol, 0, source.packed, destination.packed) + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6_packet(source, destination, protocol, payload, identification, fragment, settings):
    if fragment:  # fragment header, RFC 8200 section 4.5
        offset, more = fragment
        payload = struct.pack("!BBHI", protocol, 0, offset | more, identification) + payload
        protocol = 44
    if settings["ip-options"]:  # hop-by-hop and destination options, each with six bytes of padding
        payload = bytes([60, 0, 1, 4, 0, 0, 0, 0, protocol, 0, 1, 4, 0, 0, 0, 0]) + payload
        protocol = 0
    return struct.pack("!IHBB16s16s", 0x60000000, len(payload), protocol, 64, source.packed, destination.packed) + payload


def mac(address):
    """A locally administered address made of the host's last four bytes."""
    return b"\x02\x00" + address.packed[-4:]


def frame(packet, source, destination, settings):
    """The link layer's header before an IP packet."""
    six = source.version == 6
    ethertype = 0x86dd if six else 0x0800
    link = settings["link"]
    if link == "ethernet":
        tags = b""
        for position, tag in enumerate(settings["vlan"]):
            outer = position == 0 and len(settings["vlan"]) > 1  # 802.1ad outside, 802.1Q inside
            tags += struct.pack("!HH", 0x88a8 if outer else 0x8100, tag)
        return mac(destination) + mac(source) + tags + struct.pack("!H", ethertype) + packet
    if link == "sll":
        return struct.pack("!HHH6s2xH", 0, 1, 6, mac(source), ethertype) + packet
    if link == "sll2":
        return struct.pack("!H2xIHBB6s2x", ethertype, 1, 1, 0, 6, mac(source)) + packet
    if link == "null":  # the address family in the byte order of the machine that captured
        return struct.pack("<I", 24 if six else 2) + packet
    if link == "loop":
        return struct.pack("!I", 24 if six else 2) + packet
    if link == "ppp":  # RFC 1662 and 1332, 5072
        return struct.pack("!BBH", 0xff, 3, 0x57 if six else 0x21) + packet
    return packet


def parse_endpoint(text):
    """"192.0.2.1:80" or "[2001:db8::1]:80"."""
    host, _, port = text.rpartition(":")
    return ipaddress.ip_address(host.strip("[]")), int(port)
