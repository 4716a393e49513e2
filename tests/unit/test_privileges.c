// SPDX-License-Identifier: Apache-2.0
/* Rights are given up in a child; what is left is read from /proc, as anyone can. Most needs root. */
#include "privileges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct config config;
static char folder[64];

static int open_config(void **state)
{
    struct error error;
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/geophone-privileges-XXXXXX");
    return mkdtemp(folder) != NULL && config_init(&config, &error) &&
                   config_set(&config, "privileges.user", "no-such-user,nobody", &error)
               ? 0
               : -1;
}

static int close_config(void **state)
{
    char path[128];
    (void)state;
    snprintf(path, sizeof path, "%s/eve.json", folder);
    unlink(path);
    rmdir(folder);
    config_done(&config);
    return 0;
}

static void need_root(void)
{
    if (geteuid() != 0 || getpwnam("nobody") == NULL)
        skip();
}

/* Whether the line `name` of /proc/self/status holds `value` in its first column. */
static bool status_is(const char *name, const char *value)
{
    char line[256], found[64] = "";
    size_t length = strlen(name);
    FILE *file = fopen("/proc/self/status", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            sscanf(line + length + 1, "%63s", found);
    if (file != NULL)
        fclose(file);
    if (strcmp(found, value) != 0)
        fprintf(stderr, "%s is %s, not %s\n", name, found, value);
    return strcmp(found, value) == 0;
}

static bool nothing_is_left(void)
{
    static const char *const sets[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"};
    bool none = status_is("NoNewPrivs", "1");
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        none = status_is(sets[i], "0000000000000000") && none;
    return none;
}

static bool drop(struct error *error)
{
    struct privileges privileges;
    return privileges_prepare(&privileges, &config, error) &&
           privileges_drop(&privileges, &config, NULL, error);
}

/* 0 where all that `look` asserts holds after the drop */
static int after_drop(bool (*look)(void))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        if (!drop(&error)) {
            fprintf(stderr, "%s\n", error.text);
            _exit(2);
        }
        _exit(look() ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool is_nobody(void)
{
    const struct passwd *nobody = getpwnam("nobody");
    char uid[16];
    snprintf(uid, sizeof uid, "%u", (unsigned)nobody->pw_uid);
    gid_t groups[8];
    int count = getgroups(8, groups);
    for (int i = 0; i < count; i++)
        if (groups[i] == 0)
            return false;
    return status_is("Uid", uid) && getgid() == nobody->pw_gid && setuid(0) != 0 && nothing_is_left();
}

static void becomes_the_first_user_that_exists(void **state)
{
    struct error error;
    (void)state;
    need_root();
    assert_true(config_set(&config, "privileges.seccomp", "no", &error)); /* setuid() is tried */
    assert_int_equal(after_drop(is_nobody), 0);
    assert_true(config_set(&config, "privileges.seccomp", "yes", &error));
}

static bool is_root_without_rights(void)
{
    return status_is("Uid", "0") && nothing_is_left() && chown(folder, 1, 1) != 0 && errno == EPERM;
}

static void root_stays_root_without_capabilities(void **state)
{
    static const char *const values[] = {"root", ""};
    struct error error;
    (void)state;
    need_root();
    for (size_t i = 0; i < 2; i++) {
        assert_true(config_set(&config, "privileges.user", values[i], &error));
        assert_int_equal(after_drop(is_root_without_rights), 0);
    }
    assert_true(config_set(&config, "privileges.user", "no-such-user,nobody", &error));
}

static void no_user_at_all(void **state)
{
    struct error error;
    struct privileges privileges;
    (void)state;
    need_root();
    assert_true(config_set(&config, "privileges.user", "no-such-user", &error));
    assert_false(privileges_prepare(&privileges, &config, &error));
    assert_int_equal(error.status, STATUS_CONFIGURATION);
    assert_non_null(strstr(error.text, "no-such-user"));
    assert_true(config_set(&config, "privileges.user", "no-such-user,nobody", &error));
}

static void the_json_file_is_the_users(void **state)
{
    char path[128];
    struct error error;
    struct privileges privileges;
    struct stat about;
    (void)state;
    need_root();
    snprintf(path, sizeof path, "%s/eve.json", folder);
    assert_true(config_set(&config, "json.enabled", "yes", &error));
    assert_true(config_set(&config, "json.file", path, &error));
    assert_true(privileges_prepare(&privileges, &config, &error));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, getpwnam("nobody")->pw_uid);
    assert_int_equal(about.st_mode & 07777, 0640);
    assert_int_equal(chown(path, 0, 0), 0); /* a file that is there stays whose it is */
    assert_true(privileges_prepare(&privileges, &config, &error));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, 0);
    unlink(path);
    assert_int_equal(symlink("elsewhere", path), 0); /* and nothing is made where a link leads */
    assert_true(privileges_prepare(&privileges, &config, &error));
    assert_int_equal(lstat(path, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_not_equal(stat(path, &about), 0);
    assert_true(config_set(&config, "json.enabled", "no", &error));
}

static bool keeps_user(void)
{
    return status_is("CapEff", "0000000000000000") && status_is("CapPrm", "0000000000000000") &&
           status_is("NoNewPrivs", "1");
}

/* With the capabilities that a service manager gives an ordinary user, or with none. */
static void an_ordinary_user_stays(void **state)
{
    int status;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(3);
        uid_t before = getuid();
        struct error error;
        _exit(drop(&error) && getuid() == before && keeps_user() ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(becomes_the_first_user_that_exists),
        cmocka_unit_test(root_stays_root_without_capabilities),
        cmocka_unit_test(no_user_at_all),
        cmocka_unit_test(the_json_file_is_the_users),
        cmocka_unit_test(an_ordinary_user_stays),
    };
    return cmocka_run_group_tests(tests, open_config, close_config);
}
