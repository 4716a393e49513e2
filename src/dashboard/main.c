// SPDX-License-Identifier: Apache-2.0
/*
 * geophone-dashboard: reads the command line, starts the thread that reads Redis and the HTTP server, waits
 * for a signal.
 */
#include "base/listen_socket.h"
#include "base/log.h"
#include "dashboard/arguments.h"
#include "dashboard/feed/feed_publisher.h"
#include "dashboard/model/reader.h"
#include "dashboard/server.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { BACKLOG = 64, TIMEOUT_MS = 5000 };

static int fail(const struct error *error)
{
    fprintf(stderr, "geophone-dashboard: %s\n", error->text);
    if (error->status == STATUS_USAGE)
        fputs("Try 'geophone-dashboard --help'.\n", stderr);
    return error->status;
}

/* For all threads: the main thread waits for the signals that end the program, and a browser that is gone is
 * no reason to end. */
static void block_signals(sigset_t *ending)
{
    sigemptyset(ending);
    sigaddset(ending, SIGINT);
    sigaddset(ending, SIGTERM);
    sigset_t blocked = *ending;
    sigaddset(&blocked, SIGPIPE);
    sigaddset(&blocked, SIGHUP);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
}

static bool serve(const struct arguments *arguments, const struct redis_login *login, int fd,
                  const struct server_settings *settings, struct board *board, struct error *error)
{
    sigset_t ending;
    int signal;
    block_signals(&ending);
    struct server *server = server_start(fd, settings, board, error);
    struct reader *reader = server == NULL ? NULL : reader_start(login, arguments->prefix, board, error);
    if (reader == NULL) {
        server_close(server);
        return false;
    }
    log_info("dashboard", "serving at http://%s/", arguments->listen);
    sigwait(&ending, &signal);
    reader_stop(reader);
    server_close(server);
    return true;
}

static bool load_files(struct static_files *files, const struct arguments *arguments, struct error *error)
{
    char found[PATH_MAX];
    const char *directory = arguments->web_directory;
    if (directory == NULL && !static_files_find_directory(found, sizeof found))
        return error_set(
            error, STATUS_NO_INPUT,
            "the page's files are not where they were installed; name their directory with --web-directory");
    return static_files_load(files, directory != NULL ? directory : found, arguments->script_directory,
                             error);
}

static struct feed_publisher *open_feeds(const struct arguments *arguments, struct error *error)
{
    static const int64_t hour_us = INT64_C(3600) * 1000000;
    return feed_publisher_create(
        &(struct feed_settings){.verdict = feed_verdict_read(arguments->feed_verdict),
                                .keep_us = (int64_t)arguments->feed_keep * hour_us,
                                .max_entries = (size_t)arguments->feed_max,
                                .allow_path = arguments->feed_allow},
        error);
}

static bool run(const struct arguments *arguments, struct error *error)
{
    static struct static_files files; /* large */
    struct access access = {.host_count = arguments->host_count};
    struct model_limits limits = {.incidents = arguments->max_incidents, .bytes = arguments->max_memory};
    struct board board = {0};
    struct redis_login login = {0};
    struct redis_settings redis = {.url = arguments->redis,
                                   .password_file = arguments->password_file,
                                   .password = getenv("GEOPHONE_REDIS_PASSWORD"),
                                   .tls = {.ca_file = arguments->redis_ca_file,
                                           .certificate_file = arguments->redis_certificate_file,
                                           .key_file = arguments->redis_key_file},
                                   .client_name = "geophone-dashboard",
                                   .timeout_ms = TIMEOUT_MS};
    memcpy(access.hosts, arguments->hosts, sizeof access.hosts);
    if (arguments->token_file != NULL && !access_read_token(&access, arguments->token_file, error))
        return false;
    struct feed_publisher *feeds = open_feeds(arguments, error);
    bool is_good = feeds != NULL && redis_login_read(&login, &redis, error) &&
                   load_files(&files, arguments, error) && board_init(&board, &limits, error);
    int fd = is_good ? listen_socket_open(arguments->listen, "--listen", BACKLOG, error) : -1;
    struct server_settings settings = {.access = &access,
                                       .files = &files,
                                       .feeds = feeds,
                                       .max_connections = (unsigned)arguments->max_connections,
                                       .max_streams = (unsigned)arguments->max_streams};
    is_good = fd >= 0 && serve(arguments, &login, fd, &settings, &board, error);
    redis_login_done(&login);
    board_done(&board);
    feed_publisher_free(feeds);
    static_files_done(&files);
    return is_good;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct error error;
    if (!arguments_read(&arguments, argc, argv, &error))
        return fail(&error);
    if (arguments.mode == ARGUMENTS_HELP) {
        arguments_print_help();
        return STATUS_DONE;
    }
    if (arguments.mode == ARGUMENTS_VERSION) {
        puts("geophone-dashboard " GEOPHONE_VERSION);
        return STATUS_DONE;
    }
    log_set_level(arguments.verbose >= 2   ? LOG_LEVEL_DEBUG
                  : arguments.verbose == 1 ? LOG_LEVEL_INFO
                                           : LOG_LEVEL_WARNING);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* nothing that it could start may do more than it */
    return run(&arguments, &error) ? STATUS_DONE : fail(&error);
}
