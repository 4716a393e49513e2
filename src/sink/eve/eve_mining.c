// SPDX-License-Identifier: Apache-2.0
/*
 * The object `mining` of alerts and incidents: absent, not empty, where something is not known.
 */
#include "sink/eve/eve_parts.h"

#include <math.h>

/* Four digits are more than an estimate holds. */
double eve_round(double value)
{
    if (!isfinite(value) || value <= 0)
        return 0;
    double magnitude = floor(log10(value));
    if (magnitude >= 3) {
        double unit = pow(10, magnitude - 3);
        return round(value / unit) * unit;
    }
    double scale = pow(10, 3 - magnitude);
    return isfinite(scale) ? round(value * scale) / scale : 0;
}

static void write_positive(struct json_writer *writer, const char *name, double value)
{
    if (isfinite(value) && value > 0)
        json_double(writer, name, value);
}

static void write_roles(struct json_writer *writer, const struct mining *mining)
{
    json_string_if(writer, "redirect", mining->redirect);
    if (mining->miners_behind > 0)
        json_unsigned(writer, "miners_behind", mining->miners_behind);
    if (mining->login_count < 2)
        return; /* the one there is stands as `user` */
    json_array(writer, "logins");
    for (size_t i = 0; i < mining->login_count && i < MINING_MAX_LOGINS; i++)
        json_string(writer, NULL, mining->logins[i]);
    json_array_end(writer);
}

static void write_who(struct json_writer *writer, const struct mining *mining)
{
    if (eve_address_known(&mining->miner))
        eve_address(writer, "miner_ip", &mining->miner);
    if (eve_address_known(&mining->pool))
        eve_address(writer, "pool_ip", &mining->pool);
    if (mining->pool_port != 0)
        json_unsigned(writer, "pool_port", mining->pool_port);
    json_string_if(writer, "pool_domain", mining->pool_domain);
    json_string_if(writer, "pool_operator", mining->pool_operator);
    json_string_if(writer, "carrier", mining->carrier);
    json_string_if(writer, "destination", mining->destination);
    json_string_if(writer, "origin", mining->origin);
    json_string_if(writer, "coin", mining->coin);
    json_string_if(writer, "algorithm", mining->algorithm);
    json_string_if(writer, "algorithms", mining->algorithms);
    json_string_if(writer, "agent", mining->agent);
    json_string_if(writer, "software", mining->software);
    json_string_if(writer, "software_version", mining->software_version);
    json_string_if(writer, "user", mining->user);
    json_string_if(writer, "wallet", mining->wallet);
    json_string_if(writer, "worker", mining->worker);
    json_string_if(writer, "rig", mining->rig);
    json_string_if(writer, "password", mining->password);
    write_roles(writer, mining);
}

static void write_rate(struct json_writer *writer, const struct mining *mining)
{
    write_positive(writer, "hashrate_hs", eve_round(mining->hashrate_hs));
    write_positive(writer, "hashrate_error", eve_round(mining->hashrate_error));
    write_positive(writer, "hashrate_10m_hs", eve_round(mining->hashrate_10m_hs));
    write_positive(writer, "hashrate_10m_error", eve_round(mining->hashrate_10m_error));
    write_positive(writer, "hashrate_1h_hs", eve_round(mining->hashrate_1h_hs));
    write_positive(writer, "hashrate_1h_error", eve_round(mining->hashrate_1h_error));
    write_positive(writer, "hashrate_upper_hs", eve_round(mining->hashrate_upper_hs));
    bool has_rate = mining->hashrate_hs > 0 || mining->hashrate_upper_hs > 0;
    if (has_rate && mining->hashrate_assumes != NULL)
        json_string_if(writer, "hashrate_assumes", mining->hashrate_assumes);
}

static void write_work(struct json_writer *writer, const struct mining *mining)
{
    write_positive(writer, "difficulty", mining->difficulty);
    if (mining->shares_submitted > 0 || mining->shares_accepted > 0 || mining->shares_rejected > 0) {
        json_unsigned(writer, "shares_submitted", mining->shares_submitted);
        json_unsigned(writer, "shares_accepted", mining->shares_accepted);
        json_unsigned(writer, "shares_rejected", mining->shares_rejected);
        if (mining->shares_stale > 0)
            json_unsigned(writer, "shares_stale", mining->shares_stale);
    }
    if (mining->block_height > 0)
        json_unsigned(writer, "block_height", mining->block_height);
    if (mining->shares_proven > 0 || mining->shares_invalid > 0) {
        json_unsigned(writer, "shares_proven", mining->shares_proven);
        json_unsigned(writer, "shares_invalid", mining->shares_invalid);
    }
    write_rate(writer, mining);
    write_positive(writer, "hashrate_claimed_hs", eve_round(mining->hashrate_claimed_hs));
}

