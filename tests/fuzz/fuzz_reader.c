// SPDX-License-Identifier: Apache-2.0
/*
 * What the dashboard reads of Redis, whatever a server answers: the model keeps its limits, and what browsers
 * are told and asked for is JSON.
 *
 * Input: the answers one after another, a value a line, by its first byte: '$' a text, ':' a number, '*' a
 * list of so many of the next values, '#' a list of as many as an incident has fields, '-' nothing, '!' a
 * refusal. Behind the last line all is nothing, and after some answers more the connection is lost.
 */
#include "fuzzing.h"

#include "../unit/json_check.h"
#include "base/log.h"
#include "dashboard/access.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/model/reader_private.h"
#include "dashboard/routes.h"

#include <stdio.h>

enum { MAX_LIST = 200, MAX_BYTES = 1 << 20, MAX_INCIDENTS = 8, MODEL_BYTES = 1 << 16, MORE_ANSWERS = 400 };

/* ---- in place of redis/redis_client.c ---- */

struct redis_client {
    const uint8_t *at, *end;
    unsigned more; /* answers behind the end */
    struct redis_reply *reply;
};

/* What a line says; behind the last one that there is nothing. */
static bool read_value(struct redis_client *client, struct redis_value *value)
{
    char *line = next_text(&client->at, client->end);
    char kind = line == NULL ? '-' : line[0];
    const char *text = line == NULL || kind == '\0' ? "" : line + 1;
    size_t number = strtoul(text, NULL, 10);
    bool good = true;
    if (kind == '$')
        good = redis_reply_set_text(client->reply, value, REDIS_VALUE_TEXT, text, strlen(text));
    else if (kind == ':')
        *value = (struct redis_value){REDIS_VALUE_NUMBER, .depth = value->depth, .text = "",
                                      .number = (int64_t)number};
    else if (kind == '*' || kind == '#')
        good = redis_reply_set_list(client->reply, value,
                                    kind == '*' ? number % MAX_LIST : (size_t)INCIDENT_FIELD_COUNT);
    free(line);
    return good;
}

/* A value with all that is in it, without recursion. False where it is too deep or too large. */
static bool read_values(struct redis_client *client)
{
    struct redis_value *lists[REDIS_MAX_DEPTH] = {NULL};
    size_t next[REDIS_MAX_DEPTH] = {0}, depth = 0;
    do {
        struct redis_value *value =
            depth == 0 ? redis_reply_place(client->reply, NULL, 0)
                       : redis_reply_place(client->reply, lists[depth - 1], next[depth - 1]++);
        if (value == NULL || !read_value(client, value))
            return false;
        if (value->count > 0 && depth < REDIS_MAX_DEPTH) {
            lists[depth] = value;
            next[depth++] = 0;
        }
        while (depth > 0 && next[depth - 1] == lists[depth - 1]->count)
            depth--;
    } while (depth > 0);
    return true;
}

enum redis_answer redis_client_read(struct redis_client *client, const struct redis_value **value,
                                    struct error *error)
{
    error_set(error, STATUS_FAILED, "it ended");
    redis_reply_free(client->reply);
    client->reply = redis_reply_create(MAX_BYTES);
    require(client->reply != NULL);
    if (client->at >= client->end && client->more++ == MORE_ANSWERS)
        return REDIS_ANSWER_LOST;
    if (client->at < client->end && *client->at == '!') {
        free(next_text(&client->at, client->end));
        return REDIS_ANSWER_REFUSED;
    }
    *value = redis_reply_root(client->reply);
    return read_values(client) ? REDIS_ANSWER_DONE : REDIS_ANSWER_LOST;
}

bool redis_client_send(struct redis_client *client, const char *commands, size_t length)
{
    (void)client;
    require(length > 0 && commands[0] == '*');
    return true;
}

struct redis_client *redis_client_connect(const struct redis_login *login, struct error *error)
{
    (void)login;
    (void)error;
    return NULL;
}

void redis_client_close(struct redis_client *client)
{
    redis_reply_free(client->reply);
}

/* ---- what is checked ---- */

