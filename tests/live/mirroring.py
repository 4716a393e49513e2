# SPDX-License-Identifier: Apache-2.0
"""For the tests with mirrors: a namespace with a port that is mirrored and one where sensors run, traffic, and what is
compared of it."""
import collections
import importlib
import json
import os
import signal
import subprocess
import threading

from support import WAIT_S, Namespaces, ask_statistics, root, run, wait_for

scenario = importlib.import_module("capture.scenario")
files = importlib.import_module("capture.files")
reading = importlib.import_module("capture.reading")

PORT = os.path.join(root, "tests", "live", "mirror-port")
MIRROR, TARGET = "10.99.1.1", "10.99.1.2"  # the ends that wrapping gives to the outermost tunnel
MIRROR_MAC, TARGET_MAC = "02:00:00:00:fe:01", "02:00:00:00:fe:02"
VNI = 42
FRAME_US = 200


class Network:
    """`mirror` has the port m1, whose other end m0 stands for the hosts behind it, and u0, the way to the sensors; `target` has
    s0, the other end of that."""

    def __init__(self):
        self.mirror, self.target = ("geophone-%s-%d" % (side, os.getpid()) for side in ("mirror", "target"))
        self.tunnel = None

    def __enter__(self):
        try:
            for name in (self.mirror, self.target):
                run("ip", "netns", "add", name)
                self.run(name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")  # no words of its own on these wires
            self.ip(self.mirror, "link add m0 mtu 65535 type veth peer name m1 mtu 65535")
            self.ip(self.mirror, "link add u0 mtu 65535 address %s type veth peer name s0 mtu 65535 address %s netns %s" %
                    (MIRROR_MAC, TARGET_MAC, self.target))
            for name, device, address in ((self.mirror, "u0", MIRROR), (self.target, "s0", TARGET)):
                self.ip(name, "address add %s/24 dev %s" % (address, device))
            for name, device in ((self.mirror, "m0"), (self.mirror, "m1"), (self.mirror, "u0"), (self.target, "s0"),
                                 (self.target, "lo")):
                self.ip(name, "link set %s up" % device)
            self.ip(self.mirror, "neighbour replace %s lladdr %s dev u0 nud permanent" % (TARGET, TARGET_MAC))
        except subprocess.CalledProcessError as error:
            self.__exit__()
            raise PermissionError((error.stderr or b"").decode().strip() or str(error)) from None
        return self

    def __exit__(self, *_):
        for name in (self.mirror, self.target):
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL, check=False)

    def command(self, name, *words):
        return Namespaces.command(name, *words)

    def run(self, name, *words):
        run(*self.command(name, *words))

    def ip(self, name, words):
        self.run(name, "ip", *words.split())

    def mirror_with_tc(self, port="m1", ways=("ingress", "egress")):
        """The kernel's own mirror: what comes and goes at a port goes into a vxlan device."""
        self.ip(self.mirror, "link add vx0 type vxlan id %d remote %s dstport 4789 dev u0 noudpcsum" % (VNI, TARGET))
        self.ip(self.mirror, "link set vx0 up mtu 65000")
        self.run(self.mirror, "tc", "qdisc", "add", "dev", port, "clsact")
        for way in ways:
            self.run(self.mirror, *("tc filter add dev %s %s protocol all u32 match u32 0 0 action mirred egress mirror dev vx0" %
                                    (port, way)).split())

    def mirror_with_tc_ends(self, port="m1"):
        self.run(self.mirror, "tc", "qdisc", "delete", "dev", port, "clsact")
        self.ip(self.mirror, "link delete vx0")

    def add_switch(self):
        """b0 has no further port: what is sent there ends there, at less cost than at m0, so that more can be sent."""
        self.ip(self.mirror, "link add b0 mtu 65000 type bridge")
        self.ip(self.mirror, "link set b0 up")

    def silence(self, silent):
        """As a port for sniffing only: what comes is for another host, so the stack throws it away once sensors have seen it."""
        self.ip(self.target, "link set s0 address %s" % ("02:00:00:00:fe:03" if silent else TARGET_MAC))

    def replay(self, path, rate):
        self.run(self.mirror, PORT, "replay", path, "m0", "m1", str(rate))

    def received(self):
        """Packets of the sensors' interface, as the kernel counts them: what came, and what the target answered, sniffed too."""
        done = subprocess.run(self.command(self.target, "ip", "-s", "-j", "link", "show", "s0"), capture_output=True, check=True)
        return {way: json.loads(done.stdout)[0]["stats64"][way]["packets"] for way in ("rx", "tx")}

    def passed(self):
        return sum(self.received().values())


