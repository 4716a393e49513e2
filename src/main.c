// SPDX-License-Identifier: Apache-2.0
/*
 * The program: reads the command line, wires capture and sensor together, minds signals, and gives the exit
 * status.
 */
#include "base/log.h"
#include "base/siphash.h"
#include "capture/capture.h"
#include "capture_watch.h"
#include "decode/decode.h"
#include "health/health.h"
#include "host/host_check.h"
#include "inspect/application.h"
#include "inspect/dialect/dialect_library.h"
#include "inspect/report_queue.h"
#include "intel/allowed.h"
#include "intel/geo.h"
#include "intel/places.h"
#include "intel/pools.h"
#include "intel/prices.h"
#include "intel/tls_fingerprints.h"
#include "options.h"
#include "privileges.h"
#include "progress.h"
#include "redis/redis_client.h"
#include "sensor.h"
#include "verdict/first_places.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CONFIGS_KEPT = 3 }; /* the verdict thread may still read the one before the latest */

struct program {
    int argc;
    char **argv;
    struct options options;
    struct capture *captures[REPORT_QUEUE_MAX_WORKERS]; /* one for each worker */
    size_t capture_count;
    struct sensor *sensor;
    struct health *health; /* live only */
    struct config reloaded[CONFIGS_KEPT];
    size_t reloads;
    bool stopping;
};

static int fail(const struct error *error)
{
    fprintf(stderr, "geophone: %s\n", error->text);
    if (error->status == STATUS_USAGE)
        fputs("Try 'geophone --help'.\n", stderr);
    return error->status;
}

/* ---- modes that only print ---- */

static void list_dialects(const struct dialect_set *set)
{
    size_t count, width = strlen("built in");
    const struct dialect_entry *entries = dialect_set_entries(set, &count);
    for (size_t i = 0; i < count; i++) {
        size_t length = entries[i].file == NULL ? 0 : strlen(entries[i].file) + (entries[i].enabled ? 0 : 6);
        width = length > width ? length : width;
    }
    for (size_t i = 0; i < count; i++) {
        char origin[512];
        snprintf(origin, sizeof origin, "%s%s", entries[i].file == NULL ? "built in" : entries[i].file,
                 entries[i].enabled ? "" : " (off)");
        printf("%-24s %-*s  %s\n", entries[i].dialect->name, (int)width, origin, entries[i].dialect->summary);
    }
}

/* Loads the dialects as the sensor would; shows them where `list` says so. */
static bool check_dialects(const struct config *config, bool list, struct error *error)
{
    struct dialect_library *library = dialect_library_create();
    struct dialect_set *set = NULL;
    if (library == NULL)
        error_set(error, STATUS_FAILED, "out of memory for the dialects");
    else
        set = dialect_library_load(library, config->signatures.directory, error);
    bool fine = set != NULL;
    if (fine && list)
        list_dialects(set);
    dialect_set_free(set);
    dialect_library_free(library);
    return fine;
}

static void build_info(void)
{
    char layers[1024];
    decode_list_layers(layers, sizeof layers);
    printf("geophone %s\napplications: %s\nlayers: %s\n", GEOPHONE_VERSION, application_library(), layers);
    bool has_tls = redis_tls_library()[0] != '\0';
    printf("redis: %s, %s%s\n", redis_client_library(), has_tls ? "TLS by " : "without TLS",
           redis_tls_library());
}

static bool check_places(const struct config *config, struct error *error)
{
    struct places *places = places_load(config, error);
    struct first_places *firsts = places == NULL ? NULL : first_places_open(config->places.state_file, error);
    bool fine = firsts != NULL;
    first_places_free(firsts);
    places_free(places);
    return fine;
}

