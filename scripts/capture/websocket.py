# SPDX-License-Identifier: Apache-2.0
"""WebSocket messages (RFC 6455), as a client sends them (masked) and as a server does; compressed ones (RFC 7692)."""
import struct
import zlib

from .values import noise

CLIENT = 0
CONTINUATION, TEXT, BINARY, PING = 0, 1, 2, 9
FINAL, COMPRESSED, MASKED = 0x80, 0x40, 0x80
CUT = b"\x00\x00\xff\xff"  # RFC 7692, section 7.2.1: what a sender leaves out


def frame(session, first, payload):
    size = len(payload)
    if size < 126:
        head = bytes([size])
    elif size < 65536:
        head = struct.pack("!BH", 126, size)
    else:
        head = struct.pack("!BQ", 127, size)
    if session.speaking != CLIENT:
        return bytes([first]) + head + payload
    key = noise(4, "mask %s %d %d" % (session.ends, session.messages, size))
    masked = bytes(byte ^ key[i & 3] for i, byte in enumerate(payload))
    return bytes([first, head[0] | MASKED]) + head[1:] + key + masked


def text(message, session, kind):
    return frame(session, FINAL | TEXT, message.encode())


def binary(message, session, kind):
    """A stream's line in a binary message, as gateways carry it."""
    return frame(session, FINAL | BINARY, message.encode() + session.settings["eol"])


def unmasked(message, session, kind):
    """As clients must not send them (section 5.1), and some do."""
    payload = message.encode()
    assert 125 < len(payload) < 65536
    return struct.pack("!BBH", FINAL | TEXT, 126, len(payload)) + payload


def hexadecimal(message, session, kind):
    return frame(session, FINAL | BINARY, bytes.fromhex(message))


def fragments(message, session, kind):
    """Three fragments, a ping between the first two."""
    payload = message.encode()
    third = len(payload) // 3 + 1
    return (frame(session, TEXT, payload[:third]) + frame(session, FINAL | PING, b"are you there") +
            frame(session, CONTINUATION, payload[third:2 * third]) + frame(session, FINAL | CONTINUATION, payload[2 * third:]))


def deflate(message, session, kind):
    """Compressed with what was said before as the window."""
    place = "deflate", session.speaking
    if place not in session.memory:
        session.memory[place] = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressed(message, session, session.memory[place])


def deflate_alone(message, session, kind):
    """Each message for itself (no context takeover)."""
    return compressed(message, session, zlib.compressobj(9, zlib.DEFLATED, -15))


def compressed(message, session, compressor):
    payload = compressor.compress(message.encode()) + compressor.flush(zlib.Z_SYNC_FLUSH)
    assert payload.endswith(CUT)
    return frame(session, FINAL | COMPRESSED | TEXT, payload[:-len(CUT)])


PAYLOADS = {"ws": text, "ws-binary": binary, "ws-hex": hexadecimal, "ws-fragments": fragments, "ws-deflate": deflate,
            "ws-deflate-alone": deflate_alone, "ws-unmasked": unmasked}
