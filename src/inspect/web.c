// SPDX-License-Identifier: Apache-2.0
/*
 * HTTP/1.x: names that requests are sent to, headers that only mining software sends, JSON-RPC in bodies, and
 * CONNECT tunnels, whose content is looked at as an inner channel.
 *
 * A body is evidence only as a whole: it must begin as JSON, its request must be a POST, and an answer counts
 * only behind a mining request on the same connection. It may hold several values, a line each or not, and go
 * on for as long as the connection does: so a POST and its answer carry a stream of messages both ways. Text
 * that is downloaded is never looked at. Where requests turn out to be no HTTP further on, the rest is looked
 * at as an inner channel too: an HTTP request in front must not hide a miner.
 */
#include "inspect/recogniser.h"

#include "base/text.h"
#include "inspect/application.h"
#include "inspect/channel.h"
#include "inspect/hints.h"
#include "inspect/json_rpc.h"
#include "protocol/http.h"
#include "protocol/inflate.h"
#include "protocol/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SET(field, text) (session->changed |= conversation_set(field, sizeof(field), text))

enum {
    MAX_PIPELINED = 32,
    ASKED_HEAD = 1,
    ASKED_CONNECT = 2,
    MAX_OTHER_VALUES = 4, /* values of a body that are no mining, before it is let go */
};

struct web_lane {
    struct http_parser parser;
    struct partial partial;    /* a JSON message of the body that is not complete yet */
    struct inflater *inflater; /* of a compressed body that is of interest */
    bool body_is_json, body_decided;
    bool says_stale;     /* the head's reason for a refusal: a job that was over */
    bool body_cut;       /* bytes of it are missing: it is read on at the next line */
    uint8_t body_others; /* its values so far that were no mining */
    bool left;           /* what comes now is no HTTP, and belongs to the inner channel */
};

struct web_state {
    struct web_lane lanes[2];
    char target[CONVERSATION_MAX_USER]; /* of the latest request */
    char user[CONVERSATION_MAX_USER];   /* of its Basic authorization */
    char agent[128];                    /* of its User-Agent */
    char last_host[128];
    bool post;
    bool agent_mines; /* its User-Agent is mining software's */
    bool connect;     /* it was a CONNECT */
    bool refused;     /* which the proxy refused */
    bool websocket;   /* it asked for one, or the answer switched to one */
    /* requests that wait for their answer, which may be many at once (RFC 9112, section 9.3.2) */
    uint8_t asked[MAX_PIPELINED], asked_first, asked_count;
};

/* What the parser's handlers need. */
struct web_call {
    struct inspector *inspector;
    struct channel *channel;
    struct web_state *state;
    enum direction direction;
    const uint8_t
        *behind_body; /* in the bytes at hand: where a body's latest piece ends; NULL: there is none */
};

/* User-Agents of software that mines over HTTP, as they begin. */
static const char *const mining_agents[] = {"cgminer",  "bfgminer", "cpuminer", "sgminer",  "ccminer",
                                            "minerd",   "XMRig",    "xmrig",    "xmr-stak", "ethminer",
                                            "Gateless", "bitminer", "phoenix/", "poclbm",   "jansson-miner"};

static bool is_mining_agent(const char *agent)
{
    for (size_t i = 0; i < sizeof mining_agents / sizeof mining_agents[0]; i++)
        if (((agent[0] ^ mining_agents[i][0]) & ~0x20) == 0 &&
            strncasecmp(agent, mining_agents[i], strlen(mining_agents[i])) == 0)
            return true;
    return false;
}

static enum begins web_begins(const uint8_t *bytes, size_t length)
{
    bool is_request;
    int begins = http_begins(bytes, length, &is_request);
    return begins < 0 ? BEGINS_MAYBE : begins > 0 ? BEGINS_YES : BEGINS_NO;
}

/* ---- heads ---- */