/* As the sensor would at its start: what the settings name must be there and right, too. */
static int test_config(const struct config *config, struct error *error)
{
    struct pools *pools = pools_load(config->signatures.directory, error);
    struct tls_fingerprints *fingerprints = NULL;
    struct allowed *allowed = NULL;
    struct prices *prices = NULL;
    struct geo *geo = NULL;
    if (pools != NULL)
        fingerprints = tls_fingerprints_load(config->signatures.directory, error);
    if (fingerprints != NULL)
        allowed = allowed_load(config->signatures.directory, config->signatures.allowed, error);
    if (allowed != NULL)
        prices = prices_load(config->signatures.directory, config->cost.currency, error);
    if (prices != NULL)
        geo = geo_open((const char *const *)config->geo.databases.items, config->geo.databases.count, error);
    bool is_good = geo != NULL && check_dialects(config, false, error) && check_places(config, error);
    if (is_good)
        allowed_warn_expired(allowed, (int64_t)time(NULL) * 1000000);
    geo_close(geo);
    prices_free(prices);
    allowed_free(allowed);
    tls_fingerprints_free(fingerprints);
    pools_free(pools);
    if (!is_good)
        return fail(error);
    puts("The configuration is good.");
    return STATUS_DONE;
}

static int check_host(const struct options *options, struct error *error)
{
    struct decode_port ports[CONFIG_MAX_LIST];
    struct host_check_options check = {
        .config = &options->config,
        .interfaces = options->interfaces,
        .interface_count = options->interface_count,
        .ports = ports,
        .port_count = options->listener_count < CONFIG_MAX_LIST ? options->listener_count : CONFIG_MAX_LIST,
    };
    for (size_t i = 0; i < check.port_count; i++)
        if (!decode_port_parse(options->listeners[i], &ports[i], error))
            return fail(error);
    bool as_json = options->config.json.enabled && strcmp(options->config.json.file, "-") == 0;
    return (int)host_check(&check, stdout, as_json);
}

static int print(struct program *program, struct error *error)
{
    switch (program->options.mode) {
    case OPTIONS_HELP:
        options_print_help(stdout);
        break;
    case OPTIONS_VERSION:
        printf("geophone %s\n", GEOPHONE_VERSION);
        break;
    case OPTIONS_BUILD_INFO:
        build_info();
        break;
    case OPTIONS_LIST_DIALECTS:
        return check_dialects(&program->options.config, true, error) ? STATUS_DONE : fail(error);
    case OPTIONS_LIST_INTERFACES:
        return capture_list_interfaces(stdout, error) ? STATUS_DONE : fail(error);
    case OPTIONS_DUMP_CONFIG:
        config_dump(&program->options.config, stdout);
        break;
    case OPTIONS_CHECK_HOST:
        return check_host(&program->options, error);
    default:
        return test_config(&program->options.config, error);
    }
    return STATUS_DONE;
}

/* ---- capturing ---- */

static bool add_capture(struct program *program, const struct capture_options *capture, struct error *error)
{
    const struct options *options = &program->options;
    struct capture *opened;
    if (program->capture_count > 0 && !capture_is_live(program->captures[0]))
        opened = capture_join(program->captures[0], error);
    else if (options->interface_count > 0)
        opened = capture_open_interfaces(options->interfaces, options->interface_count, capture, error);
    else if (options->listener_count > 0)
        opened = capture_open_sockets(options->listeners, options->listener_count, capture, error);
    else
        opened = capture_open_files(options->paths, options->path_count, capture, error);
    if (opened != NULL)
        program->captures[program->capture_count++] = opened;
    return opened != NULL;
}

/* Sensors in one network namespace, each with a namespace of processes of its own, may have the same PID. */
static uint16_t fanout_number(void)
{
    uint8_t random[16];
    siphash_make_secret(random);
    return (uint16_t)(1 + (random[0] << 8 | random[1]) %
                              0xff00); /* each interface takes one, counted from here */
}

static bool open_captures(struct program *program, struct error *error)
{
    const struct config *config = &program->options.config;
    struct capture_options capture = {
        .filter = config->capture.filter,
        .snapshot_length = (uint32_t)config->capture.snapshot_length,
        .buffer_bytes = (uint32_t)config->capture.buffer_size,
        .timeout_ms = (uint32_t)config->capture.timeout_ms,
        .promiscuous = config->capture.promiscuous,
        .fanout = config->capture.threads > 1 ? fanout_number() : 0,
        .fanout_members = (uint32_t)config->capture.threads,
    };
    if (!add_capture(program, &capture, error))
        return false;
    capture.quiet = true;
    while (program->capture_count < config->capture.threads)
        if (!add_capture(program, &capture, error))
            return false;
    for (size_t i = 0; capture.fanout != 0 && i < program->capture_count; i++)
        capture_begin_now(program->captures[i]);
    return true;
}

