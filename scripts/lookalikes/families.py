# SPDX-License-Identifier: Apache-2.0
"""Families of look-alikes: each function makes one flow in which nobody mines, though mining is spoken of or a miner's words are
used for something else. A flow is (port, [(side, bytes), ...], {setting: value})."""
import base64
import gzip
import json
import struct

from .values import answer, compact, hexadecimal, identifier, parameters, scalar, value

CLIENT, SERVER = 0, 1
REMARKS = ("this is what my miner sends:", "I see this in the log, what is it?", "The protocol goes like this.", "then:",
           "and the pool says", "Regards", "--", "alert tcp any any -> any any (content:\"mining.subscribe\"; sid:1;)",
           "see stratum+tcp://pool.example:3333", "#!/bin/sh", "mining.notify is sent for every new job", "<ann> ok")


class Corpus:
    def __init__(self, sessions, words, files):
        self.sessions, self.words, self.files = sessions, sorted(set(words)), files
        self.by_dialect = {}
        for dialect, said in sessions:
            lines = self.by_dialect.setdefault(dialect, [])
            lines += [line for _, line in said if line not in lines]

    def lines(self, dice, number, count):
        """Some messages of a dialect: every dialect has its turn."""
        dialects = sorted(self.by_dialect)
        lines = self.by_dialect[dialects[number % len(dialects)]]
        start = dice.randrange(len(lines))
        return [lines[(start + i) % len(lines)] for i in range(min(count, len(lines)))]


# ---- HTTP

def http(start, body, *headers):
    return "\r\n".join([start, *headers, "Content-Length: %d" % len(body), "", ""]).encode() + body


def request(path, body=b"", method="POST", kind="application/json"):
    if method == "GET":
        return ("GET %s HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: curl/8.5.0\r\n\r\n" % path).encode()
    return http("%s %s HTTP/1.1" % (method, path), body, "Host: www.example.org", "User-Agent: curl/8.5.0",
                "Content-Type: " + kind)


def response(dice, body, kind):
    """Plain, in chunks or compressed."""
    how = dice.randrange(4)
    if how == 0:
        return http("HTTP/1.1 200 OK", gzip.compress(body, mtime=0), "Content-Type: " + kind, "Content-Encoding: gzip")
    if how == 1:
        size = dice.randrange(20, 1400)
        pieces = [body[i:i + size] for i in range(0, len(body), size)] + [b""]
        return ("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % kind).encode() + b"".join(
            b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return http("HTTP/1.1 200 OK", body, "Content-Type: " + kind)


# ---- WebSocket

def ws_frame(dice, side, text):
    data = text.encode()
    length = struct.pack(">BH", 126, len(data)) if len(data) > 125 else bytes([len(data)])
    if side == SERVER:
        return b"\x81" + length + data
    mask = dice.randbytes(4)
    return (b"\x81" + bytes([length[0] | 0x80]) + length[1:] + mask +
            bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))


