// SPDX-License-Identifier: Apache-2.0
#include "inspect/json_rpc.h"

#include "inspect/application.h"
#include "inspect/dialect/dialect_set.h"
#include "inspect/hints.h"

#include <string.h>

/* Methods of other JSON-RPC protocols that share words with mining ones, by how they begin: Electrum,
 * Ethereum nodes, language servers, browsers' debugging, Kodi, aria2, Zabbix. They cancel ambiguous evidence,
 * never clear one. */
static const char *const other_protocols[] = {
    "server.",  "blockchain.",    "mempool.",      "eth_",         "net_",    "web3_",
    "engine_",  "debug_",         "textDocument/", "workspace/",   "$/",      "window/",
    "Runtime.", "Page.",          "Network.",      "DOM.",         "Target.", "JSONRPC.",
    "Player.",  "VideoLibrary.",  "AudioLibrary.", "Application.", "aria2.",  "system.",
    "host.",    "item.",          "user.",         "trigger.",     "tools/",  "resources/",
    "prompts/", "notifications/", "Input.",        "GUI.",         "Addons.",
};

static bool is_other_protocol(const char *method)
{
    for (size_t i = 0; i < sizeof other_protocols / sizeof other_protocols[0]; i++)
        if (strncmp(method, other_protocols[i], strlen(other_protocols[i])) == 0)
            return true;
    return false;
}

static uint32_t identifier_of(const struct rpc *rpc)
{
    return dialect_identifier(rpc->json, json_member(rpc->json, rpc->message, "id"));
}

/* The entry of a dialect, which takes that of one of its name (a file was read again), a free one, or that of
 * the one for which least speaks. */
static struct candidate *candidate_of(struct session *session, const struct dialect_word *found)
{
    struct candidate *candidates = session->candidates, *weakest = &candidates[0];
    size_t used = 0;
    for (; used < SESSION_MAX_CANDIDATES && candidates[used].dialect != NULL; used++) {
        if (candidates[used].dialect == found->dialect)
            return &candidates[used];
        if (candidates[used].points < weakest->points)
            weakest = &candidates[used];
    }
    for (size_t i = 0; i < used; i++)
        if (strcmp(candidates[i].dialect->name, found->dialect->name) == 0) {
            candidates[i].dialect = found->dialect;
            return &candidates[i];
        }
    struct candidate *entry = used < SESSION_MAX_CANDIDATES ? &candidates[used] : weakest;
    *entry = (struct candidate){.dialect = found->dialect, .rank = found->rank};
    return entry;
}

static void note_dialect(struct session *session, const struct dialect_word *found)
{
    struct candidate *entry = candidate_of(session, found), *best = &session->candidates[0];
    const struct candidate *end = session->candidates + SESSION_MAX_CANDIDATES;
    if (entry->points > UINT8_MAX - found->word->points)
        for (struct candidate *one = session->candidates; one < end; one++)
            one->points /= 2; /* the proportions stay, however long the session */
    entry->points = (uint8_t)(entry->points + found->word->points);
    for (struct candidate *one = best + 1; one < end && one->dialect != NULL; one++)
        if (one->points > best->points || (one->points == best->points && one->rank < best->rank))
            best = one;
    if (session->conversation.dialect != best->dialect) {
        session->conversation.dialect = best->dialect;
        session->changed = true;
    }
}

static void note_strength(struct session *session, const struct word *word)
{
    if (word->strength == WORD_SPEAKS)
        session_state(session, word->from == SIDE_MINER ? FACT_MINER_SPEAKS : FACT_POOL_SPEAKS);
    else if (word->strength == WORD_HINTS)
        session_state(session, word->from == SIDE_MINER ? FACT_MINER_HINTS : FACT_POOL_HINTS);
}

/* Members of the records that log shippers send: GELF, the Elastic common schema, journald, loggers of all
 * kinds. A gateway that logs its JSON-RPC calls has the method among them; miners and pools send none of
 * these, and surely not two. */
