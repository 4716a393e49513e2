// SPDX-License-Identifier: Apache-2.0
/*
 * For people: the summary at the end of a reading, and with a live capture on a terminal a line an alert as
 * it comes.
 */
#include "sink/sink.h"
#include "sink/summary/summary_place.h"
#include "sink/summary/summary_report.h"

#include "base/humanise.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct summary {
    struct page page;
    const char *inputs;
    bool is_live, is_terminal;
    struct summary_findings findings;
};

/* Standard output belongs to one of the two. */
static bool summary_wanted(const struct config *config)
{
    bool json_on_stdout =
        config->json.enabled &&
        (config->json.file == NULL || config->json.file[0] == '\0' || strcmp(config->json.file, "-") == 0);
    return config->summary.enabled && !json_on_stdout;
}

static bool summary_open(void **self, const struct sink_environment *environment, struct error *error)
{
    struct summary *summary = calloc(1, sizeof *summary);
    if (summary == NULL)
        return error_set(error, STATUS_FAILED, "cannot write the summary: out of memory");
    page_init(&summary->page, stdout, environment->config->summary.color);
    summary->inputs = environment->inputs;
    summary->is_live = environment->is_live;
    summary->is_terminal = isatty(STDOUT_FILENO);
    *self = summary;
    return true;
}

static void write_alert_line(const struct page *page, const struct event *event)
{
    char when[HUMANISE_SIZE], miner[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE];
    char place[SUMMARY_PLACE_SIZE], raw[1600], rest[600], verdict[16];
    const struct mining *mining = event->mining;
    const char *login = mining->wallet[0] != '\0' ? mining->wallet : mining->user;
    humanise_time(event->time_us, when);
    snprintf(verdict, sizeof verdict, "%-9s",
             event->budget != NULL ? "budget" : verdict_name(mining->verdict));
    if (event->budget != NULL)
        snprintf(raw, sizeof raw, "%s%s  %s", address_format(&mining->miner, miner),
                 summary_place_short(&mining->cloud, place), event->signature);
    else
        snprintf(raw, sizeof raw, "%s%s %s %s  %s%s%s%s%s", address_format(&mining->miner, miner),
                 summary_place_short(&mining->cloud, place), page->unicode ? "\xe2\x86\x92" : "->",
                 summary_pool(page, mining, pool), mining->coin, mining->coin[0] != '\0' ? "  " : "",
                 mining->agent, mining->agent[0] != '\0' ? "  " : "", login);
    size_t used = strlen(when) + 2 + sizeof "confirmed" - 1 + 2;
    humanise_text(raw, page->width > used + 20 ? page->width - used : 20, page->unicode, rest, sizeof rest);
    page_paint(page, PAINT_DIM, when);
    fputs("  ", page->stream);
    page_paint(page, summary_verdict_paint(mining->verdict), verdict);
    fprintf(page->stream, "  %s\n", rest);
}

static void summary_emit(void *self, const struct event *event)
{
    struct summary *summary = self;
    summary_findings_add(&summary->findings, event);
    if (summary->is_live && summary->is_terminal && event->type == EVENT_ALERT && event->mining != NULL &&
        !event->is_repeated) {
        write_alert_line(&summary->page, event);
        fflush(stdout);
    }
}

static bool summary_close(void *self)
{
    struct summary *summary = self;
    bool written = true;
    if (!summary->is_live || summary->is_terminal) {
        summary_report(&summary->page, &summary->findings, summary->inputs);
        errno = 0;
        written = fflush(stdout) == 0 || errno == EPIPE; /* `| head` has seen enough */
        if (!written)
            log_error("summary", "cannot write the summary to standard output: %s", strerror(errno));
    }
    summary_findings_done(&summary->findings);
    free(summary);
    return written;
}

const struct sink sink_summary = {
    .name = "summary",
    .summary = "a summary for people on standard output",
    .wanted = summary_wanted,
    .open = summary_open,
    .emit = summary_emit,
    .close = summary_close,
};
