// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include "config/suggest.h"
#include "decode/decode.h"
#include "help.h"

#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A setting to be made once the file is read. */
struct assignment {
    const char *name, *value; /* borrowed from argv or static */
    bool is_set;              /* from --set: a bad value is a fault of configuration, otherwise of usage */
};

struct parse {
    struct options *options;
    struct error *error;
    struct assignment *assignments; /* at most two for each argument */
    size_t assignment_count;
    const char **words; /* of the expression */
    size_t word_count;
    bool is_after_read; /* the argument before was -r's, or a path like it */
    bool has_mode;
};

struct row;
typedef bool take(struct parse *parse, const struct row *row, const char *argument);

static take take_path, take_interface, take_listener, take_file, take_set, take_setting, take_json,
    take_redis, take_mode, take_quiet, take_verbose, take_exit_code;

struct row {
    char letter;  /* '\0': long only */
    int argument; /* of getopt: no_argument, ... */
    const char *name;
    const char *value; /* what --help calls the argument */
    take *take;
    union {
        const char *setting;
        enum options_mode mode;
    };
    const char *help;
    const char *group; /* begins a group of --help; NULL: goes on */
};

/* clang-format off */
static const struct row rows[] = {
    {'r', required_argument, "read", "FILE", take_path, {NULL},
     "read a capture (pcap, pcapng; .gz, .zst), a directory of them, or '-'; repeatable", "Input"},
    {'i', required_argument, "interface", "IFACE", take_interface, {NULL},
     "capture live from an interface; repeatable", NULL},
    {'\0', required_argument, "listen", "TUNNEL:PORT", take_listener, {NULL},
     "receive what mirrors send to a UDP port (vxlan:4789, geneve:6081, tzsp:37008); repeatable", NULL},
    {'\0', required_argument, "capture-filter", "BPF", take_setting, {"capture.filter"},
     "keep only frames, as captured, that match", NULL},
    {'c', required_argument, "config", "FILE", take_file, {NULL},
     "read the configuration (YAML)", "Configuration"},
    {'\0', required_argument, "set", "NAME=VALUE", take_set, {NULL},
     "override one setting, as flow.max-flows=200000; repeatable", NULL},
    {'T', no_argument, "test", NULL, take_mode, {.mode = OPTIONS_TEST},
     "test the configuration and exit", NULL},
    {'\0', no_argument, "dump-config", NULL, take_mode, {.mode = OPTIONS_DUMP_CONFIG},
     "print the settings in force and exit", NULL},
    {'\0', optional_argument, "json", "FILE", take_json, {NULL},
     "write events as JSON Lines to standard output or FILE", "Output"},
    {'\0', required_argument, "report", "FILE", take_setting, {"report.file"},
     "write a report as one HTML page at the end", NULL},
    {'\0', required_argument, "redis", "URL", take_redis, {NULL},
     "send events to Redis: redis://user@host:port/db, unix:///path?db=N, "
     "redis-sentinel://, redis-cluster://", NULL},
    {'\0', required_argument, "color", "WHEN", take_setting, {"summary.color"},
     "colours in the summary: auto, always or never", NULL},
    {'\0', no_argument, "exit-code", NULL, take_exit_code, {NULL},
     "exit with status 10 where mining was found", NULL},
    {'q', no_argument, "quiet", NULL, take_quiet, {NULL},
     "no progress and no summary", NULL},
    {'v', no_argument, "verbose", NULL, take_verbose, {NULL},
     "tell more on standard error; twice: for debugging", NULL},
    {'\0', no_argument, "list-interfaces", NULL, take_mode, {.mode = OPTIONS_LIST_INTERFACES},
     "list the interfaces that can be captured from", "Information"},
    {'\0', no_argument, "check-host", NULL, take_mode, {.mode = OPTIONS_CHECK_HOST},
     "say what this machine lacks to be a mirror's target, and exit", NULL},
    {'\0', no_argument, "list-dialects", NULL, take_mode, {.mode = OPTIONS_LIST_DIALECTS},
     "list the mining dialects that are recognised, and where each comes from", NULL},
    {'\0', no_argument, "build-info", NULL, take_mode, {.mode = OPTIONS_BUILD_INFO},
     "print what geophone was built with", NULL},
    {'V', no_argument, "version", NULL, take_mode, {.mode = OPTIONS_VERSION},
     "print the version", NULL},
    {'h', no_argument, "help", NULL, take_mode, {.mode = OPTIONS_HELP},
     "print this help", NULL},
};
/* clang-format on */

