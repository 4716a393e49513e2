// SPDX-License-Identifier: Apache-2.0
#include "dashboard/arguments.h"

#include "base/listen_socket.h"
#include "base/terminal.h"
#include "dashboard/feed/feed.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 29, HELP_WIDTH = 79, LONG_CODE = 256 };

enum kind { TEXT, HOST, NUMBER, MEGABYTES, FLAG, COUNT, HELP, VERSION };

struct row {
    char letter; /* '\0': long only */
    const char *name, *value;
    enum kind kind;
    size_t offset;            /* in struct arguments */
    uint64_t min, max;        /* of a number */
    const char *help, *group; /* a group of --help begins; NULL: goes on */
};

#define AT(member) offsetof(struct arguments, member)
/* clang-format off */
static const struct row rows[] = {
    {'\0', "redis", "URL", TEXT, AT(redis), 0, 0,
     "where Redis is: redis://user@host:port/db or unix:///path?db=N (redis://127.0.0.1:6379)",
     "Reading"},
    {'\0', "prefix", "WORD", TEXT, AT(prefix), 0, 0, "the sensors' redis.prefix (geophone)", NULL},
    {'\0', "password-file", "FILE", TEXT, AT(password_file), 0, 0,
     "the password of the Redis user; or in GEOPHONE_REDIS_PASSWORD", NULL},
    {'\0', "redis-ca-file", "FILE", TEXT, AT(redis_ca_file), 0, 0,
     "rediss: PEM, whose certificates are trusted (those the system trusts)", NULL},
    {'\0', "redis-certificate-file", "FILE", TEXT, AT(redis_certificate_file), 0, 0,
     "rediss: PEM, the own certificate; with --redis-key-file", NULL},
    {'\0', "redis-key-file", "FILE", TEXT, AT(redis_key_file), 0, 0, "rediss: PEM, its key", NULL},
    {'l', "listen", "ADDRESS:PORT", TEXT, AT(listen), 0, 0,
     "where to serve (127.0.0.1:8480); for other machines only with a token or behind a proxy", "Serving"},
    {'\0', "token-file", "FILE", TEXT, AT(token_file), 0, 0, "who asks must know the token in FILE", NULL},
    {'\0', "behind-proxy", NULL, FLAG, AT(behind_proxy), 0, 0,
     "a proxy before this server asks who one is: listen anywhere without a token", NULL},
    {'\0', "host", "NAME", HOST, AT(hosts), 0, 0, "a name that this server is asked under; repeatable", NULL},
    {'\0', "web-directory", "DIR", TEXT, AT(web_directory), 0, 0,
     "the page's files (those that came with the program)", NULL},
    {'\0', "script-directory", "DIR", TEXT, AT(script_directory), 0, 0,
     "Debian's JavaScript libraries (/usr/share/javascript)", NULL},
    {'\0', "feed-verdict", "VERDICT", TEXT, AT(feed_verdict), 0, 0,
     "list pools from this verdict on: confirmed, likely or suspected (confirmed)", "Firewall feeds"},
    {'\0', "feed-keep", "HOURS", NUMBER, AT(feed_keep), 1, 8760,
     "list a pool until that long after it was last seen (168)", NULL},
    {'\0', "feed-max", "N", NUMBER, AT(feed_max), 0, 100000,
     "entries in all, the most certain (10000)", NULL},
    {'\0', "feed-allow", "FILE", TEXT, AT(feed_allow), 0, 0,
     "addresses, networks and names that are never listed", NULL},
    {'\0', "max-connections", "N", NUMBER, AT(max_connections), 8, 4000, "at once (256)",
     "Limits"},
    {'\0', "max-streams", "N", NUMBER, AT(max_streams), 1, 4000,
     "browsers that are told of changes (128)", NULL},
    {'\0', "max-incidents", "N", NUMBER, AT(max_incidents), 10, 1000000,
     "kept in memory, the latest of all sensors (20000)", NULL},
    {'\0', "max-memory", "MB", MEGABYTES, AT(max_memory), 16, 65536,
     "for incidents and their histories (256)", NULL},
    {'v', "verbose", NULL, COUNT, AT(verbose), 0, 0,
     "tell more on standard error; twice: for debugging", "Information"},
    {'V', "version", NULL, VERSION, 0, 0, 0, "print the version", NULL},
    {'h', "help", NULL, HELP, 0, 0, 0, "print this help", NULL},
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static bool take_number(const struct row *row, const char *value, void *to, struct error *error)
{
    char *end;
    uint64_t number = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || number < row->min || number > row->max)
        return error_set(error, STATUS_USAGE, "--%s cannot be '%s': it must be a number from %llu to %llu",
                         row->name, value, (unsigned long long)row->min, (unsigned long long)row->max);
    *(uint64_t *)to = row->kind == MEGABYTES ? number << 20 : number;
    return true;
}

