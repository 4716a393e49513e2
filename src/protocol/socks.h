// SPDX-License-Identifier: Apache-2.0
/*
 * The messages of SOCKS 4, 4a and 5 up to the point where the proxy only passes bytes on: OpenSSH and NEC's
 * notes for version 4 (https://www.openssh.com/txt/socks4.protocol, socks4a.protocol), RFC 1928, 1929 (user
 * and password) and 1961 (GSSAPI) for version 5. Pure functions of the bytes from the beginning of one
 * message.
 *
 * A direction that was joined in the middle of the handshake begins with any of these messages.
 */
#ifndef PROTOCOL_SOCKS_H
#define PROTOCOL_SOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SOCKS_MAX_MESSAGE =
        520, /* the longest: user name and password of 255 bytes each; 4a: user and host of 255 */
    SOCKS_DESTINATION_SIZE = 264, /* "[address]:port" or "host:port" */
};

enum socks_version { SOCKS_4, SOCKS_4A, SOCKS_5 };

enum socks_command {
    SOCKS_UNKNOWN, /* of a server whose client was not seen */
    SOCKS_CONNECT,
    SOCKS_BIND, /* the other end connects to the proxy: a second answer says that it did, and who */
    SOCKS_UDP,  /* UDP ASSOCIATE: datagrams go elsewhere, nothing passes here */
};

/* Where a direction stands: which message comes next. */
enum socks_stage {
    SOCKS_GREETING, /* client: 4 or 5; server: answer of 4, or method of 5 */
    SOCKS_REQUEST, /* client, 5: user and password, or the request; server, 5: outcome of these, or the answer
                    */
    SOCKS_PASSES,  /* what follows is not SOCKS any more */
};

struct socks_side {
    uint8_t stage;   /* enum socks_stage */
    uint8_t version; /* enum socks_version; known once the first message is read */
    uint8_t command; /* enum socks_command; client: what it asked for; server: set by the user where known */
    uint8_t answers; /* server: that came to the request */
    bool refused;    /* the server said no: nothing will pass */
    bool gssapi;     /* messages of RFC 1961 came */
    bool sealed;     /* and then encapsulated ones, of which nothing is read */
    uint16_t skip; /* bytes behind the message that belong to it and say nothing: the user passes over them */
    char destination[SOCKS_DESTINATION_SIZE]; /* client: whom it asked for; server, BIND: who connected; "" */
};

enum { SOCKS_MORE = 0, SOCKS_NOT = -1 };

/* Reads one message. Gives its length and moves the side on; SOCKS_MORE: it is not complete; SOCKS_NOT: it is
 * none. */
int socks_read_client(struct socks_side *side, const uint8_t *bytes, size_t length);
int socks_read_server(struct socks_side *side, const uint8_t *bytes, size_t length);

/* Behind SOCKS_PASSES: the second answer to a BIND, as above. */
int socks_read_bound(struct socks_side *side, const uint8_t *bytes, size_t length);

/* Whether these bytes are one whole request or answer of version 5, and nothing else. */
bool socks_is_message(const uint8_t *bytes, size_t length);

/* Whether a direction (of either side) that begins with `bytes`, one at least, may be SOCKS: 1 yes, 0 no, -1
 * too few bytes (fewer than 16). */
int socks_begins(const uint8_t *bytes, size_t length);

#endif
