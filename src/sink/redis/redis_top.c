// SPDX-License-Identifier: Apache-2.0
#include "sink/redis/redis_top.h"

#include "base/siphash.h"
#include "inspect/application.h"
#include "sink/redis/redis_commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMBER_SIZE = 128, TOP_TTL_S = 2 * REDIS_DAY_S, SOURCE_PROBES = 16, NO_HOUR = -1 };

struct member {
    char name[MEMBER_SIZE];
    uint64_t hash, bytes;
    bool changed; /* since it was written */
};

struct dimension {
    struct member members[REDIS_TOP_MEMBERS];
    size_t count;
};

enum { POOL, WALLET, COUNTRY, AS, APPLICATION, DIMENSIONS };

static const char *const names[DIMENSIONS] = {"top:pool", "top:wallet", "top:country", "top:as",
                                              "top:application"};

/* A flow or an incident that was counted and goes on. */
struct source {
    uint64_t id; /* 0: free */
    uint64_t bytes;
};

struct redis_top {
    uint8_t secret[16];
    int64_t hour; /* since 1970; NO_HOUR before the first event */
    struct dimension dimensions[DIMENSIONS];
    struct source sources[REDIS_TOP_SOURCES];
};

struct redis_top *redis_top_create(void)
{
    struct redis_top *top = calloc(1, sizeof *top);
    if (top == NULL)
        return NULL;
    siphash_make_secret(top->secret);
    top->hour = NO_HOUR;
    return top;
}

void redis_top_free(struct redis_top *top)
{
    free(top);
}

/* Names are attackers' texts: their hashes are compared first, and are secret. */
static struct member *get_member(struct redis_top *top, struct dimension *dimension, const char *name)
{
    uint64_t hash = siphash(top->secret, name, strlen(name));
    struct member *least = NULL;
    for (size_t i = 0; i < dimension->count; i++) {
        struct member *member = &dimension->members[i];
        if (member->hash == hash && strcmp(member->name, name) == 0)
            return member;
        if (least == NULL || member->bytes < least->bytes)
            least = member;
    }
    if (dimension->count < REDIS_TOP_MEMBERS)
        least = &dimension->members[dimension->count++];
    *least = (struct member){.hash = hash};
    snprintf(least->name, sizeof least->name, "%s", name);
    return least;
}

static void count(struct redis_top *top, int dimension, const char *name, uint64_t bytes)
{
    char cut[MEMBER_SIZE];
    if (name == NULL || name[0] == '\0' || bytes == 0)
        return;
    snprintf(cut, sizeof cut, "%s", name);
    struct member *member = get_member(top, &top->dimensions[dimension], cut);
    member->bytes += bytes;
    member->changed = true;
}

static struct source *find_source(struct redis_top *top, uint64_t id, struct source **unused)
{
    for (unsigned probe = 0; probe < SOURCE_PROBES; probe++) {
        struct source *source = &top->sources[(id + probe) % REDIS_TOP_SOURCES];
        if (source->id == id)
            return source;
        if (source->id == 0 && *unused == NULL)
            *unused = source;
    }
    return NULL;
}

/* How many of the `bytes` that a source counts since its begin are new. `is_first`: it was not told of
 * before. */
static uint64_t take_new(struct redis_top *top, uint64_t id, uint64_t bytes, bool is_first, bool has_ended)
{
    struct source *unused = NULL, *source = find_source(top, id, &unused);
    uint64_t before = source != NULL ? source->bytes : 0;
    if (has_ended) {
        if (source != NULL)
            *source = (struct source){.id = 0};
        else if (!is_first)
            return 0; /* it was told of, and found no room: what was counted is not known */
        return bytes > before ? bytes - before : 0;
    }
    if (source == NULL && (source = unused) == NULL)
        return is_first ? bytes : 0;
    if (source->id == 0 && !is_first)
        before = bytes; /* from here on */
    *source = (struct source){.id = id, .bytes = bytes > before ? bytes : before};
    return bytes > before ? bytes - before : 0;
}

/* Never 0; secret, so that nobody can crowd a part of the table. */
static uint64_t identify(const struct redis_top *top, const void *bytes, size_t length)
{
    uint64_t id = siphash(top->secret, bytes, length);
    return id != 0 ? id : 1;
}

static void count_flow(struct redis_top *top, const struct flow_record *flow)
{
    uint64_t id = identify(top, &flow->id, sizeof flow->id);
    uint64_t bytes = flow->bytes[0] + flow->bytes[1];
    if (flow->later || !flow->ended) /* most flows have one record */
        bytes = take_new(top, id, bytes, !flow->later, flow->ended);
    const char *name =
        flow->application != APPLICATION_UNKNOWN ? application_name(flow->application) : "unknown";
    count(top, APPLICATION, name, bytes);
}

static void count_incident(struct redis_top *top, const struct event *event)
{
    char text[REDIS_POOL_SIZE];
    const struct mining *mining = event->mining;
    uint64_t id = identify(top, mining->incident, strlen(mining->incident));
    uint64_t bytes =
        take_new(top, id, mining->bytes, event->action == INCIDENT_OPENED, event->action == INCIDENT_CLOSED);
    count(top, POOL, redis_format_pool(mining, text), bytes);
    count(top, WALLET, mining->wallet, bytes);
    count(top, COUNTRY, mining->geo.country, bytes);
    if (mining->geo.as_number == 0)
        return;
    snprintf(text, sizeof text, "AS%u %s", mining->geo.as_number, mining->geo.as_organization);
    count(top, AS, text, bytes);
}

/* GT: after a restart the sums begin again, and what was written before is not made less. */
static void write_dimension(struct dimension *dimension, struct redis_text *text,
                            const struct redis_keys *keys, const char *name, const char *hour)
{
    bool any = false;
    for (size_t i = 0; i < dimension->count; i++) {
        struct member *member = &dimension->members[i];
        if (!member->changed)
            continue;
        if (!any) {
            redis_begin(text, "ZADD", keys, name, hour);
            redis_text_put(text, "GT");
        }
        any = true;
        redis_text_put_number(text, member->bytes);
        redis_text_put(text, member->name);
        member->changed = false;
    }
    if (!any)
        return;
    redis_text_end(text);
    redis_put_trim(text, keys, name, hour, REDIS_TOP_STORED);
    redis_put_expire(text, keys, name, hour, TOP_TTL_S);
}

static void write_all(struct redis_top *top, struct redis_text *text, const struct redis_keys *keys)
{
    char hour[16];
    struct tm parts;
    time_t time = (time_t)top->hour * REDIS_HOUR_S;
    gmtime_r(&time, &parts);
    strftime(hour, sizeof hour, "%Y%m%d%H", &parts);
    for (int i = 0; i < DIMENSIONS; i++)
        write_dimension(&top->dimensions[i], text, keys, names[i], hour);
}

void redis_top_event(struct redis_top *top, struct redis_text *text, const struct redis_keys *keys,
                     const struct event *event)
{
    int64_t hour = event->time_us / 1000000 / REDIS_HOUR_S;
    if (top->hour == NO_HOUR)
        top->hour = hour;
    if (event->type == EVENT_FLOW)
        count_flow(top, &event->flow);
    else if (event->type == EVENT_MINING && event->mining != NULL)
        count_incident(top, event);
    if (event->type != EVENT_STATS)
        return;
    write_all(top, text, keys);
    if (hour == top->hour)
        return;
    for (int i = 0; i < DIMENSIONS; i++)
        top->dimensions[i].count = 0;
    top->hour = hour;
}