static void check_news(const struct news *news)
{
    for (uint64_t number = news->oldest; number < news->next; number++) {
        const struct news_item *item = news_get(news, number);
        char *text = strndup(item->text, item->length), *data = strstr(text, "\ndata: ");
        require(data != NULL && item->length > 2 && strcmp(text + item->length - 2, "\n\n") == 0);
        data += strlen("\ndata: ");
        text[item->length - 2] = '\0';
        require(strchr(data, '\n') == NULL && is_utf8(data, strlen(data)) && json_is_valid(data));
        free(text);
    }
}

static void check_model(const struct model *model)
{
    size_t count;
    struct incident_view *const *incidents = model_incidents(model, &count);
    require(count <= MAX_INCIDENTS && model_bytes(model) <= MODEL_BYTES);
    for (size_t i = 0; i < count; i++) {
        require(model_incident_find(model, incidents[i]->sensor, incidents[i]->id) == incidents[i]);
        require(incidents[i]->history.count <= HISTORY_MAX);
        for (size_t text = 0; text < INCIDENT_TEXT_COUNT; text++)
            require(memchr(incident_view_text(incidents[i], (enum incident_text)text), '\0',
                           incidents[i]->texts_size - incidents[i]->text_offsets[text]) != NULL);
    }
}

/* Each answer of the API. */
static void ask(const struct model *model, struct feed_publisher *feeds)
{
    static const char *const paths[] = {"/api/v1/overview",    "/api/v1/incidents?q=a&sort=hashrate",
                                        "/api/v1/incidents/1", "/api/v1/series",
                                        "/api/v1/top/pools",   "/api/v1/top/applications",
                                        "/api/v1/sensors",     "/metrics",
                                        "/api/v1/feeds",       "/api/v1/feeds/reasons"};
    static const struct access access;
    static struct target target;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct request request = {
            .target = &target, .if_none_match = "", .access = &access, .feeds = feeds, .now_us = 1};
        struct answer answer;
        require(target_read(&target, paths[i]));
        const struct route *route = route_find(target.path, &request.rest);
        answer_init(&answer);
        route->handler(&request, model, &answer);
        const char *text = json_writer_text(&answer.json);
        require(answer.text.length > 0 ? is_utf8(answer.text.bytes, answer.text.length)
                                       : is_utf8(text, strlen(text)) && json_is_valid(text));
        answer_done(&answer);
    }
}

/* ---- one input ---- */

/* As reader.c has it; `more` is whether there is more of the past. */
static bool read_once(struct reader *reader, bool tells, bool *more)
{
    return reader_read_sensors(reader) && reader_begin_streams(reader) &&
           (!tells || reader_follow_streams(reader)) && reader_read_indexes(reader) &&
           reader_read_wanted(reader, tells) && reader_read_applications(reader) &&
           (!tells || reader_read_past(reader, more));
}

static void read_all(struct reader *reader)
{
    struct model *model = reader->board->model;
    bool more = true;
    reader->link.loading = true;
    bool is_there = read_once(reader, false, &more);
    reader->link = (struct model_link){.connected = is_there, .updated_us = 1};
    reader_tell_link(reader, 1, true);
    for (int64_t tick = 2; is_there && tick < 5; tick++) {
        is_there = read_once(reader, true, &more);
        model_keep_limits(model);
        reader_tell(reader, tick);
        check_model(model);
    }
    model_keep_limits(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct reader reader;
    static struct board board;
    static const struct model_limits limits = {.incidents = MAX_INCIDENTS, .bytes = MODEL_BYTES};
    static const struct feed_settings settings = {.max_entries = 10};
    static struct feed_publisher *feeds;
    struct redis_client client = {.at = bytes, .end = bytes + length};
    if (feeds == NULL) {
        log_set_level(LOG_LEVEL_ERROR);
        feeds = feed_publisher_create(&settings, NULL);
    }
    require(feeds != NULL && board_init(&board, &limits, NULL));
    memset(&reader, 0, sizeof reader);
    reader.board = &board;
    reader.prefix = "geophone";
    reader.client = &client;
    read_all(&reader);
    check_model(board.model);
    check_news(&board.news);
    ask(board.model, feeds);
    redis_client_close(&client);
    redis_text_done(&reader.text);
    free(reader.wanted);
    free(reader.told.overview);
    board_done(&board);
    return 0;
}
