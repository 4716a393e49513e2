// SPDX-License-Identifier: Apache-2.0
/*
 * What the thread that reads Redis and the thread that answers browsers share: the model and the news, behind
 * one lock. The reader writes in short steps; a handler holds the lock while it writes its answer.
 */
#ifndef DASHBOARD_BOARD_H
#define DASHBOARD_BOARD_H

#include "dashboard/model/model.h"
#include "dashboard/model/news.h"

#include <pthread.h>

struct board {
    pthread_mutex_t lock;
    struct model *model;
    struct news news;
    void (*changed)(void *listener); /* news were added, or a second has passed; called without the lock */
    void *listener;
};

bool board_init(struct board *board, const struct model_limits *limits, struct error *error);
void board_done(struct board *board);

void board_lock(struct board *board);
void board_unlock(struct board *board);

#endif
