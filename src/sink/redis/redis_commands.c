// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_commands.h"

#include "base/json_writer.h"
#include "sink/eve/eve.h"
#include "sink/eve/eve_parts.h"
#include "verdict/quality.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    INCIDENT_TTL_S = 7 * REDIS_DAY_S,
    MINER_TTL_S = REDIS_DAY_S,
    META_TTL_S = REDIS_DAY_S,
    SENSORS_TTL_S = 30 * REDIS_DAY_S,
    ALIVE_TTL_S = 30,  /* three heartbeats */
    INDEX_MAX = 10000, /* newest members that stay in incidents and miners */
    SENSORS_MAX = 1000,
};

enum redis_class redis_class_of(enum event_type type)
{
    return type == EVENT_ALERT    ? REDIS_CLASS_ALERT
           : type == EVENT_MINING ? REDIS_CLASS_INCIDENT
                                  : REDIS_CLASS_ORDINARY;
}

/* Notes `member` in the sorted set `name` and leaves only the newest in it. */
static void put_index(struct redis_text *text, const struct redis_keys *keys, const char *name,
                      int64_t time_us, const char *member, uint64_t ttl_s)
{
    redis_begin(text, "ZADD", keys, name, "");
    redis_text_put_seconds(text, time_us);
    redis_text_put(text, member);
    redis_text_end(text);
    redis_put_trim(text, keys, name, "", INDEX_MAX);
    redis_put_expire(text, keys, name, "", ttl_s);
}

static void field(struct redis_text *text, const char *name, const char *value)
{
    redis_text_put(text, name);
    redis_text_put(text, value != NULL ? value : "");
}

static void field_number(struct redis_text *text, const char *name, uint64_t value)
{
    redis_text_put(text, name);
    redis_text_put_number(text, value);
}

static void field_real(struct redis_text *text, const char *name, double value)
{
    redis_text_put(text, name);
    redis_text_put_real(text, value);
}

static void field_address(struct redis_text *text, const char *name, const struct address *address)
{
    char written[ADDRESS_TEXT_SIZE];
    field(text, name, eve_address_known(address) ? address_format(address, written) : "");
}

static void field_time(struct redis_text *text, const char *name, int64_t time_us)
{
    char written[EVE_TIMESTAMP_SIZE];
    field(text, name, eve_timestamp(time_us, written));
}

const char *redis_format_pool(const struct mining *mining, char text[static REDIS_POOL_SIZE])
{
    char address[ADDRESS_TEXT_SIZE];
    bool has_name = mining->pool_domain[0] != '\0';
    bool is_ipv6 = !has_name && !address_is_ipv4(&mining->pool);
    if (mining->pool_port == 0) /* a name that was asked for: no connection yet */
        snprintf(text, REDIS_POOL_SIZE, "%s", mining->pool_domain);
    else
        snprintf(text, REDIS_POOL_SIZE, "%s%s%s:%u", is_ipv6 ? "[" : "",
                 has_name ? mining->pool_domain : address_format(&mining->pool, address), is_ipv6 ? "]" : "",
                 mining->pool_port);
    return text;
}

static void field_pool(struct redis_text *text, const struct mining *mining)
{
    char pool[REDIS_POOL_SIZE];
    field(text, "pool", redis_format_pool(mining, pool));
}

/* The path, outermost first, as one word for filters: "http-connect/websocket". */
static void field_carrier(struct redis_text *text, const char *carrier)
{
    char path[sizeof((struct mining *)0)->carrier];
    size_t length = 0;
    for (const char *at = carrier; *at != '\0' && length < sizeof path - 1; at++) {
        if (strncmp(at, " > ", 3) == 0) {
            path[length++] = '/';
            at += 2;
        } else {
            path[length++] = *at;
        }
    }
    path[length] = '\0';
    field(text, "carrier", path);
}

/* Over all, the latest 10 minutes and the latest hour, each with its relative error. */
static void put_rate_fields(struct redis_text *text, const struct mining *mining)
{
    field_real(text, "hashrate", mining->hashrate_hs);
    field_real(text, "hashrate_error", mining->hashrate_error);
    field_real(text, "hashrate_10m", mining->hashrate_10m_hs);
    field_real(text, "hashrate_10m_error", mining->hashrate_10m_error);
    field_real(text, "hashrate_1h", mining->hashrate_1h_hs);
    field_real(text, "hashrate_1h_error", mining->hashrate_1h_error);
    field_real(text, "hashrate_upper", mining->hashrate_upper_hs);
}

/* The same fields in alerts, incidents and miners, always all of them: Grafana fixes the columns of a stream,
 * and their types, by its first entry. */
