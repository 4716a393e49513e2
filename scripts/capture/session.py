# SPDX-License-Identifier: Apache-2.0
"""A TCP session or a UDP exchange as it passes the sensor: messages in, frames with times out."""
import random

from . import packets, tunnels
from .packets import ACK, FIN, PSH, RST, SYN, TCP, UDP
from .values import noise

CLIENT, SERVER = 0, 1
MSS = 1460
GAP_NS = 50_000  # between packets that follow each other


class Session:
    """Moves `now` on with each message; hands frames to `emit(time_ns, bytes)`."""

    def __init__(self, ends, now, settings, emit):
        self.ends, self.now, self.settings, self.emit = ends, now, settings, emit
        name = "%s %s" % ends
        self.memory = {}  # of the templates
        self.next = [int.from_bytes(noise(4, "sequence %d %s" % (side, name)), "big") for side in (CLIENT, SERVER)]
        self.held = [[], []]  # segments that come late
        self.last = None  # who spoke last
        self.messages = 0
        self.once = {}  # what holds for the next message only
        self.identification = int.from_bytes(noise(2, "id " + name), "big")
        self.loss = random.Random("loss %s %s" % (settings["seed"], name))
        self.order = random.Random("order %s %s" % (settings["seed"], name))
        self.started = False

    # -- what a scenario says

    def begin(self):
        """The handshake, unless the capture began later."""
        self.started = True
        hidden = self.settings["midstream"] != 0
        self.packet(CLIENT, SYN, self.next[CLIENT], hidden=hidden)
        self.next[CLIENT] += 1
        self.now += self.settings["rtt"]
        self.packet(SERVER, SYN | ACK, self.next[SERVER], hidden=hidden)
        self.next[SERVER] += 1
        self.packet(CLIENT, ACK, self.next[CLIENT], hidden=hidden)

    def send(self, side, parts):
        """One message; `parts` never share a segment."""
        if not self.started:
            self.begin()
        if self.last is not None:
            self.now += self.settings["rtt"] if self.last != side else 1_000_000
        self.last = side
        self.messages += 1
        hidden = self.messages <= self.settings["midstream"]
        segments = [segment for part in parts for segment in self.cut(side, part)]
        if "overlap" in self.once:
            count = self.once["overlap"]
            before = self.settings["last-bytes"][side][-count:]
            first, payload = segments[0]
            segments[0] = (first - len(before), before + payload)
        self.settings["last-bytes"][side] = b"".join(parts)
        self.deliver(side, self.arrange(segments), hidden)
        self.once = {}

    def cut(self, side, data):
        size = self.settings["mss"] or MSS
        segments = []
        for offset in range(0, len(data), size):
            segments.append((self.next[side], data[offset:offset + size]))
            self.next[side] += len(data[offset:offset + size])
        return segments

    def arrange(self, segments):
        if self.settings["shuffle"]:
            self.order.shuffle(segments)
        return segments[::-1] if "reverse" in self.once else segments

    def deliver(self, side, segments, hidden):
        if "late" in self.once:  # lost before the sensor and sent again after the next message
            self.held[side] += segments
            return
        for number, (sequence, payload) in enumerate(segments, 1):
            unseen = hidden or self.once.get("unseen") in (0, number)
            self.packet(side, PSH | ACK, sequence, payload, unseen)
            self.now += GAP_NS
        repeats = [s for s in segments if "again" in self.once or self.order.random() < self.settings["repeat"]]
        repeats, self.held[side] = self.held[side] + repeats, []
        if repeats:
            self.now += 200_000_000
        for sequence, payload in repeats:
            self.packet(side, PSH | ACK, sequence, bytes(len(payload)) if "forged" in self.once else payload, hidden)
            self.now += GAP_NS
        if self.settings["acks"]:
            self.now += self.settings["rtt"] // 2
            self.packet(1 - side, ACK, self.next[1 - side], hidden=hidden)

    def keepalive(self, side):
        """A probe with one old byte, as Windows sends it."""
        self.packet(side, ACK, self.next[side] - 1, b"\0")

    def close(self, side):
        if not self.started:
            self.begin()
        self.now += self.settings["rtt"]
        for who in (side, 1 - side):
            self.packet(who, FIN | ACK, self.next[who])
            self.next[who] += 1
            self.now += self.settings["rtt"] // 2
        self.packet(side, ACK, self.next[side])

    def reset(self, side):
        self.packet(side, RST | ACK, self.next[side])

    # -- down to frames

    def packet(self, side, flags, sequence, payload=b"", hidden=False):
        source, destination = self.ends[side], self.ends[1 - side]
        expected = min([self.next[1 - side]] + [start for start, _ in self.held[1 - side]])
        segment = packets.tcp_segment(source, destination, sequence, expected, flags, payload, self.settings["bad-checksums"])
        self.wire(side, TCP, segment, hidden)

    def datagram(self, side, payload):
        self.started = True
        if self.last is not None:
            self.now += self.settings["rtt"] // 2
        self.last = side
        datagram = packets.udp_datagram(self.ends[side], self.ends[1 - side], payload, self.settings["bad-checksums"])
        self.wire(side, UDP, datagram, False)

    def wire(self, side, protocol, payload, hidden):
        source, destination = self.ends[side][0], self.ends[1 - side][0]
        self.identification += 1
        lost = self.loss.random() < self.settings["loss"]
        if hidden or lost or self.settings["only"] == ("server", "client")[side]:
            return
        for packet in packets.ip_packets(source, destination, protocol, payload, self.identification, self.settings):
            frame = packets.frame(packet, source, destination, self.settings)
            wrap = self.settings["wrap"]
            for wrapped in wrap.wrap(tunnels.Piece(tunnels.ETHERNET, frame, side)) if wrap else [frame]:
                self.emit(self.now, wrapped)
