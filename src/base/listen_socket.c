// SPDX-License-Identifier: Apache-2.0
#include "base/listen_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Cuts "[::1]:8080" into host and port. */
static bool cut(const char *address, char *host, size_t size, const char **port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0')
        return false;
    bool bracketed = address[0] == '[' && colon[-1] == ']';
    const char *begin = address + bracketed;
    size_t length = (size_t)(colon - begin) - bracketed;
    if (length >= size || (!bracketed && memchr(begin, ':', length) != NULL))
        return false;
    memcpy(host, begin, length);
    host[length] = '\0';
    *port = colon + 1;
    char *end;
    unsigned long number = strtoul(*port, &end, 10);
    return *end == '\0' && number > 0 && number <= UINT16_MAX;
}

static struct addrinfo *find(const char *address)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM},
                    *found = NULL;
    char host[64];
    const char *port;
    return cut(address, host, sizeof host, &port) && getaddrinfo(host, port, &hints, &found) == 0 ? found
                                                                                                  : NULL;
}

static bool leads_here(const struct addrinfo *at)
{
    if (at->ai_family == AF_INET) {
        struct sockaddr_in address;
        memcpy(&address, at->ai_addr, sizeof address);
        return ntohl(address.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 address;
    memcpy(&address, at->ai_addr, sizeof address);
    return IN6_IS_ADDR_LOOPBACK(&address.sin6_addr);
}

bool listen_socket_check(const char *address, bool *is_loopback)
{
    struct addrinfo *found = find(address);
    if (found == NULL)
        return false;
    if (is_loopback != NULL)
        *is_loopback = leads_here(found);
    freeaddrinfo(found);
    return true;
}

static int bind_to(const struct addrinfo *at, int backlog)
{
    int on = 1, fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, backlog) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int listen_socket_open(const char *address, const char *option, int backlog, struct error *error)
{
    struct addrinfo *found = find(address);
    if (found == NULL) {
        error_set(error, STATUS_CONFIGURATION,
                  "%s cannot be '%s': it must be an address and a port, as 127.0.0.1:8080 or [::1]:8080",
                  option, address);
        return -1;
    }
    int fd = bind_to(found, backlog);
    int reason = errno;
    freeaddrinfo(found);
    if (fd < 0)
        error_set(error, STATUS_FAILED, "%s: cannot listen at %s: %s", option, address, strerror(reason));
    return fd;
}