static void put_mining_fields(struct redis_text *text, const struct mining *mining)
{
    field(text, "incident", mining->incident);
    field(text, "kind", mining->kind);
    field(text, "dialect", mining->dialect);
    field_carrier(text, mining->carrier);
    field(text, "verdict", verdict_name(mining->verdict));
    field_real(text, "confidence", mining->confidence);
    field_address(text, "miner_ip", &mining->miner);
    field_pool(text, mining);
    field_address(text, "pool_ip", &mining->pool);
    field(text, "pool_operator", mining->pool_operator);
    field(text, "pool_name_from", mining->pool_name_from);
    field(text, "pool_other_name", mining->pool_other_name);
    field(text, "coin", mining->coin);
    field(text, "algorithm", mining->algorithm);
    field(text, "agent", mining->agent);
    field(text, "user", mining->user);
    field(text, "wallet", mining->wallet);
    field(text, "worker", mining->worker);
    field_real(text, "difficulty", mining->difficulty);
    field_number(text, "shares_submitted", mining->shares_submitted);
    field_number(text, "shares_accepted", mining->shares_accepted);
    field_number(text, "shares_rejected", mining->shares_rejected);
    field_number(text, "shares_stale", mining->shares_stale);
    field_number(text, "shares_proven", mining->shares_proven);
    field_number(text, "shares_invalid", mining->shares_invalid);
    put_rate_fields(text, mining);
    field_real(text, "cost_hour", mining->cost.hour);
    field_real(text, "cost_total", mining->cost.total);
    field(text, "cost_currency", mining->cost.currency);
    field(text, "cost_basis", mining->cost.basis);
    field(text, "country", mining->geo.country);
    field_number(text, "asn", mining->geo.as_number);
    field(text, "as_org", mining->geo.as_organization);
    field(text, "instance", mining->cloud.instance_id);
    field(text, "region", mining->cloud.region);
    field(text, "provider", mining->cloud.provider);
    field(text, "account", mining->cloud.account);
    field(text, "instance_name", mining->cloud.instance_name);
    field(text, "instance_type", mining->cloud.instance_type);
    field(text, "label", mining->cloud.label);
}

/* `vni`: whatever tells tenants apart, as the event names it; 0 where nothing does. */
static void put_tunnel_fields(struct redis_text *text, const struct event *event)
{
    static const struct tunnel_level none;
    const struct tunnel *tunnel = eve_tunnel_of(&event->flow);
    const struct tunnel_level *level = tunnel != NULL ? tunnel_innermost(tunnel) : &none;
    bool tells = level->identifier_kind >= TUNNEL_VNI && level->identifier_kind <= TUNNEL_NETWORK;
    field(text, "tunnel_type", level->type);
    field_number(text, "vni", tells ? level->identifier : 0);
    field_address(text, "tunnel_src", &level->source);
}

static void put_doorbell(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    struct json_writer writer;
    char miner[ADDRESS_TEXT_SIZE];
    json_writer_init(&writer);
    json_object(&writer, NULL);
    json_string(&writer, "id", event->alert_id);
    json_string_if(&writer, "incident", event->mining->incident);
    json_string(&writer, "miner_ip", address_format(&event->mining->miner, miner));
    json_string(&writer, "verdict", verdict_name(event->mining->verdict));
    json_unsigned(&writer, "severity", event->severity);
    json_string_if(&writer, "signature", event->signature);
    json_object_end(&writer);
    const char *json = json_writer_text(&writer);
    if (json != NULL) {
        redis_begin(text, "PUBLISH", keys, "alert", "");
        redis_text_put(text, json);
        redis_text_end(text);
    }
    json_writer_done(&writer);
}

/* Empty and 0 in alerts of mining itself. */
static void put_budget_fields(struct redis_text *text, const struct budget *budget)
{
    field(text, "budget", budget != NULL ? cost_budget_name(budget->scope) : "");
    field_real(text, "budget_limit", budget != NULL ? budget->limit : 0);
    field_real(text, "budget_spent", budget != NULL ? budget->spent : 0);
}

static void put_alert(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    redis_begin_stream(text, keys, "alerts", keys->alerts_length);
    field(text, "id", event->alert_id);
    field_time(text, "time", event->time_us);
    field(text, "signature", event->signature);
    field_number(text, "signature_id", event->signature_id);
    field_number(text, "severity", event->severity);
    put_budget_fields(text, event->budget);
    put_mining_fields(text, event->mining);
    put_tunnel_fields(text, event);
    field(text, "community_id", event->community_id);
    redis_text_put(text, "eve");
    redis_text_put_bytes(text, event->json != NULL ? event->json : "", event->json_length);
    redis_text_end(text);
    redis_put_eve(text, keys, event);
    if (!event->is_repeated)
        put_doorbell(text, keys, event);
}

