// SPDX-License-Identifier: Apache-2.0
/*
 * Somebody owns the ports of the tunnels. Where nobody does, sniffing works too, but the kernel answers each
 * mirrored packet that is addressed to this host with an ICMP port unreachable (RFC 1122, 4.1.3.1), to every
 * machine that is mirrored. Where somebody else does, geophone cannot listen there.
 */
#include "host/check.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 64 };

struct owner {
    uint16_t port;
    bool found;
    bool is_kernel;       /* no process holds it, and all could be looked at */
    char name[NAME_SIZE]; /* "suricata (process 812)"; "" where this user may not know */
};

/* The word behind `count` others; "" where there is none. */
static const char *skip_words(const char *text, size_t count)
{
    static const char blanks[] = " \t\n";
    text += strspn(text, blanks);
    for (size_t i = 0; i < count; i++) {
        text += strcspn(text, blanks);
        text += strspn(text, blanks);
    }
    return text;
}

bool check_parse_udp_line(const char *line, uint16_t *port, uint64_t *inode)
{
    enum { LOCAL = 1, INODE = 9 }; /* proc_pid_net(5): sl, local_address, ..., uid, timeout, inode */
    const char *local = skip_words(line, LOCAL), *number = skip_words(line, INODE);
    const char *colon = strchr(local, ':');
    char *end;
    if (colon == NULL || colon > number || !isxdigit((unsigned char)colon[1]) ||
        !isdigit((unsigned char)*number))
        return false;
    unsigned long value = strtoul(colon + 1, &end, 16);
    *port = (uint16_t)value;
    *inode = strtoull(number, NULL, 10);
    return *end == ' ' && value <= UINT16_MAX;
}

/* Whether the process of this directory of /proc holds the socket. Clears `complete` where it may not be
 * looked at. */
static bool holds(const char *process, const char *socket, bool *complete)
{
    char path[PATH_MAX], target[64];
    snprintf(path, sizeof path, "/proc/%s/fd", process);
    DIR *directory = opendir(path);
    bool found = false;
    *complete = *complete && (directory != NULL || errno == ENOENT); /* or it just ended */
    for (struct dirent *entry; directory != NULL && !found && (entry = readdir(directory)) != NULL;) {
        ssize_t length = readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        found = strcmp(target, socket) == 0;
    }
    if (directory != NULL)
        closedir(directory);
    return found;
}

static void name_owner(const struct check_host *host, uint64_t inode, struct owner *owner)
{
    char socket[64], name[32];
    snprintf(socket, sizeof socket, "socket:[%" PRIu64 "]", inode);
    DIR *directory = opendir("/proc");
    bool complete = directory != NULL;
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        if (strspn(entry->d_name, "0123456789") != strlen(entry->d_name) ||
            !holds(entry->d_name, socket, &complete))
            continue;
        if (!check_read_file(host, name, sizeof name, "/proc/%s/comm", entry->d_name))
            name[0] = '\0';
        name[strcspn(name, "\n")] = '\0';
        snprintf(owner->name, sizeof owner->name, "%s (process %.20s)", name, entry->d_name);
        break;
    }
    owner->is_kernel = complete && owner->name[0] == '\0';
    if (directory != NULL)
        closedir(directory);
}

/* Looks for the port in one of the kernel's two lists. False where the list cannot be read. */
static bool find_in(const struct check_host *host, const char *list, struct owner *owner)
{
    char line[512], path[PATH_MAX];
    uint16_t port;
    uint64_t inode;
    snprintf(path, sizeof path, "%s/proc/net/%s", host->options->root != NULL ? host->options->root : "",
             list);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (!owner->found && fgets(line, sizeof line, file) != NULL) {
        if (!check_parse_udp_line(line, &port, &inode) || port != owner->port)
            continue;
        owner->found = true;
        name_owner(host, inode, owner);
    }
    fclose(file);
    return true;
}

static bool find_owner(const struct check_host *host, uint16_t port, struct owner *owner)
{
    *owner = (struct owner){.port = port};
    bool read = find_in(host, "udp", owner);
    return (owner->found || find_in(host, "udp6", owner)) && read;
}

/* A port that is to be listened at must be free. */
static void check_listened(struct check_host *host, const struct decode_port *wanted)
{
    struct owner owner;
    if (!find_owner(host, wanted->port, &owner)) {
        check_tell(host, CHECK_UNKNOWN, "/proc/net/udp does not tell who owns UDP port %u", wanted->port);
        check_mend(host, "ss -ulpn sport = :%u", wanted->port);
    } else if (!owner.found) {
        check_tell(host, CHECK_OK, "UDP port %u is free to be listened at", wanted->port);
    } else if (owner.is_kernel) {
        check_tell(host, CHECK_FAIL,
                   "UDP port %u is held by no program, so by the kernel (a device of type %s): remove the "
                   "device, or "
                   "sniff it instead",
                   wanted->port, wanted->layer);
        check_mend(host, "ip -details link show type %s", wanted->layer);
    } else if (strncmp(owner.name, "geophone ", strlen("geophone ")) == 0) {
        check_tell(host, CHECK_OK, "%s listens at UDP port %u", owner.name, wanted->port);
    } else {
        check_tell(host, CHECK_FAIL, "UDP port %u belongs to %s: stop it, or give geophone another port",
                   wanted->port, owner.name[0] != '\0' ? owner.name : "a program that this user may not see");
        check_mend(host, "ss -ulpn sport = :%u", wanted->port);
    }
}

/* Appends to a list of ports "4789, 6081". */
static void append_port(char *list, size_t size, uint16_t port)
{
    size_t length = strlen(list);
    snprintf(list + length, size - length, "%s%u", length > 0 ? ", " : "", port);
}

/* Sniffing, the ports of tunnels should belong to somebody, who need not read what comes. */
static void check_sniffed(struct check_host *host)
{
    const struct config_list *ports = &host->options->config->tunnels.ports;
    char orphans[128] = "";
    for (size_t i = 0; i < ports->count; i++) {
        struct decode_port port;
        struct owner owner;
        if (!decode_port_parse(ports->items[i], &port, NULL))
            continue;
        if (!find_owner(host, port.port, &owner)) {
            check_tell(host, CHECK_UNKNOWN, "/proc/net/udp does not tell who owns the ports of tunnels");
            check_mend(host, "ss -uln");
            return;
        }
        if (!owner.found)
            append_port(orphans, sizeof orphans, port.port);
    }
    if (orphans[0] == '\0') {
        check_tell(host, CHECK_OK, "each of the ports of tunnels belongs to somebody");
        return;
    }
    check_tell(host, CHECK_WARN,
               "nobody owns UDP ports %s: where a mirror sends tunnels to this host, the kernel answers each "
               "packet with "
               "ICMP, unless a rule drops them (nft list ruleset)",
               orphans);
    check_mend(
        host,
        "nft 'add table inet geophone; add chain inet geophone input { type filter hook input priority 0; }; "
        "add rule inet geophone input udp dport { %s } drop'",
        orphans);
}

void check_ports(struct check_host *host)
{
    if (!check_listens(host))
        check_sniffed(host);
    for (size_t i = 0; i < host->options->port_count; i++)
        check_listened(host, &host->options->ports[i]);
}
