// SPDX-License-Identifier: Apache-2.0
/*
 * What the files of the reader share: reader.c (thread and connection), reader_index.c (sensors and
 * incidents), reader_streams.c (alerts, statistics, history), reader_news.c (what browsers are told).
 */
#ifndef DASHBOARD_MODEL_READER_PRIVATE_H
#define DASHBOARD_MODEL_READER_PRIVATE_H

#include "dashboard/model/reader.h"
#include "redis/redis_client.h"
#include "redis/redis_text.h"

enum {
    READER_STREAM_ID_SIZE = 48, /* "1795253412123-0" */
    READER_KEY_SIZE = 320,
    READER_TOLD = 50,   /* rows in an event at most */
    READER_BATCH = 200, /* commands in a pipeline */
};

/* Where reading stands with one sensor; the place in the list is the sensor's number. */
struct reader_cursor {
    bool is_begun;   /* the streams' ends are known */
    bool is_changed; /* to be told to browsers */
    char alerts[READER_STREAM_ID_SIZE], ts[READER_STREAM_ID_SIZE],
        history[READER_STREAM_ID_SIZE];                                       /* read up to */
    char ts_from[READER_STREAM_ID_SIZE], history_from[READER_STREAM_ID_SIZE]; /* read back to; "": no more */
};

struct reader_wanted { /* an incident whose hash is to be read */
    struct sensor_view *sensor;
    char id[INCIDENT_ID_SIZE];
};

struct reader_told { /* what the next events tell */
    struct reader_wanted incidents[READER_TOLD];
    size_t incident_count, opened, updated, closed;
    bool more_incidents;
    struct model_alert alerts[READER_TOLD];
    size_t alert_count;
    double series_s; /* time of the newest point that was told */
    char *overview;  /* as it was told last */
    bool is_changed; /* the overview may be another */
};

struct reader {
    struct board *board;
    const struct redis_login *login;
    const char *prefix;
    pthread_t thread;
    pthread_mutex_t lock; /* of `stopping` */
    pthread_cond_t wake;
    bool stopping;
    struct redis_client *client;
    struct redis_text text;
    struct error error; /* why the connection is given up */
    struct model_link link;
    struct reader_cursor cursors[MODEL_MAX_SENSORS];
    struct reader_wanted *wanted;
    size_t wanted_count, wanted_size;
    uint32_t round;    /* of looking through the indexes */
    size_t backfill;   /* the sensor whose past is read next */
    char refused[256]; /* what the server refuses, or "" */
    struct reader_told told;
};

/* ---- reader.c ---- */

/* Begins a command for a key of the sensor: "geophone:{name}:" and `key`. */
void reader_begin(struct reader *reader, const char *command, const struct sensor_view *sensor,
                  const char *key);
/* Sends what was written since the last time. */
bool reader_send(struct reader *reader);
/* The next answer; NULL where it was refused. False: the connection is of no use. */
bool reader_next(struct reader *reader, const struct redis_value **value);

/* ---- reader_index.c; false: the connection is of no use ---- */

/* The list of sensors, and how each is. */
bool reader_read_sensors(struct reader *reader);
/* The indexes of incidents: those that are not known or moved are wanted, those that are gone forgotten. */
bool reader_read_indexes(struct reader *reader);
/* Wants an incident once. */
void reader_want(struct reader *reader, struct sensor_view *sensor, const char *id, size_t length);
/* Reads what is wanted. `tells`: browsers are told. */
bool reader_read_wanted(struct reader *reader, bool tells);
bool reader_read_applications(struct reader *reader);

/* ---- reader_streams.c; false: the connection is of no use ---- */

/* Finds the ends of the streams of sensors that are new. */
bool reader_begin_streams(struct reader *reader);
/* What is new in all streams. */
bool reader_follow_streams(struct reader *reader);
/* A piece of the past; `more` says whether there is more of it. */
bool reader_read_past(struct reader *reader, bool *more);

/* ---- reader_news.c; with the board locked ---- */

void reader_note_incident(struct reader *reader, const struct sensor_view *sensor, const char *id,
                          enum model_change change);
void reader_note_alert(struct reader *reader, const struct model_alert *alert);
/* Makes events of what was noted. */
void reader_tell(struct reader *reader, int64_t now_us);
/* The connection came or went, or all was read. */
void reader_tell_link(struct reader *reader, int64_t now_us, bool begin_anew);

#endif
