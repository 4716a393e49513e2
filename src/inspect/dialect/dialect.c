// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/dialect.h"

#include "base/text.h"
#include "inspect/dialect/word_rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct dialect *const dialects[] = {
#define DIALECT(name) &dialect_##name,
#include "inspect/dialect/dialects.def"
#undef DIALECT
};
const size_t dialect_count = sizeof dialects / sizeof dialects[0];

bool word_fits(const struct word *word, const struct rpc *rpc)
{
    if (word->rule != NULL)
        return word_rule_fits(word->rule, rpc);
    return word->fits == NULL || word->fits(rpc);
}

void word_read(const struct word *word, struct session *session, struct rpc *rpc)
{
    if (word->rule != NULL)
        word_rule_read(word, session, rpc);
    else if (word->read != NULL)
        word->read(session, rpc);
}

/* ---- what several dialects share ---- */

uint8_t dialect_parameter(const struct rpc *rpc, uint16_t position)
{
    return json_element(rpc->json, rpc->parameters, position);
}

const char *dialect_parameter_text(const struct rpc *rpc, uint16_t position)
{
    return json_text(rpc->json, dialect_parameter(rpc, position));
}

uint32_t dialect_identifier(const struct json_reader *json, uint8_t value)
{
    return text_hash(json_text(json, value));
}

bool dialect_any_array(const struct rpc *rpc)
{
    return json_is(rpc->json, rpc->parameters, JSON_ARRAY);
}

const char *dialect_member_text(const struct rpc *rpc, const char *const *names)
{
    for (; *names != NULL; names++) {
        uint8_t value = json_member(rpc->json, rpc->parameters, *names);
        if (json_is(rpc->json, value, JSON_STRING) && json_length(rpc->json, value) > 0)
            return json_text(rpc->json, value);
    }
    return "";
}

bool dialect_time_is_near(const struct rpc *rpc, uint64_t seconds)
{
    int64_t now = rpc->time_us / 1000000, then = (int64_t)seconds;
    return then > now - 7200 && then < now + 7200;
}

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

void dialect_read_subscribe(struct session *session, struct rpc *rpc)
{
    static const char *const agent[] = {"agent", NULL};
    if (json_is(rpc->json, dialect_parameter(rpc, 0), JSON_STRING))
        SET(session->conversation.agent, dialect_parameter_text(rpc, 0));
    else
        SET(session->conversation.agent, dialect_member_text(rpc, agent));
}

void dialect_read_authorize(struct session *session, struct rpc *rpc)
{
    static const char *const user[] = {"wallet", "user", "username", "login", "address", NULL};
    static const char *const password[] = {"pass", "password", NULL};
    bool array = json_is(rpc->json, rpc->parameters, JSON_ARRAY);
    SET(session->conversation.user, array ? dialect_parameter_text(rpc, 0) : dialect_member_text(rpc, user));
    SET(session->conversation.password,
        array ? dialect_parameter_text(rpc, 1) : dialect_member_text(rpc, password));
    session->conversation.logins++;
}

/* FNV-1a of the texts in the parameters, whatever their order in the dialect: job, nonces, time */
static uint32_t share_of(const struct rpc *rpc)
{
    uint32_t hash = 2166136261u;
    const struct json_reader *json = rpc->json;
    for (uint8_t i = 0; i < json->count && rpc->parameters != JSON_NONE; i++)
        if (json->values[i].parent == rpc->parameters)
            for (const char *text = json_text(json, i);; text++) {
                hash = (hash ^ (uint8_t)*text) * 16777619u;
                if (*text == '\0')
                    break;
            }
    return hash;
}

/* The difficulty that a target means depends on the dialect, which may be known only later. */
static void convert_work(struct session *session)
{
    const struct dialect *dialect = session->conversation.dialect;
    session->conversation.exact_work = session->work > 0;
    if (session->work > 0 && dialect != NULL)
        dialect_set_difficulty(session, session->work / dialect->hashes_per_difficulty);
}

/* A new difficulty begins with the next job, so what counts is the one in force when the share's job came;
 * the present one where that job was not seen. */
static double hashes_of(const struct session *session, const char *job)
{
    const struct dialect *dialect = session->conversation.dialect;
    const struct session_job *found = session_find_job(session, job);
    bool known = found != NULL && (found->difficulty > 0 || found->work > 0);
    double work = known ? found->work : session->work;
    if (work > 0)
        return work;
    double difficulty = known ? found->difficulty : session->conversation.difficulty;
    return dialect != NULL ? difficulty * dialect->hashes_per_difficulty : 0;
}