/* What the latest request says of the miner, once something shows that it is one. */
static void tell_miner(struct web_call *call, struct session *session)
{
    if (session->conversation.user[0] == '\0') /* a wallet in the body says more than who may ask the node */
        SET(session->conversation.user, call->state->user);
    SET(session->conversation.agent, call->state->agent);
    session->conversation.in_http = true;
    if (call->state->agent_mines)
        session_state(session, FACT_MINER_USER_AGENT);
}

static void name_getwork(struct session *session, enum direction miner_sends, uint32_t headers)
{
    struct conversation *conversation = &session->conversation;
    if (conversation->dialect == NULL)
        conversation->dialect =
            (headers & HTTP_X_HASH_DIFFICULTY) != 0 ? &dialect_monero_node_rpc : &dialect_getwork;
    conversation->miner_sends = miner_sends;
    conversation->roles_known = true;
}

/* X-Stratum: stratum+tcp://host:port, where a getwork server sends those who can do better (ckolivas/cgminer:
 * cgminer.c; luke-jr/bfgminer:miner.c); without a scheme as well. */
static void read_stratum(struct session *session, const char *value)
{
    const char *scheme = strstr(value, "://"), *host = scheme == NULL ? value : scheme + 3;
    char name[HTTP_MAX_VALUE];
    text_copy(name, sizeof name, host);
    name[strcspn(name, "/ ")] = '\0';
    char *colon = strrchr(name, ':');
    unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, NULL, 10);
    if (port == 0 || port > UINT16_MAX)
        return;
    *colon = '\0';
    hints_note_redirect(session, name, (uint32_t)port);
}

static void mining_headers(struct web_call *call, const struct http_head *head)
{
    /* long polling and reject reasons are headers that others may have thought of as well */
    const uint32_t alone = HTTP_X_MINING_EXTENSIONS | HTTP_X_MINING_HASHRATE | HTTP_X_ROLL_NTIME |
                           HTTP_X_STRATUM | HTTP_X_IS_P2POOL | HTTP_X_HASH_DIFFICULTY;
    bool makes = (head->mining_headers & alone) != 0; /* the others count beside a mining request */
    if (head->mining_headers == 0)
        return;
    struct session *session = inspector_session(call->inspector, call->channel->flow, makes);
    if (session == NULL)
        return;
    session_state(session, FACT_HTTP_HEADERS);
    name_getwork(session, head->is_request ? call->direction : direction_reverse(call->direction),
                 head->mining_headers);
    tell_miner(call, session);
    if (head->x_mining_hashrate > 0)
        session->conversation.hashrate_claimed_hs = head->x_mining_hashrate;
    read_stratum(session, head->x_stratum);
    struct rpc_origin origin = {call->direction, CARRIER_HTTP, call->state->target,
                                channel_time_us(call->channel), false};
    inspector_conversation_moved(call->inspector, call->channel->flow, &origin);
}

/* What the parser of the answers must know of the requests, in their order. */
static void remember_request(struct web_state *state, const struct http_head *head)
{
    if (state->asked_count == MAX_PIPELINED)
        return;
    uint8_t kind = strcmp(head->method, "HEAD") == 0      ? ASKED_HEAD
                   : strcmp(head->method, "CONNECT") == 0 ? ASKED_CONNECT
                                                          : 0;
    state->asked[(state->asked_first + state->asked_count++) % MAX_PIPELINED] = kind;
}

static void answer_head(struct web_call *call, const struct http_head *head)
{
    struct web_state *state = call->state;
    struct http_parser *parser = &state->lanes[call->direction].parser;
    uint8_t kind = state->asked_count > 0 ? state->asked[state->asked_first] : 0;
    parser->no_body_expected = kind == ASKED_HEAD;
    bool unasked = state->asked_count == 0 && head->connected; /* the request was not seen */
    parser->connect_expected = kind == ASKED_CONNECT || unasked;
    state->connect |= unasked;
    state->refused |= kind == ASKED_CONNECT && head->status >= 300;
    if (state->asked_count > 0 && head->status >= 200) {
        state->asked_first = (uint8_t)((state->asked_first + 1) % MAX_PIPELINED);
        state->asked_count--;
    }
    state->websocket |= head->status == 101 && strstr(head->upgrade, "websocket") != NULL;
}

