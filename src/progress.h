// SPDX-License-Identifier: Apache-2.0
/*
 * One line on the terminal that says how far reading has come. Nothing where standard error is no terminal.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "capture/capture.h"

#include <stdbool.h>

struct progress {
    bool shown; /* something stands on the line */
    bool wanted;
};

void progress_init(struct progress *progress, bool quiet);
void progress_show(struct progress *progress, const struct capture *capture);
void progress_clear(struct progress *progress);

#endif
