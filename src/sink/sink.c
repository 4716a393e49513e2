// SPDX-License-Identifier: Apache-2.0
/*
 * The fan-out: every event to every open sink, its JSON written once.
 */
#include "sink/sink.h"

#include "sink/eve/eve.h"

#include <signal.h>
#include <stdlib.h>

static const struct sink *const table[] = {
#define SINK(name) &sink_##name,
#include "sink/sinks.def"
#undef SINK
};

enum { TABLE_COUNT = sizeof table / sizeof table[0] };

struct opened {
    const struct sink *sink;
    void *self;
};

struct sinks {
    struct opened opened[TABLE_COUNT];
    size_t count;
    bool keeps[EVENT_TYPE_COUNT]; /* events.types, where a sink reads JSON */
    struct json_writer writer;
};

static void keep_types(struct sinks *sinks, const struct config *config)
{
    bool reads_json = false;
    for (size_t i = 0; i < sinks->count; i++)
        reads_json = reads_json || sinks->opened[i].sink->reads_json;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++)
        sinks->keeps[type] =
            reads_json && config_list_has(&config->events.types, event_type_name((enum event_type)type));
}

struct sinks *sinks_open(const struct sink_environment *environment, struct error *error)
{
    struct sinks *sinks = calloc(1, sizeof *sinks);
    if (sinks == NULL) {
        error_set(error, STATUS_FAILED, "cannot open the outputs: out of memory");
        return NULL;
    }
    json_writer_init(&sinks->writer);
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of a write, not the end of the sensor */
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        struct opened *next = &sinks->opened[sinks->count];
        if (!table[i]->wanted(environment->config))
            continue;
        if (!table[i]->open(&next->self, environment, error)) {
            sinks_close(sinks);
            return NULL;
        }
        next->sink = table[i];
        sinks->count++;
    }
    keep_types(sinks, environment->config);
    return sinks;
}

bool sinks_start(struct sinks *sinks, struct error *error)
{
    for (size_t i = 0; i < sinks->count; i++)
        if (sinks->opened[i].sink->start != NULL &&
            !sinks->opened[i].sink->start(sinks->opened[i].self, error))
            return false;
    return true;
}

void sinks_emit(struct sinks *sinks, struct event *event)
{
    event->json = NULL;
    event->json_length = 0;
    if (sinks->keeps[event->type]) {
        json_writer_reset(&sinks->writer);
        eve_write(&sinks->writer, event);
        event->json = json_writer_text(&sinks->writer);
        event->json_length = event->json != NULL ? sinks->writer.length : 0;
    }
    for (size_t i = 0; i < sinks->count; i++)
        sinks->opened[i].sink->emit(sinks->opened[i].self, event);
}

void sinks_tick(struct sinks *sinks)
{
    for (size_t i = 0; i < sinks->count; i++)
        if (sinks->opened[i].sink->tick != NULL)
            sinks->opened[i].sink->tick(sinks->opened[i].self);
}

void sinks_reopen(struct sinks *sinks)
{
    for (size_t i = 0; i < sinks->count; i++)
        if (sinks->opened[i].sink->reopen != NULL)
            sinks->opened[i].sink->reopen(sinks->opened[i].self);
}

void sinks_get_statistics(struct sinks *sinks, struct sink_statistics *statistics)
{
    *statistics = (struct sink_statistics){0};
    for (size_t i = 0; i < sinks->count; i++) {
        struct sink_statistics one = {0};
        if (sinks->opened[i].sink->get_statistics == NULL)
            continue;
        sinks->opened[i].sink->get_statistics(sinks->opened[i].self, &one);
        for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
            statistics->written[type] += one.written[type];
            statistics->dropped[type] += one.dropped[type];
        }
        statistics->queued += one.queued;
        statistics->spooled += one.spooled;
        statistics->unspooled += one.unspooled;
    }
}

bool sinks_close(struct sinks *sinks)
{
    bool all_written = true;
    if (sinks == NULL)
        return true;
    while (sinks->count > 0) {
        const struct opened *last = &sinks->opened[--sinks->count];
        if (!last->sink->close(last->self))
            all_written = false;
    }
    json_writer_done(&sinks->writer);
    free(sinks);
    return all_written;
}
