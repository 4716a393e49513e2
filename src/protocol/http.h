// SPDX-License-Identifier: Apache-2.0
/*
 * HTTP/1.x as a stream of messages (RFC 9112): heads and bodies of requests or of responses, as they come.
 * Nothing is buffered but the head being read, bounded; chunked bodies are handed on without their framing.
 * Knows nothing of flows.
 */
#ifndef PROTOCOL_HTTP_H
#define PROTOCOL_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_MAX_TARGET = 512,
    HTTP_MAX_VALUE = 256,
    HTTP_MAX_HEAD = 16384, /* a longer head is a fault */
};

/* Header fields that mean mining wherever they stand in a head (reference: pool and miner software). */
enum http_mining_header {
    HTTP_X_MINING_EXTENSIONS = 1 << 0,
    HTTP_X_MINING_HASHRATE = 1 << 1,
    HTTP_X_ROLL_NTIME = 1 << 2,
    HTTP_X_STRATUM = 1 << 3,
    HTTP_X_LONG_POLLING = 1 << 4,
    HTTP_X_IS_P2POOL = 1 << 5,
    HTTP_X_REJECT_REASON = 1 << 6,
    HTTP_X_HASH_DIFFICULTY = 1 << 7, /* XMRig in daemon mode */
};

/* What a head says; texts are NUL-terminated, cut where longer, byte for byte as read. */
struct http_head {
    bool is_request;
    bool connected;           /* response: "Connection established", as proxies answer CONNECT */
    uint8_t version_minor;    /* 0 or 1 */
    uint16_t status;          /* response: 200 */
    uint32_t mining_headers;  /* enum http_mining_header */
    double x_mining_hashrate; /* hashes per second as claimed; 0 where none */
    bool chunked;
    bool compressed; /* Content-Encoding other than identity: the body is not JSON as it stands */
    bool deflated;   /* compressed, and the only coding is gzip or deflate */
    bool has_content_length;
    uint64_t content_length;
    char method[16];              /* request: "POST"; texts stand behind all else */
    char target[HTTP_MAX_TARGET]; /* request: "/json_rpc", "http://host/", "host:port" for CONNECT */
    char host[HTTP_MAX_VALUE];    /* Host, with its port where it has one */
    char user_agent[HTTP_MAX_VALUE];
    char authorization_user[HTTP_MAX_VALUE]; /* user name of Basic authorization, decoded (RFC 7617); "" where
                                                none */
    char content_type[64];
    char upgrade[32]; /* Upgrade, lower case: "websocket" */
    char x_stratum[HTTP_MAX_VALUE];
    char x_reject_reason[64];
};

/* No handler may feed or free the parser that calls it. */
struct http_handler {
    void (*head)(void *context, const struct http_head *head); /* valid during the call */
    /* A piece of the body, `length` >= 1, without transfer coding. */
    void (*body)(void *context, const uint8_t *bytes, size_t length);
    /* After head and body; after an interim answer (1xx) as well. Not where a body ends with the connection,
     * the stream became a tunnel, or a gap hid the end. */
    void (*message_end)(void *context);
};

enum http_state_kind {
    HTTP_START,
    HTTP_HEAD,
    HTTP_BODY_LENGTH,
    HTTP_BODY_CHUNKED,
    HTTP_BODY_UNTIL_CLOSE,
    HTTP_TUNNEL,
    HTTP_FAULT
};

/* One direction of a connection. After a 2xx to CONNECT, after 101 Switching Protocols, and in requests where
 * bytes that are no HTTP follow CONNECT or Upgrade, the state is HTTP_TUNNEL: the rest of the stream is
 * handed on as body. The two `expected` are cleared once the answer (other than 1xx) came. Zero-initialise,
 * then set `requests`. Small; the head buffer is separate so that idle connections do not hold one. */
struct http_parser {
    bool requests; /* this direction carries requests */
    uint8_t state; /* enum http_state_kind */
    uint8_t chunk_state;
    uint64_t body_left;
    char *head; /* the head being read; malloc'd while a head is split over calls; NULL otherwise */
    uint32_t head_length;
    bool lost;             /* behind a gap: what comes before the next head is passed over */
    bool no_body_expected; /* set by the user before a response: the request was HEAD */
    bool connect_expected; /* set by the user before a response: the request was CONNECT. In requests, set by
                              the parser behind CONNECT and Upgrade: a tunnel may begin */
};

/* Whether `bytes` (at least 1) begin an HTTP/1.x message: 1 yes, 0 no, -1 not yet decided (fewer than 8
 * bytes), and then *is_request says nothing. */
int http_begins(const uint8_t *bytes, size_t length, bool *is_request);

/* Feeds a piece of the stream. False once the direction is at fault (not HTTP): it stays so. */
bool http_feed(struct http_parser *parser, const struct http_handler *handler, void *context,
               const uint8_t *bytes, size_t length);

/* Bytes are missing: a body goes on where its length allows it, anything else waits for the next head, looked
 * for where a piece begins and behind line ends and '}'. 0: unknown. */
void http_gap(struct http_parser *parser, uint32_t missing);

void http_parser_done(struct http_parser *parser); /* frees what it holds */

#endif
