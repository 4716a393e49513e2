# SPDX-License-Identifier: Apache-2.0
"""What look-alikes quote: real messages of every dialect, taken from the golden scenarios, and every word of the dialects, taken
from their sources."""
import glob
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from capture import scenario  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TAGS = {"TAG_TYPE": "type", "TAG_IDENTIFIER": "identifier", "TAG_MESSAGE": "message", "TAG_COMMAND": "command"}


def is_message(text):
    try:
        return text.startswith("{") and len(text) < 6000 and isinstance(json.loads(text), dict)
    except ValueError:
        return False


class Listener(scenario.Scenario):
    """Hears what is said in a scenario without making frames of it: a list of (side, line) a session."""

    def __init__(self):
        super().__init__()
        self.sessions = []

    def session(self, line, block):
        self.sessions.append([])
        super().session(line, block)
        self.frames.clear()

    def message(self, session, kind, line, deeper, joined, counter):
        super().message(session, kind, line, deeper, joined, counter)
        side = scenario.SIDES[line.word[0]]
        for text in [line.message] + [other.message for other in joined] + [part.text for part in deeper]:
            text = self.fill(text.strip(), session, counter)
            if is_message(text):
                self.sessions[-1].append((side, text))


def sessions():
    """(dialect, [(side, line), ...]) of each session of a golden case that is mining."""
    base = os.path.join(ROOT, "tests", "golden")
    for name in sorted(os.listdir(base)):
        expected, told = os.path.join(base, name, "expect.json"), os.path.join(base, name, "scenario.txt")
        if name.startswith(("quiet-", "bad-", "evasion-", "tcp-")) or not os.path.exists(told):
            continue
        with open(expected, encoding="utf-8") as file:
            alerts = json.load(file).get("alerts") or []
        dialects = [alert.get("mining.dialect") for alert in alerts if alert.get("mining.dialect")]
        if not dialects:
            continue
        listener = Listener()
        listener.read_file(told)
        yield from ((dialects[0], said) for said in listener.sessions if said)


def own_files():
    """Documents, sources and scenarios of this project that speak of mining."""
    patterns = ("README.md", "docs/*.md", "src/inspect/dialect/*.c", "tests/unit/*.c", "tests/golden/*/scenario.txt")
    return sorted(path for pattern in patterns for path in glob.glob(os.path.join(ROOT, pattern)))


def words():
    """(dialect, member that holds it, word, side) of each word in the dialects' sources."""
    folder = os.path.join(ROOT, "src", "inspect", "dialect")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = file.read()
        for word, rest in re.findall(r'^    \{"([^"]+)", ([^}]*)\}', text, re.M):
            if ".strength" in rest:
                tag = re.search(r"\.tag = (\w+)", rest)
                yield (name[:-2], TAGS.get(tag[1], "method") if tag else "method", word,
                       1 if "SIDE_POOL" in rest else 0)
