// SPDX-License-Identifier: Apache-2.0
/*
 * Where miners stand and whose they are: what a flow shows of it, what the mapping and the inventories make
 * of that, and what is told of it in words. None of it weighs: it does not say whether it is mining.
 */
#include "verdict/judge_private.h"

#include "base/humanise.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

enum { DATE_LENGTH = 10 }; /* of "2026-11-22 09:30:12" */

static void tell_loaded(const struct places *places)
{
    struct places_count count;
    places_get_count(places, &count);
    log_info("places", "loaded: %zu rules, %zu machines and %zu interfaces of %zu inventories", count.rules,
             count.inventory.machines, count.inventory.interfaces, count.inventory.files);
}

void judge_take_places(struct judge *judge, struct places *places)
{
    places_free(judge->places);
    judge->places = places;
    judge->age_is_told = false;
    tell_loaded(places);
}

void judge_warn_age(struct judge *judge)
{
    struct places_count count;
    if (judge->age_is_told || judge->config->places.max_age_s == 0)
        return;
    places_get_count(judge->places, &count);
    int64_t age_s = (judge->now_us - count.inventory.oldest_us) / 1000000;
    if (count.inventory.files == 0 || age_s <= (int64_t)judge->config->places.max_age_s)
        return;
    judge->age_is_told = true;
    char age[HUMANISE_SIZE];
    log_warning(
        "places",
        "the oldest inventory is %s old: machines that came since are not known; export it again, then "
        "reload (places.max-age)",
        humanise_duration(age_s * 1000000, age));
}

/* ---- what a flow shows ---- */

static void add_vlans(struct places_signs *signs, const uint16_t vlans[static 2])
{
    for (size_t i = 0; i < 2; i++)
        if (vlans[i] != 0 && signs->vlan_count < PLACES_MAX_SIGNS)
            signs->vlans[signs->vlan_count++] = vlans[i];
}

/* Innermost first: behind a load balancer it is the mirror's own tunnel. */
static void add_tunnel(struct places_signs *signs, const struct tunnel *tunnel, bool with_sources)
{
    for (uint32_t i = tunnel == NULL ? 0 : tunnel->depth; i-- > 0;) {
        const struct tunnel_level *level = &tunnel->levels[i];
        bool tells_tenants = level->identifier_kind == TUNNEL_VNI || level->identifier_kind == TUNNEL_VSID ||
                             level->identifier_kind == TUNNEL_NETWORK;
        if (tells_tenants && signs->vni_count < PLACES_MAX_SIGNS)
            signs->vnis[signs->vni_count++] = level->identifier;
        if (with_sources && level->ip_version != 0 && signs->source_count < PLACES_MAX_SIGNS)
            signs->sources[signs->source_count++] = level->source;
        add_vlans(signs, level->vlans);
    }
}

/* The tunnel of what the miner sends; a tunnel between hosts has the pool's side as its source the other way.
 */
static void collect_signs(const struct flow_record *flow, const struct address *miner,
                          struct places_signs *signs)
{
    bool is_server = address_equal(miner, &flow->server);
    enum direction sent = is_server ? TO_CLIENT : TO_SERVER;
    *signs = (struct places_signs){.address = *miner, .other = is_server ? flow->client : flow->server};
    add_vlans(signs, flow->vlans);
    add_tunnel(signs, flow->tunnels[sent], true);
    add_tunnel(signs, flow->tunnels[direction_reverse(sent)], flow->tunnels[sent] == NULL);
}

/* ---- what is told ---- */

static void tell(struct mining *mining, const char *what, const char *detail)
{
    if (mining->evidence_count == MINING_MAX_EVIDENCE)
        mining->evidence_count--; /* the last one weighs least */
    describe_add_evidence(mining, what, 0, "%s", detail);
}

static void explain_network(const struct mining *mining, char *text, size_t size)
{
    char date[HUMANISE_SIZE];
    bool is_before = mining->last_seen_us < mining->cloud.inventory_us;
    snprintf(text, size, "not in the inventory of %.*s: %s, or left out of it", DATE_LENGTH,
             humanise_time(mining->cloud.inventory_us, date), is_before ? "gone by then" : "started since");
}

