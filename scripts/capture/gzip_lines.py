# SPDX-License-Identifier: Apache-2.0
"""Lines in gzip (RFC 1952), as dialects have them whose ends agreed on it."""
import gzip
import zlib


def member(message, session, kind):
    """A member for each line."""
    return gzip.compress(message.encode() + session.settings["eol"], mtime=0)


def stream(message, session, kind):
    """One member for all lines of a side, flushed after each."""
    place = "gzip", session.speaking
    if place not in session.memory:
        session.memory[place] = zlib.compressobj(9, zlib.DEFLATED, 31)
    compressor = session.memory[place]
    return compressor.compress(message.encode() + session.settings["eol"]) + compressor.flush(zlib.Z_SYNC_FLUSH)


PAYLOADS = {"gzip": member, "gzip-on": stream}
