// SPDX-License-Identifier: Apache-2.0
/*
 * Alerts and incident records that the Redis server has not taken yet, in a file: they outlive an outage of
 * the server together with the end of the sensor, however it ends.
 *
 * Each is written before any sink shows it, and given up once the server has acknowledged it. The verdict
 * thread appends, the Redis thread reads; both touch the kernel's cache of the file only. A thread of the
 * spool waits for the disk: what has waited for the server for a second is there.
 */
#ifndef SINK_REDIS_REDIS_SPOOL_H
#define SINK_REDIS_REDIS_SPOOL_H

#include "base/error.h"
#include "config/config.h"
#include "sink/redis/redis_queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct redis_spool;

/* Whether the configuration asks for one. */
bool redis_spool_wanted(const struct config *config, bool is_live);

/* The file: its directory and the sensor's name. False where it does not fit. */
bool redis_spool_path(const struct config *config, char *path, size_t size);

/* Makes its directory, and the one above it, where they are not there. Whether it made the directory. */
bool redis_spool_make_directory(const struct config *config);

/* Opens the file, makes it where it is not there, and keeps others from it. What is damaged at its end is cut
 * off; a file that is no spool is put aside. The directory must be there. */
struct redis_spool *redis_spool_open(const char *path, uint64_t max_bytes, struct error *error);

/* Starts its thread; once. */
bool redis_spool_start(struct redis_spool *spool, struct error *error);

/* Brings all to the disk. NULL is fine. What waits stays in the file. */
void redis_spool_close(struct redis_spool *spool);

/* How many records of a class wait and were not read yet. Any thread. */
uint64_t redis_spool_unread(struct redis_spool *spool, enum redis_class class);

/* One thread: writes the message behind all others. False where there is no room, which it says once. */
bool redis_spool_append(struct redis_spool *spool, const struct redis_message *message);

/* Another thread, as the two below: the next record that was not read, allocated; NULL where none waits, or
 * too many that were read are not done. Adds to `lost` how many of each class turned out to be unreadable. */
struct redis_message *redis_spool_read(struct redis_spool *spool, uint64_t lost[static REDIS_CLASS_COUNT]);

/* The record with this number (message->spooled) need not be kept any more. */
void redis_spool_done(struct redis_spool *spool, uint64_t sequence);
/* Notes in the file what is done so far. */
void redis_spool_commit(struct redis_spool *spool);

#endif
