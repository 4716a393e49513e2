# SPDX-License-Identifier: Apache-2.0
"""Reads capture files, pcap and pcapng, for tools that change them."""
import struct


def read_capture(data):
    """(time in ns, link type, length on the wire, bytes) of each frame."""
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return read_pcapng(data)
    magic = struct.unpack(order + "I", data[:4])[0]
    if magic not in (0xa1b2c3d4, 0xa1b23c4d):
        raise ValueError("no pcap and no pcapng file")
    return read_pcap(data, order, 1000 if magic == 0xa1b2c3d4 else 1)


def read_pcap(data, order, unit_ns):
    link_type, at = struct.unpack(order + "I", data[20:24])[0] & 0xffff, 24
    while at + 16 <= len(data):
        second, rest, kept, length = struct.unpack(order + "IIII", data[at:at + 16])
        yield second * 10**9 + rest * unit_ns, link_type, length, data[at + 16:at + 16 + kept]
        at += 16 + kept


def read_options(data, order):
    while len(data) >= 4:
        code, length = struct.unpack(order + "HH", data[:4])
        yield code, data[4:4 + length]
        data = data[4 + length + -length % 4:]


def resolution_ns(data, order):
    """Of an interface: how many nanoseconds a unit of its time stamps is."""
    for code, value in read_options(data, order):
        if code == 9:  # if_tsresol
            return 10**9 / (2 ** (value[0] & 0x7f) if value[0] & 0x80 else 10 ** value[0])
    return 1000


def read_pcapng(data):
    """Section headers, interfaces and enhanced packet blocks; other blocks are passed over."""
    order, at, interfaces = "<", 0, []
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order, interfaces = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, length = struct.unpack(order + "II", data[at:at + 8])
        body = data[at + 8:at + length - 4]
        if kind == 1:
            interfaces.append((struct.unpack(order + "H", body[:2])[0], resolution_ns(body[8:], order)))
        elif kind == 6:
            interface, high, low, kept, wire = struct.unpack(order + "IIIII", body[:20])
            link_type, unit_ns = interfaces[interface]
            yield int((high << 32 | low) * unit_ns), link_type, wire, body[20:20 + kept]
        at += max(length, 12)
