# SPDX-License-Identifier: Apache-2.0
"""Wraps frames in tunnels, tags and labels, one in another. A stack is written as it stands on the wire, outermost
first: "geneve 0 gwlb / vxlan 4660". `make-capture --help` lists the elements.

What is being wrapped is a Piece: an Ethernet frame, or what an EtherType announces. Each element turns one into another;
those over IP may turn it into several, where their `mtu` is smaller."""
import ipaddress
import struct
import zlib

from . import packets

ETHERNET, IPV4, IPV6, MPLS, PPPOE, NSH = 0x6558, 0x0800, 0x86dd, 0x8847, 0x8864, 0x894f
FORWARD, BACKWARD = 0, 1


class Piece:
    """`type` is an EtherType, ETHERNET for a frame. `direction`: of the packet in its flow."""

    def __init__(self, kind, data, direction=FORWARD):
        self.type, self.data, self.direction = kind, data, direction

    def become(self, kind, data):
        return Piece(kind, data, self.direction)


class NotCarried(Exception):
    """The element carries no such packet: ARP in a tunnel for IP."""


def bare_ip(piece):
    """The IP packet of a frame, without padding."""
    kind, data = piece.type, piece.data
    if kind == ETHERNET:
        at = 12
        while data[at:at + 2] in (b"\x81\x00", b"\x88\xa8", b"\x91\x00"):
            at += 4
        kind, data = struct.unpack("!H", data[at:at + 2])[0], data[at + 2:]
    if kind == IPV4 and len(data) >= 20:
        return piece.become(IPV4, data[:struct.unpack("!H", data[2:4])[0] or None])
    if kind == IPV6 and len(data) >= 40:
        return piece.become(IPV6, data[:40 + struct.unpack("!H", data[4:6])[0]])
    raise NotCarried()


def as_frame(piece):
    """With an Ethernet header before it, where it has none."""
    if piece.type == ETHERNET:
        return piece
    ends = (b"\x02\x00\x00\x00\xfe\x02", b"\x02\x00\x00\x00\xfe\x01")
    return piece.become(ETHERNET, b"".join(ends) + struct.pack("!H", piece.type) + piece.data)


def behind_addresses(tag):
    """An element that puts something between the addresses and the type of a frame."""
    def wrap(element, piece):
        frame = as_frame(piece).data
        return [piece.become(ETHERNET, frame[:12] + tag(element) + frame[12:])]
    return wrap


def vlan_tags(element):
    tags = [int(word) for word in element.words]
    return b"".join(struct.pack("!HH", 0x88a8 if tag is not tags[-1] else 0x8100, tag) for tag in tags)


def snap(element, piece):
    """RFC 1042: LLC and SNAP in an 802.3 frame; what is too long for one stays as it is."""
    frame = as_frame(piece).data
    if len(frame) > 12 + 1492:
        return [piece]
    return [piece.become(ETHERNET, frame[:12] + struct.pack("!H", len(frame) - 12 - 2 + 8) + b"\xaa\xaa\x03\0\0\0" + frame[12:])]


def mpls(element, piece):
    """mpls LABEL... [pseudowire] [control-word]"""
    labels = [int(word) for word in element.words if word.isdigit()]
    stack = b"".join(struct.pack("!I", label << 12 | (at + 1 == len(labels)) << 8 | 64) for at, label in enumerate(labels))
    if element.has("pseudowire") or element.has("control-word"):
        return [piece.become(MPLS, stack + (bytes(4) if element.has("control-word") else b"") + as_frame(piece).data)]
    return [piece.become(MPLS, stack + bare_ip(piece).data)]


def ppp_protocol(piece):
    return struct.pack("!H", 0x21 if piece.type == IPV4 else 0x57)


def pppoe(element, piece):
    ip = bare_ip(piece)
    data = ppp_protocol(ip) + ip.data
    return [piece.become(PPPOE, struct.pack("!BBHH", 0x11, 0, element.number(0, 1), len(data)) + data)]


def nsh(element, piece):
    """RFC 8300, type 2 without metadata; around IP or, with `frame`, Ethernet."""
    inner = as_frame(piece) if element.has("frame") else bare_ip(piece)
    following = {IPV4: 1, IPV6: 2, ETHERNET: 3}[inner.type]
    return [piece.become(NSH, struct.pack("!HBBI", 0x0fc2, 2, following, 0x00002aff) + inner.data)]


# ---- over IP ----

