// SPDX-License-Identifier: Apache-2.0
/*
 * The messages of SOCKS 4, 4a and 5 up to the point where the proxy only passes bytes on: OpenSSH and NEC's
 * notes for version 4 (https://www.openssh.com/txt/socks4.protocol, socks4a.protocol), RFC 1928 and 1929 for
 * version 5. Only CONNECT is read. Pure functions of the bytes from the beginning of one message.
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

/* Where a direction stands: which message comes next. */
enum socks_stage {
    SOCKS_GREETING, /* client: 4 or 5; server: answer of 4, or method of 5 */
    SOCKS_REQUEST, /* client, 5: user and password, or the request; server, 5: outcome of these, or the answer
                    */
    SOCKS_PASSES,  /* what follows is not SOCKS any more */
};

struct socks_side {
    uint8_t stage;                            /* enum socks_stage */
    uint8_t version;                          /* enum socks_version; known once the first message is read */
    bool refused;                             /* the server said no: nothing will pass */
    char destination[SOCKS_DESTINATION_SIZE]; /* client: whom it asked for; "" before */
};

enum { SOCKS_MORE = 0, SOCKS_NOT = -1 };

/* Reads one message. Gives its length and moves the side on; SOCKS_MORE: it is not complete; SOCKS_NOT: it is
 * none. */
int socks_read_client(struct socks_side *side, const uint8_t *bytes, size_t length);
int socks_read_server(struct socks_side *side, const uint8_t *bytes, size_t length);

/* Whether a direction (of either side) that begins with `bytes`, one at least, may be SOCKS: 1 yes, 0 no, -1
 * too few bytes (fewer than 16). */
int socks_begins(const uint8_t *bytes, size_t length);

#endif
