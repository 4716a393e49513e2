// SPDX-License-Identifier: Apache-2.0
/*
 * Live interfaces through libpcap, several polled together. Packets of a kernel ring are valid in libpcap's
 * callback only, so they are copied into an arena that is as large as a batch of the longest packets; it is
 * filled from its front, so that in practice only as much of it is ever touched as a batch has bytes.
 */
#include "base/log.h"
#include "capture/fanout.h"
#include "capture/filter.h"
#include "capture/link_type.h"
#include "capture/source.h"

#include <assert.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_INTERFACES = 64,
    SNAPSHOT_LENGTH = 262144, /* libpcap's MAXIMUM_SNAPLEN, also the default */
    BUFFER_BYTES = 64 << 20,
    TIMEOUT_MS = 2,
    WAIT_MS = 100,
};

struct live_interface {
    char *name;
    pcap_t *pcap; /* NULL: gone */
    uint16_t link_type;
    struct pcap_stat last; /* 32-bit counters that wrap */
};

struct live {
    struct capture_source source;
    struct capture_context *context;
    struct live_interface *interfaces;
    size_t count;
    size_t first; /* the interface whose turn it is to be asked first */
    uint32_t snapshot_length;
    bool first_of_several; /* or alone: the interface's own drops are the same to all captures of it */
    uint8_t *arena;
    size_t arena_used;
    struct error failure; /* of the interface that went last */
};

struct delivery {
    struct live *live;
    struct frame_batch *batch;
    size_t interface;
};