enum {
    ROW_COUNT = sizeof rows / sizeof rows[0],
    LONG_CODE = 256, /* what getopt answers for row n is LONG_CODE + n, and for a letter the letter */
};

static bool assign(struct parse *parse, const char *name, const char *value, bool is_set)
{
    parse->assignments[parse->assignment_count++] = (struct assignment){name, value, is_set};
    return true;
}

static bool take_path(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row;
    parse->options->paths[parse->options->path_count++] = argument;
    parse->is_after_read = true;
    return true;
}

static bool take_listener(struct parse *parse, const struct row *row, const char *argument)
{
    struct decode_port port;
    (void)row;
    if (!decode_port_parse(argument, &port, parse->error)) {
        parse->error->status = STATUS_USAGE;
        return false;
    }
    parse->options->listeners[parse->options->listener_count++] = argument;
    return true;
}

static bool take_interface(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row;
    parse->options->interfaces[parse->options->interface_count++] = argument;
    return true;
}

static bool take_file(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row;
    if (parse->options->file != NULL)
        return error_set(parse->error, STATUS_USAGE, "-c is given twice (%s, %s): join the files",
                         parse->options->file, argument);
    parse->options->file = argument;
    return true;
}

static bool take_set(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row;
    const char *equals = strchr(argument, '=');
    if (equals == NULL || equals == argument)
        return error_set(parse->error, STATUS_USAGE,
                         "--set needs NAME=VALUE, as in --set flow.max-flows=200000, not '%s'", argument);
    return assign(parse, argument, equals + 1, true);
}

static bool take_setting(struct parse *parse, const struct row *row, const char *argument)
{
    return assign(parse, row->setting, argument, false);
}

static bool take_json(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row;
    return assign(parse, "json.enabled", "yes", false) &&
           assign(parse, "json.file", argument != NULL ? argument : "-", false);
}

static bool take_redis(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row;
    return assign(parse, "redis.enabled", "yes", false) && assign(parse, "redis.url", argument, false);
}

static bool take_mode(struct parse *parse, const struct row *row, const char *argument)
{
    (void)argument;
    if (!parse->has_mode || row->mode == OPTIONS_HELP)
        parse->options->mode = row->mode;
    parse->has_mode = true;
    return true;
}

static bool take_quiet(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row, (void)argument;
    parse->options->quiet = true;
    return true;
}

static bool take_verbose(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row, (void)argument;
    parse->options->verbosity++;
    return true;
}

static bool take_exit_code(struct parse *parse, const struct row *row, const char *argument)
{
    (void)row, (void)argument;
    parse->options->exit_code = true;
    return true;
}

static bool names_capture(const char *word)
{
    struct stat status;
    return strcmp(word, "-") == 0 || stat(word, &status) == 0;
}

/* What is no option: right behind -r another capture, as the shell makes of -r *.pcap; otherwise a word of
 * the expression. */
static bool take_word(struct parse *parse, const char *word, bool may_be_path)
{
    if (may_be_path && parse->word_count == 0 && names_capture(word))
        return take_path(parse, NULL, word);
    parse->words[parse->word_count++] = word;
    return true;
}

/* "-: r:i:..." and the long options, for getopt. '-': words come in their order; ':': a missing argument is
 * told apart. */
static void make_getopt_tables(char *letters, struct option *options)
{
    *letters++ = '-';
    *letters++ = ':';
    for (int i = 0; i < ROW_COUNT; i++) {
        options[i] = (struct option){rows[i].name, rows[i].argument, NULL, LONG_CODE + i};
        if (rows[i].letter == '\0')
            continue;
        *letters++ = rows[i].letter;
        if (rows[i].argument == required_argument)
            *letters++ = ':';
    }
    *letters = '\0';
    options[ROW_COUNT] = (struct option){NULL, 0, NULL, 0};
}

static const struct row *find_row(int code)
{
    if (code >= LONG_CODE && code < LONG_CODE + ROW_COUNT)
        return &rows[code - LONG_CODE];
    for (int i = 0; i < ROW_COUNT; i++)
        if (rows[i].letter != '\0' && rows[i].letter == code)
            return &rows[i];
    return NULL;
}

/* A long option that getopt knows nothing or too much of. */
static bool refuse_long(const char *given, struct error *error)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given + 2);
    struct suggestion suggestion = {.word = name};
    size_t beginnings = 0;
    for (int i = 0; i < ROW_COUNT; i++) {
        beginnings += strncmp(rows[i].name, name, strlen(name)) == 0;
        suggest_offer(&suggestion, rows[i].name);
    }
    if (beginnings > 1)
        return error_set(error, STATUS_USAGE, "the option '--%s' may mean several: write it in full", name);
    if (suggestion.best == NULL)
        return error_set(error, STATUS_USAGE, "there is no option '--%s'; geophone --help lists all", name);
    return error_set(error, STATUS_USAGE, "there is no option '--%s'; did you mean '--%s'?", name,
                     suggestion.best);
}