static void explain(struct mining *mining)
{
    char detail[112];
    const struct cloud_place *place = &mining->cloud;
    if (place->is_newer) {
        explain_network(mining, detail, sizeof detail);
        tell(mining, "no machine is known by its address, but its neighbours are", detail);
    } else if (place->match == CLOUD_SEVERAL) {
        snprintf(detail, sizeof detail, "%u of the inventory; name the VPC of its VNI or VLAN",
                 place->candidates);
        tell(mining, "several machines have its address", detail);
    } else if (place->match == CLOUD_MIRROR) {
        snprintf(detail, sizeof detail, "%.100s",
                 place->interface[0] != '\0' ? place->interface : place->instance_id);
        tell(mining, "its machine is named by the interface that mirrored it", detail);
    }
}

void judge_place(struct judge *judge, const struct flow_record *flow, struct mining *mining)
{
    struct places_signs signs;
    collect_signs(flow, &mining->miner, &signs);
    places_find(judge->places, &signs, &mining->cloud);
    explain(mining);
}

void judge_mark_first(struct judge *judge, const char *incident, struct mining *mining)
{
    struct cloud_place *place = &mining->cloud;
    if (place->match == CLOUD_NOWHERE)
        return;
    char detail[112];
    const char *when = first_places_is_kept(judge->firsts) ? "ever" : "since the sensor's start";
    first_places_mark(judge->firsts, incident, place);
    if (!place->first_in_account && !place->first_in_region)
        return;
    snprintf(detail, sizeof detail, "the first %s%s%s%s%.36s", when,
             place->first_in_account ? " in this account" : "",
             place->first_in_account && place->first_in_region ? " and" : "",
             place->first_in_region ? " in " : "", place->first_in_region ? place->region : "");
    tell(mining, "mining was not seen in this place before", detail);
}

void judge_learn_place(struct judge *judge, const struct mining *mining)
{
    if (mining->verdict >= VERDICT_LIKELY && mining->sanction.state != SANCTION_APPLIES)
        first_places_learn(judge->firsts, &mining->cloud, mining->incident, mining->last_seen_us);
}

bool judge_is_place_new(const struct mining *mining)
{
    return mining->cloud.first_in_account || mining->cloud.first_in_region;
}

void judge_place_subject(const struct mining *mining, const char *subject, char *text, size_t size)
{
    const struct cloud_place *place = &mining->cloud;
    if (place->vpc[0] == '\0')
        snprintf(text, size, "%s", subject);
    else
        snprintf(text, size, "%.64s %.100s %s", place->account, place->vpc, subject);
}

/* ---- statistics ---- */

void judge_add_place(struct sensor_statistics *statistics, const struct mining *mining)
{
    const struct cloud_place *place = &mining->cloud;
    size_t i = 0;
    if (place->provider[0] == '\0' && place->account[0] == '\0' && place->region[0] == '\0')
        return;
    for (; i < statistics->place_count; i++) {
        const struct place_sum *sum = &statistics->places[i];
        if (strcmp(sum->provider, place->provider) == 0 && strcmp(sum->account, place->account) == 0 &&
            strcmp(sum->region, place->region) == 0)
            break;
    }
    if (i == PLACES_MAX_SHOWN) {
        statistics->incidents_elsewhere++;
        return;
    }
    struct place_sum *sum = &statistics->places[i];
    if (i == statistics->place_count) {
        *sum = (struct place_sum){0};
        memcpy(sum->provider, place->provider, sizeof sum->provider);
        memcpy(sum->account, place->account, sizeof sum->account);
        memcpy(sum->region, place->region, sizeof sum->region);
        statistics->place_count++;
    }
    sum->incidents++;
    sum->hashrate_hs += mining->hashrate_hs;
    sum->cost_hour += mining->cost.hour;
    sum->cost_hour_low += mining->cost.hour_low;
    sum->cost_hour_high += mining->cost.hour_high;
}

void judge_add_inventory(const struct judge *judge, struct sensor_statistics *statistics)
{
    struct places_count count;
    places_get_count(judge->places, &count);
    statistics->inventory_files = count.inventory.files;
    statistics->inventory_machines = count.inventory.machines;
    statistics->inventory_interfaces = count.inventory.interfaces;
    statistics->place_rules = count.rules;
    int64_t age_us = judge->now_us - count.inventory.oldest_us;
    statistics->inventory_age_s = count.inventory.files > 0 && age_us > 0 ? (uint64_t)age_us / 1000000 : 0;
}