static bool is_log_record(const struct rpc *rpc)
{
    static const char *const members[] = {
        "timestamp", "@timestamp", "time",   "ts",       "level",         "severity", "host",      "hostname",
        "message",   "msg",        "logger", "facility", "short_message", "@version", "event_type"};
    unsigned found = 0;
    for (size_t i = 0; i < sizeof members / sizeof members[0] && found < 2; i++)
        found += json_member(rpc->json, rpc->message, members[i]) != JSON_NONE;
    return found == 2;
}

/* Whether a word may come so. `tunnelled`: what belongs on a line may stand in an HTTP body as well. */
static bool is_carried(const struct word *word, enum carrier carrier, bool tunnelled)
{
    enum carrier carriers = word->carriers == 0 ? CARRIER_LINE | CARRIER_WEBSOCKET : word->carriers;
    return (carriers & (tunnelled && carrier == CARRIER_HTTP ? CARRIER_LINE : carrier)) != 0;
}

/* Of the words of that method (or of the answers), the one that says most about its dialect. */
static const struct dialect_word *best_word(const struct dialect_word *words, size_t count,
                                            const struct rpc *rpc, enum ask answered, bool tunnelled)
{
    const struct dialect_word *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = words[i].word;
        if (word->tag != rpc->tag || !is_carried(word, rpc->carrier, tunnelled) ||
            (word->answers != ASK_NOTHING && word->answers != answered))
            continue;
        if ((best == NULL || word->points > best->word->points) && word_fits(word, rpc))
            best = &words[i];
    }
    return best;
}

/* The flow's session; one that is made now is held where it may be a quotation. */
static struct session *get_session(struct inspector *inspector, struct flow *flow, bool held)
{
    bool is_new = inspector_session(inspector, flow, false) == NULL;
    struct session *session = inspector_session(inspector, flow, true);
    if (is_new && session != NULL)
        session->held = held;
    return session;
}

/* What says whose side it is though others say it too: requests that are answered, and what is read out.
 * Pings and farewells go both ways. */
static bool tells_role(const struct word *word)
{
    return word->strength != WORD_SPEAKS && (word->read != NULL || word->rule != NULL ||
                                             (word->asks >= ASK_SUBSCRIBE && word->asks <= ASK_SUBMIT));
}

/* A pool is a server where it speaks WebSocket: what a miner says comes from who opened it, unless people
 * quote miners there. */
static void note_reversed(struct session *session, const struct word *word, const struct rpc *rpc)
{
    bool from_client = rpc->direction == TO_SERVER;
    if (rpc->carrier == CARRIER_WEBSOCKET && rpc->http_target[0] != '\0' &&
        from_client != (word->from == SIDE_MINER))
        session_state(session, FACT_QUOTED_TALK);
}

/* What the word tells. An answer needs somebody on the other side who asked, or spoke at all; and a recording
 * has answers and shares too, but nobody gave them to anybody here: of such facts none is a proof. */
static void read_word(struct session *session, const struct word *word, struct rpc *rpc,
                      enum direction direction)
{
    uint64_t before = session->conversation.facts;
    word_read(word, session, rpc);
    uint64_t idle =
        session_has_miner(session, direction_reverse(direction)) ? 0 : fact_bit(FACT_POOL_ANSWERS);
    for (int fact = 0; fact < FACT_COUNT && session_is_recording(session); fact++)
        idle |= fact_rows[fact].proof ? fact_bit(fact) : 0;
    session->conversation.facts &= before | ~idle;
}

static void understand(struct session *session, const struct dialect_word *found, struct rpc *rpc,
                       enum direction direction)
{
    const struct word *word = found->word;
    note_strength(session, word);
    if (word->strength == WORD_SPEAKS) {
        session_note_word(session, rpc->method);
        note_reversed(session, word, rpc);
        session_speak(session, direction, word->from == SIDE_MINER);
    } else if (tells_role(word)) {
        session_hint(session, direction, word->from == SIDE_MINER);
    }
    note_dialect(session, found);
    if (is_log_record(rpc))
        session_state(session, FACT_LOG_RECORD);
    conversation_add_method(&session->conversation, word->from,
                            rpc->method[0] != '\0' ? rpc->method : "an answer");
    read_word(session, word, rpc, direction);
    session_value_jobs(session);
    if (session->conversation.jobs >= 2)
        session_state(session, FACT_SEVERAL_WORDS);
    hints_note_message(session, word, rpc);
    if (word->asks != ASK_NOTHING)
        session_ask(session, identifier_of(rpc), word->asks, direction, rpc->hashes);
}

