// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/word_rule.h"

#include "inspect/dialect/shape.h"
#include "inspect/dialect/work.h"
#include "intel/wallet.h"

#include <string.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

/* ---- finding values ---- */

static uint8_t parent_of(const struct value_rule *value, const struct rpc *rpc, const uint8_t *found)
{
    switch (value->parent) {
    case WORD_RULE_PARAMETERS:
        return rpc->parameters;
    case WORD_RULE_RESULT:
        return rpc->result;
    case WORD_RULE_MESSAGE:
        return rpc->message;
    default:
        return found[value->parent];
    }
}

static uint8_t find(const struct value_rule *value, const struct rpc *rpc, const uint8_t *found)
{
    uint8_t parent = parent_of(value, rpc, found);
    if (value->is_root || parent == JSON_NONE)
        return parent;
    return value->name != NULL ? json_member(rpc->json, parent, value->name)
                               : json_element(rpc->json, parent, value->position);
}

/* ---- fitting ---- */

static bool is_of_length(const struct json_reader *json, uint8_t at, const struct value_rule *value)
{
    uint32_t length = json_length(json, at);
    return length >= value->low && length <= value->high;
}

static bool is_chosen(const char *text, const struct value_rule *value)
{
    for (uint8_t i = 0; i < value->choice_count; i++)
        if (strcmp(text, value->choices[i]) == 0)
            return true;
    return value->choices == NULL;
}

static bool text_fits(const struct json_reader *json, uint8_t at, const struct value_rule *value)
{
    const char *text = json_text(json, at);
    return is_of_length(json, at, value) && strncmp(text, value->start, strlen(value->start)) == 0 &&
           is_chosen(text, value);
}

static bool hex_fits(const struct json_reader *json, uint8_t at, const struct value_rule *value)
{
    if (value->prefix == PREFIX_DEMANDED)
        return json_is_prefixed_hex(json, at, value->low, value->high);
    if (value->prefix == PREFIX_REFUSED)
        return json_is_bare_hex(json, at, value->low, value->high);
    return json_is_hex(json, at, value->low, value->high);
}

static bool number_fits(const struct json_reader *json, uint8_t at, const struct value_rule *value)
{
    double number;
    return json_number(json, at, &number) && number >= value->least && number <= value->most;
}

static bool decimal_fits(const struct json_reader *json, uint8_t at, const struct value_rule *value)
{
    const char *text = json_text(json, at);
    return json_is(json, at, JSON_STRING) && is_of_length(json, at, value) && text[0] != '\0' &&
           strspn(text, "0123456789") == json_length(json, at) && number_fits(json, at, value);
}

static bool wallet_fits(const char *text, const struct value_rule *value)
{
    struct wallet wallet;
    if (strncmp(text, value->start, strlen(value->start)) != 0) /* checksums cost more than this */
        return false;
    wallet_read(text, &wallet);
    return wallet.proof == WALLET_CHECKSUM &&
           (value->coin[0] == '\0' || strcmp(wallet.coin, value->coin) == 0);
}

static bool value_fits(const struct json_reader *json, uint8_t at, const struct value_rule *value)
{
    bool is_text = json_is(json, at, JSON_STRING);
    switch ((enum value_type)value->type) {
    case VALUE_TEXT:
        return is_text && json_length(json, at) > 0 && text_fits(json, at, value);
    case VALUE_EMPTY:
        return is_text && json_length(json, at) == 0;
    case VALUE_IDENTIFIER:
        return json_is(json, at, JSON_NUMBER) ||
               (is_text && json_length(json, at) > 0 && is_of_length(json, at, value));
    case VALUE_DECIMAL:
        return decimal_fits(json, at, value);
    case VALUE_HEX:
        return hex_fits(json, at, value);
    case VALUE_NUMBER:
        return json_is(json, at, JSON_NUMBER) && number_fits(json, at, value);
    case VALUE_BOOLEAN:
        return json_is(json, at, JSON_TRUE) || json_is(json, at, JSON_FALSE);
    case VALUE_NULL:
        return json_is(json, at, JSON_NULL);
    case VALUE_LIST:
        return json_is(json, at, JSON_ARRAY) && is_of_length(json, at, value);
    case VALUE_OBJECT:
        return json_is(json, at, JSON_OBJECT) && is_of_length(json, at, value);
    case VALUE_ADDRESS:
        return is_text && shape_text_is_address(json_text(json, at), value->start, value->low, value->high,
                                                value->hexadecimal);
    case VALUE_WALLET:
        return is_text && wallet_fits(json_text(json, at), value);
    default:
        return at != JSON_NONE;
    }
}

/* The values' places in `found`; false where one does not fit. What is missing in something optional that is
 * missing itself is not missed. */
static bool match(const struct word_rule *rule, const struct rpc *rpc, uint8_t *found)
{
    for (uint8_t i = 0; i < rule->count; i++) {
        const struct value_rule *value = &rule->values[i];
        found[i] = find(value, rpc, found);
        bool absent = found[i] == JSON_NONE || (value->optional && json_is(rpc->json, found[i], JSON_NULL));
        if (absent)
            found[i] = JSON_NONE;
        bool excused =
            value->optional || (value->parent < WORD_RULE_PARAMETERS && found[value->parent] == JSON_NONE);
        if (absent ? !excused : !value_fits(rpc->json, found[i], value))
            return false;
    }
    return true;
}

bool word_rule_fits(const struct word_rule *rule, const struct rpc *rpc)
{
    uint8_t found[WORD_RULE_MAX_VALUES];
    return (!rule->bare || shape_is_bare(rpc)) && match(rule, rpc, found);
}

