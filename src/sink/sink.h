// SPDX-License-Identifier: Apache-2.0
/*
 * Where events go. All calls come from the verdict thread, never from a packet thread; a sink that may have
 * to wait for something outside (a server) has a thread and a bounded queue of its own and never makes emit()
 * wait.
 *
 * Adding one is a file that ends in `const struct sink sink_NAME = {...};` and a row SINK(NAME) in sinks.def.
 */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include "base/error.h"
#include "config/config.h"
#include "verdict/event.h"

struct sink_statistics {
    uint64_t written[EVENT_TYPE_COUNT];
    uint64_t dropped[EVENT_TYPE_COUNT];
    uint64_t queued;
    uint64_t spooled;   /* of these, kept in a file: they outlive the sensor */
    uint64_t unspooled; /* that should have been, but found no room there, so far */
};

/* Facts about this run that sinks show or store. Valid as long as the sinks are open. */
struct sink_environment {
    const struct config *config;
    const char *version;
    const char *inputs; /* "eth0, eth1" or "capture.pcap and 3 more files" */
    int64_t started_us; /* wall clock */
    bool is_live;
    const char *command; /* how geophone was called; NULL: unknown */
};

struct sink {
    const char *name;
    const char *summary; /* one line for --build-info */
    bool reads_json;     /* it uses event->json: where no open sink does, that is not written */
    /* Whether the configuration asks for this sink. */
    bool (*wanted)(const struct config *config);
    bool (*open)(void **self, const struct sink_environment *environment, struct error *error);
    bool (*start)(void *self, struct error *error); /* a thread of its own; may be NULL */
    void (*emit)(void *self, const struct event *event);
    void (*tick)(void *self);   /* some ten times a second; may be NULL */
    void (*reopen)(void *self); /* SIGHUP: files were rotated; may be NULL */
    void (*get_statistics)(void *self, struct sink_statistics *statistics); /* may be NULL */
    /* Writes out what waits, within a deadline, and frees `self`. False where something could not be written.
     */
    bool (*close)(void *self);
};

#define SINK(name) extern const struct sink sink_##name;
#include "sink/sinks.def"
#undef SINK

struct sinks;

/* Opens every sink that is wanted. On failure none stays open. */
struct sinks *sinks_open(const struct sink_environment *environment, struct error *error);
/* Starts the threads of sinks, which opening does not: rights are given up in between. Once, before the first
 * event. */
bool sinks_start(struct sinks *sinks, struct error *error);
/* Writes event->json (EVE) once, if the configuration keeps this type and a sink reads it (else it is NULL),
 * and shows the event to all sinks. */
void sinks_emit(struct sinks *sinks, struct event *event);
void sinks_tick(struct sinks *sinks);
void sinks_reopen(struct sinks *sinks);
void sinks_get_statistics(struct sinks *sinks, struct sink_statistics *statistics); /* the sum */
bool sinks_close(struct sinks *sinks);                                              /* NULL is fine */

#endif
