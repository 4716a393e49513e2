// SPDX-License-Identifier: Apache-2.0
#include "dashboard/server.h"

#include "base/clock.h"
#include "dashboard/routes.h"
#include "dashboard/stream.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PATIENCE_S = 20,               /* of a connection on which nothing moves */
    STREAM_PATIENCE_S = 60,        /* four heartbeats */
    CONNECTION_BYTES = 16 << 10,   /* a request that is longer is refused */
    STREAM_BLOCK_BYTES = 16 << 10, /* that are sent at once */
    FILE_BYTES = 16 << 20,
};

struct server {
    struct MHD_Daemon *daemon;
    const struct server_settings *settings;
    struct board *board;
    struct stream *streams; /* behind the board's lock, as what follows */
    unsigned stream_count;
    bool stopping;
};

/* A browser that is sent events. */
struct stream {
    struct stream *next;
    struct server *server;
    struct MHD_Connection *connection;
    struct stream_state state;
    bool sleeps; /* suspended: nothing to send */
};

/* What is kept of a request between its first line and its answer. */
struct exchange {
    struct target target;
    bool is_good;
};

/* ---- answers ---- */

/* The page has nothing from elsewhere and no script or style but in files, so that text from the wire that
 * got into it could do nothing. */
static const struct {
    const char *name, *value;
} security_headers[] = {
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
     "form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static void add_headers(struct MHD_Response *response, const char *type, const char *cache)
{
    for (size_t i = 0; i < sizeof security_headers / sizeof security_headers[0]; i++)
        MHD_add_response_header(response, security_headers[i].name, security_headers[i].value);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache);
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* "Mon, 05 Jan 2026 10:00:00 GMT" (RFC 9110, section 5.6.7); the program's locale is C. */
static void add_time(struct MHD_Response *response, const char *name, int64_t seconds)
{
    char text[40];
    struct tm parts;
    time_t time = (time_t)seconds;
    if (gmtime_r(&time, &parts) != NULL &&
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0)
        MHD_add_response_header(response, name, text);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct answer *answer)
{
    bool is_json = answer->text.length == 0 && strcmp(answer->type, "application/json") == 0;
    const char *body = is_json ? json_writer_text(&answer->json) : answer->text.bytes;
    size_t length = is_json ? answer->json.length : answer->text.length;
    char cache[40] = "no-store";
    if (answer->max_age > 0 || answer->etag[0] != '\0')
        snprintf(cache, sizeof cache, "private, max-age=%u", answer->max_age);
    if ((is_json && body == NULL) || answer->text.failed)
        return MHD_NO; /* out of memory: the connection ends */
    if (answer->status == MHD_HTTP_NOT_MODIFIED)
        length = 0;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    add_headers(response, answer->type, cache);
    if (answer->etag[0] != '\0')
        MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, answer->etag);
    if (answer->changed_s > 0)
        add_time(response, MHD_HTTP_HEADER_LAST_MODIFIED, answer->changed_s);
    if (answer->cookie[0] != '\0')
        MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, answer->cookie);
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    if (answer->status == MHD_HTTP_UNAUTHORIZED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
                                answer->asks_password ? "Basic realm=\"geophone\""
                                                      : "Bearer realm=\"geophone\"");
    return queue(connection, answer->status, response);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *sentence)
{
    struct answer answer;
    answer_init(&answer);
    answer_error(&answer, status, "%s", sentence);
    enum MHD_Result result = send_answer(connection, &answer);
    answer_done(&answer);
    return result;
}

static enum MHD_Result ask_token(struct MHD_Connection *connection, bool asks_password)
{
    struct answer answer;
    answer_init(&answer);
    answer_error(&answer, MHD_HTTP_UNAUTHORIZED,
                 "the token is needed: Authorization: Bearer, or the cookie of /api/v1/login");
    answer.asks_password = asks_password;
    enum MHD_Result result = send_answer(connection, &answer);
    answer_done(&answer);
    return result;
}

/* ---- the page's files ---- */