UPGRADE = [(CLIENT, b"GET /socket HTTP/1.1\r\nHost: chat.example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
           (SERVER, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")]


def over(dice, carrier, said):
    """JSON messages, [(side, object)], on a carrier: lines, HTTP or WebSocket."""
    texts = [(side, compact(thing)) for side, thing in said]
    if carrier == "line":
        return [(side, text.encode() + b"\n") for side, text in texts]
    if carrier == "websocket":
        return UPGRADE + [(side, ws_frame(dice, side, text)) for side, text in texts]
    return [(side, request("/rpc", text.encode()) if side == CLIENT else
             http("HTTP/1.1 200 OK", text.encode(), "Content-Type: application/json")) for side, text in texts]


# ---- people and documents that quote

def quoted(dice, corpus, number):
    """A text of remarks and whole messages, as people write them; with or without a mark before each quoted line."""
    mark = dice.choice(("", "", "> ", "    ", "$ "))
    lines = []
    for line in corpus.lines(dice, number, dice.randrange(1, 12)):
        lines += [dice.choice(REMARKS)] * (dice.random() < 0.4) + [mark + line]
    return [dice.choice(REMARKS)] + lines + [dice.choice(REMARKS)]


def mail(dice, corpus, number):
    text = "\r\n".join(quoted(dice, corpus, number))
    said = [(SERVER, b"220 mx.example.org ESMTP\r\n"), (CLIENT, b"EHLO client.example\r\n"), (SERVER, b"250 mx.example.org\r\n"),
            (CLIENT, b"MAIL FROM:<ann@example.org>\r\n"), (SERVER, b"250 ok\r\n"), (CLIENT, b"DATA\r\n"), (SERVER, b"354 go\r\n"),
            (CLIENT, ("From: ann@example.org\r\nSubject: pool\r\n\r\n%s\r\n.\r\n" % text).encode()), (SERVER, b"250 queued\r\n")]
    return 25, said, {"midstream": dice.choice((0, 0, 5, 7))}


def chat(dice, corpus, number):
    """IRC, or two people at both ends of a bare connection."""
    said, bare = [(CLIENT, b"NICK ann\r\nUSER ann 0 * :Ann\r\n"), (SERVER, b":irc.example 001 ann :Welcome\r\n")], number % 3 == 0
    if bare:
        said = [(CLIENT, b"hi\n"), (SERVER, b"hello, paste it here\n")]
    for line in quoted(dice, corpus, number):
        side = dice.randrange(2)
        prefix = "" if bare else "PRIVMSG #mining :" if side == CLIENT else ":bob!b@example PRIVMSG #mining :"
        said.append((side, (prefix + line[:480 if not bare else None] + "\r\n").encode()))
    return 6667, said, {"midstream": dice.choice((0, 0, 0, 2, 4))}


def web_chat(dice, corpus, number):
    """A messenger over WebSocket: the quotation is a string in its envelope, or plain text between other texts."""
    said = list(UPGRADE)
    for count, line in enumerate(quoted(dice, corpus, number)):
        side = dice.randrange(2)
        envelope = dice.choice(({"type": "message", "channel": "C01", "user": "U7", "text": line},
                                {"op": 0, "t": "MESSAGE_CREATE", "d": {"content": line}}, {"event": "say", "data": [line]}))
        said.append((side, ws_frame(dice, side, compact(envelope) if number % 4 else line)))
    return 443, said, {}


def document(dice, corpus, number):
    """A web page, a rules file, a protocol description, a log, a source file, as the answer to a GET."""
    lines = quoted(dice, corpus, number)
    kind, text = dice.choice((
        ("text/html", "<html><body><pre>%s</pre></body></html>" % "\n".join(lines)),
        ("text/plain", "\n".join(lines)), ("text/plain", "\n".join(line for line in lines if line.startswith("{"))),
        ("application/json", json.dumps({"examples": lines})), ("application/json", "[%s]" % ",".join(
            line for line in lines if line.startswith("{"))),
        ("text/x-c", "static const char first[] = %s;" % json.dumps(lines[0]))))
    said = [(CLIENT, request("/wiki/%d" % number, method="GET")), (SERVER, response(dice, text.encode(), kind))]
    return 80, said, {"midstream": dice.choice((0, 0, 0, 1))}


def own_file(dice, corpus, number):
    """This project's own documents, sources and scenarios, over HTTP or as they are: they quote more than any other text."""
    with open(corpus.files[number % len(corpus.files)], "rb") as file:
        text = file.read(200000)
    if dice.random() < 0.3:
        end = dice.randrange(2)
        return 9999, [(end, text[i:i + 8000]) for i in range(0, len(text), 8000)], {"midstream": dice.choice((0, 1))}
    return 80, [(CLIENT, request("/raw/%d" % number, method="GET")), (SERVER, response(dice, text, "text/plain"))], {
        "midstream": dice.choice((0, 0, 1))}


def download(dice, corpus, number):
    """A capture of a session, or a repository's raw files, downloaded: mining inside another protocol's body."""
    said = corpus.sessions[number % len(corpus.sessions)][1]
    frames = b"".join(struct.pack("<IIII", 1767607200 + i, 0, len(line) + 55, len(line) + 55) + bytes(54) +
                      line.encode() + b"\n" for i, (_, line) in enumerate(said[:40]))
    body = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) + frames
    return 80, [(CLIENT, request("/captures/mining.pcap", method="GET")),
                (SERVER, response(dice, body, "application/vnd.tcpdump.pcap"))], {"midstream": dice.choice((0, 0, 1))}


# ---- logs

def record(dice, line):
    """A log record that holds a message: as text, as an object, or its members among the record's own."""
    message = json.loads(line)
    time = 1767607200 + dice.randrange(3600)
    date = "2026-01-05T10:%02d:%02dZ" % (dice.randrange(60), dice.randrange(60))
    return dice.choice((
        lambda: {"@timestamp": date, "host": {"name": "gw1"}, "message": line, "agent": {"type": "filebeat"}},
        lambda: {"@timestamp": date, "log.level": "info", "host": "gw1", "rpc": message},
        lambda: {"@timestamp": date, "host": "gw1", **message},
        lambda: {"version": "1.1", "host": "gw1", "short_message": line, "timestamp": time, "level": 6},
        lambda: {"version": "1.1", "host": "gw1", "short_message": "rpc", "timestamp": time, **message},
        lambda: {"log": line + "\n", "stream": "stdout", "time": date},
        lambda: {"level": 30, "time": time * 1000, "pid": 4711, "hostname": "gw1", "msg": "rpc", **message},
        lambda: {"timestamp": date, "severity": "INFO", "logger": "rpc", "payload": line},
        lambda: {"timestamp": date, "event_type": "alert", "flow_id": dice.getrandbits(50), "payload_printable": line},
        lambda: {"ts": time + 0.5, "uid": "C" + hexadecimal(dice, 16), "proto": "tcp", "line": line},
        lambda: {"__REALTIME_TIMESTAMP": str(time * 10**6), "_HOSTNAME": "gw1", "MESSAGE": line},
        lambda: {"index": "rpc", "_source": message}))()


def log_lines(dice, corpus, number):
    """A shipper on a bare connection; one kind of record a flow, as one program writes it."""
    lines = corpus.lines(dice, number, dice.randrange(2, 10))
    seed = dice.getrandbits(32)
    end = dice.choice((b"\n", b"\n", b"\r\n", b"\0"))
    said = []
    for line in lines:
        dice.seed(seed)  # the same kind each time
        said.append((CLIENT, compact(record(dice, line)).encode() + end))
    dice.seed("%d %d" % (seed, number))
    return dice.choice((5000, 5044, 12201, 514, 24224)), said, {"midstream": dice.choice((0, 0, 0, 1, 3))}


def log_posts(dice, corpus, number):
    """Bulk requests to a search engine, a proxy in front of a message broker, a web hook."""
    said = []
    for line in corpus.lines(dice, number, dice.randrange(1, 5)):
        entry = record(dice, line)
        body = dice.choice((
            lambda: compact({"index": {"_index": "rpc"}}) + "\n" + compact(entry) + "\n", lambda: compact(entry),
            lambda: compact({"records": [{"value": json.loads(line)}]}), lambda: compact({"text": line}),
            lambda: compact({"topic": "rpc", "value": base64.b64encode(line.encode()).decode()}),
            lambda: compact([entry, entry]), lambda: compact({"streams": [{"stream": {"app": "gw"}, "values": [["1", line]]}]})))()
        said += [(CLIENT, request(dice.choice(("/_bulk", "/topics/rpc", "/hook", "/api/v1/push")), body.encode())),
                 (SERVER, http("HTTP/1.1 200 OK", compact(value(dice)).encode(), "Content-Type: application/json"))]
    return 9200, said, {}


# ---- other protocols

OTHERS = (
    ("http", ("eth_getBlockByNumber", "eth_call", "eth_getLogs", "eth_getFilterChanges", "eth_chainId", "eth_hashrate",
              "eth_mining", "eth_getWork")),
    ("websocket", ("eth_subscribe", "eth_blockNumber", "net_version", "eth_getFilterChanges", "eth_unsubscribe")),
    ("line", ("server.version", "blockchain.headers.subscribe", "blockchain.scripthash.subscribe", "server.ping",
              "blockchain.transaction.get", "mempool.get_fee_histogram")),
    ("http", ("getblockchaininfo", "getmininginfo", "getnetworkhashps", "getblocktemplate", "estimatesmartfee", "submitblock")),
    ("http", ("get_info", "get_block", "get_block_count", "get_height", "refresh", "get_balance", "start_mining")),
    ("http", ("initialize", "tools/list", "tools/call", "resources/read", "notifications/initialized")),
    ("line", ("initialize", "textDocument/didOpen", "workspace/symbol", "$/cancelRequest")),
    ("line", ("JSONRPC.Ping", "Player.GetItem", "VideoLibrary.OnUpdate", "Input.Select", "Application.GetProperties")),
    ("websocket", ("aria2.addUri", "aria2.tellStatus", "system.multicall")),
    ("http", ("user.login", "host.get", "item.get", "trigger.get")),
    ("line", ("echo", "monitor", "transact", "get_schema", "lock")),
    ("websocket", ("Runtime.evaluate", "Page.navigate", "Network.enable", "Target.attachToTarget")),
    ("http", ("torrent-get", "session-get")),
    ("line", ("subscribe", "authorize", "submit", "notify", "ping", "set_difficulty", "get_job", "getjob", "login")),
)


def other_rpc(dice, corpus, number):
    """JSON-RPC of other kinds, with answers of any shape."""
    carrier, methods = OTHERS[number % len(OTHERS)]
    said = []
    for count in range(dice.randrange(2, 12)):
        message = {"id": count, "method": dice.choice(methods), "params": parameters(dice)}
        said += [(CLIENT, {"jsonrpc": "2.0", **message} if number % 2 else message), (SERVER, answer(dice, count))]
    return dice.choice((8080, 8545, 50001, 9090)), over(dice, carrier, said), {}


ORDINARY = ("login", "submit", "job", "getjob", "getjobtemplate", "subscribe", "result", "auth", "authed", "register",
            "registered", "settings", "share", "solution", "solved", "balance", "handshake", "submit_block", "getwork",
            "keepalived", "block_template", "set_extranonce", "notify", "authorize")


def ordinary_words(dice, corpus, number):
    """A job queue, a game, a device, a runner: words that miners have too, in the member where they stand, with values that this
    program gives them, on any carrier, in both directions."""
    said, member = [], dice.choice(("method", "method", "type", "identifier", "message", "command"))
    words = [ORDINARY[number % len(ORDINARY)]] + dice.sample(ORDINARY, 3)
    for count in range(dice.randrange(1, 10)):
        message = {member: dice.choice(words), "params": parameters(dice), "id": identifier(dice)}
        if dice.random() < 0.3:
            message = {member: message[member], **{key: value(dice, 1) for key in dice.sample(("id", "data", "login", "pass",
                       "job_id", "nonce", "result", "body", "user", "token", "agent", "target", "blob"), 4)}}
        if dice.random() < 0.25:
            message["params"] = {"login": scalar(dice), "pass": scalar(dice)}
        said.append((CLIENT if dice.random() < 0.7 else SERVER, message))
        if dice.random() < 0.7:
            said.append((1 - said[-1][0], answer(dice, message.get("id"))))
    carrier = dice.choice(("line", "http", "websocket"))
    return dice.choice((3333, 8080, 4444, 9000)), over(dice, carrier, said), {}


def stray_word(dice, corpus, number):
    """One word of a dialect, whichever, with values of any shape, sent once: somebody tries a service, or has a name of the kind.
    The service says that it does not know it, or nothing."""
    _, member, word, side = corpus.words[number % len(corpus.words)]
    message = {member: word, "params": parameters(dice), "id": identifier(dice)}
    if dice.random() < 0.3:
        del message["params"]
    carrier = dice.choice(("line", "line", "http", "websocket"))
    said = [(CLIENT, message)]
    if dice.random() < 0.6:
        said.append((SERVER, {"id": message["id"], "result": None, "error": {"code": -32601, "message": "Method not found"}}))
    return 8080, over(dice, carrier, said), {}


def recording(dice, corpus, number):
    """A whole session that one end passes on: a log of messages without times, a file through a bare connection."""
    whole = [said for _, said in corpus.sessions if {side for side, _ in said} == {CLIENT, SERVER}]
    said = whole[number % len(whole)][:40]
    missed = dice.choice((0, 0, 0, 3))
    if {side for side, _ in said[missed:]} != {CLIENT, SERVER}:
        missed = 0  # one role alone is what a sensor sees of a session whose other half passes elsewhere
    return 9000, [(CLIENT, line.encode() + b"\n") for _, line in said], {"midstream": missed}


FAMILIES = (mail, chat, web_chat, document, own_file, download, log_lines, log_posts, other_rpc, ordinary_words, stray_word, recording)