/* ---- reading ---- */

static void set_text(struct session *session, enum value_role role, const char *text)
{
    struct conversation *conversation = &session->conversation;
    switch (role) {
    case ROLE_WALLET:
        SET(conversation->user, text);
        break;
    case ROLE_WORKER:
        SET(conversation->worker, text);
        break;
    case ROLE_AGENT:
        SET(conversation->agent, text);
        break;
    case ROLE_PASSWORD:
        SET(conversation->password, text);
        break;
    case ROLE_RIG:
        SET(conversation->rig, text);
        break;
    case ROLE_ALGORITHM:
        SET(conversation->algorithm, text);
        break;
    default:
        break;
    }
}

static void set_number(struct session *session, enum value_role role, double number)
{
    switch (role) {
    case ROLE_DIFFICULTY:
        session->work = 0; /* what a target said before is over */
        dialect_set_difficulty(session, number);
        break;
    case ROLE_ATTEMPTS:
        work_set(session, number);
        break;
    case ROLE_HASHRATE:
        if (number > 0 && number < 0x1p80)
            session->conversation.hashrate_claimed_hs = number;
        break;
    default:
        break;
    }
}

static void read_value(struct session *session, const struct rpc *rpc, const struct value_rule *value,
                       uint8_t at)
{
    double number;
    if (value->role == ROLE_HEIGHT)
        dialect_read_height(session, rpc, at);
    else if (value->role == ROLE_TARGET)
        work_set_target(session, json_text(rpc->json, at));
    else if (value->role < ROLE_DIFFICULTY)
        set_text(session, value->role, json_text(rpc->json, at));
    else if (json_number(rpc->json, at, &number))
        set_number(session, value->role, number);
}

static void finish(const struct word *word, struct session *session, struct rpc *rpc, const char *job)
{
    if (word->asks == ASK_LOGIN || word->asks == ASK_AUTHORIZE)
        session->conversation.logins++;
    if (word->asks == ASK_SUBMIT) {
        uint8_t parameters = rpc->parameters;
        if (parameters == JSON_NONE) /* what a share holds stands beside the method */
            rpc->parameters = rpc->message;
        dialect_share(session, rpc, job);
        rpc->parameters = parameters;
    } else if (word->from == SIDE_POOL && job[0] != '\0') {
        dialect_note_job(session, job);
    }
    if (word->method == NULL && word->strength == WORD_SPEAKS)
        session_state(session, FACT_POOL_ANSWERS);
}

void word_rule_read(const struct word *word, struct session *session, struct rpc *rpc)
{
    const struct word_rule *rule = word->rule;
    uint8_t found[WORD_RULE_MAX_VALUES];
    const char *job = "";
    if (!match(rule, rpc, found))
        return;
    for (uint8_t i = 0; i < rule->count; i++) {
        bool known = rule->values[i].role == ROLE_WALLET && word->asks == ASK_SUBMIT &&
                     session->conversation.user[0] != '\0'; /* a share repeats a login, it is none */
        if (found[i] == JSON_NONE || rule->values[i].role == ROLE_NONE || known)
            continue;
        if (rule->values[i].role == ROLE_JOB)
            job = json_text(rpc->json, found[i]);
        else
            read_value(session, rpc, &rule->values[i], found[i]);
    }
    finish(word, session, rpc, job);
}

/* ---- what the loader asks ---- */

static bool is_firm(const struct value_rule *value)
{
    bool is_measured = value->low > 1 || value->high < UINT32_MAX;
    switch ((enum value_type)value->type) {
    case VALUE_ADDRESS:
    case VALUE_WALLET:
        return true;
    case VALUE_NUMBER:
        return value->least > -1e300 || value->most < 1e300;
    case VALUE_OBJECT:
        return false; /* what it holds counts */
    default:
        return is_measured || value->start[0] != '\0' || value->choices != NULL;
    }
}

static bool is_certain(const struct word_rule *rule, const struct value_rule *value)
{
    for (; !value->optional; value = &rule->values[value->parent])
        if (value->parent >= WORD_RULE_PARAMETERS)
            return true;
    return false;
}

unsigned word_rule_weight(const struct word_rule *rule)
{
    unsigned weight = 0;
    for (uint8_t i = 0; i < rule->count; i++) {
        const struct value_rule *value = &rule->values[i];
        if (value->type != VALUE_ANY && !value->is_root && is_certain(rule, value))
            weight += is_firm(value) ? 2 : 1;
    }
    return weight;
}

static bool texts_equal(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool values_equal(const struct value_rule *a, const struct value_rule *b)
{
    if (a->parent != b->parent || a->type != b->type || a->prefix != b->prefix ||
        a->optional != b->optional || a->hexadecimal != b->hexadecimal || a->is_root != b->is_root ||
        a->position != b->position || a->low != b->low || a->high != b->high || a->least != b->least ||
        a->most != b->most || a->choice_count != b->choice_count || !texts_equal(a->name, b->name) ||
        !texts_equal(a->start, b->start) || !texts_equal(a->coin, b->coin))
        return false;
    for (uint8_t i = 0; i < a->choice_count; i++)
        if (strcmp(a->choices[i], b->choices[i]) != 0)
            return false;
    return true;
}

bool word_rule_equal(const struct word_rule *a, const struct word_rule *b)
{
    if (a->count != b->count || a->bare != b->bare)
        return false;
    for (uint8_t i = 0; i < a->count; i++)
        if (!values_equal(&a->values[i], &b->values[i]))
            return false;
    return true;
}