static enum MHD_Result send_file(struct MHD_Connection *connection, const struct static_file *file)
{
    struct stat about;
    char etag[64];
    int fd = open(file->place, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > FILE_BYTES) {
        if (fd >= 0)
            close(fd);
        return refuse(connection, MHD_HTTP_NOT_FOUND,
                      "this file of the page is gone; install geophone-dashboard anew");
    }
    snprintf(etag, sizeof etag, "\"%llx-%llx-%lx\"", (unsigned long long)about.st_size,
             (unsigned long long)about.st_mtim.tv_sec, (unsigned long)about.st_mtim.tv_nsec);
    const char *known =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    bool is_known = known != NULL && strcmp(known, etag) == 0;
    struct MHD_Response *response = is_known
                                        ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
                                        : MHD_create_response_from_fd64((uint64_t)about.st_size, fd);
    if (is_known || response == NULL)
        close(fd);
    if (response == NULL)
        return MHD_NO;
    add_headers(response, file->type, "no-cache");
    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
    return queue(connection, is_known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

/* ---- server-sent events (HTML standard, section 9.2) ---- */

/* libmicrohttpd asks for the next bytes. Where there are none, the connection sleeps until wake_all(). */
static ssize_t on_stream(void *context, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    struct stream *stream = context;
    struct server *server = stream->server;
    ssize_t length = MHD_CONTENT_READER_END_OF_STREAM;
    board_lock(server->board);
    if (!server->stopping) {
        length = (ssize_t)stream_read(&stream->state, server->board, clock_us(CLOCK_REALTIME), buffer, size);
        stream->sleeps = length == 0;
        if (stream->sleeps)
            MHD_suspend_connection(stream->connection);
    }
    board_unlock(server->board);
    return length;
}

static void on_stream_end(void *context)
{
    struct stream *stream = context;
    struct server *server = stream->server;
    board_lock(server->board);
    struct stream **link = &server->streams;
    while (*link != stream)
        link = &(*link)->next;
    *link = stream->next;
    server->stream_count--;
    board_unlock(server->board);
    stream_done(&stream->state);
    free(stream);
}

static void wake_all(void *context)
{
    struct server *server = context;
    int64_t now = clock_us(CLOCK_REALTIME);
    board_lock(server->board);
    for (struct stream *stream = server->streams; stream != NULL; stream = stream->next)
        if (stream->sleeps && (server->stopping || stream_has_more(&stream->state, server->board, now))) {
            stream->sleeps = false;
            MHD_resume_connection(stream->connection);
        }
    board_unlock(server->board);
}

static struct stream *begin_stream(struct server *server, struct MHD_Connection *connection)
{
    const char *seen = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Last-Event-ID");
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    stream->server = server;
    stream->connection = connection;
    board_lock(server->board);
    bool fits = server->stream_count < server->settings->max_streams && !server->stopping;
    if (fits) {
        stream_init(&stream->state, server->board, seen, clock_us(CLOCK_REALTIME));
        stream->next = server->streams;
        server->streams = stream;
        server->stream_count++;
    }
    board_unlock(server->board);
    if (fits)
        return stream;
    free(stream);
    return NULL;
}

static enum MHD_Result send_stream(struct server *server, struct MHD_Connection *connection)
{
    struct stream *stream = begin_stream(server, connection);
    if (stream == NULL)
        return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                      "as many browsers as may are sent events already; close one, or raise --max-streams");
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES,
                                                                      on_stream, stream, on_stream_end);
    if (response == NULL) {
        on_stream_end(stream);
        return MHD_NO;
    }
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, (unsigned)STREAM_PATIENCE_S);
    add_headers(response, "text/event-stream", "no-store");
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx holds events back otherwise */
    return queue(connection, MHD_HTTP_OK, response);
}

/* ---- requests ---- */

static enum MHD_Result send_route(struct server *server, struct MHD_Connection *connection,
                                  const struct route *route, const struct target *target, const char *rest)
{
    const char *known =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    const char *since =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_MODIFIED_SINCE);
    struct request request = {.target = target,
                              .rest = rest,
                              .if_none_match = known != NULL ? known : "",
                              .if_modified_since = since != NULL ? since : "",
                              .feeds = server->settings->feeds,
                              .access = server->settings->access,
                              .now_us = clock_us(CLOCK_REALTIME)};
    struct answer answer;
    answer_init(&answer);
    board_lock(server->board);
    route->handler(&request, server->board->model, &answer);
    board_unlock(server->board);
    enum MHD_Result result = send_answer(connection, &answer);
    answer_done(&answer);
    return result;
}

static enum MHD_Result respond(struct server *server, struct MHD_Connection *connection, const char *method,
                               const struct exchange *exchange)
{
    const struct access *access = server->settings->access;
    const char *rest, *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    if (!access_knows_host(access, host))
        return refuse(
            connection, MHD_HTTP_FORBIDDEN,
            "this server is not known under the name in the header Host; start it with --host NAME");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                      "GET and HEAD only: nothing can be changed here");
    if (!exchange->is_good)
        return refuse(connection, MHD_HTTP_BAD_REQUEST, "the path or its parameters cannot be read");
    const struct route *route = route_find(exchange->target.path, &rest);
    if (route == NULL) {
        const struct static_file *file = static_files_find(server->settings->files, exchange->target.path);
        if (file != NULL)
            return send_file(connection, file);
        return refuse(connection, MHD_HTTP_NOT_FOUND,
                      "there is nothing at this path; docs/dashboard-api.md lists all");
    }
    const char *authorization =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    const char *cookie = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_COOKIE);
    if (route->need != ROUTE_NOTHING && !access_allows(access, authorization, cookie))
        return ask_token(connection, route->need == ROUTE_PASSWORD);
    if (route->handler != NULL)
        return send_route(server, connection, route, &exchange->target, rest);
    return strcmp(method, MHD_HTTP_METHOD_HEAD) == 0
               ? refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET only")
               : send_stream(server, connection);
}

/* The first that is known of a request: its target as it was sent. */
static void *on_target(void *context, const char *raw, struct MHD_Connection *connection)
{
    (void)context, (void)connection;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange != NULL)
        exchange->is_good = target_read(&exchange->target, raw);
    return exchange;
}

/* Called once with the head of a request, then for each piece of its body, then to answer. A body is not
 * wanted. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_length, void **state)
{
    (void)path, (void)version, (void)body;
    struct exchange *exchange = *state;
    *body_length = 0;
    return exchange == NULL ? MHD_NO : respond(context, connection, method, exchange);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    free(*state);
    *state = NULL;
}

struct server *server_start(int fd, const struct server_settings *settings, struct board *board,
                            struct error *error)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        close(fd);
        error_set(error, STATUS_FAILED, "out of memory for the HTTP server");
        return NULL;
    }
    server->settings = settings;
    server->board = board;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
        server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_CONNECTION_LIMIT, settings->max_connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MHD_OPTION_END);
    if (server->daemon == NULL) {
        close(fd);
        free(server);
        error_set(error, STATUS_FAILED, "the HTTP server cannot start: too many threads or files");
        return NULL;
    }
    board_lock(board);
    board->changed = wake_all;
    board->listener = server;
    board_unlock(board);
    return server;
}

void server_close(struct server *server)
{
    if (server == NULL)
        return;
    board_lock(server->board);
    server->stopping = true;
    server->board->changed = NULL;
    board_unlock(server->board);
    wake_all(server); /* libmicrohttpd does not stop while connections sleep */
    MHD_stop_daemon(server->daemon);
    free(server);
}
