// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVER_PORT = 6379, SENTINEL_PORT = 26379, MAX_DATABASE = 65535 };

static const struct scheme {
    const char *text;
    enum redis_kind kind;
    bool tls;
} schemes[] = {
    {"redis://", REDIS_SINGLE, false},
    {"rediss://", REDIS_SINGLE, true},
    {"redis-sentinel://", REDIS_SENTINEL, false},
    {"rediss-sentinel://", REDIS_SENTINEL, true},
    {"redis-cluster://", REDIS_CLUSTER, false},
    {"rediss-cluster://", REDIS_CLUSTER, true},
};

static bool refuse(struct error *error, const char *why)
{
    return error_set(
        error, STATUS_CONFIGURATION,
        "cannot use the setting redis.url: %s; write redis://user@host:port/db, unix:///path?db=N, "
        "redis-sentinel://host:port,host:port/master or redis-cluster://host:port,host:port",
        why);
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

bool redis_address_set(struct redis_address *address, const char *host, size_t length, uint16_t port)
{
    if (!copy(address->host, sizeof address->host, host, length))
        return false;
    address->port = port;
    snprintf(address->text, sizeof address->text, strchr(address->host, ':') != NULL ? "[%s]:%u" : "%s:%u",
             address->host, port);
    return true;
}

static bool read_host(const char *at, const char *end, unsigned default_port, struct redis_address *address,
                      struct error *error)
{
    const char *host = at, *host_end = end, *port = NULL;
    unsigned number = default_port;
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
    if (host == host_end) {
        host = "127.0.0.1";
        host_end = host + strlen(host);
    }
    return redis_address_set(address, host, (size_t)(host_end - host), (uint16_t)number) ||
           refuse(error, "the host name is too long");
}

/* Servers of one Redis: several, comma-separated, for sentinels and clusters. */
static bool read_hosts(const char *at, const char *end, struct redis_url *url, struct error *error)
{
    for (;;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        if (comma != NULL && url->kind == REDIS_SINGLE)
            return refuse(error, "several servers are for redis-sentinel:// and redis-cluster://");
        if (url->address_count == REDIS_MAX_ADDRESSES)
            return refuse(error, "it names more than 8 servers");
        if (!read_host(at, comma != NULL ? comma : end,
                       url->kind == REDIS_SENTINEL ? SENTINEL_PORT : SERVER_PORT,
                       &url->addresses[url->address_count], error))
            return false;
        url->address_count++;
        if (comma == NULL)
            return true;
        at = comma + 1;
    }
}

/* What stands behind '?': db=NUMBER, or nothing. */
static bool read_options(const char *at, struct redis_url *url, struct error *error)
{
    return *at == '\0' ||
           (strncmp(at, "?db=", 4) == 0 &&
            read_number(at + 4, strlen(at + 4), MAX_DATABASE, &url->database)) ||
           refuse(error, "only db=NUMBER may stand behind '?'");
}

/* What stands behind the hosts: the database, for sentinels the name of the master. */
static bool read_path(const char *at, struct redis_url *url, struct error *error)
{
    const char *path = *at == '/' ? at + 1 : at;
    size_t length = strcspn(path, "?");
    if (url->kind == REDIS_CLUSTER && (length > 0 || path[length] != '\0'))
        return refuse(error, "a cluster has one database only, and no options");
    if (url->kind == REDIS_SENTINEL) {
        if (length == 0)
            return refuse(error, "the name of the master is missing behind the sentinels");
        return (copy(url->master, sizeof url->master, path, length) ||
                refuse(error, "the name of the master is too long")) &&
               read_options(path + length, url, error);
    }
    if (path[length] == '?')
        return refuse(error, "it has options behind '?'");
    return length == 0 || read_number(path, length, MAX_DATABASE, &url->database) ||
           refuse(error, "the database behind the slash is no number");
}

static bool read_tcp(const char *at, struct redis_url *url, struct error *error)
{
    const char *end = at + strcspn(at, "/?");
    if (!read_user(&at, end, url, error) || !read_hosts(at, end, url, error) || !read_path(end, url, error))
        return false;
    const char *first = url->addresses[0].text, *more = url->address_count > 1 ? ", ..." : "";
    if (url->kind == REDIS_SENTINEL)
        snprintf(url->text, sizeof url->text, "%s (named by sentinels %s%s)", url->master, first, more);
    else
        snprintf(url->text, sizeof url->text, "%s%s%s", first, more,
                 url->kind == REDIS_CLUSTER ? " (a cluster)" : "");
    return true;
}

static bool read_unix(const char *at, struct redis_url *url, struct error *error)
{
    struct redis_address *address = &url->addresses[0];
    const char *end = at + strcspn(at, "?");
    const char *slash = memchr(at, '/', (size_t)(end - at));
    if (slash == NULL)
        return refuse(error, "it has no path of a socket");
    if (!read_user(&at, slash, url, error))
        return false;
    if (at != slash)
        return refuse(error, "a path of a socket begins with a slash");
    if (!copy(address->path, sizeof address->path, at, (size_t)(end - at)))
        return refuse(error, "the path of the socket is longer than 107 characters");
    url->address_count = 1;
    snprintf(address->text, sizeof address->text, "%s", address->path);
    snprintf(url->text, sizeof url->text, "%s", address->path);
    return read_options(end, url, error);
}

bool redis_url_read(const char *text, struct redis_url *url, struct error *error)
{
    *url = (struct redis_url){.kind = REDIS_SINGLE};
    if (text == NULL || text[0] == '\0')
        return refuse(error, "it is empty");
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i].text);
        if (strncmp(text, schemes[i].text, length) != 0)
            continue;
        url->kind = schemes[i].kind;
        url->tls = schemes[i].tls;
        return read_tcp(text + length, url, error);
    }
    if (strncmp(text, "unix://", 7) == 0)
        return read_unix(text + 7, url, error);
    if (text[0] == '/')
        return read_unix(text, url, error);
    if (strstr(text, "://") != NULL)
        return refuse(error, "its scheme is not known");
    return read_tcp(text, url, error); /* host:port */
}