static void deliver(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
    struct delivery *delivery = (struct delivery *)(void *)user;
    struct live *live = delivery->live;
    struct frame_batch *batch = delivery->batch;
    if (frame_batch_room(batch) == 0) /* libpcap was asked for no more than there is room for */
        return;
    int64_t time_us = (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec;
    if (time_us < live->context->begin_us)
        return;
    uint32_t captured = header->caplen < live->snapshot_length ? header->caplen : live->snapshot_length;
    uint8_t *copy = live->arena + live->arena_used;
    memcpy(copy, bytes, captured);
    live->arena_used += captured;
    batch->frames[batch->count++] = (struct frame){
        .data = copy,
        .time_us = time_us,
        .captured = captured,
        .length = header->len > captured ? header->len : captured,
        .link_type = live->interfaces[delivery->interface].link_type,
        .source = (uint16_t)delivery->interface,
    };
}

static void count_drops(struct live *live, struct live_interface *interface)
{
    struct pcap_stat now;
    if (pcap_stats(interface->pcap, &now) != 0)
        return;
    capture_counter_add(&live->context->counters.kernel_drops, now.ps_drop - interface->last.ps_drop);
    if (live->first_of_several)
        capture_counter_add(&live->context->counters.interface_drops,
                            now.ps_ifdrop - interface->last.ps_ifdrop);
    interface->last = now;
}

static void live_measure(struct capture_source *source)
{
    struct live *live = (struct live *)source;
    for (size_t i = 0; i < live->count; i++)
        if (live->interfaces[i].pcap != NULL)
            count_drops(live, &live->interfaces[i]);
}

static void lose(struct live *live, struct live_interface *interface)
{
    error_set(&live->failure, STATUS_FAILED, "cannot capture from %s any more: %s", interface->name,
              pcap_geterr(interface->pcap));
    pcap_close(interface->pcap);
    interface->pcap = NULL;
    size_t left = 0;
    for (size_t i = 0; i < live->count; i++)
        left += live->interfaces[i].pcap != NULL;
    if (left > 0)
        log_warning("capture", "%s; going on with the other interfaces", live->failure.text);
}

/* Asks each interface once for what it has; each batch begins with the next one. False: none is left. */
static bool ask_all(struct live *live, struct frame_batch *batch)
{
    bool alive = false;
    assert(live->count > 0);
    for (size_t i = 0; i < live->count && frame_batch_room(batch) > 0; i++) {
        size_t number = (live->first + i) % live->count;
        struct live_interface *interface = &live->interfaces[number];
        if (interface->pcap == NULL)
            continue;
        struct delivery delivery = {live, batch, number};
        int room = (int)frame_batch_room(batch);
        if (pcap_dispatch(interface->pcap, room, deliver, (unsigned char *)&delivery) == PCAP_ERROR)
            lose(live, interface);
        alive = alive || interface->pcap != NULL;
    }
    live->first = (live->first + 1) % live->count;
    return alive || batch->count > 0;
}

static void wait_for_packets(const struct live *live)
{
    struct pollfd wanted[MAX_INTERFACES];
    nfds_t count = 0;
    for (size_t i = 0; i < live->count; i++)
        if (live->interfaces[i].pcap != NULL)
            wanted[count++] =
                (struct pollfd){.fd = pcap_get_selectable_fd(live->interfaces[i].pcap), .events = POLLIN};
    /* a signal, or an interface that went away, ends the wait: the next pcap_dispatch() says what it was */
    (void)poll(wanted, count, WAIT_MS);
}

static enum capture_result live_read(struct capture_source *source, struct frame_batch *batch,
                                     struct error *error)
{
    struct live *live = (struct live *)source;
    live->arena_used = 0;
    bool alive = ask_all(live, batch);
    if (alive && batch->count == 0) {
        wait_for_packets(live);
        alive = ask_all(live, batch);
    }
    if (batch->count > 0)
        return CAPTURE_FRAMES;
    if (alive)
        return capture_stopped(live->context) ? CAPTURE_END : CAPTURE_IDLE;
    if (error != NULL)
        *error = live->failure;
    return CAPTURE_FAILED;
}

static const char *live_name(const struct capture_source *source, uint16_t number)
{
    const struct live *live = (const struct live *)source;
    return number < live->count ? live->interfaces[number].name : NULL;
}

static int live_link_type(const struct capture_source *source, uint16_t number)
{
    const struct live *live = (const struct live *)source;
    return number < live->count ? live->interfaces[number].link_type : -1;
}

static void live_close(struct capture_source *source)
{
    struct live *live = (struct live *)source;
    for (size_t i = 0; live->interfaces != NULL && i < live->count; i++) {
        if (live->interfaces[i].pcap != NULL)
            pcap_close(live->interfaces[i].pcap);
        free(live->interfaces[i].name);
    }
    free(live->interfaces);
    free(live->arena);
    free(live);
}

static const struct capture_source_ops ops = {true,      live_read,      live_measure,
                                              live_name, live_link_type, live_close};

static bool explain_activation(const struct live_interface *interface, int status, struct error *error)
{
    const char *name = interface->name, *reason = pcap_geterr(interface->pcap);
    switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return error_set(error, STATUS_NO_INPUT,
                         "no interface %s; geophone --list-interfaces shows which there are", name);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        return error_set(error, STATUS_NOT_PERMITTED,
                         "no permission to capture from %s; run as root, or give the program the right with: "
                         "setcap cap_net_raw+ep PROGRAM",
                         name);
    case PCAP_ERROR_IFACE_NOT_UP:
        return error_set(error, STATUS_NO_INPUT, "interface %s is down; bring it up with: ip link set %s up",
                         name, name);
    default:
        return error_set(error, STATUS_NO_INPUT, "cannot capture from %s: %s", name,
                         reason[0] != '\0' ? reason : pcap_statustostr(status));
    }
}

static bool activate(struct live_interface *interface, const struct capture_options *options,
                     uint32_t snapshot_length, struct error *error)
{
    pcap_t *pcap = interface->pcap;
    uint32_t buffer = options->buffer_bytes == 0 ? BUFFER_BYTES : options->buffer_bytes;
    uint32_t timeout = options->timeout_ms == 0 ? TIMEOUT_MS : options->timeout_ms;
    pcap_set_snaplen(pcap, (int)snapshot_length);
    pcap_set_buffer_size(pcap, buffer > INT32_MAX ? INT32_MAX : (int)buffer);
    pcap_set_timeout(pcap, timeout > WAIT_MS ? WAIT_MS : (int)timeout);
    pcap_set_promisc(pcap, options->promiscuous);
    int status = pcap_activate(pcap);
    if (status < 0)
        return explain_activation(interface, status, error);
    if (status > 0)
        log_warning("capture", "%s: %s", interface->name,
                    pcap_geterr(pcap)[0] != '\0' ? pcap_geterr(pcap) : pcap_statustostr(status));
    return true;
}

