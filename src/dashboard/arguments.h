// SPDX-License-Identifier: Apache-2.0
/*
 * The command line of geophone-dashboard.
 */
#ifndef DASHBOARD_ARGUMENTS_H
#define DASHBOARD_ARGUMENTS_H

#include "base/error.h"
#include "dashboard/access.h"

#include <stdbool.h>
#include <stdint.h>

enum arguments_mode { ARGUMENTS_RUN, ARGUMENTS_HELP, ARGUMENTS_VERSION };

/* Texts are argv's or static; NULL where there is no default. */
struct arguments {
    enum arguments_mode mode;
    const char *listen, *redis, *prefix, *password_file, *token_file, *redis_ca_file, *redis_certificate_file,
        *redis_key_file, *web_directory, *script_directory;
    const char *hosts[ACCESS_MAX_HOSTS];
    size_t host_count;
    bool behind_proxy;
    const char *feed_verdict, *feed_allow;
    uint64_t feed_keep; /* hours */
    uint64_t feed_max;
    uint64_t max_incidents, max_connections, max_streams, max_memory; /* the last in bytes */
    int verbose;
};

/* Fills `arguments`; false with `error` where they make no sense together, either. */
bool arguments_read(struct arguments *arguments, int argc, char **argv, struct error *error);
void arguments_print_help(void);

#endif