/* The reasons, a line each: weight, words, detail, between tabs. What came from the wire can end neither. */
static void field_evidence(struct redis_text *text, const struct mining *mining)
{
    char lines[MINING_MAX_EVIDENCE * (sizeof mining->evidence[0].detail + 160)];
    size_t length = 0;
    for (size_t i = 0; i < mining->evidence_count && i < MINING_MAX_EVIDENCE; i++) {
        const struct evidence_item *item = &mining->evidence[i];
        length += (size_t)snprintf(lines + length, sizeof lines - length, "%s%d\t%.120s\t", i > 0 ? "\n" : "",
                                   item->weight, item->what != NULL ? item->what : "");
        for (const char *c = item->detail; *c != '\0' && length < sizeof lines - 1; c++)
            lines[length++] = (char)((unsigned char)*c < 0x20 ? ' ' : *c);
    }
    redis_text_put(text, "evidence");
    redis_text_put_bytes(text, lines, length);
}

static void put_state(struct redis_text *text, const struct redis_keys *keys, const char *name,
                      const char *member, const struct event *event, uint64_t ttl_s)
{
    const struct mining *mining = event->mining;
    redis_begin(text, "HSET", keys, name, member);
    field(text, "state", event->action == INCIDENT_CLOSED ? "closed" : "active");
    field_time(text, "first_seen", mining->first_seen_us);
    field_time(text, "last_seen", mining->last_seen_us);
    field_number(text, "flows", mining->flows);
    field_number(text, "bytes", mining->bytes);
    field_real(text, "hashes", mining->hashes);
    bool sanctioned = mining->sanction.state == SANCTION_APPLIES;
    field_number(text, "sanctioned", sanctioned);
    field(text, "sanctioned_reason", sanctioned ? mining->sanction.reason : "");
    field(text, "sanctioned_until", sanctioned ? mining->sanction.until : "");
    field_evidence(text, mining);
    put_mining_fields(text, mining);
    put_tunnel_fields(text, event);
    redis_text_end(text);
    redis_put_expire(text, keys, name, member, ttl_s);
}

/* How the incident went on, numbers only: for charts of one, and for readers to learn what changed. */
static void put_history(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    static const char *const actions[] = {
        [INCIDENT_OPENED] = "opened", [INCIDENT_UPDATED] = "updated", [INCIDENT_CLOSED] = "closed"};
    const struct mining *mining = event->mining;
    double recent = mining->hashrate_10m_hs;
    redis_begin_stream(text, keys, "history", keys->history_length);
    field(text, "incident", mining->incident);
    field(text, "action", actions[event->action]);
    redis_text_put(text, "time");
    redis_text_put_seconds(text, mining->last_seen_us);
    field_real(text, "hashrate", recent > 0 ? recent : mining->hashrate_hs);
    field_number(text, "shares_submitted", mining->shares_submitted);
    field_number(text, "shares_accepted", mining->shares_accepted);
    field_number(text, "shares_rejected", mining->shares_rejected);
    field_real(text, "cost_total", mining->cost.total);
    field_number(text, "bytes", mining->bytes);
    redis_text_end(text);
}

/* A miner's state is that of its latest incident. Who only looked a pool up, or spoke to its address, is none
 * yet. */
static void put_incident(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    const struct mining *mining = event->mining;
    char miner[ADDRESS_TEXT_SIZE];
    put_state(text, keys, "incident", mining->incident, event, INCIDENT_TTL_S);
    put_index(text, keys, "incidents", mining->last_seen_us, mining->incident, INCIDENT_TTL_S);
    put_history(text, keys, event);
    if (mining->kind == NULL || strcmp(mining->kind, "pool-contact") != 0) {
        address_format(&mining->miner, miner);
        put_state(text, keys, "miner", miner, event, MINER_TTL_S);
        put_index(text, keys, "miners", mining->last_seen_us, miner, INCIDENT_TTL_S);
    }
    redis_put_eve(text, keys, event);
}

/* What the sensor is given, in words: of each fault its level, and advice where there is need. */
static void put_quality(struct redis_text *text, const struct redis_keys *keys,
                        const struct quality faults[static QUALITY_FAULTS])
{
    char name[64];
    redis_begin(text, "HSET", keys, "quality", "");
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        field(text, faults[i].fault, quality_level_name(faults[i].level));
        snprintf(name, sizeof name, "%s_share", faults[i].fault);
        field_real(text, name, faults[i].share);
        snprintf(name, sizeof name, "%s_advice", faults[i].fault);
        field(text, name, faults[i].level != QUALITY_GOOD ? faults[i].advice : "");
    }
    redis_text_end(text);
    redis_put_expire(text, keys, "quality", "", META_TTL_S);
}

