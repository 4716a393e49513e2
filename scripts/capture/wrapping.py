# SPDX-License-Identifier: Apache-2.0
"""Wraps the frames of a capture file."""
from .tunnels import BACKWARD, ETHERNET, FORWARD, IPV4, IPV6, OVER_IP, NotCarried, Piece, Stack, bare_ip

LINK_ETHERNET, LINK_RAW = 1, (12, 101, 228, 229)


class Directions:
    """A packet is a reply where one between the same addresses went the other way first."""

    def __init__(self):
        self.seen = set()

    def of(self, piece):
        try:
            ip = bare_ip(piece)
        except NotCarried:
            return FORWARD
        source, destination = (ip.data[12:16], ip.data[16:20]) if ip.type == IPV4 else (ip.data[8:24], ip.data[24:40])
        if (destination, source) in self.seen:
            return BACKWARD
        self.seen.add((source, destination))
        return FORWARD


def piece_of(link_type, data):
    if link_type == LINK_ETHERNET:
        return Piece(ETHERNET, data)
    if link_type in LINK_RAW:
        return Piece(IPV4 if data[0] >> 4 == 4 else IPV6, data)
    raise ValueError("link type %d is neither Ethernet nor raw IP" % link_type)


def bare(piece):
    try:
        return [bare_ip(piece).data]
    except NotCarried:
        return []


def wrap_frames(frames, stack_text):
    """([(time, frame), ...], how many are left out). The stack "ip" leaves the bare IP packets."""
    stack = None if stack_text == "ip" else Stack(stack_text)
    directions, wrapped, left_out = Directions(), [], 0
    for time_ns, link_type, length, data in frames:
        piece = piece_of(link_type, data)
        piece.direction = directions.of(piece)
        made = [] if len(data) < length else stack.wrap(piece) if stack else bare(piece)
        left_out += not made
        wrapped += [(time_ns, one) for one in made]
    return wrapped, left_out