static void request_head(struct web_call *call, const struct http_head *head)
{
    struct web_state *state = call->state;
    bool connect = strcmp(head->method, "CONNECT") == 0;
    remember_request(state, head);
    state->connect = connect;
    state->refused = false;
    state->websocket = strstr(head->upgrade, "websocket") != NULL;
    state->post = strcmp(head->method, "POST") == 0;
    text_copy(state->target, sizeof state->target, head->target);
    text_copy(state->user, sizeof state->user, head->authorization_user);
    text_copy(state->agent, sizeof state->agent, head->user_agent);
    state->agent_mines = is_mining_agent(head->user_agent);
    if (connect) {
        inspector_sighting(call->inspector, call->channel->flow, SIGHTING_CONNECT, head->target);
    } else if (head->host[0] != '\0' &&
               strncmp(head->host, state->last_host, sizeof state->last_host - 1) != 0) {
        text_copy(state->last_host, sizeof state->last_host, head->host);
        inspector_sighting(call->inspector, call->channel->flow, SIGHTING_HTTP, head->host);
    }
}

static void drop_partial(struct inspector *inspector, struct web_lane *lane)
{
    inspector_json_drop(inspector, &lane->partial);
    inspector_inflater_give_back(inspector, lane->inflater);
    lane->inflater = NULL;
    lane->body_is_json = lane->body_cut = false;
    lane->body_others = 0;
}

/* An answer is read only behind a mining request. */
static bool body_counts(struct web_call *call)
{
    if (call->state->lanes[call->direction].parser.requests)
        return call->state->post;
    return inspector_session(call->inspector, call->channel->flow, false) != NULL;
}

static void on_head(void *context, const struct http_head *head)
{
    struct web_call *call = context;
    struct web_lane *lane = &call->state->lanes[call->direction];
    inspector_name_application(call->channel->flow, APPLICATION_HTTP);
    if (head->is_request)
        request_head(call, head);
    else
        answer_head(call, head);
    drop_partial(call->inspector, lane);
    lane->body_decided = head->compressed;
    lane->says_stale = json_rpc_says_stale(head->x_reject_reason);
    mining_headers(call, head);
    if (head->deflated && body_counts(call)) {
        lane->inflater = inspector_inflater(call->inspector, INFLATE_WRAPPED);
        lane->body_decided = lane->inflater == NULL;
    }
}

/* ---- bodies ---- */

static void message(struct web_call *call, struct web_lane *lane, const struct json_reader *reader)
{
    struct inspector *inspector = call->inspector;
    struct flow *flow = call->channel->flow;
    struct rpc_origin origin = {call->direction, CARRIER_HTTP, call->state->target,
                                channel_time_us(call->channel), lane->body_others > 0};
    inspector_count_message(inspector);
    struct session *session = inspector_session(inspector, flow, false);
    uint64_t rejected = session == NULL ? 0 : session->conversation.shares_rejected;
    uint64_t stale = session == NULL ? 0 : session->conversation.shares_stale;
    bool mining = json_rpc_message(inspector, flow, reader, &origin);
    session = inspector_session(inspector, flow, false);
    if (session != NULL && lane->says_stale && session->conversation.shares_rejected > rejected)
        session->conversation.shares_stale = stale + 1;
    if (session == NULL && lane->body_others < MAX_OTHER_VALUES)
        lane->body_others++;
    if (mining && session != NULL && lane->parser.requests) {
        tell_miner(call, session);
        inspector_conversation_moved(inspector, flow, &origin);
    }
}

static bool begins_value(uint8_t byte)
{
    return byte == '{' || byte == '[';
}

/* White space, and what stands before each text of a sequence (RFC 7464). */
static bool is_between_values(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == 0x1e;
}