/* ---- answers ---- */

static bool is_nothing(const struct json_reader *json, uint8_t value)
{
    return value == JSON_NONE || json_is(json, value, JSON_NULL) || json_is(json, value, JSON_FALSE);
}

enum outcome { OUTCOME_NONE, OUTCOME_ACCEPTED, OUTCOME_REJECTED };

/* Outcomes in words: "ok" and "blockfound - <hash>" (mimblewimble/grin: stratumserver.rs), ["true"] and
 * ["false", why] (Conflux-Chain/conflux-doc: stratum.md). */
static enum outcome outcome_in_words(const struct json_reader *json, uint8_t result)
{
    bool list = json_is(json, result, JSON_ARRAY);
    uint8_t word = list ? json_element(json, result, 0) : result;
    if (json_equals(json, word, list ? "true" : "ok"))
        return OUTCOME_ACCEPTED;
    if (!list && strncmp(json_text(json, word), "blockfound", 10) == 0)
        return OUTCOME_ACCEPTED;
    return !list || json_equals(json, word, "false") ? OUTCOME_REJECTED : OUTCOME_NONE;
}

/* "accepted": SChernykh/p2pool:docs/MERGE_MINING.MD */
static enum outcome outcome_of_status(const struct json_reader *json, uint8_t status)
{
    return json_equals(json, status, "OK") || json_equals(json, status, "accepted") ? OUTCOME_ACCEPTED
                                                                                    : OUTCOME_REJECTED;
}

/* The service does not know the method, or cannot read the message (JSON-RPC 2.0, section 5.1): no pool says
 * so of a share. */
static bool is_misunderstood(const struct json_reader *json, uint8_t error)
{
    double code;
    return json_number(json, json_member(json, error, "code"), &code) && code <= -32600 && code >= -32700;
}

/* A share's outcome: `true`, {"status":"OK"}, for a block over HTTP null; what has an error is a rejection.
 */
static enum outcome outcome_of(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint8_t error = json_member(json, rpc->message, "error");
    if (is_misunderstood(json, error))
        return OUTCOME_NONE;
    if (!is_nothing(json, error) || json_is(json, rpc->result, JSON_FALSE))
        return OUTCOME_REJECTED;
    if (json_is(json, rpc->result, JSON_STRING) || json_is(json, rpc->result, JSON_ARRAY))
        return outcome_in_words(json, rpc->result);
    if (json_is(json, rpc->result, JSON_TRUE))
        return OUTCOME_ACCEPTED;
    if (json_is(json, rpc->result, JSON_OBJECT))
        return outcome_of_status(json, json_member(json, rpc->result, "status"));
    return json_is(json, rpc->result, JSON_NULL) && rpc->carrier == CARRIER_HTTP ? OUTCOME_ACCEPTED
                                                                                 : OUTCOME_NONE;
}

/* Words of pools that refuse a share because its job is over, not because it is wrong. */
static const char *const stale_words[] = {"stale",         "Stale",       "Job not found",  "job not found",
                                          "Job not Found", "Unknown job", "Invalid job id", "Block expired",
                                          "unknown-work",  "expired"};

/* [21, "Job not found", null], {"code":21,...}, {"message":"Block expired"}, "stale"; 21 is Stratum's number
 * for it. */
static bool is_stale(const struct rpc *rpc)
{
    const struct json_reader *json = rpc->json;
    uint8_t error = json_member(json, rpc->message, "error");
    uint8_t code =
        json_is(json, error, JSON_ARRAY) ? json_element(json, error, 0) : json_member(json, error, "code");
    uint8_t text =
        json_is(json, error, JSON_ARRAY) ? json_element(json, error, 1) : json_member(json, error, "message");
    double number;
    if (json_number(json, code, &number) && (int)number == 21)
        return true;
    return json_rpc_says_stale(json_text(json, text == JSON_NONE ? error : text));
}

