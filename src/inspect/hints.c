// SPDX-License-Identifier: Apache-2.0
#include "inspect/hints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hints_note_login(struct session *session, const char *login)
{
    struct conversation *conversation = &session->conversation;
    if (login[0] == '\0')
        return;
    for (uint8_t i = 0; i < conversation->login_count; i++)
        if (strncmp(conversation->login_list[i], login, CONVERSATION_MAX_LOGIN - 1) == 0)
            return;
    if (conversation->login_count == CONVERSATION_MAX_LOGINS)
        return;
    char *entry = conversation->login_list[conversation->login_count++];
    snprintf(entry, CONVERSATION_MAX_LOGIN, "%.*s", CONVERSATION_MAX_LOGIN - 1, login);
    session->changed = true;
    if (conversation->login_count > 1)
        session_state(session, FACT_SEVERAL_LOGINS);
}

void hints_note_redirect(struct session *session, const char *host, uint32_t port)
{
    struct conversation *conversation = &session->conversation;
    char text[CONVERSATION_MAX_NAME];
    if (host[0] == '\0' && (port == 0 || port > 65535))
        return; /* connect again, to where it is */
    if (port > 0 && port <= 65535)
        snprintf(text, sizeof text, "%.240s:%u", host, (unsigned)port);
    else
        snprintf(text, sizeof text, "%s", host);
    conversation->redirects += conversation->redirects < UINT32_MAX;
    session->changed |= conversation_set(conversation->redirect, sizeof conversation->redirect, text);
    session_state(session, FACT_REDIRECTED);
}

/* [host, port, seconds to wait]: ckolivas/cgminer:util.c takes the port as a number or a string, XMRig
 * (src/base/net/stratum/Client.cpp) as a string. */
static void read_redirect(struct session *session, const struct rpc *rpc)
{
    const char *host = dialect_parameter_text(rpc, 0), *port = dialect_parameter_text(rpc, 1);
    if (json_is(rpc->json, rpc->parameters,
                JSON_OBJECT)) { /* ethereum/EIPs:EIPS/eip-1571.md, port in hexadecimal */
        host = json_text(rpc->json, json_member(rpc->json, rpc->parameters, "host"));
        port = json_text(rpc->json, json_member(rpc->json, rpc->parameters, "port"));
        hints_note_redirect(session, host, (uint32_t)strtoul(port, NULL, 16));
        return;
    }
    if (!json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING))
        return;
    hints_note_redirect(session, host, (uint32_t)strtoul(port, NULL, 10));
}

/*
 * The nonce is bytes 39 to 42 of a CryptoNote blob: two versions of a byte, a time of five, a hash of 32
 * stand before it. A pool leaves it 0; a proxy in NiceHash mode fixes its last byte for each miner
 * (xmrig/xmrig-proxy:doc/STRATUM.md). The first 39 bytes are as said only where the varints are of these
 * lengths.
 */
static bool reserves_nonce(const char *blob)
{
    enum { NONCE = 39, TIME = 2, TIME_BYTES = 5 };
    char digits[3] = "";
    for (size_t i = 0; i < TIME + TIME_BYTES; i++) {
        memcpy(digits, blob + 2 * i, 2);
        bool goes_on = (strtoul(digits, NULL, 16) & 0x80) != 0;
        if (goes_on != (i >= TIME && i < TIME + TIME_BYTES - 1))
            return false;
    }
    return strncmp(&blob[(size_t)2 * NONCE], "000000", 6) == 0 &&
           strncmp(&blob[(size_t)2 * NONCE + 6], "00", 2) != 0;
}

static void read_blob(struct session *session, const struct rpc *rpc)
{
    uint8_t job = rpc->result != JSON_NONE ? json_member(rpc->json, rpc->result, "job") : rpc->parameters;
    uint8_t blob = json_member(rpc->json, job, "blob");
    if (json_is_bare_hex(rpc->json, blob, 86, 1024) && reserves_nonce(json_text(rpc->json, blob)))
        session_state(session, FACT_NONCE_RESERVED);
}

void hints_note_message(struct session *session, const struct word *word, const struct rpc *rpc)
{
    if (word->from == SIDE_MINER) {
        if (word->asks == ASK_LOGIN || word->asks == ASK_AUTHORIZE)
            hints_note_login(session, session->conversation.user);
        return;
    }
    if (strcmp(rpc->method, "client.reconnect") == 0 || strcmp(rpc->method, "mining.reconnect") == 0)
        read_redirect(session, rpc);
    else
        read_blob(session, rpc);
}