static void name_inputs(const struct options *options, char *text, size_t size)
{
    const char *const *names = options->paths;
    size_t count = options->path_count;
    if (options->mode == OPTIONS_LIVE) {
        bool listens = options->listener_count > 0;
        names = listens ? options->listeners : options->interfaces;
        count = listens ? options->listener_count : options->interface_count;
    }
    if (count == 1)
        snprintf(text, size, "%s", names[0]);
    else
        snprintf(text, size, "%s and %zu more", names[0], count - 1);
}

/* Cut where longer. */
static void name_command(const struct program *program, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < program->argc && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i > 0 ? " " : "", program->argv[i]);
}

/* ---- signals ---- */

static void reload(struct program *program)
{
    struct error error;
    struct config config;
    if (!options_reload(program->argc, program->argv, &config, &error)) {
        log_error("config", "%s; the configuration read before stays in use", error.text);
        sensor_reload(program->sensor, program->reloads == 0
                                           ? &program->options.config
                                           : &program->reloaded[(program->reloads - 1) % CONFIGS_KEPT]);
        return;
    }
    struct config *slot = &program->reloaded[program->reloads % CONFIGS_KEPT];
    if (program->reloads >= CONFIGS_KEPT)
        config_done(slot);
    *slot = config;
    program->reloads++;
    sensor_reload(program->sensor, slot);
}

static void on_signal(struct program *program, int signal_number)
{
    if (signal_number == SIGHUP) {
        health_reloading(program->health);
        reload(program);
        health_reloaded(program->health);
    } else if (signal_number == SIGUSR1) {
        sensor_write_statistics(program->sensor);
    } else if (program->stopping && signal_number == SIGINT) {
        _exit(128 + SIGINT);
    } else {
        program->stopping = true;
        health_drain(program->health);
        for (size_t i = 0; i < program->capture_count; i++)
            capture_stop(program->captures[i]);
    }
}

_Static_assert((int)HEALTH_MAX_THREADS > (int)REPORT_QUEUE_MAX_WORKERS, "the verdict thread counts too");

static void tell_health(const struct program *program)
{
    struct health_sample sample = {.beat_count = sensor_get_beats(program->sensor, sample.beats)};
    /* of files, each worker reads all */
    size_t count = program->options.mode == OPTIONS_LIVE ? program->capture_count : 1;
    for (size_t i = 0; i < count; i++) {
        struct capture_statistics statistics;
        capture_get_statistics(program->captures[i], &statistics);
        sample.packets += statistics.frames;
        sample.drops += statistics.kernel_drops + statistics.interface_drops;
    }
    health_beat(program->health, &sample);
}

/* Waits for the sensor to be done, minding signals (blocked everywhere else), progress and losses. */
static void mind(struct program *program, const sigset_t *signals)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    struct progress progress;
    bool is_live = program->options.mode == OPTIONS_LIVE;
    struct capture_watch watch = {0};
    progress_init(&progress, program->options.quiet || is_live);
    for (unsigned turn = 0; !sensor_is_done(program->sensor); turn++) {
        int signal_number = sigtimedwait(signals, NULL, &pause);
        if (signal_number > 0 && signal_number != SENSOR_DONE_SIGNAL)
            on_signal(program, signal_number);
        else if (turn % 8 == 7 && is_live)
            capture_watch_look(&watch, &program->options.config, program->captures, program->capture_count);
        else if (turn % 8 == 7)
            progress_show(&progress, program->captures[0]);
        if (turn % 8 == 0 && program->health != NULL)
            tell_health(program);
    }
    if (is_live) /* what was counted at the very end */
        capture_watch_look(&watch, &program->options.config, program->captures, program->capture_count);
    progress_clear(&progress);
    health_drain(program->health);
}

