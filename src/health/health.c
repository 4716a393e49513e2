// SPDX-License-Identifier: Apache-2.0
#include "health/health.h"

#include "base/clock.h"
#include "base/humanise.h"
#include "base/log.h"
#include "health/health_file.h"
#include "health/health_server.h"
#include "health/health_state.h"
#include "health/notify.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_LINE_MS = 10000, WATCHDOG_SHARE = 3 /* so many times as often as wanted */ };

struct health {
    const struct config *config;
    struct health_server *server; /* NULL: not wanted */
    pthread_mutex_t lock;         /* of the state, which the server reads */
    struct health_state state;
    /* the main thread's: when each was last done, and how often the watchdog wants it */
    int64_t file_ms, status_ms, fed_ms, watchdog_ms;
    bool file_failed; /* said once */
    int notify_fd;    /* -1: nobody wants to know */
};

static bool write_state(void *context, struct json_writer *writer)
{
    struct health *health = context;
    pthread_mutex_lock(&health->lock);
    bool fine =
        health_state_write(&health->state, clock_us(CLOCK_MONOTONIC) / 1000, (int64_t)time(NULL), writer);
    pthread_mutex_unlock(&health->lock);
    return fine;
}

struct health *health_open(const struct config *config, struct error *error)
{
    struct health *health = calloc(1, sizeof *health);
    if (health == NULL) {
        error_set(error, STATUS_FAILED, "out of memory");
        return NULL;
    }
    health->config = config;
    health->notify_fd = notify_open();
    pthread_mutex_init(&health->lock, NULL);
    health_state_init(&health->state, (int64_t)config->health.stall_after_s * 1000,
                      clock_us(CLOCK_MONOTONIC) / 1000);
    if (config->health.listen[0] != '\0') {
        health->server = health_server_open(config->health.listen, error);
        if (health->server == NULL) {
            health_close(health);
            return NULL;
        }
    }
    return health;
}

static void write_file(struct health *health)
{
    struct json_writer writer;
    struct error error;
    const char *path = health->config->health.file, *text;
    if (path[0] == '\0')
        return;
    json_writer_init(&writer);
    write_state(health, &writer);
    text = json_writer_text(&writer);
    bool written = text != NULL && health_file_write(path, text, &error);
    if (text != NULL && !written && !health->file_failed)
        log_warning("health", "%s", error.text);
    health->file_failed = !written;
    json_writer_done(&writer);
}

bool health_start(struct health *health, struct error *error)
{
    return health == NULL || health->server == NULL ||
           health_server_start(health->server, write_state, health, error);
}

void health_running(struct health *health)
{
    if (health == NULL)
        return;
    pthread_mutex_lock(&health->lock);
    health_state_init(&health->state, health->state.stall_after_ms, clock_us(CLOCK_MONOTONIC) / 1000);
    health->state.phase = HEALTH_RUNNING;
    pthread_mutex_unlock(&health->lock);
    write_file(health);
    health->file_ms = clock_us(CLOCK_MONOTONIC) / 1000;
    health->watchdog_ms = notify_watchdog_ms();
    notify_send(health->notify_fd, "READY=1\nSTATUS=listening");
}

/* The watchdog is fed only while all is well: systemd starts a sensor anew that is stuck. */
static void notify_state(struct health *health, const struct health_sample *sample, int64_t now)
{
    char reason[128], line[256], packets[HUMANISE_SIZE], drops[HUMANISE_SIZE];
    bool fine = health_state_judge(&health->state, now, reason, sizeof reason);
    if (fine && health->watchdog_ms > 0 && now - health->fed_ms >= health->watchdog_ms / WATCHDOG_SHARE) {
        notify_send(health->notify_fd, "WATCHDOG=1");
        health->fed_ms = now;
    }
    if (now - health->status_ms < STATUS_LINE_MS)
        return;
    health->status_ms = now;
    snprintf(line, sizeof line, "STATUS=%s packets, %s dropped", humanise_count(sample->packets, packets),
             humanise_count(sample->drops, drops));
    if (!fine)
        snprintf(line, sizeof line, "STATUS=%s", reason);
    notify_send(health->notify_fd, line);
}

void health_beat(struct health *health, const struct health_sample *sample)
{
    int64_t now = clock_us(CLOCK_MONOTONIC) / 1000;
    if (health == NULL)
        return;
    pthread_mutex_lock(&health->lock);
    health_state_take(&health->state, sample, now);
    pthread_mutex_unlock(&health->lock);
    if (now - health->file_ms >= (int64_t)health->config->health.interval_s * 1000) {
        health->file_ms = now;
        write_file(health);
    }
    if (health->notify_fd >= 0)
        notify_state(health, sample, now);
}

void health_reloading(struct health *health)
{
    char line[64];
    if (health == NULL || health->notify_fd < 0)
        return;
    snprintf(line, sizeof line, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_us(CLOCK_MONOTONIC));
    notify_send(health->notify_fd, line);
}

void health_reloaded(struct health *health)
{
    if (health != NULL)
        notify_send(health->notify_fd, "READY=1");
}

void health_drain(struct health *health)
{
    if (health == NULL || health->state.phase == HEALTH_DRAINING)
        return;
    pthread_mutex_lock(&health->lock);
    health->state.phase = HEALTH_DRAINING;
    pthread_mutex_unlock(&health->lock);
    write_file(health);
    notify_send(health->notify_fd, "STOPPING=1\nSTATUS=delivering what is left");
}

void health_close(struct health *health)
{
    if (health == NULL)
        return;
    health_server_close(health->server);
    if (health->state.phase != HEALTH_STARTING && health->config->health.file[0] != '\0')
        unlink(health->config->health.file);
    if (health->notify_fd >= 0)
        close(health->notify_fd);
    pthread_mutex_destroy(&health->lock);
    free(health);
}