class Ends:
    """The outer addresses of an element, and its packets' identifications."""

    def __init__(self, options, level):
        self.source = ipaddress.ip_address(options.pop("from", "10.99.%d.1" % level))
        self.destination = ipaddress.ip_address(options.pop("to", "10.99.%d.2" % level))
        self.mtu = int(options.pop("mtu", 0))
        self.turns = options.pop("turns", "no") == "yes"
        self.identification = level << 12

    def carry(self, piece, protocol, data):
        source, destination = self.source, self.destination
        if self.turns and piece.direction == BACKWARD:
            source, destination = destination, source
        self.identification += 1
        if protocol == packets.UDP and source.version == 6:
            data = packets.with_checksum(source, destination, protocol, data, 6, False)
        header = 20 if source.version == 4 else 48  # with the fragment header
        settings = {"fragment": self.mtu - header if self.mtu else 0, "fragments-reversed": False, "ip-options": False}
        kind = IPV4 if source.version == 4 else IPV6
        return [piece.become(kind, packet) for packet in
                packets.ip_packets(source, destination, protocol, data, self.identification, settings)]

    def carry_udp(self, piece, port, data, source_port=None):
        source_port = source_port or 49152 + zlib.crc32(data[-64:-20]) % 16384
        return self.carry(piece, packets.UDP, struct.pack("!HHHH", source_port, port, 8 + len(data), 0) + data)


def vxlan(element, piece):
    return element.ends.carry_udp(piece, element.port(4789), struct.pack("!II", 0x08000000, element.number(0) << 8) + as_frame(piece).data)


def vxlan_gpe(element, piece):
    """Around IP or, with `frame`, Ethernet; around NSH or MPLS where that comes next."""
    inner = as_frame(piece) if element.has("frame") else piece if piece.type in (NSH, MPLS) else bare_ip(piece)
    following = {IPV4: 1, IPV6: 2, ETHERNET: 3, NSH: 4, MPLS: 5}[inner.type]
    return element.ends.carry_udp(piece, element.port(4790), struct.pack("!BxxBI", 0x0c, following, element.number(0) << 8) + inner.data)


