# SPDX-License-Identifier: Apache-2.0
"""Mirrors at speed: what is found, what is lost, and whether the sensor says of that what the kernel says."""
import importlib
import os
import random
import struct
import subprocess
import sys
import time

import mirroring
from support import root, run, wait_for

tunnels = importlib.import_module("capture.tunnels")

WRAP = "vxlan 42"
INNER = 14 + 20 + 8 + 8 + 14  # where the inner IPv4 header begins in a frame of VXLAN
FLOWS, EXCHANGES = 1000, 12
PLANTED = ["bitcoin-v1", "cryptonote-login", "ethproxy", "stratum-v2", "dialect-kaspa", "ethereumstratum-1.0.0"]
COPIES = 5  # of each planted case, between other hosts


STRAY = 8  # frames of the interfaces themselves, such as ARP: they come to no socket, and any time, also between two counts


def tcp_frame(ends, sequence, acknowledgment, flags, payload=b""):
    """Without the checksum of TCP, as a card that computes it leaves frames to a mirror."""
    (source, source_port), (destination, destination_port) = ends
    segment = struct.pack("!HHIIBBHHH", source_port, destination_port, sequence, acknowledgment, 5 << 4, flags, 64240, 0, 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), sequence & 0xffff, 0x4000, 64, 6, 0, source, destination)
    return b"\x02\0" + destination + b"\x02\0" + source + b"\x08\0" + ip + segment


def session(number, dice):
    """Downloads over HTTP: a request and two segments of answer each time."""
    client, server = (bytes([10, 0, number >> 8, number & 255]), 1024 + number), (bytes([172, 0, 1, number % 250]), 80)
    up, down, at = (client, server), (server, client), [dice.getrandbits(31), dice.getrandbits(31)]
    yield tcp_frame(up, at[0], 0, 0x02)
    yield tcp_frame(down, at[1], at[0] + 1, 0x12)
    at = [at[0] + 1, at[1] + 1]
    for turn in range(EXCHANGES):
        request = b"GET /%d/%d HTTP/1.1\r\nHost: example.net\r\n\r\n" % (number, turn)
        yield tcp_frame(up, at[0], at[1], 0x18, request)
        at[0] += len(request)
        body = dice.randbytes(dice.choice((200, 500, 900)))
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        for part in (answer[:400], answer[400:]):
            if part:
                yield tcp_frame(down, at[1], at[0], 0x18, part)
            at[1] += len(part)
    yield tcp_frame(up, at[0], at[1], 0x11)
    yield tcp_frame(down, at[1], at[0] + 1, 0x11)


def background():
    """The sessions' frames, fifty sessions at a time side by side."""
    dice, frames = random.Random(4), []
    for first in range(0, FLOWS, 50):
        sessions = [list(session(number, dice)) for number in range(first, first + 50)]
        for turn in range(max(map(len, sessions))):
            frames += [frames_of[turn] for frames_of in sessions if turn < len(frames_of)]
    return frames


def wrapped(frames):
    stack = tunnels.Stack(WRAP)
    return [piece for frame in frames for piece in stack.wrap(tunnels.Piece(tunnels.ETHERNET, frame))]


