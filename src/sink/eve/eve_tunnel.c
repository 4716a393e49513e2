// SPDX-License-Identifier: Apache-2.0
/*
 * The object `tunnel` of a record, with Suricata's names where it has one (src_ip, dest_ip, dest_port, proto,
 * depth), and the list `tunnels` of the statistics.
 */
#include "sink/eve/eve_parts.h"

#include "decode/packet.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_number_of_gateway(struct json_writer *writer, const char *name, uint64_t number)
{
    char text[17];
    if (number == 0)
        return;
    snprintf(text, sizeof text, "%016" PRIx64, number);
    json_string(writer, name, text);
}

static void write_level(struct json_writer *writer, const struct tunnel_level *level)
{
    static const char *const directions[] = {NULL, "ingress", "egress"};
    const char *identifier = tunnel_identifier_name(level->identifier_kind);
    json_string(writer, "type", level->type);
    if (identifier != NULL)
        json_unsigned(writer, identifier, level->identifier);
    if (level->ip_version != 0) {
        eve_address(writer, "src_ip", &level->source);
        eve_address(writer, "dest_ip", &level->destination);
        if (level->destination_port != 0)
            json_unsigned(writer, "dest_port", level->destination_port);
        eve_protocol(writer, level->protocol);
    }
    if (level->direction < sizeof directions / sizeof directions[0])
        json_string_if(writer, "direction", directions[level->direction]);
    write_number_of_gateway(writer, "gwlbe_eni", level->gateway_endpoint);
    write_number_of_gateway(writer, "gwlbe_attachment", level->gateway_attachment);
    eve_vlans(writer, level->vlans);
}

const struct tunnel *eve_tunnel_of(const struct flow_record *flow)
{
    return flow->tunnels[0] != NULL ? flow->tunnels[0] : flow->tunnels[1];
}

/* The innermost tunnel stands in the object itself, those around it in its list `outer`. */
void eve_write_tunnel(struct json_writer *writer, const struct flow_record *flow)
{
    const struct tunnel *tunnel = eve_tunnel_of(flow);
    if (tunnel == NULL)
        return;
    json_object(writer, "tunnel");
    write_level(writer, tunnel_innermost(tunnel));
    json_unsigned(writer, "depth", tunnel->depth);
    if (flow->cookie != 0)
        json_unsigned(writer, "flow_cookie", flow->cookie);
    if (tunnel->depth > 1) {
        json_array(writer, "outer");
        for (uint32_t i = 0; i + 1 < tunnel->depth; i++) {
            json_object(writer, NULL);
            write_level(writer, &tunnel->levels[i]);
            json_object_end(writer);
        }
        json_array_end(writer);
    }
    json_object_end(writer);
}

/* ---- statistics ---- */

/* All ways whose innermost tunnel has the same type and identifier. */
struct sum {
    const struct tunnel_level *level;
    uint64_t packets, bytes;
    uint32_t ways;
};

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_identifier(const void *a, const void *b)
{
    const struct tunnel_level *x = ((const struct sum *)a)->level, *y = ((const struct sum *)b)->level;
    int order = strcmp(x->type, y->type);
    if (order == 0)
        order = compare(x->identifier_kind, y->identifier_kind);
    return order != 0 ? order : compare(x->identifier, y->identifier);
}

static int by_packets(const void *a, const void *b)
{
    int order = compare(((const struct sum *)b)->packets, ((const struct sum *)a)->packets);
    return order != 0 ? order : by_identifier(a, b);
}

static size_t add_up(struct sum *sums, size_t count)
{
    size_t kept = 0;
    qsort(sums, count, sizeof *sums, by_identifier);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && by_identifier(&sums[kept - 1], &sums[i]) == 0) {
            sums[kept - 1].packets += sums[i].packets;
            sums[kept - 1].bytes += sums[i].bytes;
            sums[kept - 1].ways++;
        } else {
            sums[kept++] = sums[i];
        }
    }
    qsort(sums, kept, sizeof *sums, by_packets);
    return kept;
}

static void write_sum(struct json_writer *writer, const struct sum *sum)
{
    const char *identifier = tunnel_identifier_name(sum->level->identifier_kind);
    json_object(writer, NULL);
    json_string(writer, "type", sum->level->type);
    if (identifier != NULL)
        json_unsigned(writer, identifier, sum->level->identifier);
    json_unsigned(writer, "pkts", sum->packets);
    json_unsigned(writer, "bytes", sum->bytes);
    json_unsigned(writer, "ways", sum->ways);
    json_object_end(writer);
}

static size_t count_ways(const struct sensor_statistics *statistics)
{
    size_t count = 0;
    for (size_t i = 0; i < statistics->tunnel_tables; i++)
        count += tunnel_table_count(statistics->tunnels[i]);
    return count;
}

/* Ways that are met meanwhile wait for the next time. */
static size_t list_ways(const struct sensor_statistics *statistics, struct sum *sums, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < statistics->tunnel_tables; i++) {
        const struct tunnel_table *table = statistics->tunnels[i];
        for (uint32_t way = 0; way < tunnel_table_count(table) && count < room; way++) {
            const struct tunnel *tunnel = tunnel_table_at(table, way);
            sums[count++] = (struct sum){tunnel_innermost(tunnel),
                                         atomic_load_explicit(&tunnel->packets, memory_order_relaxed),
                                         atomic_load_explicit(&tunnel->bytes, memory_order_relaxed), 1};
        }
    }
    return count;
}

/* The busiest come first; `tunnels_unlisted` says how many more there are. */
void eve_write_tunnels(struct json_writer *writer, const struct sensor_statistics *statistics)
{
    enum { LISTED = 256 };
    size_t room = count_ways(statistics);
    struct sum *sums = room > 0 ? malloc(room * sizeof *sums) : NULL;
    if (sums == NULL)
        return;
    size_t kinds = add_up(sums, list_ways(statistics, sums, room));
    json_array(writer, "tunnels");
    for (size_t i = 0; i < kinds && i < LISTED; i++)
        write_sum(writer, &sums[i]);
    json_array_end(writer);
    if (kinds > LISTED)
        json_unsigned(writer, "tunnels_unlisted", kinds - LISTED);
    free(sums);
}