/* Flat for those who chart it, and the whole with its range and what it rests on. */
static void write_cost(struct json_writer *writer, const struct cost *cost)
{
    if (!isfinite(cost->hour) || cost->hour <= 0)
        return;
    write_positive(writer, "cost_hour", eve_round(cost->hour));
    json_string_if(writer, "cost_currency", cost->currency);
    write_positive(writer, "cost_total", eve_round(cost->total));
    json_object(writer, "cost");
    json_double(writer, "hour", eve_round(cost->hour));
    json_double(writer, "hour_low", eve_round(cost->hour_low));
    json_double(writer, "hour_high", eve_round(cost->hour_high));
    json_double(writer, "total", eve_round(cost->total));
    json_double(writer, "total_low", eve_round(cost->total_low));
    json_double(writer, "total_high", eve_round(cost->total_high));
    json_string_if(writer, "currency", cost->currency);
    json_string_if(writer, "basis", cost->basis);
    json_boolean(writer, "estimate", true);
    json_object_end(writer);
}

void eve_write_budget(struct json_writer *writer, const struct budget *budget)
{
    json_object(writer, "budget");
    json_string(writer, "scope", cost_budget_name(budget->scope));
    json_double(writer, "limit", eve_round(budget->limit));
    json_double(writer, "spent", eve_round(budget->spent));
    json_double(writer, "spent_low", eve_round(budget->spent_low));
    json_double(writer, "spent_high", eve_round(budget->spent_high));
    json_string_if(writer, "currency", budget->currency);
    json_string_if(writer, "provider", budget->provider);
    json_string_if(writer, "account", budget->account);
    json_string_if(writer, "day", budget->day);
    json_boolean(writer, "estimate", true);
    json_object_end(writer);
}

static void write_evidence(struct json_writer *writer, const struct mining *mining)
{
    if (mining->evidence_count == 0)
        return;
    json_array(writer, "evidence");
    for (size_t i = 0; i < mining->evidence_count && i < MINING_MAX_EVIDENCE; i++) {
        json_object(writer, NULL);
        json_string_if(writer, "what", mining->evidence[i].what);
        json_string_if(writer, "detail", mining->evidence[i].detail);
        json_integer(writer, "weight", mining->evidence[i].weight);
        json_object_end(writer);
    }
    json_array_end(writer);
}

static void write_place(struct json_writer *writer, const struct geo_place *place)
{
    if (place->country[0] == '\0' && place->as_number == 0 && place->as_organization[0] == '\0')
        return;
    json_object(writer, "geo");
    json_string_if(writer, "country", place->country);
    if (place->as_number != 0)
        json_unsigned(writer, "asn", place->as_number);
    json_string_if(writer, "as_org", place->as_organization);
    json_object_end(writer);
}

/* Only what is in force: that a sanction ended, or does not cover this, stands in the evidence. */
static void write_sanction(struct json_writer *writer, const struct sanction *sanction)
{
    if (sanction->state != SANCTION_APPLIES)
        return;
    json_object(writer, "sanctioned");
    json_string(writer, "reason", sanction->reason);
    json_string(writer, "rule", sanction->rule);
    json_string_if(writer, "until", sanction->until);
    json_object_end(writer);
}

static void write_life(struct json_writer *writer, const struct event *event)
{
    const struct mining *mining = event->mining;
    json_string(writer, "action", incident_action_name(event->action));
    eve_time(writer, "first_seen", mining->first_seen_us);
    eve_time(writer, "last_seen", mining->last_seen_us);
    json_unsigned(writer, "flows", mining->flows);
    json_unsigned(writer, "bytes", mining->bytes);
    write_positive(writer, "hashes", eve_round(mining->hashes));
}

void eve_write_mining(struct json_writer *writer, const struct event *event)
{
    const struct mining *mining = event->mining;
    json_object(writer, "mining");
    if (event->type == EVENT_MINING)
        write_life(writer, event);
    json_string_if(writer, "incident", mining->incident);
    json_string_if(writer, "kind", mining->kind);
    json_string_if(writer, "dialect", mining->dialect);
    json_string(writer, "verdict", verdict_name(mining->verdict));
    json_double(writer, "confidence",
                isfinite(mining->confidence) ? round(mining->confidence * 100) / 100 : 0);
    write_who(writer, mining);
    write_work(writer, mining);
    write_cost(writer, &mining->cost);
    write_sanction(writer, &mining->sanction);
    write_evidence(writer, mining);
    write_place(writer, &mining->geo);
    eve_write_cloud(writer, &mining->cloud);
    json_object_end(writer);
}
