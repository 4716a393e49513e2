// SPDX-License-Identifier: Apache-2.0
/*
 * Stratum V2 in clear: frames of a binary stream, and the messages that tell something about mining.
 * Sources: stratum-mining/sv2-spec:03-Protocol-Overview.md (frames, SetupConnection, Reconnect),
 * 05-Mining-Protocol.md, 08-Message-Types.md. All numbers on the wire are little endian.
 */
#ifndef PROTOCOL_STRATUM_V2_H
#define PROTOCOL_STRATUM_V2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SV2_HEADER = 6,  /* extension type (2), message type (1), length (3) */
    SV2_KEPT = 1344, /* of a payload: the longest SetupConnection, 5 strings of 255 bytes; of longer ones the
                        beginning */
    SV2_SETUP_MARK = 11, /* bytes that tell a SetupConnection */
};

enum sv2_type {
    SV2_SETUP_CONNECTION = 0x00,
    SV2_SETUP_CONNECTION_SUCCESS = 0x01,
    SV2_SETUP_CONNECTION_ERROR = 0x02,
    SV2_RECONNECT = 0x04,
    SV2_OPEN_STANDARD = 0x10,
    SV2_OPEN_STANDARD_SUCCESS = 0x11,
    SV2_OPEN_ERROR = 0x12,
    SV2_OPEN_EXTENDED = 0x13,
    SV2_OPEN_EXTENDED_SUCCESS = 0x14,
    SV2_NEW_JOB = 0x15,
    SV2_UPDATE_CHANNEL = 0x16,
    SV2_SUBMIT_STANDARD = 0x1a,
    SV2_SUBMIT_EXTENDED = 0x1b,
    SV2_SUBMIT_SUCCESS = 0x1c,
    SV2_SUBMIT_ERROR = 0x1d,
    SV2_NEW_EXTENDED_JOB = 0x1f,
    SV2_SET_NEW_PREVIOUS_HASH = 0x20,
    SV2_SET_TARGET = 0x21,
};

/* Collects frames from pieces of a stream. */
struct sv2_reader {
    uint8_t header[SV2_HEADER];
    uint8_t header_length;
    uint32_t length; /* of the payload, from the header */
    uint32_t seen;   /* of it */
    uint8_t payload[SV2_KEPT];
};

enum sv2_result {
    SV2_MORE,     /* all bytes are used, the frame goes on */
    SV2_COMPLETE, /* reader holds a frame, until the next call */
    SV2_FOREIGN,  /* no frame of Stratum V2 begins here: the reader is of no use any more */
};

void sv2_reader_reset(struct sv2_reader *reader);
enum sv2_result sv2_read(struct sv2_reader *reader, const uint8_t *bytes, size_t length, size_t *used);

/* What a frame says. Texts are NUL-terminated; "" where the message has none. Targets are attempts a share
 * takes. */
struct sv2_message {
    enum sv2_type type;
    uint8_t protocol; /* SETUP_CONNECTION: 0 mining, 1 job declaration, 2 template distribution */
    uint16_t port;    /* SETUP_CONNECTION, RECONNECT; 0: none */
    char host[256];   /* the same */
    char vendor[256], hardware[256], firmware[256], device[256]; /* SETUP_CONNECTION */
    char user[256];                                              /* OPEN_STANDARD, OPEN_EXTENDED */
    char error[256];                                             /* *_ERROR */
    uint32_t request;                                            /* OPEN_* */
    uint32_t channel;                                            /* OPEN_*_SUCCESS and later ones */
    uint32_t sequence;                                           /* SUBMIT_* */
    uint32_t job;                  /* NEW_*JOB, SUBMIT_*, SET_NEW_PREVIOUS_HASH */
    uint32_t nonce, time, version; /* SUBMIT_*; time also of SET_NEW_PREVIOUS_HASH */
    uint32_t bits;                 /* SET_NEW_PREVIOUS_HASH */
    uint32_t accepted;             /* SUBMIT_SUCCESS: shares that it acknowledges */
    double hashrate;               /* OPEN_*, UPDATE_CHANNEL: what the miner says of itself; 0: nothing */
    double attempts;               /* OPEN_*_SUCCESS, SET_TARGET: 2^256 / target; 0 where the target is 0 */
};

/*
 * Reads the frame that the reader holds. True where it is one of the messages above, for which every length
 * inside fits the frame's to the byte and texts hold no control characters.
 */
bool sv2_parse(const struct sv2_reader *reader, struct sv2_message *message);

/* How a direction begins: 1 with a SetupConnection, an answer to one, or (seen from the middle) a message of
 * fixed length, 0 with something else, -1 where more bytes (at most SV2_SETUP_MARK) are needed to tell. */
int sv2_begins(const uint8_t *bytes, size_t length);

#endif