/* One value, or a piece of it; gives the number of bytes used. */
static size_t read_value(struct web_call *call, struct web_lane *lane, const uint8_t *bytes, size_t length)
{
    size_t used;
    const struct json_reader *reader;
    enum json_result result = inspector_json_read(call->inspector, call->channel->flow, &lane->partial, bytes,
                                                  length, &used, &reader);
    if (result == JSON_MORE) {
        lane->body_is_json = !lane->partial.lost;
        return used;
    }
    if (result == JSON_COMPLETE)
        message(call, lane, reader);
    inspector_json_drop(call->inspector, &lane->partial);
    lane->body_is_json = result == JSON_COMPLETE && lane->body_others < MAX_OTHER_VALUES;
    return used;
}

static void read_values(struct web_call *call, struct web_lane *lane, const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    if (lane->body_cut) {
        const uint8_t *end = memchr(bytes, '\n', length);
        at = end == NULL ? length : (size_t)(end - bytes);
        lane->body_cut = end == NULL;
    }
    while (at < length && lane->body_is_json) {
        if (lane->partial.entry != NULL || begins_value(bytes[at]))
            at += read_value(call, lane, bytes + at, length - at);
        else if (is_between_values(bytes[at]))
            at++;
        else
            lane->body_is_json = false;
    }
}

/* `context` is the call. False: nothing more is wanted of the body. */
static bool plain_body(void *context, const uint8_t *bytes, size_t length)
{
    struct web_call *call = context;
    struct web_lane *lane = &call->state->lanes[call->direction];
    size_t at = 0;
    if (!lane->body_decided) {
        while (at < length && is_between_values(bytes[at]))
            at++;
        if (at == length)
            return true;
        lane->body_decided = true;
        lane->body_is_json = begins_value(bytes[at]) && body_counts(call);
    }
    if (lane->body_is_json)
        read_values(call, lane, bytes + at, length - at);
    return lane->body_is_json;
}

/* Behind CONNECT or 101 Switching Protocols. */
static void tunnel(struct web_call *call, const uint8_t *bytes, size_t length)
{
    struct web_state *state = call->state;
    bool is_new = channel_inner(call->channel) == NULL;
    struct channel *inner = channel_open_inner(call->inspector, call->channel);
    if (inner == NULL)
        return;
    if (is_new && state->connect) {
        inner->aside->way.carrier = "http-connect";
        inner->aside->way.destination = state->target[0] != '\0' ? state->target : NULL;
    }
    if (is_new)
        inner->aside->way.target = state->target;
    if (state->websocket && !state->connect)
        channel_assign(call->inspector, inner, call->direction, &recogniser_websocket);
    channel_bytes(call->inspector, inner, call->direction, bytes, length);
}

static void on_body(void *context, const uint8_t *bytes, size_t length)
{
    struct web_call *call = context;
    struct web_lane *lane = &call->state->lanes[call->direction];
    if (lane->parser.state != HTTP_TUNNEL)
        call->behind_body = bytes + length;
    if (lane->parser.state == HTTP_TUNNEL) {
        tunnel(call, bytes, length);
    } else if (lane->inflater == NULL) {
        plain_body(call, bytes, length);
    } else if (!inflater_feed(lane->inflater, bytes, length, plain_body, call)) {
        inspector_inflater_give_back(call->inspector, lane->inflater);
        lane->inflater = NULL;
        lane->body_decided = true;
        lane->body_is_json = false;
    }
}

static void on_message_end(void *context)
{
    struct web_call *call = context;
    drop_partial(call->inspector, &call->state->lanes[call->direction]);
}

/* What is no HTTP begins behind the last body, or the last head's empty line; else it is the whole piece. */
static const uint8_t *find_rest(const struct web_call *call, const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length, *start = call->behind_body != NULL ? call->behind_body : bytes;
    if (start == end || *start == '{')
        return start;
    for (const uint8_t *at = start; (at = memchr(at, '\n', (size_t)(end - at))) != NULL;)
        if (++at < end && *at == '{')
            return at;
    return start;
}