def geneve_option(owner, kind, value):
    return struct.pack("!HBB", owner, kind, len(value) // 4) + value


def geneve_options(element, piece):
    """Those of AWS' and Tencent's load balancers and of Google, and unknown ones of which one is critical."""
    if element.has("gwlb") or element.has("tencent"):
        owner = 0x0108 if element.has("gwlb") else 0x0167
        return (geneve_option(owner, 1, bytes.fromhex("0a1b2c3d4e5f6071")) + geneve_option(owner, 2, bytes(8)) +
                geneve_option(owner, 3, struct.pack("!I", 0xc00c1e)))
    if element.has("google"):
        return (geneve_option(0x0132, 3, bytes(range(8))) +
                geneve_option(0x0132, 1, struct.pack("!I", 0x1234567 << 4 | (piece.direction == FORWARD))))
    if element.has("unknown"):
        return geneve_option(0xfff0, 0x80 | 5, bytes(124)) + geneve_option(0x0108, 77, b"")
    return b""


def geneve(element, piece):
    """Around Ethernet, or with `ip` and for Google around IP."""
    inner = bare_ip(piece) if element.has("ip") or element.has("google") else as_frame(piece)
    options = geneve_options(element, piece)
    head = struct.pack("!BBHI", len(options) // 4, 0x40 if element.has("unknown") else 0, inner.type, element.number(0) << 8)
    return element.ends.carry_udp(piece, element.port(6081), head + options + inner.data)


def gre(element, piece):
    """gre [key=N] [sequence] [checksum] [frame]: IP, what else comes next, or with `frame` Ethernet"""
    inner = as_frame(piece) if element.has("frame") else bare_ip(piece) if piece.type == ETHERNET else piece
    key = element.options.get("key")
    flags = 0x8000 * element.has("checksum") | 0x2000 * (key is not None) | 0x1000 * element.has("sequence")
    element.count += 1
    data = struct.pack("!HH", flags, inner.type) + (bytes(4) if element.has("checksum") else b"")
    data += (struct.pack("!I", int(key)) if key else b"") + (struct.pack("!I", element.count) if element.has("sequence") else b"")
    data += inner.data
    if element.has("checksum"):
        data = data[:4] + struct.pack("!H", packets.checksum(data)) + data[6:]
    return element.ends.carry(piece, 47, data)


def nvgre(element, piece):
    return element.ends.carry(piece, 47, struct.pack("!HHI", 0x2000, ETHERNET, element.number(0) << 8 | 7) + as_frame(piece).data)


def pptp(element, piece):
    ip = bare_ip(piece)
    element.count += 1
    data = b"\xff\x03" + ppp_protocol(ip) + ip.data
    return element.ends.carry(piece, 47, struct.pack("!HHHHII", 0x3081, 0x880b, len(data), element.number(0), element.count, 0) + data)


def erspan_i(element, piece):
    return element.ends.carry(piece, 47, struct.pack("!HH", 0, 0x88be) + as_frame(piece).data)


def erspan_ii(element, piece):
    element.count += 1
    head = struct.pack("!HHIHHI", 0x1000, 0x88be, element.count, 0x1000, element.number(0), 5)
    return element.ends.carry(piece, 47, head + as_frame(piece).data)


def erspan_iii(element, piece):
    """erspan-iii SESSION [platform] [ip]"""
    element.count += 1
    inner = bare_ip(piece) if element.has("ip") else as_frame(piece)
    flags = 2 << 10 if element.has("ip") else 0
    flags |= 8 * (piece.direction == BACKWARD) | element.has("platform")
    head = struct.pack("!HHIHHIHH", 0x1000, 0x22eb, element.count, 0x2000, element.number(0), 0x12345678, 0, flags)
    return element.ends.carry(piece, 47, head + (bytes(8) if element.has("platform") else b"") + inner.data)


def tzsp(element, piece):
    """With `tags`: the original length and a sensor's address, as some routers send them, and padding."""
    inner = as_frame(piece).data
    tags = struct.pack("!BBHBBB6s", 41, 2, len(inner), 0, 60, 6, b"\x02\0\0\0\0\x09") if element.has("tags") else b""
    return element.ends.carry_udp(piece, element.port(37008), b"\x01\x00\x00\x01" + tags + b"\x01" + inner)


def ip_in_ip(element, piece):
    """4in4 and 4in6, 6in4 and 6in6: as the packet is."""
    ip = bare_ip(piece)
    return element.ends.carry(piece, 4 if ip.type == IPV4 else 41, ip.data)


def gtp_u(element, piece):
    """gtp-u TEID [extension]: with `extension` the container of a 5G session"""
    ip = bare_ip(piece).data
    extra = b"\0\0\0\x85\x01\0\x01\0" if element.has("extension") else b""
    head = struct.pack("!BBHI", 0x34 if extra else 0x30, 0xff, len(extra) + len(ip), element.number(0) + piece.direction)
    return element.ends.carry_udp(piece, element.port(2152), head + extra + ip, 2152)


ELEMENTS = {
    "vlan": behind_addresses(vlan_tags),
    "ttag": behind_addresses(lambda element: b"\x89\x88" + bytes(6)),
    "vn-tag": behind_addresses(lambda element: b"\x89\x26" + bytes(4)),
    "e-tag": behind_addresses(lambda element: b"\x89\x3f" + bytes(6)),
    "snap": snap, "mpls": mpls, "pppoe": pppoe, "nsh": nsh,
}
OVER_IP = {
    "vxlan": vxlan, "vxlan-gpe": vxlan_gpe, "geneve": geneve, "gre": gre, "nvgre": nvgre, "pptp": pptp, "erspan-i": erspan_i,
    "erspan-ii": erspan_ii, "erspan-iii": erspan_iii, "tzsp": tzsp, "ipip": ip_in_ip, "6in4": ip_in_ip, "gtp-u": gtp_u,
}


class Element:
    def __init__(self, text, level):
        name, *words = text.split()
        self.options = dict(word.split("=", 1) for word in words if "=" in word)
        self.words = [word for word in words if "=" not in word]
        self.wrap_piece = ELEMENTS.get(name) or OVER_IP.get(name)
        if self.wrap_piece is None:
            raise ValueError('"%s" is no tunnel: %s' % (name, " ".join(sorted([*ELEMENTS, *OVER_IP]))))
        self.ends = Ends(self.options, level) if name in OVER_IP else None
        self.only = self.options.pop("only", "")  # packets of the other direction stay as they are
        self.count = 0

    def has(self, word):
        return word in self.words

    def number(self, at, default=0):
        numbers = [word for word in self.words if word.isdigit()]
        return int(numbers[at]) if at < len(numbers) else default

    def port(self, default):
        return int(self.options.get("port", default))

    def wrap(self, piece):
        if self.only and (self.only == "client") != (piece.direction == FORWARD):
            return [piece]
        return self.wrap_piece(self, piece)


class Stack:
    """What "vlan 7 / vxlan 5" does to a frame. Counts on from frame to frame."""

    def __init__(self, text):
        elements = [part for part in text.split("/") if part.strip()]
        self.elements = [Element(part, level) for level, part in enumerate(elements, 1)]

    def __deepcopy__(self, memory):
        return self  # sessions that share it must not send fragments with the same identification

    def wrap(self, piece):
        """The frames that come of it; none where an element does not carry such a packet."""
        pieces = [piece]
        try:
            for element in reversed(self.elements):
                pieces = [wrapped for one in pieces for wrapped in element.wrap(one)]
        except NotCarried:
            return []
        return [as_frame(one).data for one in pieces]
