// SPDX-License-Identifier: Apache-2.0
#include "inspect/conversation.h"

#include <string.h>

bool conversation_set(char *field, size_t size, const char *text)
{
    if (text[0] == '\0' || strncmp(field, text, size - 1) == 0)
        return false;
    size_t length = strnlen(text, size - 1);
    memcpy(field, text, length);
    field[length] = '\0';
    return true;
}

void conversation_add_method(struct conversation *conversation, const char *method)
{
    char *methods = conversation->methods;
    size_t used = strlen(methods), length = strlen(method);
    for (const char *at = methods; (at = strstr(at, method)) != NULL; at += length)
        if ((at == methods || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return;
    if (used + length + 3 > CONVERSATION_MAX_METHODS)
        return;
    if (used > 0) {
        memcpy(methods + used, ", ", 2);
        used += 2;
    }
    memcpy(methods + used, method, length + 1);
}

void session_state(struct session *session, enum fact fact)
{
    if ((session->conversation.facts & fact_bit(fact)) == 0) {
        session->conversation.facts |= fact_bit(fact);
        session->changed = true;
    }
}

void session_ask(struct session *session, uint32_t identifier, enum ask ask, enum direction sent,
                 double hashes)
{
    session->pending[session->next_pending] =
        (struct pending){identifier, (uint8_t)ask, (uint8_t)sent, hashes};
    session->next_pending = (uint8_t)((session->next_pending + 1) % SESSION_MAX_PENDING);
}

bool session_answer(struct session *session, uint32_t identifier, enum direction answered,
                    struct pending *request)
{
    for (unsigned i = 0; i < SESSION_MAX_PENDING;
         i++) { /* oldest first: some miners use one id for all requests */
        struct pending *pending = &session->pending[(session->next_pending + i) % SESSION_MAX_PENDING];
        if (pending->ask != ASK_NOTHING && pending->identifier == identifier && pending->sent != answered) {
            *request = *pending;
            pending->ask = ASK_NOTHING;
            return true;
        }
    }
    return false;
}

/* FNV-1a: eight entries are compared one by one, so a collision costs nothing but a wrong echo. */
static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash == 0 ? 1 : hash;
}

void session_add_job(struct session *session, const char *job)
{
    if (job[0] == '\0')
        return;
    session->jobs[session->next_job] = hash_of(job);
    session->next_job = (uint8_t)((session->next_job + 1) % SESSION_MAX_JOBS);
}

bool session_add_share(struct session *session, uint32_t share)
{
    share += share == 0; /* 0: none */
    for (unsigned i = 0; i < SESSION_MAX_SHARES; i++)
        if (session->shares[i] == share)
            return false;
    session->shares[session->next_share] = share;
    session->next_share = (uint8_t)((session->next_share + 1) % SESSION_MAX_SHARES);
    return true;
}

bool session_has_job(const struct session *session, const char *job)
{
    if (job[0] == '\0')
        return false;
    uint32_t hash = hash_of(job);
    for (unsigned i = 0; i < SESSION_MAX_JOBS; i++)
        if (session->jobs[i] == hash)
            return true;
    return false;
}
