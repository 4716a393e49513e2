// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_login.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_MS = 2000, MAX_TIMEOUT_MS = 60000 };

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool read_password_file(const char *setting, const char *path, char *password, size_t size,
                               struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(error, errno == EACCES ? STATUS_NOT_PERMITTED : STATUS_CONFIGURATION,
                         "cannot read %s %s: %s", setting, path, strerror(errno));
    char *line = fgets(password, (int)size, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (line == NULL || failed)
        return error_set(error, STATUS_CONFIGURATION, "%s %s holds no password in its first line", setting,
                         path);
    password[strcspn(password, "\r\n")] = '\0';
    return true;
}

static bool read_password(struct redis_login *login, const struct redis_settings *settings,
                          struct error *error)
{
    if (is_given(settings->password_file))
        return read_password_file("redis.password-file", settings->password_file, login->password,
                                  sizeof login->password, error);
    if (!is_given(settings->password))
        return true;
    if (strlen(settings->password) >= sizeof login->password)
        return error_set(error, STATUS_CONFIGURATION, "GEOPHONE_REDIS_PASSWORD is longer than %zu characters",
                         sizeof login->password - 1);
    memcpy(login->password, settings->password, strlen(settings->password) + 1);
    return true;
}

static bool read_sentinel_login(struct redis_login *login, const struct redis_settings *settings,
                                struct error *error)
{
    if (is_given(settings->sentinel_user))
        snprintf(login->sentinel_user, sizeof login->sentinel_user, "%s", settings->sentinel_user);
    return !is_given(settings->sentinel_password_file) ||
           read_password_file("redis.sentinel-password-file", settings->sentinel_password_file,
                              login->sentinel_password, sizeof login->sentinel_password, error);
}

bool redis_login_read(struct redis_login *login, const struct redis_settings *settings, struct error *error)
{
    *login = (struct redis_login){.timeout_ms = settings->timeout_ms};
    if (login->timeout_ms == 0)
        login->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (login->timeout_ms > MAX_TIMEOUT_MS)
        login->timeout_ms = MAX_TIMEOUT_MS;
    if (is_given(settings->client_name))
        snprintf(login->client_name, sizeof login->client_name, "%s", settings->client_name);
    if (!redis_url_read(settings->url, &login->url, error) || !read_password(login, settings, error) ||
        !read_sentinel_login(login, settings, error))
        return false;
    return !login->url.tls || (login->tls = redis_tls_create(&settings->tls, error)) != NULL;
}

void redis_login_done(struct redis_login *login)
{
    explicit_bzero(login->password, sizeof login->password);
    explicit_bzero(login->sentinel_password, sizeof login->sentinel_password);
    redis_tls_free(login->tls);
    login->tls = NULL;
}
