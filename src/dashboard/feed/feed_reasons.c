// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_reasons.h"

#include "dashboard/feed/feed_allow.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static void put_time(struct json_writer *json, const char *name, int64_t time_us)
{
    json_double(json, name, (double)time_us / 1e6);
}

/* "60\tthe pool accepted a share\t5 submitted" is told as "the pool accepted a share: 5 submitted". */
static void put_evidence(struct json_writer *json, const char *lines)
{
    char sentence[256];
    json_array(json, "evidence");
    for (size_t i = 0; *lines != '\0' && i < FEED_REASONS_MAX_EVIDENCE; i++) {
        size_t length = strcspn(lines, "\n"), weight = strcspn(lines, "\t\n");
        const char *words = lines + weight + (lines[weight] == '\t');
        size_t said = strcspn(words, "\t\n");
        const char *detail = words + said + (words[said] == '\t');
        size_t told = strcspn(detail, "\n");
        snprintf(sentence, sizeof sentence, "%.*s%s%.*s", (int)said, words, told > 0 ? ": " : "", (int)told,
                 detail);
        json_string(json, NULL, sentence);
        lines += length + (lines[length] == '\n');
    }
    json_array_end(json);
}

static void put_sighting(struct json_writer *json, const struct feed_sighting *sighting)
{
    json_object(json, NULL);
    json_string(json, "sensor", sighting->sensor);
    json_string(json, "id", sighting->incident);
    json_string_if(json, "kind", sighting->kind);
    json_string_if(json, "dialect", sighting->dialect);
    json_string_if(json, "carrier", sighting->carrier);
    json_string(json, "verdict", feed_verdict_name(sighting->verdict));
    json_double(json, "confidence", sighting->confidence);
    json_string_if(json, "coin", sighting->coin);
    json_string_if(json, "miner_ip", sighting->miner);
    json_string_if(json, "wallet", sighting->wallet);
    json_string_if(json, "pool", sighting->pool);
    json_string_if(json, "pool_ip", sighting->pool_ip);
    json_string_if(json, "pool_name_from", sighting->name_from);
    json_string_if(json, "pool_other_name", sighting->other_name);
    put_time(json, "first_seen", sighting->first_us);
    put_time(json, "last_seen", sighting->last_us);
    put_evidence(json, sighting->evidence);
    json_object_end(json);
}

/* An incident comes as its state and as alerts, and as the other end's name and address: told once. */
static bool is_told(const struct feed_entry *entry, size_t index)
{
    const struct feed_sighting *sighting = entry->candidates[index].sighting;
    for (size_t i = 0; i < index; i++)
        if (strcmp(entry->candidates[i].sighting->incident, sighting->incident) == 0 &&
            strcmp(entry->candidates[i].sighting->sensor, sighting->sensor) == 0)
            return true;
    return false;
}

static void put_incidents(struct json_writer *json, const struct feed_entry *entry)
{
    enum { LOOKED_AT = 64 };
    size_t told = 0;
    json_array(json, "incidents");
    for (size_t i = 0; i < entry->count && i < LOOKED_AT && told < FEED_REASONS_MAX_INCIDENTS; i++) {
        if (is_told(entry, i))
            continue;
        put_sighting(json, entry->candidates[i].sighting);
        told++;
    }
    json_array_end(json);
    json_unsigned(json, "sightings", entry->count);
}

static void put_entry(struct json_writer *json, const struct feed_entry *entry)
{
    char address[ADDRESS_TEXT_SIZE];
    json_object(json, NULL);
    json_string(json, "type", entry->candidates[0].type == FEED_NAME ? "name" : "address");
    json_string(json, "value", feed_entry_text(entry, address));
    json_string(json, "verdict", feed_verdict_name(entry->verdict));
    json_double(json, "confidence", entry->confidence);
    put_time(json, "since", entry->since_us);
    put_time(json, "last_seen", entry->last_us);
    put_time(json, "until", entry->until_us);
    json_string(json, "reason", feed_guard_word(entry->guard));
    json_string(json, "why", feed_guard_sentence(entry->guard));
    json_string_if(json, "detail", entry->detail);
    put_incidents(json, entry);
    json_object_end(json);
}

static void put_policy(struct json_writer *json, const struct feed_policy *policy)
{
    json_object(json, "policy");
    json_string(json, "verdict", feed_verdict_name(policy->verdict));
    json_integer(json, "keep_s", policy->keep_us / 1000000);
    json_unsigned(json, "max_entries", policy->max_entries);
    json_unsigned(json, "allow_rows", feed_allow_count(policy->allow));
    json_object_end(json);
}

static bool is_wanted(const struct feed_entry *entry, const char *value)
{
    char address[ADDRESS_TEXT_SIZE];
    return value == NULL || strcasecmp(feed_entry_text(entry, address), value) == 0;
}

void feed_reasons_write(struct json_writer *json, const struct feed_view *view, const char *value)
{
    put_time(json, "time", view->time_us);
    put_policy(json, &view->policy);
    json_array(json, "listed");
    for (size_t i = 0; i < view->count; i++)
        if (view->entries[i].guard == FEED_LISTED && is_wanted(&view->entries[i], value))
            put_entry(json, &view->entries[i]);
    json_array_end(json);
    json_array(json, "withheld");
    size_t told = 0, left_out = 0;
    for (size_t i = 0; i < view->count; i++) {
        if (view->entries[i].guard == FEED_LISTED || !is_wanted(&view->entries[i], value))
            continue;
        if (told < view->policy.max_entries) {
            put_entry(json, &view->entries[i]);
            told++;
        } else {
            left_out++;
        }
    }
    json_array_end(json);
    json_unsigned(json, "withheld_left_out", left_out);
}
