// SPDX-License-Identifier: Apache-2.0
#include "decode/packet_filter.h"

#include "capture/filter.h"

#include <stdlib.h>

/* LINKTYPE_ values, https://www.tcpdump.org/linktypes.html */
enum { LINK_TYPE_ETHERNET = 1, LINK_TYPE_RAW_IP = 101 };

struct packet_filter {
    struct filter *filter;
    bool on_frames; /* else on the IP packet */
};

struct packet_filter *packet_filter_create(const char *expression, struct error *error)
{
    struct packet_filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the filter");
        return NULL;
    }
    filter->filter = filter_create(expression, error);
    if (filter->filter == NULL)
        goto failed;
    struct error of_packets;
    if (filter_prepare(filter->filter, LINK_TYPE_RAW_IP, &of_packets))
        return filter;
    filter->on_frames = true;
    if (filter_prepare(filter->filter, LINK_TYPE_ETHERNET, error))
        return filter;
failed:
    packet_filter_free(filter);
    return NULL;
}

bool packet_filter_accepts(struct packet_filter *filter, const struct packet *packet)
{
    if (filter->on_frames)
        return filter_accepts(filter->filter, &packet->inner);
    const struct frame frame = {
        .data = packet->ip,
        .time_us = packet->frame->time_us,
        .captured = packet->ip_captured,
        .length = packet->ip_captured + (packet->payload_length - packet->payload_captured),
        .link_type = LINK_TYPE_RAW_IP,
        .source = packet->frame->source,
    };
    return filter_accepts(filter->filter, &frame);
}

void packet_filter_free(struct packet_filter *filter)
{
    if (filter == NULL)
        return;
    filter_free(filter->filter);
    free(filter);
}
