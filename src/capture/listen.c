// SPDX-License-Identifier: Apache-2.0
/*
 * UDP sockets at which mirrors deliver, as the source of a capture: no right to capture is needed, the kernel
 * puts fragments together, and answers nobody that the port is closed. What a socket receives is told as the
 * IP packet that it was: an IP and a UDP header are put before it, so that nothing behind needs to know.
 */
#include "base/log.h"
#include "capture/fanout.h"
#include "capture/source.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_SOCKETS = 16,
    WAIT_MS = 100,
    GATHER_NS = 500000,
    MAX_PAYLOAD = 65535,
    IPV4_HEADERS = 20 + 8, /* RFC 791, RFC 768 */
    IPV6_HEADERS = 40 + 8, /* RFC 8200 */
    SLOT = IPV6_HEADERS + MAX_PAYLOAD + 1,
    LINKTYPE_RAW = 101,
};

struct listener {
    char name[32]; /* vxlan:4789 */
    int fd;
    uint16_t port;
    uint32_t drops; /* as the kernel told last; wraps */
};

struct listening {
    struct capture_source source;
    struct capture_context *context;
    struct listener listeners[MAX_SOCKETS];
    size_t count;
    size_t first;      /* whose turn it is */
    bool was_busy;     /* the last batch had frames */
    uint8_t *slots;    /* FRAME_BATCH_SIZE of SLOT bytes: headers, then the datagram */
    size_t slots_used; /* of this batch */
};

/* One datagram with what the kernel says of it. */
struct reception {
    struct mmsghdr *message;
    struct sockaddr_in6 sender;
    struct in6_addr receiver;
    int64_t time_us;
};

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Writes headers in front of `payload`; returns where they begin. Checksums are not computed: nobody verifies
 * them. */
static uint8_t *put_headers(const struct listener *listener, const struct reception *reception,
                            uint8_t *payload, size_t length)
{
    uint8_t *udp = payload - 8, *ip;
    put16(udp, ntohs(reception->sender.sin6_port));
    put16(udp + 2, listener->port);
    put16(udp + 4, length + 8 <= UINT16_MAX ? length + 8 : 0);
    put16(udp + 6, 0);
    if (IN6_IS_ADDR_V4MAPPED(&reception->sender.sin6_addr)) {
        ip = udp - 20;
        memset(ip, 0, 12);
        ip[0] = 0x45;
        put16(ip + 2, length + IPV4_HEADERS <= UINT16_MAX ? length + IPV4_HEADERS : 0);
        ip[8] = 64;
        ip[9] = IPPROTO_UDP;
        memcpy(ip + 12, reception->sender.sin6_addr.s6_addr + 12, 4);
        memcpy(ip + 16, reception->receiver.s6_addr + 12, 4);
        return ip;
    }
    ip = udp - 40;
    memset(ip, 0, 8);
    ip[0] = 0x60;
    put16(ip + 4, length + 8 <= UINT16_MAX ? length + 8 : 0);
    ip[6] = IPPROTO_UDP;
    ip[7] = 64;
    memcpy(ip + 8, reception->sender.sin6_addr.s6_addr, 16);
    memcpy(ip + 24, reception->receiver.s6_addr, 16);
    return ip;
}

static void read_control(struct reception *reception)
{
    struct msghdr *header = &reception->message->msg_hdr;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL;
         control = CMSG_NXTHDR(header, control)) {
        const void *data = CMSG_DATA(control);
        if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_TIMESTAMPNS) {
            struct timespec time;
            memcpy(&time, data, sizeof time);
            reception->time_us = (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
        } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, data, sizeof info);
            reception->receiver = info.ipi6_addr;
        }
    }
}

enum { CONTROL_SIZE = 256 };

static void take(struct listening *listening, size_t number, struct reception *reception, uint8_t *slot,
                 struct frame_batch *batch)
{
    struct listener *listener = &listening->listeners[number];
    read_control(reception);
    if (reception->time_us < listening->context->begin_us)
        return;
    size_t length = reception->message->msg_len, captured = length < MAX_PAYLOAD ? length : MAX_PAYLOAD;
    uint8_t *payload = slot + IPV6_HEADERS;
    uint8_t *begin = put_headers(listener, reception, payload, length);
    size_t headers = (size_t)(payload - begin);
    batch->frames[batch->count++] = (struct frame){
        .data = begin,
        .time_us = reception->time_us,
        .captured = (uint32_t)(headers + captured),
        .length = (uint32_t)(headers + length),
        .link_type = LINKTYPE_RAW,
        .source = (uint16_t)number,
    };
}

