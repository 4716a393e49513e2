# SPDX-License-Identifier: Apache-2.0
"""Instructions of a run of the sensor, by stage: what callgrind counted, and whose it is.

A function of a stage's own sources counts for that stage. What it calls of others (base/, protocol/, libc, nDPI) counts for
whoever called it, so that each instruction is counted once.
"""
import collections
import os
import re
import subprocess

# the first that fits a source's path has it; what fits none belongs to its callers
STAGES = (("ndpi", re.compile(r"src/inspect/application")),
          ("capture", re.compile(r"src/capture/")),
          ("decode", re.compile(r"src/decode/")),
          ("flow", re.compile(r"src/flow/")),
          ("inspect", re.compile(r"src/inspect/")),
          ("verdict", re.compile(r"src/verdict/")),
          ("sink", re.compile(r"src/sink/")),
          ("worker", re.compile(r"src/(worker|sensor|main)\.c")))
NAMES = [name for name, _ in STAGES]
# collecting begins when a worker and the verdict thread begin to work: start and reading of lists are left out, and so is
# nDPI's start, which comes later and halts it
TOGGLES = ("worker_run", "judge_run", "application_engine_start")


class Profile:
    """What one run's file says."""

    def __init__(self, path):
        self.own = collections.Counter()  # function: instructions in itself
        self.calls = collections.Counter()  # (caller, called): instructions with all that it calls
        self.files, self.names, words = {}, {}, {"fl": {}, "fn": {}}
        caller = called = None
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                key, _, value = line.rstrip("\n").partition("=")
                if key in ("fl", "fi", "fe", "cfi", "cfl"):
                    text = self._word(words["fl"], value)
                    if key == "fl":
                        source = text
                elif key == "fn":
                    caller = self._function(words["fn"], value)
                    self.files[caller] = source
                elif key == "cfn":
                    called = self._function(words["fn"], value)
                elif line[:1] in "+-*0123456789" and line.strip():
                    self._cost(line, caller, called)
                    called = None

    @staticmethod
    def _word(known, value):
        number, _, text = value.partition(" ")
        if text:
            known[number] = text
        return known.get(number, value)

    def _function(self, known, value):
        number = value.partition(" ")[0]
        self.names[number] = self._word(known, value)
        return number

    def _cost(self, line, caller, called):
        parts = line.split()
        cost = int(parts[1]) if len(parts) > 1 else 0
        if called is None:
            self.own[caller] += cost
        else:
            self.calls[caller, called] += cost

    def stage(self, function):
        return next((name for name, sources in STAGES if sources.search(self.files.get(function, ""))), None)

    def by_stage(self):
        """{stage: instructions}."""
        sums = dict.fromkeys(NAMES, 0)
        for function, cost in self.own.items():
            if self.stage(function):
                sums[self.stage(function)] += cost
        for (caller, called), cost in self.calls.items():
            if self.stage(caller) and not self.stage(called):
                sums[self.stage(caller)] += cost
        return sums

    def dearest(self, stage, count):
        """(name, instructions in itself, instructions in what it calls outside all stages), the dearest first."""
        outside = collections.Counter()
        for (caller, called), cost in self.calls.items():
            if not self.stage(called):
                outside[caller] += cost
        mine = [function for function in set(self.own) | set(outside) if self.stage(function) == stage]
        mine.sort(key=lambda function: -self.own[function] - outside[function])
        return [(self.names[function], self.own[function], outside[function]) for function in mine[:count]]


def run(sensor, capture, out, settings=()):
    """Runs the sensor on a capture under callgrind: its Profile. Raises RuntimeError with what valgrind said."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out,
               *("--toggle-collect=" + name for name in TOGGLES),
               sensor, "-q", "--json=/dev/null", "-r", capture, "--set", "capture.threads=1", *settings]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 or not os.path.exists(out):
        raise RuntimeError("callgrind on %s: %s" % (capture, "; ".join(done.stderr.strip().splitlines()[-2:])))
    return Profile(out)