class Load:
    """The capture files that are sent, and the mining that must be found in them."""

    def __init__(self, program, folder):
        self.paths = {name: os.path.join(folder, name + ".pcap") for name in ("bare", "wrapped", "planted", "planted-wrapped")}
        traffic, planted = background(), list(mirroring.golden_frames(PLANTED * COPIES))
        for name, frames in (("bare", traffic), ("wrapped", wrapped(traffic)), ("planted", planted),
                             ("planted-wrapped", wrapped(planted))):
            mirroring.write(self.paths[name], frames)
        self.mining = set(mirroring.mining(mirroring.read_file(program, self.paths["planted"])))
        self.sender = os.path.join(root, "build", "tests", "live", "blast")
        subprocess.run(["make", "-s", "-C", root, "build/tests/live/blast"], check=True, stdout=sys.stderr)

    def send(self, network, way, seconds, rate):
        """(sent, seconds it took); `way` is "tc" for the kernel's mirror, else frames come wrapped. The kernel mirrors, wraps and
        delivers in the sender's time: more of it than one core has."""
        names = ("b0", "bare", "planted", 14) if way == "tc" else ("u0", "wrapped", "planted-wrapped", INNER)
        done = subprocess.run(network.command(network.mirror, self.sender, names[0], self.paths[names[1]], self.paths[names[2]],
                                              str(names[3]), str(seconds), str(rate), "2" if way == "tc" else "1"), capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError("the sender failed: %s" % (done.stderr.decode() or "not all planted frames were sent"))
        sent, _, took = done.stdout.split()
        return int(sent), float(took)


def socket_drops(network):
    """What /proc/net/udp and udp6 say of the sockets where the sensor is."""
    done = subprocess.run(network.command(network.target, "tail", "-qn+2", "/proc/net/udp", "/proc/net/udp6"), capture_output=True,
                          check=True)
    return sum(int(line.split()[-1]) for line in done.stdout.splitlines())


class Outcome:
    def __init__(self, network, program, load, how, way, seconds, rate, more=(), stopped=False):
        before = network.received()
        self.sensor = sensor = mirroring.Sensor(network, program, how, 1, *more, keeps_flows=False)
        began = time.monotonic()
        try:
            if stopped:
                os.kill(sensor.process.pid, 19)  # SIGSTOP
            self.sent, self.seconds = load.send(network, way, seconds, rate)
            if stopped:
                os.kill(sensor.process.pid, 18)  # SIGCONT
            after = network.received()
            self.received = after["rx"] - before["rx"] + ("-i" in how) * (after["tx"] - before["tx"])
            self.complete = wait_for(self.all_told)
            self.socket_drops = socket_drops(network)
        finally:
            self.status = sensor.end()
        self.capture, self.packets = sensor.latest()["capture"], sensor.latest()["decoder"]["pkts"]
        self.worst_lag = max(event["stats"]["capture"]["lag_ms"] for event in sensor.events if event["event_type"] == "stats")
        self.fullest = max(event["stats"]["capture"].get("queue_full", 0) for event in sensor.events if event["event_type"] == "stats")
        self.found = set(mirroring.mining(sensor.events)) & load.mining
        self.drops = self.capture["kernel_drops"]
        self.took = time.monotonic() - began

    def all_told(self):
        told = self.sensor.statistics()
        return told["decoder"]["pkts"] + told["capture"]["kernel_drops"] >= self.received


def check_losses(results, network, program, load):
    """A sensor that is stopped for a while loses packets: as many as the kernel says, and it warns of them."""
    for how in ("-i s0", "--listen vxlan:4789"):
        outcome = Outcome(network, program, load, how, "u0", 1, 40000, ("--set", "capture.buffer-size=2m"), stopped=True)
        said = outcome.sensor.said
        told = "%d received, %d read, %d lost; sockets: %d" % (outcome.received, outcome.packets, outcome.drops, outcome.socket_drops)
        results.check("%s, stopped: there are losses" % how, outcome.drops > 1000, told)
        results.check("%s, stopped: read and lost are what the kernel delivered" % how,
                      abs(outcome.received - outcome.packets - outcome.drops) <= STRAY, told)
        if "listen" in how:
            results.check("%s, stopped: losses are those of /proc/net/udp6" % how, outcome.drops == outcome.socket_drops, told)
            results.check("%s, stopped: the socket was seen to be full" % how, outcome.fullest > 0.9, outcome.fullest)
        results.check("%s, stopped: the lag is told" % how, 500 < outcome.worst_lag < 300000, outcome.worst_lag)
        results.check("%s, stopped: one warning with advice" % how,
                      said.count("warning: capture") == 1 and "were lost" in said and "capture.threads" in said and outcome.status == 0, said)


def check_speed(results, network, program, load):
    """Two seconds at a rate that is no trouble, so that it holds on a busy machine."""
    for how in ("-i s0", "--listen vxlan:4789"):
        outcome = Outcome(network, program, load, how, "u0", 2, 30000)
        results.check("%s at 30,000 packets/s: nothing lost, %d flows with mining" % (how, len(load.mining)),
                      outcome.drops == 0 and outcome.found == load.mining and
                      abs(outcome.received - outcome.packets) <= STRAY,
                      "%d received, %d read, %d lost, %d found" %
                      (outcome.received, outcome.packets, outcome.drops, len(outcome.found)))


def measure(network, program, load, seconds, rate):
    """Prints a row for each way of mirroring and receiving: the best of three tries."""
    print("| mirror | received by | sent/s | delivered/s | read | lost by the kernel's count | by the sensor's | miners found | worst lag |")
    print("|---|---|---|---|---|---|---|---|---|")
    network.add_switch()
    for way, how in (("u0", "-i s0"), ("u0", "--listen vxlan:4789"), ("tc", "-i s0"), ("tc", "--listen vxlan:4789")):
        if way == "tc":
            network.mirror_with_tc("b0", ["egress"])
        network.silence("-i" in how)
        tries = []
        while len(tries) < 3 and not (tries and tries[-1].drops == 0 and tries[-1].received >= rate * 0.99 * seconds):
            tries.append(Outcome(network, program, load, how, way, seconds, rate * 1.02))
        best = min(tries, key=lambda one: (one.received < rate * 0.99 * seconds, one.drops / one.received, -one.received))
        kernel = best.socket_drops if "listen" in how else best.received - best.packets
        print("| %s | `%s` | %s | %s | %s | %s | %s | %d of %d | %d ms |" %
              ("tc mirred, vxlan device" if way == "tc" else "VXLAN, ready-made", how, *(
                  format(round(number), ",") for number in (best.sent / best.seconds, best.received / best.seconds, best.packets,
                                                            kernel, best.drops)),
               len(best.found), len(load.mining), best.worst_lag), flush=True)
        if way == "tc":
            network.mirror_with_tc_ends("b0")
