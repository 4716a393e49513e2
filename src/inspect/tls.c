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

struct tls_state {
    uint8_t *collected; /* a hello that spans segments; NULL otherwise */
    size_t length;
};

static enum begins tls_begins_here(const uint8_t *bytes, size_t length)
{
    int begins = tls_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

static bool collect(struct tls_state *state, const uint8_t *bytes, size_t length)
{
    if (state->length + length > TLS_MAX_HELLO)
        return false;
    uint8_t *grown = realloc(state->collected, state->length + length);
    if (grown == NULL)
        return false;
    memcpy(grown + state->length, bytes, length);
    state->collected = grown;
    state->length += length;
    return true;
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
