# SPDX-License-Identifier: Apache-2.0
"""TLS handshakes for scenarios: hellos (RFC 8446, RFC 6066) and certificates (RFC 5246, RFC 5280). Keys, random values
and signatures are noise: nobody verifies them here."""
import ipaddress
import struct

from .values import noise

# What OpenSSL 3.0 offers without any settings, as XMRig calls it; the numbers are those of the IANA registries.
OPENSSL_CIPHERS = [4866, 4867, 4865, 49196, 49200, 159, 52393, 52392, 52394, 49195, 49199, 158, 49188, 49192, 107,
                   49187, 49191, 103, 49162, 49172, 57, 49161, 49171, 51, 157, 156, 61, 60, 53, 47, 255]
OPENSSL_GROUPS = [29, 23, 30, 25, 24, 256, 257, 258, 259, 260]
OPENSSL_SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401,
                      0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602]


def record(kind, body):
    return struct.pack("!BHH", kind, 0x0303, len(body)) + body


def handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def extension(kind, body):
    return struct.pack("!HH", kind, len(body)) + body


def server_name(name):
    return extension(0, struct.pack("!HBH", len(name) + 3, 0, len(name)) + name.encode()) if name else b""


def numbers(values):
    return struct.pack("!H", 2 * len(values)) + b"".join(struct.pack("!H", value) for value in values)


def hello(ciphers, extensions):
    body = (b"\x03\x03" + noise(32, "random") + b"\x20" + noise(32, "session") + numbers(ciphers) + b"\x01\x00" +
            struct.pack("!H", len(extensions)) + extensions)
    return record(22, handshake(1, body))


def client_hello(name):
    extensions = extension(43, b"\x04\x03\x04\x03\x03") + extension(10, numbers([0x1d, 0x17]))
    extensions += extension(51, struct.pack("!HHH", 36, 29, 32) + noise(32, "key share"))
    return hello([0x1301, 0x1302, 0xc02f], extensions + server_name(name))


def openssl_hello(name):
    extensions = server_name(name) + extension(11, b"\x03\x00\x01\x02") + extension(10, numbers(OPENSSL_GROUPS))
    extensions += extension(35, b"") + extension(22, b"") + extension(23, b"")
    extensions += extension(13, numbers(OPENSSL_SIGNATURES)) + extension(43, b"\x08\x03\x04\x03\x03\x03\x02\x03\x01")
    extensions += extension(45, b"\x01\x01") + extension(51, struct.pack("!HHH", 36, 29, 32) + noise(32, "key share"))
    return hello(OPENSSL_CIPHERS, extensions)


# --- certificates: DER, ITU-T X.690

def der(tag, *parts):
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (bytes([len(body)]) if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body


def common_name(name):
    return der(0x30, der(0x31, der(0x30, der(0x06, b"\x55\x04\x03"), der(0x0c, name.encode()))))


def alternative_name(name):
    try:
        return der(0x87, ipaddress.ip_address(name).packed)
    except ValueError:
        return der(0x82, name.encode())


def certificate(names, self_signed):
    algorithm = der(0x30, der(0x06, bytes.fromhex("2a864886f70d01010b")), der(0x05))
    subject = common_name(names[0])
    others = der(0x30, *[alternative_name(name) for name in names])
    extensions = der(0xa3, der(0x30, der(0x30, der(0x06, b"\x55\x1d\x0f"), der(0x01, b"\xff"), der(0x04, b"\x03\x02\x05\xa0")),
                               der(0x30, der(0x06, b"\x55\x1d\x11"), der(0x04, others))))
    content = der(0x30, der(0xa0, der(0x02, b"\x02")), der(0x02, noise(16, "serial")), algorithm,
                  subject if self_signed else common_name("Example CA"),
                  der(0x30, der(0x17, b"260101000000Z"), der(0x17, b"270101000000Z")), subject,
                  der(0x30, algorithm, der(0x03, b"\x00", noise(270, "key"))), extensions)
    return der(0x30, content, algorithm, der(0x03, b"\x00", noise(256, "signature")))


def server_flight(text):
    """ServerHello of TLS 1.3; "1.2 NAME..." has the certificate behind it, in records of at most 400 bytes, "1.2" alone
    resumes a session, "1.2 self-signed NAME..." is issued by its subject."""
    version, *names = text.split() or ["1.3"]
    body = b"\x03\x03" + noise(32, "server random") + b"\x20" + noise(32, "session")
    if version == "1.3":
        return record(22, handshake(2, body + b"\x13\x01\x00" + struct.pack("!H", 6) + struct.pack("!HHH", 43, 2, 0x0304)))
    self_signed = names[:1] == ["self-signed"]
    names = names[1:] if self_signed else names
    messages = handshake(2, body + b"\xc0\x2f\x00" + struct.pack("!H", 4) + extension(23, b""))
    if not names:
        return record(22, messages) + record(20, b"\x01")
    leaf, parent = certificate(names, self_signed), certificate(["Example CA"], True)
    chain = b"".join(len(one).to_bytes(3, "big") + one for one in (leaf, parent))
    messages += handshake(11, len(chain).to_bytes(3, "big") + chain) + handshake(14, b"")
    return b"".join(record(22, messages[i:i + 400]) for i in range(0, len(messages), 400))


def data(length, seed):
    return record(23, noise(length, seed))


PAYLOADS = {
    "tls": lambda text, session, kind: client_hello(text.strip("-")),
    "tls-openssl": lambda text, session, kind: openssl_hello(text.strip("-")),
    "tls-server": lambda text, session, kind: server_flight(text),
    "tls-data": lambda text, session, kind: data(int(text), "%s %d" % (session.ends, session.messages)),
}