bool json_rpc_says_stale(const char *words)
{
    if (words[0] == '\0') /* as in nearly every head of HTTP */
        return false;
    for (size_t i = 0; i < sizeof stale_words / sizeof stale_words[0]; i++)
        if (strstr(words, stale_words[i]) != NULL)
            return true;
    return false;
}

static void read_outcome(struct session *session, const struct rpc *rpc, const struct pending *request)
{
    struct conversation *conversation = &session->conversation;
    enum outcome outcome = outcome_of(rpc);
    if (outcome == OUTCOME_REJECTED) {
        conversation->shares_rejected++;
        conversation->shares_stale += is_stale(rpc);
        session_state(session, FACT_SHARE_REJECTED);
    } else if (outcome == OUTCOME_ACCEPTED) {
        conversation->shares_accepted++;
        conversation->hashes_accepted += request->hashes;
        session_state(session, FACT_SHARE_ACCEPTED);
    }
}

/* Finds the request. A recording has the answers in the direction of the requests; strings are what a miner
 * answers (its version), under a number that its own request may have too. */
static void note_answer(struct session *session, const struct rpc *rpc, struct pending *request)
{
    uint32_t identifier = identifier_of(rpc);
    if (!session_answer(session, identifier, rpc->direction, request) &&
        !json_is(rpc->json, rpc->result, JSON_STRING) &&
        session_answers_itself(session, identifier, rpc->direction))
        session_hint(session, rpc->direction, false);
}

static void read_answer(struct inspector *inspector, struct flow *flow, struct rpc *rpc,
                        const struct rpc_origin *origin)
{
    struct session *session = inspector_session(inspector, flow, false);
    struct pending request = {.ask = ASK_NOTHING};
    if (session != NULL)
        note_answer(session, rpc, &request);
    if (request.ask == ASK_SUBMIT)
        read_outcome(session, rpc, &request);
    else if (request.ask == ASK_VERSION && json_is(rpc->json, rpc->result, JSON_STRING))
        session->changed |= conversation_set(session->conversation.agent, sizeof session->conversation.agent,
                                             json_text(rpc->json, rpc->result));
    if (!json_is(rpc->json, rpc->result, JSON_ARRAY) && !json_is(rpc->json, rpc->result, JSON_OBJECT))
        return;
    size_t count;
    const struct dialect_word *answers = dialect_find_answers(inspector_dialects(inspector)->now, &count);
    const struct dialect_word *found = best_word(answers, count, rpc, (enum ask)request.ask, false);
    if (found == NULL && request.ask != ASK_NOTHING)
        found = best_word(answers, count, rpc, (enum ask)request.ask, true);
    if (found == NULL)
        return;
    session = get_session(inspector, flow, origin->quoted);
    if (session == NULL)
        return;
    bool answered = (session->conversation.facts & fact_bit(FACT_POOL_ANSWERS)) != 0;
    understand(session, found, rpc, origin->direction);
    if (request.ask == ASK_NOTHING && !answered) /* nobody was seen to ask: text can say that too */
        session->conversation.facts &= ~fact_bit(FACT_POOL_ANSWERS);
}

/* ---- requests and pushes ---- */

static const struct dialect_word *find_word(struct rpc *rpc, const struct dialect_word *words, size_t count,
                                            bool tunnelled)
{
    const struct dialect_word *found = NULL;
    uint8_t parameters[] = {json_member(rpc->json, rpc->message, "params"),
                            json_next_member(rpc->json, rpc->message, "params", JSON_NONE),
                            json_member(rpc->json, rpc->message, "body")};
    bool absent = parameters[0] == JSON_NONE && parameters[2] == JSON_NONE;
    for (size_t i = 0; i < sizeof parameters && found == NULL; i++) {
        rpc->parameters = parameters[i];
        if (parameters[i] != JSON_NONE || absent) /* a word without parameters is another one */
            found = best_word(words, count, rpc, ASK_NOTHING, tunnelled);
    }
    return found;
}

