// SPDX-License-Identifier: Apache-2.0
/*
 * Notifications to systemd, or whoever else named a socket in NOTIFY_SOCKET: the protocol of sd_notify(3),
 * which is promised to stay. Written here, as libsystemd would bring compression and more into a program with
 * rights.
 */
#ifndef HEALTH_NOTIFY_H
#define HEALTH_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Opens the way to whoever listens, while there are rights to; -1 where nobody does: that is no fault. */
int notify_open(void);

/* Sends lines such as "READY=1\nSTATUS=...". Needs no right that writing to a file does not. */
bool notify_send(int fd, const char *lines);

/* How often "WATCHDOG=1" is wanted at the latest; 0: not at all. */
int64_t notify_watchdog_ms(void);

#endif