bool dialect_share(struct session *session, struct rpc *rpc, const char *job)
{
    struct conversation *conversation = &session->conversation;
    if (session_has_job(session, job))
        session_state(session, FACT_JOB_ECHOED);
    if (!session_add_share(session, share_of(rpc)))
        return false;
    if (++conversation->shares_submitted == 2) /* one may be a quotation, or a try */
        session_state(session, FACT_SHARE_SUBMITTED);
    convert_work(session);
    rpc->hashes = hashes_of(session, job);
    conversation->hashes_submitted += rpc->hashes;
    return true;
}

bool dialect_read_share(struct session *session, struct rpc *rpc)
{
    static const char *const job[] = {"job_id", NULL};
    if (session->conversation.user[0] == '\0')
        SET(session->conversation.user, dialect_parameter_text(rpc, 0));
    bool array = json_is(rpc->json, rpc->parameters, JSON_ARRAY);
    return dialect_share(session, rpc,
                         array ? dialect_parameter_text(rpc, 1) : dialect_member_text(rpc, job));
}

void dialect_read_submit(struct session *session, struct rpc *rpc)
{
    dialect_read_share(session, rpc);
}

void dialect_set_difficulty(struct session *session, double difficulty)
{
    if (difficulty > 0 && difficulty <= 0x1p63) {
        session->changed |= session->conversation.difficulty == 0;
        session->conversation.difficulty = difficulty;
    }
}

void dialect_read_difficulty(struct session *session, struct rpc *rpc)
{
    double difficulty;
    if (!json_number(rpc->json, dialect_parameter(rpc, 0), &difficulty))
        return;
    session->work = 0;
    dialect_set_difficulty(session, difficulty);
}

double dialect_difficulty_of_target(const char *hexadecimal)
{
    if (strncmp(hexadecimal, "0x", 2) == 0)
        hexadecimal += 2;
    size_t digits = strspn(hexadecimal, "0123456789abcdefABCDEF"), zeros = strspn(hexadecimal, "0");
    if (digits > 64 || zeros == digits)
        return 0;
    char top[17] = "";
    memcpy(top, hexadecimal + zeros, digits - zeros < 16 ? digits - zeros : 16);
    double target = (double)strtoull(top, NULL, 16);
    int exponent = (int)(digits - zeros - strlen(top)) * 4; /* of what stands behind the top digits */
    return ldexp(1.0 / target, 256 - exponent);
}

void dialect_read_target(struct session *session, struct rpc *rpc)
{
    double work = dialect_difficulty_of_target(dialect_parameter_text(rpc, 0));
    if (work <= 0 || work > 0x1p95) /* 2^63 in the unit of Bitcoin's difficulty */
        return;
    session->work = work;
    convert_work(session);
}

void dialect_set_height(struct session *session, double height)
{
    if (height >= 1 && height < 1e12)
        session->conversation.block_height = (uint64_t)height;
}

void dialect_read_height(struct session *session, const struct rpc *rpc, uint8_t value)
{
    double height;
    if (json_number(rpc->json, value, &height))
        dialect_set_height(session, height);
}

void dialect_read_hexadecimal_height(struct session *session, const struct rpc *rpc, uint8_t value)
{
    if (json_is_hex(rpc->json, value, 1, 12))
        dialect_set_height(session, (double)strtoull(json_text(rpc->json, value), NULL, 16));
}

void dialect_note_job(struct session *session, const char *job)
{
    session_add_job(session, job);
    session->conversation.jobs++;
    convert_work(session);
}

void dialect_read_job(struct session *session, struct rpc *rpc)
{
    static const char *const job[] = {"job_id", "jobId", "id", NULL};
    bool array = json_is(rpc->json, rpc->parameters, JSON_ARRAY);
    dialect_note_job(session, array ? dialect_parameter_text(rpc, 0) : dialect_member_text(rpc, job));
}

void dialect_read_url(struct session *session, const char *url)
{
    char name[CONVERSATION_MAX_NAME];
    const char *scheme = strstr(url, "://");
    if (scheme != NULL)
        url = scheme + 3;
    size_t length = strcspn(url, "/?# ");
    if (length >= sizeof name)
        return;
    memcpy(name, url, length);
    name[length] = '\0';
    SET(session->conversation.pool_name, name);
}
