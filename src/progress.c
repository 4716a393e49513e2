// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void progress_init(struct progress *progress, bool quiet)
{
    const char *terminal = getenv("TERM");
    bool moves = terminal != NULL && strcmp(terminal, "dumb") != 0;
    *progress = (struct progress){.wanted = !quiet && moves && isatty(STDERR_FILENO)};
}

void progress_show(struct progress *progress, const struct capture *capture)
{
    if (!progress->wanted)
        return;
    struct capture_statistics statistics;
    capture_get_statistics(capture, &statistics);
    double read = (double)statistics.bytes_read / 1e6, total = (double)statistics.bytes_total / 1e6;
    if (statistics.bytes_total > 0)
        fprintf(stderr, "\r\033[Kreading: %3.0f %% (%.1f of %.1f MB), %llu packets", 100 * read / total, read,
                total, (unsigned long long)statistics.frames);
    else
        fprintf(stderr, "\r\033[Kreading: %.1f MB, %llu packets", read,
                (unsigned long long)statistics.frames);
    fflush(stderr);
    progress->shown = true;
}

void progress_clear(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
