# SPDX-License-Identifier: Apache-2.0
"""What the tests of Redis under load share: a capture with many miners, and a sensor that it is fed to bit by bit."""
import json
import os
import struct
import subprocess
import tempfile
import threading
import time

import support  # noqa: F401 (it makes scripts/ known)

from capture import scenario

PIECES = 40
FLOW = """tcp 192.0.2.%(host)d:%(port)d > 203.0.113.%(pool)d:3333
  > {"id":1,"method":"mining.subscribe","params":["cgminer/4.11.1"]}
  < {"id":1,"result":[[["mining.notify","a"]],"08000002",4],"error":null}
  > {"id":2,"method":"mining.authorize","params":["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.a","x"]}
  < {"id":2,"result":true,"error":null}
  & {"id":null,"method":"mining.notify","params":${bitcoin.notify 1a true}}
  close
wait 5s
"""


def make_capture(folder, flows):
    """A capture in which so many flows mine one after another, five seconds of its time apart; an alert each."""
    path = os.path.join(folder, "load.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write("start 2026-01-05 10:00:00\n")
        for number in range(flows):
            file.write(FLOW % {"host": 1 + number % 250, "port": 20000 + number, "pool": 1 + number % 50})
    return scenario.make([], path)[1]


def cut(capture, pieces):
    """The bytes of a pcap, in so many pieces that end between two packets."""
    ends, at = [], 24
    while at < len(capture):
        at += 16 + struct.unpack("<I", capture[at + 8:at + 12])[0]
        ends.append(at)
    cuts = [0] + [ends[len(ends) * piece // pieces - 1] for piece in range(1, pieces + 1)]
    return [capture[begin:end] for begin, end in zip(cuts, cuts[1:])]


class Load:
    """A sensor that reads a capture as it comes, so many seconds long; not beyond the part of it that is allowed, so that some
    is left to come after what a test waits for."""

    def __init__(self, sensor, capture, seconds, *words, environment=None, allowed=1.0):
        self.messages = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = subprocess.Popen([sensor, "-r", "-", "--json", "--set", "sensor.name=test", *words],
                                        stdin=subprocess.PIPE, stdout=self.output, stderr=self.messages,
                                        env={**os.environ, **(environment or {})})
        self.allowed = allowed
        self.thread = threading.Thread(target=self.feed, args=(cut(capture, PIECES), seconds / PIECES), daemon=True)
        self.thread.start()

    def feed(self, pieces, pause):
        try:
            for number, piece in enumerate(pieces):
                while number >= self.allowed * PIECES:
                    time.sleep(0.02)
                self.process.stdin.write(piece)
                self.process.stdin.flush()
                time.sleep(pause)
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it refused to start

    def end(self):
        """Exit status, identifiers of the alerts in their order, and what the sensor said."""
        self.allowed = 1.0
        self.thread.join()
        status = self.process.wait(timeout=300)
        self.output.seek(0)
        self.messages.seek(0)
        events = [json.loads(line) for line in self.output]
        return status, [event["id"] for event in events if event["event_type"] == "alert"], self.messages.read()
