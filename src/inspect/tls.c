// SPDX-License-Identifier: Apache-2.0
/*
 * TLS: reads the ClientHello for the name of the server, then leaves the connection alone.
 */
#include "inspect/recogniser.h"

#include "inspect/application.h"
#include "inspect/channel.h"
#include "protocol/tls.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD_HEADER = 5, HELLO_HEADER = 4 }; /* RFC 8446, sections 5.1 and 4 */

struct tls_state {
    uint8_t *collected; /* a hello that spans segments; NULL otherwise */
    size_t length;
    /* how far its records were walked, so that it is not read anew with each segment */
    size_t record;  /* where the one begins that is not whole yet */
    size_t carried; /* bytes of the hello in those before it */
    uint8_t header[HELLO_HEADER];
};

static enum begins tls_begins_here(const uint8_t *bytes, size_t length)
{
    int begins = tls_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

/* The buffer doubles, so that it is not copied with each segment; its size follows from what it holds. */
static size_t buffer_size(size_t held)
{
    size_t size = 512;
    while (size < held)
        size *= 2;
    return size;
}

static bool collect(struct tls_state *state, const uint8_t *bytes, size_t length)
{
    size_t held = state->length + length;
    if (held > TLS_MAX_HELLO)
        return false;
    if (state->collected == NULL || buffer_size(held) != buffer_size(state->length)) {
        uint8_t *grown = realloc(state->collected, buffer_size(held));
        if (grown == NULL)
            return false;
        state->collected = grown;
    }
    memcpy(state->collected + state->length, bytes, length);
    state->length = held;
    return true;
}

/* Whether reading the hello can tell something: it is all there, or a record is none. */
static bool is_readable(struct tls_state *state)
{
    for (;;) {
        const uint8_t *record = state->collected + state->record;
        size_t left = state->length - state->record;
        if (tls_begins(record, left) == 0)
            return true;
        if (left < RECORD_HEADER)
            return false;
        size_t length = (size_t)record[3] << 8 | record[4];
        size_t here = length < left - RECORD_HEADER ? length : left - RECORD_HEADER;
        for (size_t i = 0; i < here && state->carried + i < HELLO_HEADER; i++)
            state->header[state->carried + i] = record[RECORD_HEADER + i];
        size_t body = (size_t)state->header[1] << 16 | (size_t)state->header[2] << 8 | state->header[3];
        if (length == 0 ||
            (state->carried + here >= HELLO_HEADER && state->carried + here >= HELLO_HEADER + body))
            return true;
        if (here < length)
            return false;
        state->carried += length;
        state->record += RECORD_HEADER + length;
    }
}

static bool tls_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                      enum direction direction, const uint8_t *bytes, size_t length)
{
    struct tls_state *state = opaque;
    inspector_name_application(channel->flow, APPLICATION_TLS);
    if (direction == TO_CLIENT && !channel->flow->midstream)
        return false; /* the server's hello tells nothing that is used */
    if (state->collected != NULL) {
        if (!collect(state, bytes, length))
            return false;
        if (!is_readable(state))
            return state->length < TLS_MAX_HELLO;
        bytes = state->collected;
        length = state->length;
    }
    struct tls_client_hello hello;
    enum tls_result result = tls_read_client_hello(bytes, length, &hello);
    if (result == TLS_HELLO && hello.server_name[0] != '\0')
        inspector_sighting_tls(inspector, channel->flow, &hello);
    return result == TLS_MORE && (state->collected != NULL || collect(state, bytes, length));
}

static void tls_done(struct inspector *inspector, void *opaque)
{
    (void)inspector;
    free(((struct tls_state *)opaque)->collected);
}

const struct recogniser recogniser_tls = {
    .name = "tls",
    .state_size = sizeof(struct tls_state),
    .begins = tls_begins_here,
    .bytes = tls_bytes,
    .done = tls_done,
};