/* A direction is no HTTP any more. Of answers that is of interest only where the requests are none either. */
static bool leave(struct web_call *call, const uint8_t *bytes, size_t length)
{
    struct web_lane *lane = &call->state->lanes[call->direction];
    drop_partial(call->inspector, lane);
    if (!lane->parser.requests && !call->state->lanes[direction_reverse(call->direction)].left)
        return false;
    struct channel *inner = channel_open_inner(call->inspector, call->channel);
    if (inner == NULL)
        return false;
    const uint8_t *rest = lane->left ? bytes : find_rest(call, bytes, length);
    lane->left = true;
    channel_bytes(call->inspector, inner, call->direction, rest, length - (size_t)(rest - bytes));
    return !inner->lanes[call->direction].deaf;
}

/* The line in a request's unfinished head that begins with `{`, which no field does (RFC 9110, section 5.1),
 * among the latest `length` bytes; NULL where there is none. */
static const uint8_t *find_fault(const struct http_parser *parser, size_t length)
{
    if (!parser->requests || parser->head == NULL)
        return NULL;
    const char *head = parser->head, *end = head + parser->head_length;
    const char *at = end - (length < parser->head_length ? length + 1 : parser->head_length);
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL)
        if (++at < end && *at == '{')
            return (const uint8_t *)at;
    return NULL;
}

/* Behind a CONNECT that was not refused the requests' direction is the tunnel's, also where HTTP is in it;
 * but another CONNECT is one with a password. */
static bool enters_tunnel(const struct web_state *state, const struct http_parser *parser,
                          const uint8_t *bytes, size_t length)
{
    static const char again[] = "CONNECT ";
    size_t known = length < sizeof again - 1 ? length : sizeof again - 1;
    return parser->requests && parser->state == HTTP_START && !parser->lost && state->connect &&
           !state->refused && memcmp(bytes, again, known) != 0;
}

static bool web_bytes(struct inspector *inspector, struct channel *channel, void *opaque,
                      enum direction direction, const uint8_t *bytes, size_t length)
{
    static const struct http_handler handler = {on_head, on_body, on_message_end};
    struct web_state *state = opaque;
    struct web_lane *lane = &state->lanes[direction];
    if (lane->parser.state == HTTP_START && lane->parser.head == NULL && !lane->parser.requests) {
        bool is_request = false;
        if (http_begins(bytes, length, &is_request) == 1)
            lane->parser.requests = is_request;
    }
    if (enters_tunnel(state, &lane->parser, bytes, length))
        lane->parser.state = HTTP_TUNNEL;
    struct web_call call = {inspector, channel, state, direction, NULL};
    if (lane->left || !http_feed(&lane->parser, &handler, &call, bytes, length))
        return leave(&call, bytes, length);
    const uint8_t *fault = find_fault(&lane->parser, length);
    if (fault == NULL)
        return true;
    call.behind_body = fault;
    bool wanted =
        leave(&call, fault, lane->parser.head_length - (size_t)(fault - (uint8_t *)lane->parser.head));
    http_parser_done(&lane->parser);
    return wanted;
}

static void web_gap(struct inspector *inspector, struct channel *channel, void *opaque,
                    enum direction direction, uint32_t missing)
{
    struct web_state *state = opaque;
    struct web_lane *lane = &state->lanes[direction];
    bool goes_on = lane->body_is_json && lane->inflater == NULL;
    drop_partial(inspector, lane);
    lane->body_is_json = lane->body_cut = goes_on;
    lane->body_decided = true; /* what is left of a body is no beginning */
    state->asked_count = 0;
    bool inside = state->lanes[direction].parser.state == HTTP_TUNNEL || state->lanes[direction].left;
    if (inside && channel_inner(channel) != NULL)
        channel_gap(inspector, channel_inner(channel), direction, missing);
    else
        http_gap(&state->lanes[direction].parser, missing);
}

static void web_done(struct inspector *inspector, void *opaque)
{
    struct web_state *state = opaque;
    for (int i = 0; i < 2; i++) {
        drop_partial(inspector, &state->lanes[i]);
        http_parser_done(&state->lanes[i].parser);
    }
}

const struct recogniser recogniser_web = {
    .name = "web",
    .state_size = sizeof(struct web_state),
    .begins = web_begins,
    .bytes = web_bytes,
    .gap = web_gap,
    .done = web_done,
};
