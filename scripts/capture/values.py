# SPDX-License-Identifier: Apache-2.0
"""Values that stand in mining messages and have to be right in themselves: coinbases, blobs, seeds, targets, shares.

Each function is a template of make-capture: values.FUNCTIONS maps the name in ${name argument...} to it. They get the
moment of the message (nanoseconds), a memory that lasts for the session (jobs), and the arguments as texts.
"""
import functools
import hashlib

MASK = (1 << 64) - 1
ROTATIONS = ((0, 36, 3, 41, 18), (1, 44, 10, 45, 2), (62, 6, 43, 15, 61), (28, 55, 25, 21, 56), (27, 20, 39, 8, 14))


def noise(count, seed):
    """`count` bytes that look random and are the same for the same seed."""
    return hashlib.shake_128(str(seed).encode()).digest(count)


def keccak_256(data):
    """Keccak-256 with the original padding 0x01, as Ethereum uses it (FIPS 202 describes the permutation)."""
    def rotate(x, n):
        return ((x << n) | (x >> (64 - n))) & MASK if n else x

    data += b"\x01" + bytes(-(len(data) + 1) % 136)
    data = data[:-1] + bytes([data[-1] | 0x80])
    a = [[0] * 5 for _ in range(5)]
    for block in range(0, len(data), 136):
        for i in range(17):
            a[i % 5][i // 5] ^= int.from_bytes(data[block + 8 * i:block + 8 * i + 8], "little")
        lfsr = 1
        for _ in range(24):
            c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
            d = [c[(x - 1) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
            b = [[0] * 5 for _ in range(5)]
            for x in range(5):
                for y in range(5):
                    b[y][(2 * x + 3 * y) % 5] = rotate(a[x][y] ^ d[x], ROTATIONS[x][y])
            a = [[b[x][y] ^ (~b[(x + 1) % 5][y] & b[(x + 2) % 5][y] & MASK) for y in range(5)] for x in range(5)]
            for j in range(7):  # the round constant, bit by bit
                if lfsr & 1:
                    a[0][0] ^= 1 << ((1 << j) - 1)
                lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)
    return b"".join(a[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def seconds(now):
    return now // 10**9


# --- general

def hex_digits(now, memory, count, seed="0"):
    return noise((int(count) + 1) // 2, seed).hex()[:int(count)]


def repeat(now, memory, count, text):
    return text * int(count)


def time_hex(now, memory, offset="0"):
    return "%08x" % (seconds(now) + int(offset))


def time_hex_little(now, memory, offset="0"):
    return (seconds(now) + int(offset)).to_bytes(4, "little").hex()


def time_bytes(now, memory, unit, order):
    """Eight bytes: s, ms or us; `le` or `be`."""
    value = now // {"s": 10**9, "ms": 10**6, "us": 10**3}[unit]
    return value.to_bytes(8, {"le": "little", "be": "big"}[order]).hex()


def time_ms(now, memory, offset="0"):
    return str(now // 10**6 + int(offset))


# --- Bitcoin family

def bitcoin_notify(now, memory, job, clean="false", height="900000"):
    """The nine params of mining.notify: a coinbase that begins as every coinbase does, with the height (BIP 34)."""
    height_push = b"\x03" + int(height).to_bytes(3, "little")
    script_start = height_push + b"\x04" + seconds(now).to_bytes(4, "little") + b"\x08"
    coinbase1 = bytes.fromhex("01000000" "01" + "00" * 32 + "ffffffff") + bytes([len(script_start) + 8]) + script_start
    coinbase2 = (bytes.fromhex("ffffffff" "01" "00f2052a01000000" "1976a914") + noise(20, "payout") +
                 bytes.fromhex("88ac" "00000000"))
    branch = [noise(32, "branch %s %d" % (job, i)) for i in range(3)]
    work = {"previous": noise(28, "previous " + height) + bytes(4), "coinbase1": coinbase1, "coinbase2": coinbase2,
            "branch": branch, "version": "20000000", "bits": "17034219", "time": time_hex(now, memory)}
    memory["bitcoin", job] = work
    return '["%s","%s","%s","%s",[%s],"%s","%s","%s",%s]' % (
        job, work["previous"].hex(), coinbase1.hex(), coinbase2.hex(), ",".join('"%s"' % b.hex() for b in branch),
        work["version"], work["bits"], work["time"], clean)


def scrypt_of_header(data):
    """Litecoin's proof of work."""
    return hashlib.scrypt(data, salt=data, n=1024, r=1, p=1, dklen=32)


def scrypt_share(now, memory, user, job, extranonce1, difficulty="0.001", start="0"):
    """The same for scrypt, whose difficulty 1 is 65536 times easier."""
    return bitcoin_share(now, memory, user, job, extranonce1, float(difficulty) / 65536, start, scrypt_of_header)


def bitcoin_share(now, memory, user, job, extranonce1, difficulty="0.000001", start="0", prove=sha256d):
    """The five params of mining.submit: a share that meets a difficulty (a small one: it is found by trying)."""
    work = memory["bitcoin", job]
    extranonce2 = noise(4, "extranonce2 " + start)
    root = sha256d(work["coinbase1"] + bytes.fromhex(extranonce1) + extranonce2 + work["coinbase2"])
    for branch in work["branch"]:
        root = sha256d(root + branch)
    previous = b"".join(work["previous"][i:i + 4][::-1] for i in range(0, 32, 4))
    head = (bytes.fromhex(work["version"])[::-1] + previous + root + bytes.fromhex(work["time"])[::-1] +
            bytes.fromhex(work["bits"])[::-1])
    target = int((65535 << 208) / float(difficulty))
    nonce = 0
    while int.from_bytes(prove(head + nonce.to_bytes(4, "little")), "little") > target:
        nonce += 1
    return '["%s","%s","%s","%s","%08x"]' % (user, job, extranonce2.hex(), work["time"], nonce)


# --- CryptoNote

def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def monero_blob(now, memory, seed="0", major="16", nonce="00000000"):
    """A hashing blob: versions, time as varint, previous block, nonce at byte 39, tree root, number of transactions."""
    return (bytes([int(major), int(major)]) + varint(seconds(now)) + noise(32, "previous " + seed) +
            bytes.fromhex(nonce) + noise(32, "tree " + seed) + b"\x14").hex()


def monero_target(now, memory, difficulty):
    return (2**32 // int(difficulty)).to_bytes(4, "little").hex()


def monero_target_64(now, memory, difficulty):
    return (2**64 // int(difficulty)).to_bytes(8, "little").hex()


def monero_share(now, memory, difficulty, seed="0"):
    """A result hash below the target: its last eight bytes, little endian, carry the difficulty."""
    limit = 2**64 // int(difficulty)
    tail = int.from_bytes(noise(8, "tail " + seed), "little") % limit
    return (noise(24, "result " + seed) + tail.to_bytes(8, "little")).hex()


# --- Ethash family

@functools.lru_cache(None)
def seed_of_epoch(epoch):
    """Keccak-256 applied `epoch` times to 32 zero bytes."""
    seed = bytes(32)
    for _ in range(epoch):
        seed = keccak_256(seed)
    return seed.hex()


def ethash_seed(now, memory, epoch):
    return seed_of_epoch(int(epoch))


def ethash_boundary(now, memory, difficulty):
    return "%064x" % (2**256 // int(difficulty) - (int(difficulty) == 1))


def ethash_work(now, memory, seed, epoch, difficulty):
    """The result of eth_getWork: header hash, seed hash, boundary."""
    return '["0x%s","0x%s","0x%s"]' % (hex_digits(now, memory, 64, seed), ethash_seed(now, memory, epoch),
                                      ethash_boundary(now, memory, difficulty))


# --- Equihash (200,9), ZIP-301

def equihash_target(now, memory, difficulty):
    return "%064x" % (2**256 // int(difficulty) - (int(difficulty) == 1))


def equihash_notify(now, memory, job, clean="true"):
    work = [bytes.fromhex("04000000"), noise(32, "previous " + job), noise(32, "merkle " + job), bytes(32),
            seconds(now).to_bytes(4, "little"), bytes.fromhex("a8a80f1c")]
    memory["equihash", job] = work
    return '["%s",%s,%s]' % (job, ",".join('"%s"' % part.hex() for part in work), clean)


def equihash_share(now, memory, user, job, nonce1, difficulty="16", start="0"):
    """The five params of mining.submit: header, nonces and solution together hash below the target."""
    work = memory["equihash", job]
    target = 2**256 // int(difficulty)
    first = bytes.fromhex(nonce1)
    solution = bytes.fromhex("fd4005") + noise(1344, "solution %s %s" % (job, start))
    number = int(start) << 32
    while True:
        nonce2 = number.to_bytes(32 - len(first), "little")
        if int.from_bytes(sha256d(b"".join(work) + first + nonce2 + solution), "little") <= target:
            return '["%s","%s","%s","%s","%s"]' % (user, job, work[4].hex(), nonce2.hex(), solution.hex())
        number += 1


def sv2_text(now, memory, *words):
    """STR0_255 of Stratum V2, as hexadecimal: a byte of length, then the text."""
    text = " ".join(words).encode()
    return bytes([len(text)]).hex() + text.hex()


def sv2_frame(now, memory, kind, *parts):
    """A frame of Stratum V2, as hexadecimal (stratum-mining/sv2-spec:03-Protocol-Overview.md): KIND, then the payload."""
    payload = bytes.fromhex("".join(parts))
    channel = 0x80 if 0x15 <= int(kind, 16) <= 0x21 else 0
    return (bytes([0, channel, int(kind, 16)]) + len(payload).to_bytes(3, "little") + payload).hex()


FUNCTIONS = {
    "sv2": sv2_frame, "sv2.text": sv2_text,
    "hex": hex_digits, "repeat": repeat, "time": time_hex, "time.le": time_hex_little, "time.ms": time_ms,
    "time.bytes": time_bytes,
    "bitcoin.notify": bitcoin_notify, "bitcoin.share": bitcoin_share,
    "scrypt.share": scrypt_share,
    "monero.blob": monero_blob, "monero.target": monero_target, "monero.target64": monero_target_64,
    "monero.share": monero_share,
    "ethash.seed": ethash_seed, "ethash.boundary": ethash_boundary, "ethash.work": ethash_work,
    "equihash.target": equihash_target, "equihash.notify": equihash_notify, "equihash.share": equihash_share,
}
