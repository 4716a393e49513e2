# SPDX-License-Identifier: Apache-2.0
"""Views of a session: the same messages as other sensors see them, each a flow of its own in one capture.

A scenario's TCP sessions are recorded as messages, with their times. Each view plays some of them again, between addresses
that no other view has, so that nothing learned from one tells of another; ports stay. DNS of the scenario is left out.
"""
import copy
import ipaddress

from . import files, packets
from .scenario import DEFAULTS, Scenario
from .session import CLIENT, SERVER, Session

MINERS, POOLS = ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("198.18.0.1")  # the second: RFC 2544
WITHOUT_HANDSHAKE = -1


class Recorder(Session):
    """A session that keeps its messages: (time, side, bytes)."""

    def __init__(self, ends, now, settings):
        super().__init__(ends, now, settings, lambda time, frame: None)
        self.said = []

    def deliver(self, side, segments, hidden):
        self.said.append((self.now, side, b"".join(payload for _, payload in segments)))
        super().deliver(side, segments, hidden)


class Recording(Scenario):
    def __init__(self):
        super().__init__()
        self.sessions = []

    def open_session(self, ends):
        self.sessions.append(Recorder(ends, self.now, self.plain_settings()))
        return self.sessions[-1]

    def plain_settings(self):
        return {**copy.deepcopy(DEFAULTS), "eol": self.settings["eol"], "last-bytes": [b"", b""]}


def record(path):
    """The sessions of a scenario in which something was said over TCP."""
    recording = Recording()
    recording.read_file(path)
    return [session for session in recording.sessions if session.said]


def halves(message):
    time, side, data = message
    return time, side, [part for part in (data[:len(data) // 2], data[len(data) // 2:]) if part]


def merged(messages):
    """What a side says within a second, before the other one speaks, comes at once."""
    together = []
    for time, side, data in messages:
        if together and together[-1][1] == side and time - together[-1][0] < 10**9:
            data = together.pop()[2][0] + data
        together.append((time, side, [data]))
    return together


def views(session, miner):
    """(name, count, settings, messages): `count` messages were missed or seen, None where the view is no series."""
    said = [(time, side, [data]) for time, side, data in session.said]
    sides = (("", "", said), ("-miner", ("client", "server")[miner], [m for m in said if m[1] == miner]),
             ("-pool", ("server", "client")[miner], [m for m in said if m[1] != miner]))
    yield "whole", None, {}, said
    yield "no-handshake", None, {"midstream": WITHOUT_HANDSHAKE}, said
    yield "split", None, {}, [halves(message) for message in session.said]
    yield "merged", None, {}, merged(session.said)
    for name, only, heard in sides:
        if only:
            yield name[1:], None, {"only": only}, said
        for count in range(1, len(heard)):
            at = said.index(heard[count])  # how many messages came before this one
            yield "cut-off" + name, count, {"only": only}, said[:at]
            yield "joined" + name, count, {"only": only, "midstream": at}, said


def play(session, ends, settings, messages, emit):
    replay = Session(ends, session.said[0][0], {**session.settings, "last-bytes": [b"", b""], **settings}, emit)
    for time, side, parts in messages:
        replay.now = max(replay.now, time)
        replay.send(side, parts)


def capture(sessions, miner=CLIENT):
    """The bytes of a capture with all views, and what each address of a client shows: (session's number, view, count)."""
    frames, shown = [], {}
    for number, session in enumerate(sessions):
        for view, count, settings, messages in views(session, miner):
            ends = tuple((address + len(shown), port)
                         for address, (_, port) in zip((MINERS, POOLS), session.ends))
            shown[str(ends[CLIENT][0])] = number, view, count
            play(session, ends, settings, messages, lambda time, frame: frames.append((time, frame)))
    frames.sort(key=lambda frame: frame[0])
    return files.capture_file(frames, packets.LINK_TYPES["ethernet"], DEFAULTS), shown