/* getopt answered '?' or ':'. */
static bool refuse_option(int answer, char **argv, struct error *error)
{
    const struct row *row = find_row(optopt);
    if (row == NULL && optopt == 0)
        return refuse_long(argv[optind - 1], error);
    if (row == NULL)
        return error_set(error, STATUS_USAGE, "there is no option '-%c'; geophone --help lists all", optopt);
    if (answer == ':')
        return error_set(error, STATUS_USAGE, "the option --%s needs %s behind it", row->name, row->value);
    return error_set(error, STATUS_USAGE, "the option --%s takes no value", row->name);
}

static bool parse_arguments(struct parse *parse, int argc, char **argv)
{
    char letters[2 + 2 * ROW_COUNT + 1];
    struct option long_options[ROW_COUNT + 1];
    make_getopt_tables(letters, long_options);
    opterr = 0;
    optind = 0; /* glibc and musl: begin anew, whatever a former call left */
    for (int code; (code = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
        bool may_be_path = parse->is_after_read;
        parse->is_after_read = false;
        const struct row *row = find_row(code);
        if (code == 1)
            take_word(parse, optarg, may_be_path);
        else if (row == NULL)
            return refuse_option(code, argv, parse->error);
        else if (!row->take(parse, row, optarg))
            return false;
    }
    while (optind < argc) /* behind "--" */
        take_word(parse, argv[optind++], false);
    return true;
}

static bool join_words(struct parse *parse)
{
    size_t size = 1;
    for (size_t i = 0; i < parse->word_count; i++)
        size += strlen(parse->words[i]) + 1;
    char *at = parse->options->expression = malloc(size);
    if (at == NULL)
        return error_set(parse->error, STATUS_FAILED, "out of memory while reading the command line");
    *at = '\0';
    for (size_t i = 0; i < parse->word_count; i++) {
        size_t length = strlen(parse->words[i]);
        if (i > 0)
            *at++ = ' ';
        memcpy(at, parse->words[i], length + 1);
        at += length;
    }
    return true;
}

/* From what is to be read to what is to be done. */
static bool choose_mode(struct parse *parse)
{
    struct options *options = parse->options;
    bool wants[] = {options->path_count > 0, options->interface_count > 0, options->listener_count > 0};
    bool checks = options->mode == OPTIONS_CHECK_HOST;
    if (checks && !wants[1] && !wants[2])
        return error_set(parse->error, STATUS_USAGE,
                         "--check-host needs to know what for: give -i IFACE, or --listen vxlan:4789");
    if (!checks && wants[0] + wants[1] + wants[2] > 1)
        return error_set(
            parse->error, STATUS_USAGE,
            "-r, -i and --listen do not go together: read captures, capture live, or receive from "
            "mirrors, one at a time");
    if (parse->has_mode)
        return true;
    if (options->path_count > 0)
        options->mode = OPTIONS_READ;
    else if (options->interface_count > 0 || options->listener_count > 0)
        options->mode = OPTIONS_LIVE;
    else if (parse->word_count > 0 && names_capture(parse->words[0]))
        return error_set(parse->error, STATUS_USAGE, "nothing says how to read %s: give -r %s",
                         parse->words[0], parse->words[0]);
    else
        return error_set(parse->error, STATUS_USAGE,
                         "nothing to read: give -r FILE for a capture, -i IFACE or --listen vxlan:4789 for "
                         "live traffic; geophone --help shows "
                         "more");
    return true;
}

static bool apply(const struct assignment *assignment, struct config *config, struct error *error)
{
    char name[128];
    size_t length = assignment->is_set ? strcspn(assignment->name, "=") : strlen(assignment->name);
    snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : (int)sizeof name,
             assignment->name);
    if (config_set(config, name, assignment->value, error))
        return true;
    if (error != NULL && error->status == STATUS_CONFIGURATION && !assignment->is_set)
        error->status = STATUS_USAGE;
    return false;
}

