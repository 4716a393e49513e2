// SPDX-License-Identifier: Apache-2.0
/*
 * Handshake messages of one direction of a TLS connection, out of the records and segments that they are cut
 * into (RFC 8446, sections 4 and 5.1; RFC 5246, sections 6.2.1 and 7.4). A message that lies in one piece is
 * handed out where it lies; only one in several pieces needs room, of a bounded size, which the caller lends.
 */
#ifndef PROTOCOL_TLS_HANDSHAKE_H
#define PROTOCOL_TLS_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_ROOM = 16384 }; /* the longest message that is read, and of a Certificate its first certificate */

/* RFC 5246, section 7.4 */
enum tls_message_type { TLS_CLIENT_HELLO = 1, TLS_SERVER_HELLO = 2, TLS_CERTIFICATE = 11 };

enum tls_result {
    TLS_MORE,    /* all bytes are taken, the next message is not complete */
    TLS_MESSAGE, /* a message is */
    TLS_NO_ROOM, /* it goes on elsewhere: set `room` and call again, or give up */
    TLS_NOT,     /* what comes is no handshake record in clear, or too long: nothing more can be read */
};

struct tls_handshake {
    uint8_t *room; /* TLS_ROOM bytes of the caller's; NULL: none yet */
    uint32_t kept; /* bytes of the message in it */
    uint32_t total, passed_over;
    uint16_t record_left;
    uint8_t record_head[5], record_head_length;
    uint8_t message_head[4], message_head_length;
};

struct tls_message {
    uint8_t type;
    const uint8_t *body; /* in the bytes read or in `room`: valid until either is touched */
    size_t length;       /* of a Certificate only up to the end of its first certificate */
};

/* Whether `bytes` begin a TLS record that holds a handshake: 1 yes, 0 no, -1 too few bytes (fewer than 3). */
int tls_begins(const uint8_t *bytes, size_t length);

/* Takes bytes off the front of *bytes up to the end of the next message. Begins zeroed. */
enum tls_result tls_handshake_read(struct tls_handshake *handshake, const uint8_t **bytes, size_t *length,
                                   struct tls_message *message);

#endif
