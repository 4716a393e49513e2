# SPDX-License-Identifier: Apache-2.0
"""Payloads that a scenario names instead of spelling out: DNS, HTTP, TLS."""
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
    if body and fields.get("content-encoding") == "gzip":
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


# --- TLS, RFC 8446 and RFC 6066 (SNI)

def tls_record(kind, body):
    return struct.pack("!BHH", kind, 0x0303, len(body)) + body


def tls_client_hello(server_name):
    def extension(kind, body):
        return struct.pack("!HH", kind, len(body)) + body

    extensions = extension(43, b"\x04\x03\x04\x03\x03") + extension(10, b"\x00\x04\x00\x1d\x00\x17")
    extensions += extension(51, struct.pack("!HHH", 36, 29, 32) + noise(32, "key share"))
    if server_name:
        name = server_name.encode()
        extensions += extension(0, struct.pack("!HBH", len(name) + 3, 0, len(name)) + name)
    body = (b"\x03\x03" + noise(32, "random") + b"\x20" + noise(32, "session") +
            struct.pack("!HHHH", 6, 0x1301, 0x1302, 0xc02f) + b"\x01\x00" + struct.pack("!H", len(extensions)) + extensions)
    return tls_record(22, b"\x01" + len(body).to_bytes(3, "big") + body)


def tls_server_hello():
    body = b"\x03\x03" + noise(32, "server random") + b"\x20" + noise(32, "session") + b"\x13\x01\x00"
    body += struct.pack("!H", 6) + struct.pack("!HHH", 43, 2, 0x0304)
    return tls_record(22, b"\x02" + len(body).to_bytes(3, "big") + body)