static void put_series(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    const struct sensor_statistics *statistics = event->statistics;
    char name[64];
    uint64_t dropped = statistics->reports_dropped;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        dropped += statistics->sink_dropped[type];
    struct quality faults[QUALITY_FAULTS];
    quality_assess(statistics, faults);
    redis_begin_stream(text, keys, "ts", keys->ts_length);
    redis_text_put(text, "time");
    redis_text_put_seconds(text, event->time_us);
    field_real(text, "pps", statistics->packets_per_second);
    field_real(text, "bps", statistics->bits_per_second);
    field_number(text, "packets", statistics->capture.frames);
    field_number(text, "bytes", statistics->capture.bytes);
    field_number(text, "drops", statistics->interval_drops);
    field_number(text, "flows", statistics->flow.active);
    field_number(text, "new_flows", statistics->interval_flows);
    field_number(text, "miners", statistics->miners_active);
    field_number(text, "incidents", statistics->incidents_active);
    field_real(text, "hashrate", statistics->hashrate_hs);
    field_real(text, "cost_hour", statistics->cost_hour);
    field_real(text, "cost_day", statistics->cost_day);
    field_number(text, "alerts", statistics->interval_alerts);
    field_number(text, "queue", statistics->sink_queue);
    field_number(text, "lost_events", dropped);
    field_number(text, "memory", statistics->memory_bytes);
    /* since the start, for those who see only some entries */
    field_number(text, "drops_total", statistics->capture.kernel_drops + statistics->capture.interface_drops);
    field_number(text, "flows_total", statistics->flow.created);
    field_number(text, "alerts_total", statistics->alerts);
    for (int i = 0; i < QUALITY_FAULTS; i++) {
        snprintf(name, sizeof name, "%s_share", faults[i].fault);
        field_real(text, name, faults[i].share);
    }
    redis_text_end(text);
    put_quality(text, keys, faults);
    redis_put_eve(text, keys, event);
}

void redis_commands_event(struct redis_text *text, const struct redis_keys *keys, const struct event *event)
{
    redis_text_reset(text);
    if (event->type == EVENT_ALERT && event->mining != NULL)
        put_alert(text, keys, event);
    else if (event->type == EVENT_MINING && event->mining != NULL)
        put_incident(text, keys, event);
    else if (event->type == EVENT_STATS && event->statistics != NULL)
        put_series(text, keys, event);
    else
        redis_put_eve(text, keys, event);
}

static void put_alive(struct redis_text *text, const struct redis_keys *keys,
                      const struct sink_environment *environment, int64_t now_us)
{
    struct json_writer writer;
    char time[EVE_TIMESTAMP_SIZE];
    json_writer_init(&writer);
    json_object(&writer, NULL);
    json_string(&writer, "time", eve_timestamp(now_us, time));
    json_string_if(&writer, "version", environment->version);
    json_integer(&writer, "pid", getpid());
    json_integer(&writer, "running_s", (now_us - environment->started_us) / 1000000);
    json_object_end(&writer);
    const char *json = json_writer_text(&writer);
    redis_begin(text, "SET", keys, "alive", "");
    redis_text_put(text, json != NULL ? json : "{}");
    redis_text_put(text, "EX");
    redis_text_put_number(text, ALIVE_TTL_S);
    redis_text_end(text);
    json_writer_done(&writer);
}

/* The list of sensors is the one key that all sensors share: it stands outside the hash tag. */
static void put_sensor(struct redis_text *text, const struct redis_keys *keys, int64_t now_us)
{
    char key[sizeof keys->prefix + 16], oldest[24];
    snprintf(key, sizeof key, "%s:sensors", keys->prefix);
    redis_text_begin(text, "ZADD");
    redis_text_put(text, key);
    redis_text_put_seconds(text, now_us);
    redis_text_put(text, keys->sensor);
    redis_text_end(text);
    redis_text_begin(text, "ZREMRANGEBYRANK");
    redis_text_put(text, key);
    redis_text_put(text, "0");
    snprintf(oldest, sizeof oldest, "-%d", SENSORS_MAX + 1);
    redis_text_put(text, oldest);
    redis_text_end(text);
    redis_text_begin(text, "EXPIRE");
    redis_text_put(text, key);
    redis_text_put_number(text, SENSORS_TTL_S);
    redis_text_end(text);
}

void redis_commands_heartbeat(struct redis_text *text, const struct redis_keys *keys,
                              const struct sink_environment *environment, int64_t now_us)
{
    redis_text_reset(text);
    put_alive(text, keys, environment, now_us);
    redis_begin(text, "HSET", keys, "meta", "");
    field(text, "version", environment->version);
    field(text, "interfaces", environment->inputs);
    field(text, "mode", environment->is_live ? "live" : "read");
    field_time(text, "started", environment->started_us);
    redis_text_end(text);
    redis_put_expire(text, keys, "meta", "", META_TTL_S);
    put_sensor(text, keys, now_us);
}