static void receive(struct listening *listening, size_t number, struct frame_batch *batch)
{
    struct mmsghdr messages[FRAME_BATCH_SIZE];
    struct iovec parts[FRAME_BATCH_SIZE];
    struct reception receptions[FRAME_BATCH_SIZE];
    _Alignas(struct cmsghdr) uint8_t controls[FRAME_BATCH_SIZE][CONTROL_SIZE];
    size_t before = listening->slots_used, room = frame_batch_limit(batch) - before;
    for (size_t i = 0; i < room; i++) {
        parts[i] = (struct iovec){listening->slots + (before + i) * SLOT + IPV6_HEADERS, MAX_PAYLOAD};
        receptions[i] = (struct reception){.message = &messages[i]};
        messages[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &receptions[i].sender,
                                                   .msg_namelen = sizeof receptions[i].sender,
                                                   .msg_iov = &parts[i],
                                                   .msg_iovlen = 1,
                                                   .msg_control = controls[i],
                                                   .msg_controllen = CONTROL_SIZE}};
    }
    int got = recvmmsg(listening->listeners[number].fd, messages, (unsigned)room, MSG_DONTWAIT, NULL);
    listening->slots_used += got > 0 ? (size_t)got : 0;
    for (int i = 0; i < got; i++)
        take(listening, number, &receptions[i], listening->slots + (before + (size_t)i) * SLOT, batch);
}

static void ask_all(struct listening *listening, struct frame_batch *batch)
{
    listening->slots_used = 0;
    for (size_t i = 0; i < listening->count && listening->slots_used < frame_batch_limit(batch); i++)
        receive(listening, (listening->first + i) % listening->count, batch);
    listening->first = listening->first + 1 < listening->count ? listening->first + 1 : 0;
}

/* Who waits in poll() is woken for each datagram, which costs the kernel more than the datagram itself. While
 * there is traffic it so gathers unattended for a moment; after a silence the first packet is still seen at
 * once. */
static void gather(void)
{
    const struct timespec moment = {.tv_nsec = GATHER_NS};
    (void)nanosleep(&moment, NULL); /* a signal may end it early */
}

static enum capture_result listen_read(struct capture_source *source, struct frame_batch *batch,
                                       struct error *error)
{
    struct listening *listening = (struct listening *)source;
    (void)error; /* a socket that is bound stays */
    ask_all(listening, batch);
    if (batch->count == 0 && listening->was_busy) {
        gather();
        ask_all(listening, batch);
    }
    if (batch->count == 0) {
        struct pollfd wanted[MAX_SOCKETS];
        for (size_t i = 0; i < listening->count; i++)
            wanted[i] = (struct pollfd){.fd = listening->listeners[i].fd, .events = POLLIN};
        (void)poll(wanted, listening->count, WAIT_MS);
        ask_all(listening, batch);
    }
    listening->was_busy = batch->count > 0;
    if (batch->count > 0)
        return CAPTURE_FRAMES;
    return capture_stopped(listening->context) ? CAPTURE_END : CAPTURE_IDLE;
}

/* Drops are asked for (sock_diag(7)), not taken from what comes with datagrams: those tell of what was lost
 * before them, and after the last loss none may come. The kernel gives the room of what was read back in
 * steps of a quarter of the buffer (net/ipv4/udp.c, udp_rmem_release()), so that it seems fuller than it is
 * by that much. */
