// SPDX-License-Identifier: Apache-2.0
/*
 * TLS: reads what the handshake tells in clear, the ClientHello, the ServerHello and up to TLS 1.2 the
 * server's certificate, then leaves the connection alone.
 */
#include "inspect/recogniser.h"

#include "base/text.h"
#include "inspect/application.h"
#include "inspect/channel.h"
#include "protocol/tls.h"
#include "protocol/tls_handshake.h"
#include "protocol/tls_server.h"

struct tls_state {
    struct tls_handshake lanes[2];
    struct tls_seen seen;
    bool server_waits; /* it said hello, and that is not told yet */
};

struct tls_call {
    struct inspector *inspector;
    struct channel *channel;
    struct tls_state *state;
};

static enum begins tls_begins_here(const uint8_t *bytes, size_t length)
{
    int begins = tls_begins(bytes, length);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

static const struct x509_certificate no_certificate;

static void tell(struct tls_call *call, const struct x509_certificate *certificate)
{
    call->state->server_waits = false;
    inspector_tls(call->inspector, call->channel->flow, call->channel->depth > 0, &call->state->seen,
                  certificate);
}

static void client_hello(struct tls_call *call, const struct tls_message *message)
{
    struct tls_seen *seen = &call->state->seen;
    struct tls_client_hello hello;
    if (!tls_read_client_hello(message->body, message->length, inspector_tls_digests(call->inspector),
                               &hello))
        return;
    text_copy(seen->sni, sizeof seen->sni, hello.server_name);
    text_copy(seen->alpn, sizeof seen->alpn, hello.alpn);
    text_copy(seen->ja3, sizeof seen->ja3, hello.ja3);
    text_copy(seen->ja4, sizeof seen->ja4, hello.ja4);
    tell(call, &no_certificate);
}

/* Whether a certificate may follow that can be read. */
static bool server_hello(struct tls_call *call, const struct tls_message *message)
{
    struct tls_seen *seen = &call->state->seen;
    struct tls_server_hello hello;
    if (!tls_read_server_hello(message->body, message->length, &hello))
        return false;
    seen->version = hello.version;
    text_copy(seen->server_alpn, sizeof seen->server_alpn, hello.alpn);
    call->state->server_waits = true;
    return hello.version < TLS_1_3;
}

static void certificate(struct tls_call *call, const struct tls_message *message)
{
    struct tls_seen *seen = &call->state->seen;
    struct x509_certificate read;
    if (!tls_read_certificate(message->body, message->length, &read))
        return;
    text_copy(seen->subject, sizeof seen->subject, read.subject);
    text_copy(seen->issuer, sizeof seen->issuer, read.issuer);
    seen->self_signed = read.self_signed;
    tell(call, &read);
}

/* False: nothing more is wanted of the direction that said this. Only a flow that was not seen from its
 * beginning leaves open which end is the server. */
static bool take_message(struct tls_call *call, enum direction direction, const struct tls_message *message)
{
    bool by_client = direction == TO_SERVER || call->channel->flow->midstream;
    bool by_server = direction == TO_CLIENT || call->channel->flow->midstream;
    if (message->type == TLS_CLIENT_HELLO && by_client)
        client_hello(call, message);
    else if (message->type == TLS_SERVER_HELLO && by_server)
        return server_hello(call, message);
    else if (message->type == TLS_CERTIFICATE && call->state->server_waits)
        certificate(call, message);
    return false;
}

static bool read_on(struct tls_call *call, enum direction direction, const uint8_t *bytes, size_t length)
{
    struct tls_handshake *lane = &call->state->lanes[direction];
    struct tls_message message;
    for (;;) {
        switch (tls_handshake_read(lane, &bytes, &length, &message)) {
        case TLS_MORE:
            return true;
        case TLS_MESSAGE:
            if (!take_message(call, direction, &message))
                return false;
            break;
        case TLS_NO_ROOM:
            lane->room = inspector_handshake_room(call->inspector);
            if (lane->room == NULL)
                return false;
            break;
        case TLS_NOT:
            return false;
        }
    }
}

/* What the server said is told once it is clear that no more of it will be read. */
static void end_lane(struct tls_call *call, enum direction direction)
{
    struct tls_handshake *lane = &call->state->lanes[direction];
    inspector_handshake_room_give_back(call->inspector, lane->room);
    lane->room = NULL;
    if (call->state->server_waits)
        tell(call, &no_certificate);
}

static bool tls_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                      enum direction direction, const uint8_t *bytes, size_t length)
{
    struct tls_call call = {inspector, channel, opaque};
    inspector_name_application(channel->flow, APPLICATION_TLS);
    bool wanted = read_on(&call, direction, bytes, length);
    if (!wanted)
        end_lane(&call, direction);
    return wanted;
}

static void tls_gap(struct inspector *inspector, struct channel *channel, void *opaque,
                    enum direction direction, uint32_t missing)
{
    (void)missing;
    struct tls_call call = {inspector, channel, opaque};
    end_lane(&call, direction);
    channel->lanes[direction].deaf = true; /* a message with a hole in it is none */
}

static void tls_done(struct inspector *inspector, void *opaque)
{
    struct tls_state *state = opaque;
    for (int i = 0; i < 2; i++)
        inspector_handshake_room_give_back(inspector, state->lanes[i].room);
}

const struct recogniser recogniser_tls = {
    .name = "tls",
    .state_size = sizeof(struct tls_state),
    .begins = tls_begins_here,
    .bytes = tls_bytes,
    .gap = tls_gap,
    .done = tls_done,
};