static bool read_request(struct inspector *inspector, struct flow *flow, struct rpc *rpc,
                         const struct rpc_origin *origin)
{
    size_t count;
    const struct dialect_word *words =
        dialect_find_words(inspector_dialects(inspector)->now, rpc->method, &count);
    struct session *session = inspector_session(inspector, flow, false);
    const struct dialect_word *found = find_word(rpc, words, count, false);
    bool tunnelled = false;
    if (found == NULL && rpc->carrier == CARRIER_HTTP) { /* until somebody answers it says nothing */
        found = find_word(rpc, words, count, true);
        if (session == NULL && found != NULL && found->word->strength != WORD_SPEAKS)
            found = NULL;
        tunnelled = true;
    }
    if (found == NULL) {
        if (session != NULL && count == 0 && is_other_protocol(rpc->method))
            session_state(session, FACT_OTHER_PROTOCOL);
        return false;
    }
    session = get_session(inspector, flow, tunnelled || origin->quoted);
    if (session != NULL)
        understand(session, found, rpc, origin->direction);
    return session != NULL;
}

/* Members that name a message, in the order in which they are asked for. */
static const struct {
    enum tag tag;
    const char *member;
} tags[] = {
    {TAG_METHOD, "method"},   {TAG_TYPE, "type"},       {TAG_IDENTIFIER, "identifier"},
    {TAG_MESSAGE, "message"}, {TAG_COMMAND, "command"},
};

/* duplicate names: which one counts differs between parsers, so each is tried until one is a miner's */
static bool read_tagged(struct inspector *inspector, struct flow *flow, struct rpc *rpc,
                        const struct rpc_origin *origin, const char *member)
{
    uint8_t name = JSON_NONE;
    for (unsigned tried = 0; tried < JSON_MAX_REPEATED; tried++) {
        name = json_next_member(rpc->json, rpc->message, member, name);
        if (name == JSON_NONE)
            return false;
        rpc->method = json_text(rpc->json, name);
        if (json_is(rpc->json, name, JSON_STRING) && read_request(inspector, flow, rpc, origin))
            return true;
    }
    return false;
}

static bool read_object(struct inspector *inspector, struct flow *flow, const struct json_reader *json,
                        uint8_t message, const struct rpc_origin *origin)
{
    struct rpc rpc = {
        .json = json,
        .message = message,
        .parameters = JSON_NONE,
        .result = json_member(json, message, "result"),
        .method = "",
        .carrier = origin->carrier,
        .http_target = origin->http_target,
        .time_us = origin->time_us,
        .direction = origin->direction,
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        rpc.tag = tags[i].tag;
        if (read_tagged(inspector, flow, &rpc, origin, tags[i].member))
            return true;
    }
    rpc.method = "";
    bool answer = rpc.result != JSON_NONE || json_member(json, message, "error") != JSON_NONE;
    rpc.tag = answer ? TAG_METHOD : TAG_SHAPE;
    if (!answer)
        return read_request(inspector, flow, &rpc, origin);
    rpc.parameters = JSON_NONE; /* some pools repeat the method in their answers */
    read_answer(inspector, flow, &rpc, origin);
    return false;
}

bool json_rpc_message(struct inspector *inspector, struct flow *flow, const struct json_reader *json,
                      const struct rpc_origin *origin)
{
    bool mining = false;
    if (json_is(json, 0, JSON_OBJECT)) {
        mining = read_object(inspector, flow, json, 0, origin);
    } else {
        for (uint16_t i = 0; i < 16; i++) { /* a batch (JSON-RPC 2.0, section 6); miners send none */
            uint8_t element = json_element(json, 0, i);
            if (json_is(json, element, JSON_OBJECT))
                mining |= read_object(inspector, flow, json, element, origin);
        }
    }
    inspector_conversation_moved(inspector, flow, origin);
    return mining;
}