static uint32_t measure_socket(struct listening *listening, struct listener *listener)
{
    uint32_t memory[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof memory;
    if (getsockopt(listener->fd, SOL_SOCKET, SO_MEMINFO, memory, &size) != 0)
        return 0;
    capture_counter_add(&listening->context->counters.kernel_drops,
                        memory[SK_MEMINFO_DROPS] - listener->drops);
    listener->drops = memory[SK_MEMINFO_DROPS];
    uint32_t room = memory[SK_MEMINFO_RCVBUF];
    return room == 0 ? 0 : (uint32_t)((uint64_t)memory[SK_MEMINFO_RMEM_ALLOC] * 1000 / room);
}

static void listen_measure(struct capture_source *source)
{
    struct listening *listening = (struct listening *)source;
    uint32_t fullest = 0;
    for (size_t i = 0; i < listening->count; i++) {
        uint32_t permille = measure_socket(listening, &listening->listeners[i]);
        fullest = permille > fullest ? permille : fullest;
    }
    /* the last datagram that fits may exceed it */
    atomic_store_explicit(&listening->context->queue_permille, fullest < 1000 ? fullest : 1000,
                          memory_order_relaxed);
}

static const char *listen_name(const struct capture_source *source, uint16_t number)
{
    const struct listening *listening = (const struct listening *)source;
    return number < listening->count ? listening->listeners[number].name : NULL;
}

static int listen_link_type(const struct capture_source *source, uint16_t number)
{
    return number < ((const struct listening *)source)->count ? LINKTYPE_RAW : -1;
}

static void listen_close(struct capture_source *source)
{
    struct listening *listening = (struct listening *)source;
    for (size_t i = 0; i < listening->count; i++)
        close(listening->listeners[i].fd);
    free(listening->slots);
    free(listening);
}

static const struct capture_source_ops ops = {true,        listen_read,      listen_measure,
                                              listen_name, listen_link_type, listen_close};

/* ---- opening ---- */

/* With the right to (CAP_NET_ADMIN) beyond net.core.rmem_max; without it as much as that allows. */
static void set_buffer(const struct listener *listener, uint32_t bytes, bool quiet)
{
    int wanted = bytes > INT32_MAX / 2 ? INT32_MAX / 2 : (int)bytes, got = 0;
    socklen_t size = sizeof got;
    if (setsockopt(listener->fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
        (void)setsockopt(listener->fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
    if (getsockopt(listener->fd, SOL_SOCKET, SO_RCVBUF, &got, &size) == 0 && got < wanted && !quiet)
        log_warning("capture",
                    "%s: the kernel gives the socket a buffer of %d KiB instead of %d: bursts may be lost; "
                    "allow more "
                    "with: sysctl -w net.core.rmem_max=%d",
                    listener->name, got / 1024, wanted / 1024, wanted);
}

static bool bind_socket(struct listener *listener, struct error *error)
{
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6, .sin6_port = htons(listener->port), .sin6_addr = IN6ADDR_ANY_INIT};
    if (bind(listener->fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return true;
    if (errno == EADDRINUSE)
        return error_set(
            error, STATUS_NO_INPUT,
            "cannot listen for %s: another program has the port (ss -ulpn shows which), perhaps the "
            "kernel's own tunnel device; take it away, or sniff with -i",
            listener->name);
    return error_set(error, errno == EACCES ? STATUS_NOT_PERMITTED : STATUS_NO_INPUT,
                     "cannot listen for %s: %s", listener->name, strerror(errno));
}

static bool open_listener(struct listener *listener, const char *text, const struct capture_options *options,
                          struct error *error)
{
    const char *colon = strrchr(text, ':');
    snprintf(listener->name, sizeof listener->name, "%s", text);
    listener->port = colon == NULL ? 0 : (uint16_t)strtoul(colon + 1, NULL, 10);
    if (listener->port == 0)
        return error_set(error, STATUS_USAGE,
                         "cannot listen for %s: write a tunnel and its port, such as vxlan:4789",
                         listener->name);
    const int yes = 1, no = 0;
    listener->fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (listener->fd < 0)
        return error_set(error, STATUS_NO_INPUT, "cannot listen for %s: %s", listener->name, strerror(errno));
    bool set =
        setsockopt(listener->fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0 &&
        setsockopt(listener->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof yes) == 0 &&
        setsockopt(listener->fd, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) == 0 &&
        (options->fanout == 0 || setsockopt(listener->fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0);
    if (!set) {
        error_set(error, STATUS_NO_INPUT, "cannot listen for %s: %s", listener->name, strerror(errno));
    } else if (bind_socket(listener, error) &&
               (options->fanout == 0 ||
                fanout_join_datagrams(listener->fd, options->fanout_members, listener->name, error))) {
        set_buffer(listener, options->buffer_bytes, options->quiet);
        return true;
    }
    close(listener->fd);
    return false;
}

struct capture_source *listen_open(const char *const *names, size_t count,
                                   const struct capture_options *options, struct capture_context *context,
                                   struct error *error)
{
    struct listening *listening = calloc(1, sizeof *listening);
    if (listening == NULL || (listening->slots = malloc((size_t)FRAME_BATCH_SIZE * SLOT)) == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for receiving");
        free(listening);
        return NULL;
    }
    listening->source.ops = &ops;
    listening->context = context;
    if (count > MAX_SOCKETS) {
        error_set(error, STATUS_USAGE, "%zu times --listen is more than the %d that are possible", count,
                  MAX_SOCKETS);
        goto failed;
    }
    for (size_t i = 0; i < count; i++) {
        if (!open_listener(&listening->listeners[i], names[i], options, error))
            goto failed;
        listening->count++;
    }
    return &listening->source;
failed:
    listen_close(&listening->source);
    return NULL;
}