/* INT and TERM still end the program while it opens its input: standard input may keep it waiting for ever.
 */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGHUP);
    sigaddset(signals, SIGUSR1);
    sigaddset(signals, SENSOR_DONE_SIGNAL);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void block_endings(sigset_t *signals)
{
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

static volatile sig_atomic_t interrupts_to_bear;

static void on_interrupt(int signal_number)
{
    if (interrupts_to_bear-- <= 0)
        _exit(128 + signal_number);
}

/* What is left to be written may wait for a reader or a server: the second INT still quits. */
static void bear_interrupt(const struct program *program)
{
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    interrupts_to_bear = program->stopping ? 0 : 1;
    signal(SIGINT, on_interrupt);
    pthread_sigmask(SIG_UNBLOCK, &interrupt, NULL);
}

/* Opens all there is to open, and gives up the right to. Files are read, and written, as who started it. */
static bool open_all(struct program *program, const struct sensor_options *options, sigset_t *signals,
                     struct error *error)
{
    bool is_live = program->options.mode == OPTIONS_LIVE;
    struct privileges privileges;
    if (is_live && !privileges_prepare(&privileges, options->config, error))
        return false;
    if (!open_captures(program, error))
        return false;
    block_endings(signals);
    struct sensor_options complete = *options;
    complete.capture_count = program->capture_count;
    program->sensor = sensor_create(&complete, error);
    if (program->sensor == NULL || !is_live)
        return program->sensor != NULL;
    program->health = health_open(options->config, error);
    return program->health != NULL &&
           privileges_drop(&privileges, options->config, program->options.file, error);
}

/* Memory that was freed is wanted again in a moment: given back to the kernel, it would have to be cleared.
 */
enum { KEPT_BYTES = 64 << 20, AHEAD_BYTES = 8 << 20, MAPPED_BYTES = 256 << 10 };

/* What threads remember of flows makes their heaps grow page by page, and each page is a system call that
 * halts the other threads; so is each piece that is mapped for itself and given back. Not before all tables
 * are made: calloc() would clear what was taken ahead, instead of asking for pages that are clear. */
static void prepare_heaps(void)
{
    mallopt(M_TOP_PAD, AHEAD_BYTES);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
}

static int run(struct program *program, struct error *error)
{
    sigset_t signals;
    char inputs[512], command[1024];
    struct sensor_options options = {.config = &program->options.config,
                                     .captures = program->captures,
                                     .inputs = inputs,
                                     .command = command};
    name_inputs(&program->options, inputs, sizeof inputs);
    name_command(program, command, sizeof command);
    block_signals(&signals);
    if (!open_all(program, &options, &signals, error))
        return fail(error);
    prepare_heaps();
    if (!health_start(program->health, error) || !sensor_start(program->sensor, error))
        return fail(error);
    health_running(program->health);
    mind(program, &signals);
    bear_interrupt(program);
    if (!sensor_finish(program->sensor, error))
        return fail(error);
    return program->options.exit_code && sensor_found_mining(program->sensor) ? STATUS_MINING_FOUND
                                                                              : STATUS_DONE;
}

/* A file or socket that took the place of a closed standard output or error would get what is meant for
 * those. */
static void fill_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1)
            (void)!open("/dev/null", O_RDONLY); /* the lowest that is free; writing still fails */
}

int main(int argc, char **argv)
{
    fill_standard_files();
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    static const enum log_level levels[] = {LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG};
    struct error error;
    struct program program = {.argc = argc, .argv = argv};
    if (!options_parse(argc, argv, &program.options, &error))
        return fail(&error);
    unsigned verbosity = program.options.verbosity;
    log_set_level(program.options.quiet ? LOG_LEVEL_ERROR : levels[verbosity < 2 ? verbosity : 2]);
    bool runs = program.options.mode == OPTIONS_READ || program.options.mode == OPTIONS_LIVE;
    int status = runs ? run(&program, &error) : print(&program, &error);
    bool is_written = status == STATUS_DONE || status == STATUS_MINING_FOUND;
    if (program.options.mode == OPTIONS_READ && is_written)
        exit(status); /* the kernel takes all memory at once, ten times as fast as it is freed piece by piece
                       */
    health_close(program.health);
    sensor_free(program.sensor);
    for (size_t i = 0; i < program.capture_count; i++)
        capture_close(program.captures[i]);
    for (size_t i = 0; i < program.reloads && i < CONFIGS_KEPT; i++)
        config_done(&program.reloaded[i]);
    options_done(&program.options);
    return status;
}
