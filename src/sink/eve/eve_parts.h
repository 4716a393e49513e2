// SPDX-License-Identifier: Apache-2.0
/*
 * Between the files that write EVE records; others include sink/eve/eve.h.
 */
#ifndef SINK_EVE_EVE_PARTS_H
#define SINK_EVE_EVE_PARTS_H

#include "base/json_put.h"
#include "sink/eve/eve.h"

void eve_time(struct json_writer *writer, const char *name, int64_t time_us);
void eve_address(struct json_writer *writer, const char *name, const struct address *address);
bool eve_address_known(const struct address *address); /* not all zero */

/* Names as Suricata writes them: those of /etc/protocols; others as a number of three digits, in `number`. */
const struct json_word *eve_protocol_word(uint8_t protocol, struct json_word *number);
void eve_protocol(struct json_writer *writer, uint8_t protocol);
char *eve_put_vlans(char *at, const uint16_t vlans[static 2]);
void eve_vlans(struct json_writer *writer, const uint16_t vlans[static 2]); /* none where both are 0 */

/* eve_time.c */
char *eve_write_timestamp(char *at, int64_t time_us); /* without a NUL; returns where it ends */
#define EVE_PUT_TIME(at, name, time_us)                                                                      \
    json_put_quoted(eve_write_timestamp(JSON_PUT_QUOTE(at, name), time_us))

/* eve_head.c */
void eve_write_head(struct json_writer *writer, const struct event *event); /* of every record */
enum { EVE_HEAD_TIME = sizeof "\"timestamp\":\"" - 1 };                     /* where its time stands */

/* eve_flow.c */
/* Members of the object `flow` of alerts. */
void eve_write_counters(struct json_writer *writer, const struct flow_record *flow);
/* `flow`, and `tcp`, of a record whose head begins at `head` of the writer's text. */
void eve_write_flow(struct json_writer *writer, size_t head, const struct event *event);

/* eve_tunnel.c */
/* The way that a flow came; of the client's packets where the directions came different ways. NULL: in none.
 */
const struct tunnel *eve_tunnel_of(const struct flow_record *flow);
void eve_write_tunnel(struct json_writer *writer, const struct flow_record *flow);
void eve_write_tunnels(struct json_writer *writer, const struct sensor_statistics *statistics);

/* eve_mining.c */
double eve_round(double value); /* to four significant digits; 0 for what is no positive number */
void eve_write_budget(struct json_writer *writer, const struct budget *budget);
void eve_write_mining(struct json_writer *writer, const struct event *event);

/* eve_cloud.c: the object `cloud` of a miner; none where nothing is known */
void eve_write_cloud(struct json_writer *writer, const struct cloud_place *place);

/* eve_statistics.c: the object `stats` */
void eve_write_statistics(struct json_writer *writer, const struct sensor_statistics *statistics);

#endif
