# SPDX-License-Identifier: Apache-2.0
"""What the tests with a running sensor share: results, a Redis server of their own, two joined network namespaces."""
import glob
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(root, "scripts"))

WAIT_S = 60  # of a machine that does much else

# programs that a shell starts in the background ignore Ctrl-C, and so would those that are to be ended by it
signal.signal(signal.SIGINT, signal.default_int_handler)


class Results:
    def __init__(self, suite):
        self.suite, self.passed, self.failed, self.skipped = suite, 0, 0, 0

    def check(self, what, holds, detail=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        print("%s  %s %s" % ("passed" if holds else "failed", self.suite, what), flush=True)
        if not holds and detail != "":
            print("        %s" % str(detail)[:1500], flush=True)
        return holds

    def skip(self, what, why):
        self.skipped += 1
        print("skipped %s %s: %s" % (self.suite, what, why), flush=True)

    def end(self):
        print("%d passed, %d failed, %d skipped" % (self.passed, self.failed, self.skipped))
        return 1 if self.failed else 0


def wait_for(condition, seconds=WAIT_S):
    """The first true value that `condition` gives, else its last."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.05)


def threads(process, name):
    """What /proc/PID/task/*/status says under that name of each thread."""
    found = []
    for path in glob.glob("/proc/%d/task/*/status" % process.pid):
        try:
            with open(path, encoding="ascii", errors="replace") as file:
                found += [line.split(":", 1)[1].strip() for line in file if line.startswith(name + ":")]
        except OSError:
            pass  # it ended meanwhile
    return found


def minds(process, number):
    """Whether a program has come so far that it takes a signal when it is ready to: a thread blocks it.

    Not the first thread alone: while that waits for signals, the kernel does not show them as blocked.
    """
    return any(int(blocked, 16) >> (number - 1) & 1 for blocked in threads(process, "SigBlk"))


def has_taken(process, number):
    """Whether a signal that was sent waits no longer: one that comes while it does would be lost."""
    return not any(int(pending, 16) >> (number - 1) & 1 for pending in threads(process, "ShdPnd"))


def stands(process, state="S"):
    """Whether all threads of a program sleep (S), so that it has done all it has to do so far, or are stopped (T)."""
    return {one[0] for one in threads(process, "State")} == {state}


def waited_s(*processes):
    """How long threads of these have waited for a processor: what others that work on the machine took from them, see
    https://docs.kernel.org/scheduler/sched-stats.html. Of threads that ended nothing is known."""
    waited_ns = 0
    for process in processes:
        for path in glob.glob("/proc/%d/task/*/schedstat" % process.pid):
            try:
                with open(path, encoding="ascii") as file:
                    waited_ns += int(file.read().split()[1])
            except OSError:
                pass
    return waited_ns / 1e9


def whole_lines(path):
    """Of a file that is being written: but for the line that is not whole yet."""
    with open(path, encoding="utf-8") as file:
        return [line for line in file if line.endswith("\n")]


held = []


def free_port():
    """A TCP port of the loopback that is nobody's. Servers set SO_REUSEADDR as well, and so can listen there beside what holds it
    here until the test ends, and nobody else is given it."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    held.append(holder)
    return holder.getsockname()[1]


def free_udp_port():
    """Sockets for datagrams cannot share a port: one that the system gives to nobody who asks for any."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", random.randrange(20000, 32000)))
                return probe.getsockname()[1]
            except OSError:
                pass


class Redis:
    """A redis-server in a temporary directory, on a free TCP port and a socket file for all users, and a client for it.

    `within` begins its command, to start it in a namespace.
    """

    def __init__(self, *options, within=()):
        self.folder = tempfile.mkdtemp(prefix="geophone-redis-")
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        self.socket = os.path.join(self.folder, "socket")
        self.options, self.within, self.process, self.stream = options, within, None, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.process = subprocess.Popen(
            [*self.within, "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket,
             "--unixsocketperm", "777", "--dir", self.folder, "--save", "", "--appendonly", "no", *self.options], stdout=subprocess.DEVNULL)
        if not wait_for(self.connect):
            raise RuntimeError("redis-server does not answer")

    def connect(self):
        try:
            client = socket.socket(socket.AF_UNIX)
            client.connect(self.socket)
        except OSError:
            client.close()
            return False
        self.stream = client.makefile("rwb")
        client.close()
        return True

    def stop(self, kills=False):
        if self.stream:
            self.stream.close()
        if self.process:
            self.process.send_signal(signal.SIGKILL if kills else signal.SIGTERM)
            self.process.wait()
        self.process = self.stream = None

    def kill(self):
        self.stop(kills=True)

    def __call__(self, *words):
        """One command; see https://redis.io/docs/reference/protocol-spec/ (RESP2)."""
        words = [str(word).encode() for word in words]
        self.stream.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
        self.stream.flush()
        return self.read()

    def read(self):
        line = self.stream.readline()
        kind, rest = line[:1], line[1:-2].decode("utf-8", "replace")
        if kind == b"-":
            return RuntimeError(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == "-1" else self.stream.read(int(rest) + 2)[:-2].decode("utf-8", "replace")
        if kind == b"*":
            return [self.read() for _ in range(int(rest))]
        return rest


class Namespaces:
    """Two network namespaces, `inside` 10.77.0.1 and `outside` 10.77.0.2, joined by a veth pair (geo0 in each)."""

    def __init__(self):
        self.inside, self.outside = ("geophone-%s-%d" % (side, os.getpid()) for side in ("in", "out"))

    def __enter__(self):
        try:
            for name in (self.inside, self.outside):
                run("ip", "netns", "add", name)
            run(*self.command(self.inside, "ip", "link", "add", "geo0", "type", "veth", "peer", "name", "geo0", "netns",
                              self.outside))
            for name, address in ((self.inside, "10.77.0.1/24"), (self.outside, "10.77.0.2/24")):
                run(*self.command(name, "ip", "address", "add", address, "dev", "geo0"))
                run(*self.command(name, "ip", "link", "set", "lo", "up"))
                run(*self.command(name, "ip", "link", "set", "geo0", "up"))
        except subprocess.CalledProcessError as error:
            self.__exit__()
            raise PermissionError((error.stderr or b"").decode().strip() or str(error)) from None
        return self

    def __exit__(self, *_):
        for name in (self.inside, self.outside):
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL, check=False)

    @staticmethod
    def command(name, *words):
        """`ip netns exec` would also mount a new /sys, which a chroot does not allow."""
        return ["nsenter", "--net=/run/netns/" + name, *words]


def ask_statistics(process, count):
    """Has a sensor tell its statistics, and waits for them; `count` says how many have come."""
    before = count()
    process.send_signal(signal.SIGUSR1)
    wait_for(lambda: count() > before)


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
