# SPDX-License-Identifier: Apache-2.0
"""Values of plausible shape, drawn at random: what programs of all kinds put into JSON."""
import json

NAMES = ("ann", "bob", "carol", "device-17", "build42", "alice@example.org", "svc_reader", "0xdeadbeef", "lamp.kitchen")
TEXTS = ("hello", "done", "see you at 10", "queue is empty", "mining is cancelled today", "stratum+tcp://pool.example:3333",
         "how do I set the difficulty?", "x", "")
MEMBERS = ("id", "name", "user", "login", "pass", "password", "token", "job", "job_id", "target", "blob", "nonce", "result",
           "status", "data", "height", "difficulty", "algo", "agent", "params", "hash", "seed", "time", "version", "queue", "url")


def hexadecimal(dice, digits):
    return "%0*x" % (digits, dice.getrandbits(4 * digits)) if digits else ""


def scalar(dice):
    return dice.choice((
        lambda: dice.choice(NAMES), lambda: dice.choice(TEXTS), lambda: dice.randrange(10**dice.randrange(1, 12)),
        lambda: round(dice.uniform(0, 5000), 3), lambda: dice.choice((True, False, None)),
        lambda: hexadecimal(dice, dice.choice((4, 8, 16, 24, 32, 40, 64, 80, 128, 160))),
        lambda: "0x" + hexadecimal(dice, dice.choice((8, 16, 40, 64))),
        lambda: hexadecimal(dice, 8) + "-" + hexadecimal(dice, 4) + "-4" + hexadecimal(dice, 3)))()


def value(dice, depth=2):
    shape = dice.randrange(10) if depth else 9
    if shape < 2:
        return [value(dice, depth - 1) for _ in range(dice.randrange(5))]
    if shape < 4:
        return {dice.choice(MEMBERS): value(dice, depth - 1) for _ in range(dice.randrange(6))}
    return scalar(dice)


def parameters(dice):
    """What stands behind "params": a list, an object, or nothing."""
    shape = dice.randrange(5)
    if shape == 0:
        return []
    if shape < 3:
        return [value(dice, 1) for _ in range(dice.randrange(1, 8))]
    return {dice.choice(MEMBERS): value(dice, 1) for _ in range(dice.randrange(1, 7))}


def identifier(dice):
    return dice.choice((lambda: dice.randrange(100), lambda: str(dice.randrange(10**6)), lambda: None,
                        lambda: hexadecimal(dice, 8)))()


def compact(thing):
    return json.dumps(thing, separators=(",", ":"))


def answer(dice, number):
    """A JSON-RPC answer of any service."""
    result = dice.choice((
        lambda: True, lambda: None, lambda: {"status": "OK"}, lambda: {"status": dice.choice(("OK", "done", "queued"))},
        lambda: value(dice), lambda: ["0x" + hexadecimal(dice, 64) for _ in range(dice.randrange(1, 5))],
        lambda: [[["event", hexadecimal(dice, 8)]], hexadecimal(dice, 8), dice.randrange(9)],
        lambda: {"id": hexadecimal(dice, 16), "job": value(dice, 1), "status": "OK"}))()
    if dice.random() < 0.15:
        return {"id": number, "result": None, "error": {"code": -32601, "message": "Method not found"}}
    return dice.choice(({"id": number, "result": result}, {"jsonrpc": "2.0", "id": number, "result": result},
                        {"id": number, "result": result, "error": None}))
