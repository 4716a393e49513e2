// SPDX-License-Identifier: Apache-2.0
#include "health/health_server.h"

#include "base/listen_socket.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 16,
    MAX_CONNECTIONS_OF_ONE = 8, /* of one address, so that one prober leaves room for another */
    PATIENCE_S = 5,
    CONNECTION_BYTES = 8 << 10, /* a request that is longer is refused */
};

struct health_server {
    int fd; /* MHD's once it runs */
    struct MHD_Daemon *daemon;
    health_server_answer *answer;
    void *context;
};

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, const char *text)
{
    char *copy = strdup(text);
    struct MHD_Response *response =
        copy == NULL ? NULL : MHD_create_response_from_buffer(strlen(copy), copy, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(copy);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_length, void **state)
{
    (void)version, (void)body, (void)state;
    *body_length = 0; /* whatever it is, it is not wanted */
    struct health_server *server = context;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return respond(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "{\"error\":\"GET /healthz\"}\n");
    if (strcmp(path, "/healthz") != 0)
        return respond(connection, MHD_HTTP_NOT_FOUND, "{\"error\":\"there is /healthz only\"}\n");
    struct json_writer writer;
    json_writer_init(&writer);
    bool fine = server->answer(server->context, &writer);
    const char *text = json_writer_text(&writer);
    enum MHD_Result result =
        respond(connection, fine ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, text != NULL ? text : "{}");
    json_writer_done(&writer);
    return result;
}

struct health_server *health_server_open(const char *address, struct error *error)
{
    int fd = listen_socket_open(address, "health.listen", MAX_CONNECTIONS, error);
    if (fd < 0)
        return NULL;
    struct health_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        error_set(error, STATUS_FAILED, "health.listen: out of memory");
        close(fd);
        return NULL;
    }
    server->fd = fd;
    return server;
}

bool health_server_start(struct health_server *server, health_server_answer *answer, void *context,
                         struct error *error)
{
    server->answer = answer;
    server->context = context;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, on_request, server,
        MHD_OPTION_LISTEN_SOCKET, server->fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS_OF_ONE, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)PATIENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
    return server->daemon != NULL ||
           error_set(error, STATUS_FAILED,
                     "health.listen: the HTTP server cannot start: too many threads or files");
}

void health_server_close(struct health_server *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    else
        close(server->fd);
    free(server);
}
