// SPDX-License-Identifier: Apache-2.0
#include "privileges.h"

#include "base/log.h"
#include "seccomp_filter.h"
#include "sink/redis/redis_spool.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* ---- before outputs are opened ---- */

static bool find_user(struct privileges *privileges, const struct config_list *users, struct error *error)
{
    for (size_t i = 0; i < users->count; i++) {
        const struct passwd *user = getpwnam(users->items[i]);
        if (user == NULL)
            continue;
        privileges->switches = user->pw_uid != 0;
        privileges->uid = user->pw_uid;
        privileges->gid = user->pw_gid;
        return true;
    }
    return users->count == 0 ||
           error_set(error, STATUS_CONFIGURATION,
                     "no user of privileges.user exists on this machine; make it with: useradd --system %s",
                     users->items[0]);
}

static const char *json_file(const struct config *config)
{
    bool wanted = config->json.enabled && strcmp(config->json.file, "-") != 0;
    return wanted && config->json.file[0] != '\0' ? config->json.file : NULL;
}

/* It is renamed at the end, which takes the right to write to its directory. */
static const char *report_file(const struct config *config)
{
    const char *file = config->report.file;
    return file[0] != '\0' && strcmp(file, "-") != 0 ? file : NULL;
}

/* What exists belongs to whom it belongs; where it cannot be made, the sink that wants it says why. */
static bool make_file(const struct privileges *privileges, const char *path, mode_t mode, struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return true;
    bool given = fchown(fd, privileges->uid, privileges->gid) == 0;
    int number = errno;
    close(fd);
    return given || error_set(error, STATUS_NOT_PERMITTED,
                              "cannot give %s to the user of privileges.user: %s", path, strerror(number));
}

static bool make_spool(const struct privileges *privileges, const struct config *config, struct error *error)
{
    char path[PATH_MAX];
    const char *directory = config->redis.spool_directory;
    if (!redis_spool_wanted(config, true) || !redis_spool_path(config, path, sizeof path))
        return true;
    if (redis_spool_make_directory(config) && lchown(directory, privileges->uid, privileges->gid) != 0)
        return error_set(error, STATUS_NOT_PERMITTED, "cannot give %s to the user of privileges.user: %s",
                         directory, strerror(errno));
    return make_file(privileges, path, 0600, error);
}

bool privileges_prepare(struct privileges *privileges, const struct config *config, struct error *error)
{
    *privileges = (struct privileges){.switches = false};
    if (geteuid() != 0)
        return true;
    if (!find_user(privileges, &config->privileges.user, error))
        return false;
    if (!privileges->switches)
        return true;
    return make_spool(privileges, config, error) &&
           (json_file(config) == NULL || make_file(privileges, json_file(config), 0640, error));
}

/* ---- giving up ---- */

static bool has_capabilities(void)
{
    return capng_get_caps_process() != 0 || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE;
}

/* Without CAP_SETPCAP the bounding set stays as it is: without new privileges it gives nothing. */
static bool give_up_capabilities(const struct privileges *privileges)
{
    capng_get_caps_process();
    bool bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0;
    capng_clear(CAPNG_SELECT_ALL);
    if (bounds && capng_apply(CAPNG_SELECT_BOUNDS) != 0)
        return false;
    if (privileges->switches &&
        capng_change_id((int)privileges->uid, (int)privileges->gid, CAPNG_INIT_SUPP_GRP) != 0)
        return false;
    capng_clear(CAPNG_SELECT_ALL);
    return capng_apply(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT) == 0;
}

/* Trusts nothing that was returned. */
static bool is_given_up(const struct privileges *privileges)
{
    uid_t real, effective, saved;
    if (has_capabilities() || getresuid(&real, &effective, &saved) != 0)
        return false;
    bool is_other = real == privileges->uid && effective == real && saved == real;
    return !privileges->switches || (is_other && setuid(0) != 0);
}

static unsigned needed_calls(const struct config *config)
{
    unsigned needs = SECCOMP_ALWAYS;
    if (json_file(config) != NULL)
        needs |= SECCOMP_APPENDS;
    if (config->places.state_file[0] != '\0' || report_file(config) != NULL)
        needs |= SECCOMP_REPLACES;
    if (config->redis.enabled)
        needs |= SECCOMP_CONNECTS;
    if (redis_spool_wanted(config, true))
        needs |= SECCOMP_SPOOLS;
    if (config->health.listen[0] != '\0')
        needs |= SECCOMP_ANSWERS;
    if (config->health.file[0] != '\0')
        needs |= SECCOMP_REPLACES | SECCOMP_REMOVES;
    return needs;
}

static bool limit_calls(const struct config *config, struct error *error)
{
    const char *wanted = config->privileges.seccomp;
    return strcmp(wanted, "no") == 0 ||
           seccomp_filter_load(needed_calls(config), strcmp(wanted, "log") == 0, error);
}

static const char *say_limits(const struct config *config)
{
    if (!seccomp_filter_possible() || strcmp(config->privileges.seccomp, "no") == 0)
        return "";
    return strcmp(config->privileges.seccomp, "log") == 0 ? ", unusual system calls are logged"
                                                          : ", system calls limited";
}

/* ---- what SIGHUP opens again ---- */

static void warn_unreadable(const char *path)
{
    if (path != NULL && path[0] != '\0' && access(path, R_OK) != 0)
        log_warning("privileges",
                    "%s cannot be read again on SIGHUP: %s; let the user of privileges.user (now uid %u) "
                    "read it",
                    path, strerror(errno), (unsigned)geteuid());
}

/* For the file of json.file a directory that is not writable will do where logrotate makes the new file. */
static void warn_unwritable(const char *path, const char *otherwise)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    bool is_writable = access(path, W_OK) == 0 || errno == ENOENT;
    if (is_writable && access(dirname(copy), W_OK | X_OK) == 0)
        return;
    log_warning("privileges", "%s cannot be made anew by uid %u: %s; give it a directory of that user%s",
                path, (unsigned)geteuid(), strerror(errno), otherwise);
}

static void warn_unreadable_items(const struct config_list *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        warn_unreadable(paths->items[i]);
}

static void warn_of_files(const struct config *config, const char *config_file)
{
    warn_unreadable(config_file);
    warn_unreadable(config->signatures.directory);
    warn_unreadable(config->signatures.allowed);
    warn_unreadable(config->places.file);
    warn_unreadable_items(&config->places.inventories);
    warn_unreadable_items(&config->geo.databases);
    if (config->redis.enabled) /* config_check() wants it */
        warn_unreadable(config->redis.password_file);
    if (json_file(config) != NULL)
        warn_unwritable(json_file(config), ", or let logrotate make it (create 0640 USER GROUP)");
    if (config->places.state_file[0] != '\0')
        warn_unwritable(config->places.state_file, "");
    if (report_file(config) != NULL)
        warn_unwritable(report_file(config), "");
}

bool privileges_drop(const struct privileges *privileges, const struct config *config,
                     const char *config_file, struct error *error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !give_up_capabilities(privileges) ||
        !is_given_up(privileges))
        return error_set(error, STATUS_NOT_PERMITTED,
                         "cannot give up the rights of %s; start it as an ordinary user with the capability "
                         "cap_net_raw, as root with all capabilities, or with privileges.user=root",
                         geteuid() == 0 ? "root" : "this user");
    warn_of_files(config, config_file);
    if (!limit_calls(config, error))
        return false;
    log_info("privileges", "going on as uid %u without capabilities%s", (unsigned)geteuid(),
             say_limits(config));
    return true;
}