/* At a port that is listened to, its tunnel is looked for. */
static bool add_ports(const struct options *options, struct config *config, struct error *error)
{
    struct config_list *ports = &config->tunnels.ports;
    for (size_t i = 0; i < options->listener_count; i++) {
        if (config_list_has(ports, options->listeners[i]))
            continue;
        if (ports->count == CONFIG_MAX_LIST)
            return error_set(error, STATUS_USAGE,
                             "no more than %d ports of tunnels are possible; shorten tunnels.ports",
                             CONFIG_MAX_LIST);
        ports->items[ports->count] = strdup(options->listeners[i]);
        if (ports->items[ports->count] == NULL)
            return error_set(error, STATUS_FAILED, "out of memory while reading the command line");
        ports->count++;
    }
    return true;
}

/* EXPRESSION narrows what the configuration lets pass. */
static bool add_expression(const char *expression, struct config *config, struct error *error)
{
    const char *filter = config->capture.inner_filter;
    if (*expression == '\0')
        return true;
    size_t size = strlen(filter) + strlen(expression) + sizeof "() and ()";
    char *both = malloc(size);
    if (both == NULL)
        return error_set(error, STATUS_FAILED, "out of memory for the filter");
    snprintf(both, size, *filter != '\0' ? "(%s) and (%s)" : "%s%s", filter, expression);
    bool done = config_set(config, "capture.inner-filter", both, error);
    free(both);
    if (!done && error != NULL)
        error->status = STATUS_USAGE;
    return done;
}

static bool fill_config(struct parse *parse, struct config *config)
{
    const struct options *options = parse->options;
    if (!config_init(config, parse->error))
        return false;
    if (options->mode >= OPTIONS_LIST_INTERFACES)
        return true;
    if (options->mode == OPTIONS_LIVE)
        config->summary.enabled = isatty(STDOUT_FILENO) == 1; /* a line for each alert, for who looks on */
    if (options->file != NULL && !config_read_file(config, options->file, parse->error))
        goto fail;
    for (size_t i = 0; i < parse->assignment_count; i++)
        if (!apply(&parse->assignments[i], config, parse->error))
            goto fail;
    if (!add_ports(options, config, parse->error))
        goto fail;
    if (!add_expression(options->expression, config, parse->error))
        goto fail;
    bool is_taken = (config->json.enabled && strcmp(config->json.file, "-") == 0) ||
                    strcmp(config->report.file, "-") == 0; /* standard output */
    if (options->quiet || is_taken)
        config->summary.enabled = false;
    bool must_work = options->mode < OPTIONS_DUMP_CONFIG;
    if (must_work && !config_check(config, parse->error))
        goto fail;
    return true;
fail:
    config_done(config);
    return false;
}

bool options_parse(int argc, char **argv, struct options *options, struct error *error)
{
    *options = (struct options){.mode = OPTIONS_HELP};
    size_t count = argc > 0 ? (size_t)argc : 1;
    struct error unused;
    struct parse parse = {.options = options, .error = error != NULL ? error : &unused};
    options->paths = calloc(count, sizeof *options->paths);
    options->interfaces = calloc(count, sizeof *options->interfaces);
    options->listeners = calloc(count, sizeof *options->listeners);
    parse.words = calloc(count, sizeof *parse.words);
    parse.assignments = calloc(2 * count, sizeof *parse.assignments);
    bool done = options->paths != NULL && options->interfaces != NULL && options->listeners != NULL &&
                parse.words != NULL && parse.assignments != NULL;
    if (!done)
        error_set(parse.error, STATUS_FAILED, "out of memory while reading the command line");
    done = done && parse_arguments(&parse, argc, argv) && join_words(&parse) && choose_mode(&parse) &&
           fill_config(&parse, &options->config);
    free(parse.assignments);
    free(parse.words);
    if (!done)
        options_done(options);
    return done;
}

void options_done(struct options *options)
{
    config_done(&options->config);
    free(options->paths);
    free(options->interfaces);
    free(options->listeners);
    free(options->expression);
    *options = (struct options){.mode = OPTIONS_HELP};
}

bool options_reload(int argc, char **argv, struct config *config, struct error *error)
{
    struct options again;
    if (!options_parse(argc, argv, &again, error))
        return false;
    *config = again.config;
    again.config = (struct config){.sensor = {.name = NULL}};
    options_done(&again);
    return true;
}

void options_print_help(FILE *stream)
{
    help_print_usage(stream);
    for (int i = 0; i < ROW_COUNT; i++) {
        const struct row *row = &rows[i];
        const struct help_row help = {.letter = row->letter,
                                      .name = row->name,
                                      .value = row->value,
                                      .value_is_optional = row->argument == optional_argument,
                                      .help = row->help,
                                      .group = row->group};
        help_print_row(&help, stream);
    }
    help_print_examples(stream);
}
