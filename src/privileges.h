// SPDX-License-Identifier: Apache-2.0
/*
 * What the process may do once it has opened what it reads from: as which user, with which capabilities
 * (none) and which system calls (seccomp_filter.h). docs/privileges.md explains it to operators.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include "config/config.h"

#include <sys/types.h>

struct privileges {
    bool switches; /* to the user below; else the user stays */
    uid_t uid;
    gid_t gid;
};

/* Before outputs are opened: finds the user of privileges.user where the process is root's, and makes the
 * file of json.file and the spool of Redis, where they are not there yet, as that user's: so that they can be
 * opened again. */
bool privileges_prepare(struct privileges *privileges, const struct config *config, struct error *error);

/* Once all is open and no thread runs yet: gives up user, groups, capabilities (the bounding set too, where
 * the process may) and system calls, and forbids new rights. Warns of files that cannot be opened again on
 * SIGHUP; `config_file` is what the configuration was read from, or NULL. */
bool privileges_drop(const struct privileges *privileges, const struct config *config,
                     const char *config_file, struct error *error);

#endif
