// SPDX-License-Identifier: Apache-2.0
#include "inspect/conversation.h"

#include "base/text.h"

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

void conversation_add_method(struct conversation *conversation, enum side side, const char *method)
{
    char *methods = conversation->methods[side];
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
    memcpy(methods + used, method, length);
    methods[used + length] = '\0';
}

void session_state(struct session *session, enum fact fact)
{
    if ((session->conversation.facts & fact_bit(fact)) == 0) {
        session->conversation.facts |= fact_bit(fact);
        session->changed = true;
    }
}

/* A recorded session is sent by one end, both roles in one direction; a chat or a broker says the same role
 * in both. Where the other end speaks in the other role, the odd word is a decoy. */
static void note_recording(struct session *session, enum direction direction)
{
    enum { MINER, POOL };
    bool here[2], there[2];
    enum direction reverse = direction_reverse(direction);
    for (int side = MINER; side <= POOL; side++) {
        here[side] = session->said[direction][side] || session->hinted[direction][side];
        there[side] = session->said[reverse][side] || session->hinted[reverse][side];
    }
    uint64_t before = session->conversation.facts, bit = fact_bit(FACT_BOTH_ROLES);
    if ((here[MINER] && there[POOL]) || (here[POOL] && there[MINER]))
        session->conversation.facts &= ~bit;
    else if ((here[MINER] && here[POOL]) || there[MINER] || there[POOL])
        session->conversation.facts |= bit;
    session->changed |= session->conversation.facts != before;
}

void session_speak(struct session *session, enum direction direction, bool as_miner)
{
    struct conversation *conversation = &session->conversation;
    session->said[direction][as_miner ? 0 : 1] = true;
    note_recording(session, direction);
    enum direction miner_sends = as_miner ? direction : direction_reverse(direction);
    session->changed |= !conversation->roles_known || conversation->miner_sends != miner_sends;
    conversation->miner_sends = miner_sends;
    conversation->roles_known = true;
}

/* Pools answer within a round trip and some work; people who quote to each other take longer to paste. */
void session_note_message(struct session *session, enum direction direction, int64_t time_us)
{
    const int64_t prompt_us = 2000000;
    int64_t before = session->spoke_us[direction_reverse(direction)];
    session->prompt |= before != 0 && time_us - before <= prompt_us;
    session->spoke_us[direction] = time_us;
}

bool session_settle(struct session *session)
{
    enum { MINER, POOL };
    const bool(*said)[2] = (const bool(*)[2])session->said;
    const uint64_t answers = fact_bit(FACT_POOL_ANSWERS) | fact_bit(FACT_JOB_ECHOED) |
                             fact_bit(FACT_SHARE_ACCEPTED) | fact_bit(FACT_SHARE_REJECTED);
    bool mixed = (said[TO_SERVER][MINER] && (said[TO_SERVER][POOL] || said[TO_CLIENT][MINER])) ||
                 (said[TO_CLIENT][POOL] && (said[TO_SERVER][POOL] || said[TO_CLIENT][MINER]));
    bool both = (said[TO_SERVER][MINER] && said[TO_CLIENT][POOL]) ||
                (said[TO_SERVER][POOL] && said[TO_CLIENT][MINER]);
    if (!mixed && session->prompt && (both || (session->conversation.facts & answers) != 0))
        session->held = false;
    return !session->held;
}

void session_hint(struct session *session, enum direction direction, bool as_miner)
{
    session->hinted[direction][as_miner ? 0 : 1] = true;
    note_recording(session, direction);
}

bool session_has_miner(const struct session *session, enum direction direction)
{
    return session->said[direction][0] || session->hinted[direction][0];
}

bool session_is_recording(const struct session *session)
{
    return (session->conversation.facts & fact_bit(FACT_BOTH_ROLES)) != 0;
}

void session_note_word(struct session *session, const char *word)
{
    uint32_t hash = text_hash(word);
    hash += hash == 0;
    if (session->spoken == 0)
        session->spoken = hash;
    else if (session->spoken != hash)
        session_state(session, FACT_SEVERAL_WORDS);
}

void session_ask(struct session *session, uint32_t identifier, enum ask ask, enum direction sent,
                 double hashes)
{
    session->pending[session->next_pending] =
        (struct pending){identifier, (uint8_t)ask, (uint8_t)sent, hashes};
    session->next_pending = (uint8_t)((session->next_pending + 1) % SESSION_MAX_PENDING);
}

bool session_answers_itself(const struct session *session, uint32_t identifier, enum direction answered)
{
    for (unsigned i = 0; i < SESSION_MAX_PENDING; i++) {
        const struct pending *pending = &session->pending[i];
        if (pending->ask >= ASK_SUBSCRIBE && pending->ask <= ASK_SUBMIT &&
            pending->identifier == identifier && pending->sent == answered)
            return true;
    }
    return false;
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

/* 0 stands for no job; eight entries are compared one by one, so a collision costs nothing but a wrong echo.
 */
static uint32_t hash_of(const char *text)
{
    uint32_t hash = text_hash(text);
    return hash == 0 ? 1 : hash;
}

void session_add_job(struct session *session, const char *job)
{
    if (job[0] == '\0')
        return;
    session->jobs[session->next_job] = (struct session_job){.name = hash_of(job)};
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

/* The newest first, as some pools use a name again. */
const struct session_job *session_find_job(const struct session *session, const char *job)
{
    uint32_t hash = hash_of(job);
    for (unsigned age = 1; age <= SESSION_MAX_JOBS && job[0] != '\0'; age++) {
        unsigned at = (session->next_job + SESSION_MAX_JOBS - age) % SESSION_MAX_JOBS;
        if (session->jobs[at].name == hash)
            return &session->jobs[at];
    }
    return NULL;
}

bool session_has_job(const struct session *session, const char *job)
{
    return session_find_job(session, job) != NULL;
}

void session_set_target(struct session *session, uint64_t target)
{
    session->jobs[(session->next_job + SESSION_MAX_JOBS - 1) % SESSION_MAX_JOBS].target = target;
}

uint64_t session_target(const struct session *session, const char *job)
{
    const struct session_job *found = session_find_job(session, job);
    return found != NULL ? found->target : 0;
}

void session_value_jobs(struct session *session)
{
    for (unsigned i = 0; i < SESSION_MAX_JOBS; i++) {
        struct session_job *job = &session->jobs[i];
        if (job->name == 0 || job->difficulty > 0 || job->work > 0)
            continue;
        job->difficulty = session->conversation.difficulty;
        job->work = session->work;
    }
}
