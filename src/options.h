// SPDX-License-Identifier: Apache-2.0
/*
 * The command line. Every option is a row of a table in options.c, from which parser and --help are made.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "config/config.h"

#include <stdio.h>

enum options_mode {
    OPTIONS_READ, /* -r: paths */
    OPTIONS_LIVE, /* -i: interfaces, or --listen: sockets */
    OPTIONS_TEST, /* -T: the configuration was read and checked; say so and end */
    OPTIONS_DUMP_CONFIG,
    OPTIONS_CHECK_HOST, /* interfaces and listeners */
    OPTIONS_LIST_DIALECTS,
    OPTIONS_LIST_INTERFACES,
    OPTIONS_BUILD_INFO,
    OPTIONS_VERSION,
    OPTIONS_HELP,
};

struct options {
    enum options_mode mode;
    const char **paths; /* borrowed from argv, the array is owned: files, directories, "-" */
    size_t path_count;
    const char **interfaces; /* the same */
    size_t interface_count;
    const char **listeners; /* the same: vxlan:4789 */
    size_t listener_count;
    char *expression;   /* BPF on the packets; "" where none */
    const char *file;   /* -c, borrowed from argv; NULL where none: what SIGHUP reads again */
    unsigned verbosity; /* number of -v */
    bool quiet;         /* -q: no progress; the summary is off already in `config` */
    bool exit_code;     /* --exit-code: STATUS_MINING_FOUND where mining was found */
    struct config
        config; /* defaults, then the file, then --set and options; complete in every mode but those below */
};

/*
 * Reads the command line and the configuration it names. Neither prints nor exits. On failure `error` is one
 * sentence (STATUS_USAGE for the command line, STATUS_CONFIGURATION for settings) and `options` needs no
 * options_done(). The modes that only print something (LIST_INTERFACES to HELP) do not read the
 * configuration: it holds the defaults. summary.enabled is final: off with -q, with -i unless set, and where
 * JSON goes to standard output. Not thread-safe (getopt); may be called again.
 */
bool options_parse(int argc, char **argv, struct options *options, struct error *error);
void options_done(struct options *options);

/* Reads the configuration anew, from the same file and command line, for SIGHUP. `config` is filled only on
 * success; the caller then frees its old one. */
bool options_reload(int argc, char **argv, struct config *config, struct error *error);

void options_print_help(FILE *stream);

#endif
