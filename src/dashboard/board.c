// SPDX-License-Identifier: Apache-2.0
#include "dashboard/board.h"

bool board_init(struct board *board, const struct model_limits *limits, struct error *error)
{
    *board = (struct board){.model = model_create(limits, error)};
    if (board->model == NULL)
        return false;
    pthread_mutex_init(&board->lock, NULL);
    news_init(&board->news);
    return true;
}

void board_done(struct board *board)
{
    if (board->model == NULL)
        return;
    news_done(&board->news);
    pthread_mutex_destroy(&board->lock);
    model_free(board->model);
}

void board_lock(struct board *board)
{
    pthread_mutex_lock(&board->lock);
}

void board_unlock(struct board *board)
{
    pthread_mutex_unlock(&board->lock);
}
