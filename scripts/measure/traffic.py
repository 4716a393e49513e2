# SPDX-License-Identifier: Apache-2.0
"""The captures of scripts/bench: made by the programs of tests/bench, kept as files or streamed where they are large."""
import os
import struct
import subprocess
import sys
import tempfile

PLAIN = (struct.pack("=I", 0xA1B2C3D4), struct.pack("=I", 0xA1B23C4D))  # draft-ietf-opsawg-pcap, section 4


class Traffic:
    """One capture; `settings` are what the sensor needs for it beyond its defaults."""

    def __init__(self, what, arguments, packets=None, settings=()):
        self.what, self.arguments, self.settings = what, arguments, settings
        self.streamed = packets is not None and packets * 97 > 1e9  # over 1 GB as a file
        self.packets, self.path, self.planted = packets, None, set()  # planted: None where nobody knows

    def maker(self, build):
        return [os.path.join(build, "bench", self.arguments[0])] + self.arguments[1:]

    def open_flows(self):
        """At once, as far as the sensor's table has room for them."""
        if self.arguments[1] == "reorder":
            return 1
        return min(int(self.arguments[2]), int(next((one.split("=")[1] for one in self.settings), 1 << 20)))

    def make(self, build):
        """Makes the file where it is not there, counts its packets and knows the planted miners."""
        if self.streamed:
            with tempfile.TemporaryFile("w+") as miners:
                with subprocess.Popen(self.maker(build), stdout=subprocess.PIPE, stderr=miners) as source:
                    self.packets = count(build, "-", source.stdout)
                miners.seek(0)
                self.planted = {tuple(line.split()) for line in miners}
            return
        self.path = os.path.join(build, "bench", "-".join(self.arguments[1:]) + ".pcap")
        maker, recipe, marker = self.maker(build), " ".join(self.arguments) + "\n", self.path + ".recipe"
        if not (os.path.exists(marker) and open(marker).read() == recipe and os.path.getmtime(marker) > os.path.getmtime(maker[0])):
            print("making %s ..." % self.path, file=sys.stderr)
            with open(self.path, "wb") as packets, open(self.path + ".miners", "w") as miners:
                if subprocess.run(maker, stdout=packets, stderr=miners).returncode:
                    sys.exit("bench: %s cannot be made; is the disk full?" % self.path)
            with open(marker, "w") as file:
                file.write(recipe)
        with open(self.path + ".miners") as file:
            self.planted = {tuple(line.split()) for line in file}
        self.packets = count(build, self.path)


class Given(Traffic):
    """A capture that is there already; nobody knows who mines in it."""

    def __init__(self, path):
        super().__init__("a capture of yours", [])
        self.path, self.planted = path, None

    def make(self, build):
        try:
            with open(self.path, "rb") as file:
                magic = file.read(4)
        except OSError as error:
            sys.exit("bench: cannot read %s: %s" % (self.path, error.strerror))
        if magic not in PLAIN:
            sys.exit("bench: %s is no plain pcap file of this machine's byte order, which is what the loops read; "
                     "`tcpdump -r FILE -w NEW.pcap` makes one of a capture in another format" % self.path)
        self.packets = count(build, self.path)


def count(build, path, source=None):
    """The packets of a capture; of "-", which is `source`."""
    told = subprocess.run([os.path.join(build, "bench", "read-loop"), path], stdin=source, check=True, capture_output=True, text=True)
    return int(told.stdout.split()[0])


def flows(kind, number, miners, what, packets_each=10):
    """A flood of tests/bench/make-flows.c. More flows than the tables hold by default need larger ones."""
    large = number + miners > 1 << 20 and packets_each > 1
    settings = ("flow.max-flows=%d" % (number * 11 // 10), "reassembly.max-flows=%d" % (number * 11 // 10)) if large else ()
    return Traffic(what, ["make-flows", kind, str(number), str(miners)], number * packets_each, settings)


def captures(quick):
    """{part: {name: Traffic}}; quick ones are a tenth or less."""
    few = 20 if quick else 1
    thousand, million = 1000, 1000000
    return {
        "cost": {
            "mix": Traffic("TLS, HTTP, DNS and downloads", ["make-traffic", "mix", str(12000 // few), "2000", "60", "20000"]),
            "small": Traffic("small packets", ["make-traffic", "small", str(20000 // few), "5000", "50", "5000"]),
            "1m": flows("steady", million // few, thousand // few, "%s TCP flows at once, interleaved" % format(million // few, ",")),
        },
        "growth": {
            "10k": flows("steady", 10 * thousand, 10, "10,000 flows at once"),
            "100k": flows("steady", 100 * thousand, 100, "100,000 flows at once"),
            **({} if quick else {"1m": flows("steady", million, thousand, "1,000,000 flows at once"),
                                 "named": flows("named", million, thousand, "1,000,000 flows of TLS, past their handshake"),
                                 "4m": flows("steady", 4 * million, thousand, "4,000,000 flows at once")}),
        },
        "hostile": {
            "normal": flows("steady", 10 * thousand, 10, "10,000 flows at once, to compare with"),
            "collide": flows("collide", million // few, thousand // few, "keys that collide where a hash adds or folds"),
            "syn": flows("syn", 10 * million // few, thousand // few, "SYNs of ever new flows", 1),
            "single": flows("single", 10 * million // few, thousand // few, "a flow per packet", 1),
            "reorder": flows("reorder", million // few, 10, "one flow, no two segments in order", 1),
        },
    }


def given(paths):
    """{name: Traffic} of captures that are there already."""
    return {path: Given(path) for path in paths}
