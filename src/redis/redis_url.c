// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PORT = 6379, MAX_DATABASE = 65535 };

static bool refuse(struct error *error, const char *why)
{
    return error_set(
        error, STATUS_CONFIGURATION,
        "cannot use the setting redis.url: %s; write redis://user@host:port/db or unix:///path?db=N", why);
}

static bool copy(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size)
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

static bool read_number(const char *text, size_t length, unsigned max, unsigned *number)
{
    unsigned value = 0;
    if (length == 0 || length > 6)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    *number = value;
    return value <= max;
}

/* Takes "user@" off the front of `*at`, which ends at `end`. */
static bool read_user(const char **at, const char *end, struct redis_url *url, struct error *error)
{
    const char *sign = memrchr(*at, '@', (size_t)(end - *at));
    if (sign == NULL)
        return true;
    if (memchr(*at, ':', (size_t)(sign - *at)) != NULL)
        return error_set(
            error, STATUS_CONFIGURATION,
            "redis.url holds a password, which others on this machine could read; leave it out and put it "
            "into a file named by redis.password-file, or into the environment as GEOPHONE_REDIS_PASSWORD");
    if (!copy(url->user, sizeof url->user, *at, (size_t)(sign - *at)))
        return refuse(error, "the user name is too long");
    *at = sign + 1;
    return true;
}

static bool read_host(const char *at, const char *end, struct redis_url *url, struct error *error)
{
    const char *host = at, *host_end = end, *port = NULL;
    unsigned number = DEFAULT_PORT;
    if (at < end && *at == '[') { /* RFC 3986, section 3.2.2: IPv6 */
        host = at + 1;
        host_end = memchr(host, ']', (size_t)(end - host));
        if (host_end == NULL)
            return refuse(error, "the IPv6 address has no closing bracket");
        if (host_end + 1 < end)
            port = host_end + 1;
        if (port != NULL && *port != ':')
            return refuse(error, "something stands behind the IPv6 address");
    } else {
        port = memchr(at, ':', (size_t)(end - at));
        host_end = port != NULL ? port : end;
    }
    if (port != NULL && (!read_number(port + 1, (size_t)(end - port - 1), 65535, &number) || number == 0))
        return refuse(error, "the port is no number from 1 to 65535");
    url->port = (uint16_t)number;
    if (host == host_end)
        return copy(url->host, sizeof url->host, "127.0.0.1", 9);
    return copy(url->host, sizeof url->host, host, (size_t)(host_end - host)) ||
           refuse(error, "the host name is too long");
}

static bool read_tcp(const char *at, struct redis_url *url, struct error *error)
{
    const char *end = at + strcspn(at, "/?");
    if (!read_user(&at, end, url, error) || !read_host(at, end, url, error))
        return false;
    if (*end == '/' && end[1] != '\0' && !read_number(end + 1, strlen(end + 1), MAX_DATABASE, &url->database))
        return refuse(error, "the database behind the slash is no number");
    if (*end == '?')
        return refuse(error, "it has options behind '?'");
    snprintf(url->text, sizeof url->text, strchr(url->host, ':') != NULL ? "[%s]:%u" : "%s:%u", url->host,
             url->port);
    return true;
}

static bool read_unix(const char *at, struct redis_url *url, struct error *error)
{
    const char *end = at + strcspn(at, "?");
    const char *slash = memchr(at, '/', (size_t)(end - at));
    if (slash == NULL)
        return refuse(error, "it has no path of a socket");
    if (!read_user(&at, slash, url, error))
        return false;
    if (at != slash)
        return refuse(error, "a path of a socket begins with a slash");
    if (!copy(url->path, sizeof url->path, at, (size_t)(end - at)))
        return refuse(error, "the path of the socket is longer than 107 characters");
    if (*end == '?' && (strncmp(end, "?db=", 4) != 0 ||
                        !read_number(end + 4, strlen(end + 4), MAX_DATABASE, &url->database)))
        return refuse(error, "only db=NUMBER may stand behind '?'");
    snprintf(url->text, sizeof url->text, "%s", url->path);
    return true;
}

bool redis_url_read(const char *text, struct redis_url *url, struct error *error)
{
    *url = (struct redis_url){0};
    if (text == NULL || text[0] == '\0')
        return refuse(error, "it is empty");
    if (strncmp(text, "rediss://", 9) == 0)
        return error_set(
            error, STATUS_CONFIGURATION,
            "redis.url asks for TLS, which this build does not have; use a Unix socket, or a tunnel such as "
            "stunnel with redis://127.0.0.1");
    if (strncmp(text, "redis://", 8) == 0)
        return read_tcp(text + 8, url, error);
    if (strncmp(text, "unix://", 7) == 0)
        return read_unix(text + 7, url, error);
    if (text[0] == '/')
        return read_unix(text, url, error);
    if (strstr(text, "://") != NULL)
        return refuse(error, "its scheme is none of redis and unix");
    return read_tcp(text, url, error); /* host:port */
}