class Mirroring:
    """A mirror program between m1 and u0, for a while."""

    def __init__(self, network, stack):
        self.command = network.command(network.mirror, PORT, "encapsulate", stack, "m1", "u0")

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Sensor:
    """A sensor at the end of the mirror; its records as they come in `events`, its log in `said` when it has ended."""

    def __init__(self, network, program, how, threads, *more, keeps_flows=True):
        self.network, self.events, self.lines, self.said = network, [], [], ""
        self.before, self.sniffs = network.passed(), "-i" in how
        self.process = subprocess.Popen(
            network.command(network.target, program, *how.split(), "--json", "-v", "--set", "capture.threads=%d" % threads, *more),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.output = self.process.stdout
        if not keeps_flows:  # Python would take the core that a measurement needs
            self.output = subprocess.Popen(["grep", "--line-buffered", "-v", '"event_type":"flow"'], stdin=self.process.stdout,
                                           stdout=subprocess.PIPE).stdout
        self.readers = [threading.Thread(target=self.read), threading.Thread(target=self.read_log)]
        for reader in self.readers:
            reader.start()
        wait_for(lambda: self.is_told("signatures: loaded") or self.process.poll() is not None)  # after all sockets are open

    def read(self):
        for line in self.output:
            self.events.append(json.loads(line))

    def read_log(self):
        for line in self.process.stderr:
            self.lines.append(line.decode("utf-8", "replace"))

    def is_told(self, text):
        return any(text in line for line in list(self.lines))

    def statistics(self):
        """Those of now."""
        ask_statistics(self.process, lambda: sum(event["event_type"] == "stats" for event in list(self.events)))
        return self.latest()

    def latest(self):
        found = [event["stats"] for event in list(self.events) if event["event_type"] == "stats"]
        return found[-1] if found else {"decoder": {"pkts": 0}}

    def wait_packets(self, count):
        """Until it has read so many, and nothing waits for it: what is sniffed has also what the target answers."""
        return wait_for(lambda: self.network.passed() - self.before >= count and self.packets() >= count and
                        (not self.sniffs or self.packets() >= self.network.passed() - self.before))

    def packets(self):
        told = self.statistics()
        return told["decoder"]["pkts"] + told["capture"]["kernel_drops"]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "no end within %d s" % WAIT_S
        for reader in self.readers:
            reader.join()
        self.said = "".join(self.lines)
        return status


# ---- traffic ----

def moved(frame, network):
    """The same frame between hosts of another network: captures have addresses, even sessions, in common. Nobody verifies the checksums."""
    places = {b"\x08\x00": (28, 32), b"\x86\xdd": (29, 45)}.get(bytes(frame[12:14]), ())
    changed = bytearray(frame)
    for place in places:
        changed[place] = (changed[place] + network) % 256
    return bytes(changed)


def golden_frames(cases):
    for number, case in enumerate(cases):
        made = scenario.make(["link ethernet", "format pcap-ns"], os.path.join(root, "tests", "golden", case, "scenario.txt"))[1]
        yield from (moved(frame, 10 * number) for _, _, _, frame in reading.read_capture(made))


def real_frames(paths, most):
    for number, path in enumerate(paths):
        with open(path, "rb") as file:
            frames = [data for _, link, length, data in reading.read_capture(file.read()) if link == 1 and length == len(data)]
        yield from (moved(frame, 10 * number) for frame in frames[:most])


def write(path, frames):
    """In their order, one shortly after the other, as they are replayed."""
    with open(path, "wb") as file:
        file.write(files.write_pcap([(1767607200 * 10**9 + at * FRAME_US * 1000, frame) for at, frame in enumerate(frames)],
                                    1, 262144, True, "<"))


# ---- what was found ----

def flow_of(event):
    return (event["proto"], event["src_ip"], event.get("src_port"), event["dest_ip"], event.get("dest_port"))


def flows(events, tunnelled):
    """{flow: [packets and bytes both ways, a record each]}"""
    found = collections.defaultdict(list)
    for event in events:
        if event["event_type"] == "flow" and ("tunnel" in event) == tunnelled:
            found[flow_of(event)].append(tuple(event["flow"][name] for name in
                                               ("pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient")))
    return found


def mining(events):
    """Flows that were alerted, with the dialect that was told last."""
    return {flow_of(event): event["mining"].get("dialect") for event in events if event["event_type"] == "alert"}


def incidents(events):
    """How many there were of each miner; a record names the pool that was seen last, which the order of workers decides."""
    return collections.Counter(event["mining"]["miner_ip"] for event in events if event["event_type"] == "mining" and event["mining"]["action"] == "closed")


def read_file(program, path):
    done = subprocess.run([program, "-r", path, "--json"], capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
