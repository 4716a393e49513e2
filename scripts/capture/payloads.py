# SPDX-License-Identifier: Apache-2.0
"""Payloads that a scenario names instead of spelling out: DNS, HTTP."""
import gzip
import ipaddress
import struct
import zlib

from .values import noise


# --- DNS, RFC 1035

def dns_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def dns_query(identification, name, kind):
    return struct.pack("!HHHHHH", identification, 0x0100, 1, 0, 0, 0) + dns_name(name) + struct.pack("!HH", kind, 1)


def dns_messages(name, chain):
    """A query and its answer; `chain` is names (CNAME) and then addresses."""
    addresses = [ipaddress.ip_address(text) for text in chain if is_address(text)]
    kind = 28 if addresses and addresses[0].version == 6 else 1
    identification = int.from_bytes(noise(2, "dns " + name), "big")
    records, owner = [], name
    for text in chain:
        if is_address(text):
            address = ipaddress.ip_address(text)
            records.append((owner, 28 if address.version == 6 else 1, address.packed))
        else:
            records.append((owner, 5, dns_name(text)))
            owner = text
    answer = struct.pack("!HHHHHH", identification, 0x8180, 1, len(records), 0, 0)
    answer += dns_name(name) + struct.pack("!HH", kind, 1)
    for owner, record_kind, data in records:
        head = b"\xc0\x0c" if owner == name else dns_name(owner)  # a pointer to the question
        answer += head + struct.pack("!HHIH", record_kind, 1, 300, len(data)) + data
    return dns_query(identification, name, kind), answer


def is_address(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False


# --- HTTP, RFC 9112

def http_message(start, lines):
    """Head and body; says the body's length, or sends it in chunks where the head promises that."""
    if "" in lines:
        head, body = lines[:lines.index("")], "\n".join(lines[lines.index("") + 1:]).encode()
    else:
        head, body = list(lines), b""
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head)}
    names = list(fields)
    if body and "gzip" in (fields.get("content-encoding", "") + fields.get("transfer-encoding", "")):
        body = gzip.compress(body, mtime=0)
    elif body and fields.get("content-encoding") == "deflate":
        body = zlib.compress(body)
    if "transfer-encoding" in names:
        pieces = [body[i:i + 100] for i in range(0, len(body), 100)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif "content-length" not in names and (body or start.startswith("HTTP/")):
        head.append("Content-Length: %d" % len(body))
    if start.split()[0] in ("GET", "POST", "PUT", "HEAD") and not start.endswith("HTTP/1.0"):
        start = start if " HTTP/" in start else start + " HTTP/1.1"
    return ("\r\n".join([start] + head) + "\r\n\r\n").encode(), body
