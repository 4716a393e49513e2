// SPDX-License-Identifier: Apache-2.0
/*
 * What the checks of a host share: what they look at, where they read it, and how they tell what they found.
 */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

#include "host/host_check.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum check_verdict { CHECK_OK, CHECK_WARN, CHECK_FAIL, CHECK_UNKNOWN, CHECK_VERDICT_COUNT };

struct check_finding {
    const char *check;  /* name of the row */
    char interface[16]; /* "": the host */
    enum check_verdict verdict;
    char text[320]; /* one sentence */
    char mend[320]; /* a command; "" where none helps */
};

struct check_host {
    const struct host_check_options *options;
    const char *check, *interface; /* those whose turn it is; interface: "" for the host */
    struct check_finding *findings;
    size_t count, size;
    bool missing; /* this interface is not there: no more of it can be said */
    bool failed;  /* out of memory */
};

typedef void check_function(struct check_host *host);
#define CHECK(name, scope, help) check_function check_##name;
#include "host/checks.def"
#undef CHECK

/* Adds a finding of the row whose turn it is. */
void check_tell(struct check_host *host, enum check_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The command that mends what was told last. */
void check_mend(struct check_host *host, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether tunnels are received through sockets (--listen), and whether interfaces are sniffed. */
static inline bool check_listens(const struct check_host *host)
{
    return host->options->port_count > 0;
}

/* ---- what the kernel tells ---- */

/* Reads the beginning of a file of /proc or /sys; `text` is NUL-terminated. False where there is none. */
bool check_read_file(const struct check_host *host, char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The number that is the whole of a file. */
bool check_read_number(const struct check_host *host, uint64_t *number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The number behind `word` in text of lines such as "MemAvailable:   1234 kB". */
bool check_find_number(const char *text, const char *word, uint64_t *number);

/* Asks the kernel about the interface (SIOCGIFFLAGS and others). Not through /sys, which may be mounted by
 * another network namespace. */
struct ifreq;
bool check_ask_interface(const struct check_host *host, unsigned long what, struct ifreq *request);

/* Asks the driver of the interface (SIOCETHTOOL); `command` begins with the number of what is asked. */
bool check_ask_driver(const struct check_host *host, void *command);

/* ---- parsed, for tests ---- */

/* One line of /proc/net/udp or udp6: the local port, and the inode of its socket. */
bool check_parse_udp_line(const char *line, uint16_t *port, uint64_t *inode);

/* Sums of /proc/net/softnet_stat: packets that the kernel dropped for a full backlog. */
bool check_parse_softnet(const char *text, uint64_t *dropped);

#endif
