# SPDX-License-Identifier: Apache-2.0
"""The language of scenarios: reads one and yields its frames. `make-capture --help` describes it."""
import base64
import calendar
import copy
import ipaddress
import os
import re
import time

from . import files, gzip_lines, packets, payloads, tls, tunnels, websocket
from .session import CLIENT, SERVER, Session
from .values import FUNCTIONS, noise

UNITS = {"us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86400 * 10**9}
DEFAULTS = {"link": "ethernet", "vlan": [], "format": "pcap", "snap": 0, "compress": "", "cut": 0, "rtt": 20_000_000,
            "mss": 0, "only": "", "midstream": 0, "shuffle": False, "loss": 0.0, "repeat": 0.0, "seed": "0", "acks": True,
            "fragment": 0, "fragments-reversed": False, "ip-options": False, "bad-checksums": False, "eol": b"\n", "wrap": None}
ONCE = ("late", "again", "forged", "reverse", "overlap", "unseen", "split")
SIDES = {">": CLIENT, "<": SERVER}


class ScenarioError(Exception):
    pass


def duration(text):
    match = re.fullmatch(r"([0-9.]+)(us|ms|s|m|h|d)", text)
    if not match:
        raise ScenarioError('"%s" is no duration such as 30s or 20ms' % text)
    return int(float(match[1]) * UNITS[match[2]])


def fraction(text):
    return float(text.rstrip("%")) / 100


# setting: how its value is read
SETTINGS = {
    "link": str, "format": str, "compress": str, "only": str, "seed": str,
    "vlan": lambda text: [int(tag) for tag in text.split()],
    "snap": int, "cut": int, "mss": int, "midstream": int, "fragment": int,
    "rtt": duration, "loss": fraction, "repeat": fraction,
    "shuffle": lambda text: True, "ip-options": lambda text: True, "bad-checksums": lambda text: True,
    "fragments-reversed": lambda text: True, "acks": lambda text: text != "no",
    "wrap": lambda text: None if text == "none" else tunnels.Stack(text),
    "eol": lambda text: {"lf": b"\n", "crlf": b"\r\n", "none": b"", "blank": b"\n\n"}[text],
}
CHOICES = {"link": packets.LINK_TYPES, "format": files.FORMATS, "compress": ("", "gz", "zst"),
           "only": ("", "client", "server")}


class Line:
    def __init__(self, place, indent, text):
        self.place, self.indent, self.text = place, indent, text
        self.word, _, self.message = text.partition(" ")  # blanks before a message are part of it
        self.rest = self.message.strip()


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            text = text.rstrip("\n")
            yield Line("%s:%d" % (path, number), len(text) - len(text.lstrip()), text.strip())


class Scenario:
    def __init__(self):
        self.frames = []
        self.settings = copy.deepcopy(DEFAULTS)
        self.names, self.fixed = {}, set()
        self.now = calendar.timegm((2026, 1, 5, 10, 0, 0)) * 10**9

    # -- the top level

    def read_file(self, path):
        self.read(list(read_lines(path)), os.path.dirname(path))

    def read(self, lines, folder="."):
        while lines:
            line = lines.pop(0)
            if not line.text or line.text.startswith("#"):
                continue
            block = []
            while lines and (lines[0].indent > line.indent or not lines[0].text):
                block.append(lines.pop(0))
            try:
                self.statement(line, block, folder)
            except ScenarioError as error:
                raise ScenarioError(str(error) if ": " in str(error) else "%s: %s" % (line.place, error)) from None
            except (ValueError, KeyError, IndexError, TypeError) as error:
                raise ScenarioError("%s: cannot use this: %s (%s)" % (line.place, line.text, error)) from None

    def statement(self, line, block, folder):
        if line.word in ("tcp", "udp"):
            self.session(line, block)
        elif line.word in SETTINGS:
            self.set(self.settings, line, first_holds=True)
        elif line.word in ("let", "host"):
            name, _, value = line.rest.partition(" ")
            self.names.setdefault(name, value.strip().lstrip("= "))
        elif line.word == "start" and "start" not in self.fixed:
            self.fixed.add("start")
            self.now = calendar.timegm(time.strptime(line.rest, "%Y-%m-%d %H:%M:%S")) * 10**9
        elif line.word == "wait":
            self.now += duration(line.rest)
        elif line.word == "include":
            self.read_file(os.path.join(folder, line.rest))
        elif line.word == "dns":
            self.dns(line)
        elif line.word == "frame":
            self.frames.append((self.now, bytes.fromhex(line.rest)))
        elif line.word != "start":
            raise ScenarioError('"%s" is no statement' % line.word)

    def set(self, settings, line, first_holds=False):
        if line.word in CHOICES and line.rest not in CHOICES[line.word]:
            raise ScenarioError("%s is one of %s" % (line.word, " ".join(CHOICES[line.word])))
        if first_holds and line.word in self.fixed:
            return
        if first_holds:
            self.fixed.add(line.word)
        settings[line.word] = SETTINGS[line.word](line.rest)

    def endpoint(self, text):
        host, _, port = text.rpartition(":")
        return ipaddress.ip_address(self.names.get(host, host).strip("[]")), int(self.names.get(port, port))

    def dns(self, line):
        route, _, answer = line.rest.partition(" -> ")
        client, server, name = route.split()
        query, reply = payloads.dns_messages(name, answer.split(" -> "))
        port = 20000 + int.from_bytes(noise(2, "dns port " + name), "big") % 40000
        session = self.open_session((self.endpoint("%s:%d" % (client, port)), self.endpoint(server + ":53")))
        session.datagram(CLIENT, query)
        session.datagram(SERVER, reply)
        self.now = session.now + self.settings["rtt"]

    # -- a session

    def open_session(self, ends):
        settings = copy.deepcopy(self.settings)
        settings["last-bytes"] = [b"", b""]
        return Session(ends, self.now, settings, lambda now, data: self.frames.append((now, data)))

    def session(self, line, block):
        client, arrow, server = line.rest.split()
        if arrow != ">":
            raise ScenarioError("a session is CLIENT:PORT > SERVER:PORT")
        session = self.open_session((self.endpoint(client), self.endpoint(server)))
        self.run_block(session, line.word, block, 0)
        if line.word == "tcp" and not session.started:
            session.begin()

    def run_block(self, session, kind, block, counter):
        block = list(block)
        while block:
            line = block.pop(0)
            if not line.text or line.text.startswith("#"):
                continue
            deeper = []
            while block and (block[0].indent > line.indent or not block[0].text):
                deeper.append(block.pop(0))
            if line.word == "times":
                for counter in range(1, int(line.rest) + 1):
                    self.run_block(session, kind, deeper, counter)
                continue
            joined = []
            while line.text[0] in SIDES and block and block[0].word == "&":
                joined.append(block.pop(0))
            try:
                self.session_statement(session, kind, line, deeper, joined, counter)
            except (ValueError, KeyError, IndexError, TypeError, ScenarioError) as error:
                raise ScenarioError("%s: cannot use this: %s (%s)" % (line.place, line.text[:100], error)) from None

    def session_statement(self, session, kind, line, deeper, joined, counter):
        if line.text[0] in SIDES:
            self.message(session, kind, line, deeper, joined, counter)
        elif line.word in ONCE:
            session.once[line.word] = int(line.rest or 0)
        elif line.word in SETTINGS:
            self.set(session.settings, line)
        elif line.word == "wait":
            session.now += duration(line.rest)
        elif line.word in ("close", "reset", "keepalive"):
            getattr(session, line.word)(SIDES[line.rest or ">"])
        else:
            raise ScenarioError('"%s" is no statement of a session' % line.word)

    def message(self, session, kind, line, deeper, joined, counter):
        side, how = SIDES[line.word[0]], line.word[1:]
        fill = lambda text: self.fill(text, session, counter)
        session.speaking = side
        if how == "http":
            start, body = payloads.http_message(fill(line.rest), [fill(part.text) for part in strip_blank(deeper)])
            parts = [start, body] if "split" in session.once else [start + body]
        else:
            parts = [PAYLOADS[how](fill(line.message), session, kind)]
            for other in joined:
                parts[0] += PAYLOADS[how](fill(other.message), session, kind)
        parts = [part for part in parts if part]
        if kind == "udp":
            session.datagram(side, b"".join(parts))
        elif parts:
            session.send(side, parts)

    def fill(self, text, session, counter):
        """Puts values in place of ${...}."""
        def value(match):
            name, *arguments = match[1].split()
            if name == "n":
                return str(counter)
            if name in FUNCTIONS:
                return FUNCTIONS[name](session.now, session.memory, *arguments)
            return self.names[name]

        for _ in range(4):  # innermost first: values may hold values
            text, count = re.subn(r"\$\{([^${}]+)\}", value, text)
            if not count:
                break
        return text


def strip_blank(lines):
    lines = list(lines)
    while lines and not lines[-1].text:
        lines.pop()
    return lines


# how "> text", ">> text", ">hex 00" ... become bytes
PAYLOADS = {
    "": lambda text, session, kind: text.encode() + (session.settings["eol"] if kind == "tcp" else b""),
    ">": lambda text, session, kind: text.encode(),
    "<": lambda text, session, kind: text.encode(),
    "hex": lambda text, session, kind: bytes.fromhex(text),
    "base64": lambda text, session, kind: base64.b64decode(text),
    "random": lambda text, session, kind: noise(int(text), "%s %d" % (session.ends, session.messages)),
}
PAYLOADS.update(tls.PAYLOADS)
PAYLOADS.update(gzip_lines.PAYLOADS)
PAYLOADS.update(websocket.PAYLOADS)


def make(lines_before, path):
    """Settings and bytes of the capture that the scenario at `path` describes."""
    scenario = Scenario()
    scenario.read([Line("before %s" % path, 0, text) for text in lines_before], os.path.dirname(path))
    scenario.read_file(path)
    frames = sorted(scenario.frames, key=lambda frame: frame[0])
    return scenario.settings, files.capture_file(frames, packets.LINK_TYPES[scenario.settings["link"]], scenario.settings)
