# SPDX-License-Identifier: Apache-2.0
"""Capture files: pcap in both byte orders and precisions, pcapng; compressed and cut short on demand."""
import gzip
import struct
import subprocess

FORMATS = ("pcap", "pcap-be", "pcap-ns", "pcap-ns-be", "pcapng", "pcapng-be")


def write_pcap(frames, link_type, snap, nanoseconds, order):
    """https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html"""
    magic = 0xa1b23c4d if nanoseconds else 0xa1b2c3d4
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link_type)]
    for time_ns, data in frames:
        second, rest = divmod(time_ns, 10**9)
        kept = data[:snap]
        out.append(struct.pack(order + "IIII", second, rest if nanoseconds else rest // 1000, len(kept), len(data)) + kept)
    return b"".join(out)


def write_pcapng(frames, link_type, snap, order):
    """https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html"""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)

    out = [block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1)),
           block(1, struct.pack(order + "HHI", link_type, 0, snap))]
    for time_ns, data in frames:
        time_us, kept = time_ns // 1000, data[:snap]
        out.append(block(6, struct.pack(order + "IIIII", 0, time_us >> 32, time_us & 0xffffffff, len(kept), len(data)) + kept))
    return b"".join(out)


def capture_file(frames, link_type, settings):
    """The bytes of the file."""
    order = ">" if settings["format"].endswith("-be") else "<"
    snap = settings["snap"] or 262144
    if settings["format"].startswith("pcapng"):
        data = write_pcapng(frames, link_type, snap, order)
    else:
        data = write_pcap(frames, link_type, snap, "-ns" in settings["format"], order)
    if settings["cut"]:
        data = data[:-settings["cut"]]
    if settings["compress"] == "gz":
        return gzip.compress(data, mtime=0)
    if settings["compress"] == "zst":
        return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def extension(settings):
    """What the file's name should end in."""
    name = "pcapng" if settings["format"].startswith("pcapng") else "pcap"
    return name + ("." + settings["compress"] if settings["compress"] else "")