static bool take(struct arguments *arguments, const struct row *row, const char *value, struct error *error)
{
    void *to = (char *)arguments + row->offset;
    switch (row->kind) {
    case TEXT:
        *(const char **)to = value;
        return true;
    case HOST:
        if (arguments->host_count == ACCESS_MAX_HOSTS)
            return error_set(error, STATUS_USAGE, "--host: at most %d names", ACCESS_MAX_HOSTS);
        arguments->hosts[arguments->host_count++] = value;
        return true;
    case NUMBER:
    case MEGABYTES:
        return take_number(row, value, to, error);
    case FLAG:
        *(bool *)to = true;
        return true;
    case COUNT:
        ++*(int *)to;
        return true;
    case HELP:
        arguments->mode = ARGUMENTS_HELP;
        return true;
    default:
        arguments->mode = ARGUMENTS_VERSION;
        return true;
    }
}

static void fill_getopt(struct option options[static ROW_COUNT + 1], char letters[static 2 * ROW_COUNT + 2])
{
    *letters++ = ':';
    for (int i = 0; i < ROW_COUNT; i++) {
        options[i] = (struct option){rows[i].name, rows[i].value != NULL, NULL, LONG_CODE + i};
        if (rows[i].letter != '\0') {
            *letters++ = rows[i].letter;
            if (rows[i].value != NULL)
                *letters++ = ':';
        }
    }
    options[ROW_COUNT] = (struct option){0};
    *letters = '\0';
}

static const struct row *find(int code)
{
    if (code >= LONG_CODE && code < LONG_CODE + ROW_COUNT)
        return &rows[code - LONG_CODE];
    for (int i = 0; i < ROW_COUNT; i++)
        if (rows[i].letter != '\0' && rows[i].letter == code)
            return &rows[i];
    return NULL;
}

static bool check(const struct arguments *arguments, struct error *error)
{
    bool is_loopback;
    if (!listen_socket_check(arguments->listen, &is_loopback))
        return error_set(
            error, STATUS_USAGE,
            "--listen cannot be '%s': it must be an address and a port, as 127.0.0.1:8480 or [::1]:8480",
            arguments->listen);
    if (!is_loopback && arguments->token_file == NULL && !arguments->behind_proxy)
        return error_set(
            error, STATUS_USAGE,
            "--listen %s would show everything to whoever can reach it: give --token-file FILE, or "
            "--behind-proxy where a proxy asks who one is",
            arguments->listen);
    if (feed_verdict_read(arguments->feed_verdict) == FEED_VERDICT_NONE)
        return error_set(error, STATUS_USAGE,
                         "--feed-verdict cannot be '%s': it must be confirmed, likely or suspected",
                         arguments->feed_verdict);
    if (arguments->max_streams >= arguments->max_connections)
        return error_set(error, STATUS_USAGE, "--max-streams must be less than --max-connections");
    return true;
}

bool arguments_read(struct arguments *arguments, int argc, char **argv, struct error *error)
{
    struct option options[ROW_COUNT + 1];
    char letters[2 * ROW_COUNT + 2];
    *arguments = (struct arguments){.listen = "127.0.0.1:8480",
                                    .redis = "redis://127.0.0.1:6379",
                                    .prefix = "geophone",
                                    .script_directory = "/usr/share/javascript",
                                    .feed_verdict = "confirmed",
                                    .feed_keep = 168,
                                    .feed_max = 10000,
                                    .max_incidents = 20000,
                                    .max_connections = 256,
                                    .max_streams = 128,
                                    .max_memory = 256 << 20};
    fill_getopt(options, letters);
    opterr = 0;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, letters, options, NULL)) != -1;) {
        const struct row *row = find(code);
        if (row == NULL)
            return error_set(error, STATUS_USAGE, code == ':' ? "%s needs a value" : "there is no option %s",
                             argv[optind - 1]);
        if (!take(arguments, row, optarg, error))
            return false;
    }
    if (optind < argc)
        return error_set(error, STATUS_USAGE, "there is nothing to do with '%s'", argv[optind]);
    return arguments->mode != ARGUMENTS_RUN || check(arguments, error);
}

void arguments_print_help(void)
{
    puts("geophone-dashboard shows in a browser what geophone's sensors write to Redis.\n"
         "\n"
         "Usage: geophone-dashboard [OPTION]...");
    for (int i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &rows[i];
        if (row->group != NULL)
            printf("\n%s:\n", row->group);
        int column = row->letter != '\0' ? printf("  -%c, --%s", row->letter, row->name)
                                         : printf("      --%s", row->name);
        if (row->value != NULL)
            column += printf(" %s", row->value);
        terminal_print_wrapped(row->help, column, HELP_COLUMN, HELP_WIDTH, stdout);
    }
    puts("\n"
         "Example:\n"
         "  geophone-dashboard --redis redis://dashboard@192.0.2.8:6379 \\\n"
         "      --password-file /etc/geophone/dashboard.password\n"
         "  then open http://127.0.0.1:8480/\n"
         "\n"
         "geophone-dashboard(8) describes everything.");
}