static bool open_interface(struct live_interface *interface, const struct capture_options *options,
                           uint32_t snapshot_length, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    interface->pcap = pcap_create(interface->name, reason);
    if (interface->pcap == NULL)
        return error_set(error, STATUS_NO_INPUT, "cannot capture from %s: %s", interface->name, reason);
    if (!activate(interface, options, snapshot_length, error))
        return false;
    if (options->filter != NULL && options->filter[0] != '\0' &&
        !filter_apply(options->filter, interface->pcap, interface->name, error))
        return false;
    if (pcap_setnonblock(interface->pcap, 1, reason) != 0)
        return error_set(error, STATUS_NO_INPUT, "cannot capture from %s: %s", interface->name, reason);
    if (pcap_get_selectable_fd(interface->pcap) < 0)
        return error_set(error, STATUS_NO_INPUT, "cannot capture from %s: it cannot be waited for",
                         interface->name);
    interface->link_type = link_type_of((uint32_t)pcap_datalink(interface->pcap));
    return true;
}

static bool open_all(struct live *live, const char *const *names, size_t count,
                     const struct capture_options *options, struct error *error)
{
    uint32_t length = options->snapshot_length;
    live->snapshot_length = length == 0 || length > SNAPSHOT_LENGTH ? SNAPSHOT_LENGTH : length;
    if (count > MAX_INTERFACES)
        return error_set(error, STATUS_USAGE,
                         "%zu interfaces are more than the %d that can be captured from at once", count,
                         MAX_INTERFACES);
    live->interfaces = calloc(count, sizeof *live->interfaces);
    live->arena = malloc((size_t)FRAME_BATCH_SIZE * live->snapshot_length);
    if (live->interfaces == NULL || live->arena == NULL)
        return error_set(error, STATUS_FAILED, "out of memory for capturing");
    live->count = count;
    for (size_t i = 0; i < count; i++) {
        live->interfaces[i].name = strdup(names[i]);
        if (live->interfaces[i].name == NULL)
            return error_set(error, STATUS_FAILED, "out of memory for capturing");
        if (!open_interface(&live->interfaces[i], options, live->snapshot_length, error))
            return false;
    }
    return true;
}

static bool join_groups(struct live *live, uint16_t group, struct error *error)
{
    for (size_t i = 0; i < live->count; i++) /* a group is of one interface */
        if (!fanout_join_packets(pcap_fileno(live->interfaces[i].pcap), (uint16_t)(group + i),
                                 live->interfaces[i].name, error))
            return false;
    return true;
}

struct capture_source *live_open(const char *const *names, size_t count,
                                 const struct capture_options *options, struct capture_context *context,
                                 struct error *error)
{
    struct live *live = calloc(1, sizeof *live);
    if (live == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for capturing");
        return NULL;
    }
    live->source.ops = &ops;
    live->context = context;
    live->first_of_several = !options->quiet;
    if (!open_all(live, names, count, options, error) ||
        (options->fanout != 0 && !join_groups(live, options->fanout, error))) {
        live_close(&live->source);
        return NULL;
    }
    return &live->source;
}

static const char *state(unsigned flags)
{
    if ((flags & PCAP_IF_UP) == 0)
        return "down";
    return (flags & PCAP_IF_RUNNING) == 0 ? "up, no carrier" : "up";
}

bool capture_list_interfaces(FILE *stream, struct error *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    pcap_if_t *all;
    if (pcap_findalldevs(&all, reason) != 0)
        return error_set(error, STATUS_NO_INPUT, "cannot list the interfaces: %s", reason);
    if (all == NULL)
        return error_set(error, STATUS_NO_INPUT, "no interface that can be captured from; it may need root");
    for (const pcap_if_t *device = all; device != NULL; device = device->next) {
        const char *description = device->description;
        if (description == NULL)
            description = (device->flags & PCAP_IF_LOOPBACK) != 0 ? "Loopback" : "";
        fprintf(stream, "%-16s %-14s %s\n", device->name, state(device->flags), description);
    }
    pcap_freealldevs(all);
    return true;
}
