// SPDX-License-Identifier: Apache-2.0
/*
 * An incident in the time of the capture: a bar from its first to its last packet, and above it how its
 * shares grew, where they were told at several moments.
 */
#include "sink/report/report_page.h"

#include "base/humanise.h"
#include "sink/report/report_html.h"

/* In units of the drawing. */
enum {
    LEFT = 8,
    WIDTH = 684,
    TOP = 18,
    HEIGHT = 80,
    BAR_Y = 108,
    BAR_HEIGHT = 10,
    TEXT_Y = 136,
    LEAST_POINTS = 3
};

struct scale {
    int64_t first_us, last_us;
    uint64_t shares; /* most */
};

static double x_of(const struct scale *scale, int64_t time_us)
{
    double whole = (double)scale->last_us - (double)scale->first_us;
    double share = whole > 0 ? ((double)time_us - (double)scale->first_us) / whole : 0;
    return LEFT + WIDTH * (share < 0 ? 0 : share > 1 ? 1 : share);
}

static double y_of(const struct scale *scale, uint64_t shares)
{
    double share = scale->shares > 0 ? (double)shares / (double)scale->shares : 0;
    return TOP + HEIGHT * (1 - (share > 1 ? 1 : share));
}

static bool has_curve(const struct summary_incident *incident)
{
    return incident->point_count >= LEAST_POINTS && incident->mining.shares_submitted > 0;
}

static void curve(FILE *stream, const struct scale *scale, const struct summary_incident *incident)
{
    char number[HUMANISE_SIZE];
    fprintf(stream, "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>\n<polyline class=\"curve\" points=\"", LEFT,
            TOP, TOP + HEIGHT, LEFT + WIDTH);
    for (size_t i = 0; i < incident->point_count; i++)
        fprintf(stream, "%.1f,%.1f ", x_of(scale, incident->points[i].time_us),
                y_of(scale, incident->points[i].shares));
    fprintf(stream, "\"/>\n<text x=\"%d\" y=\"%d\">shares sent, up to %s</text>\n", LEFT, TOP - 6,
            humanise_count(scale->shares, number));
}

static void bar(FILE *stream, const struct scale *scale, const struct mining *mining)
{
    char first[HUMANISE_SIZE], last[HUMANISE_SIZE];
    double from = x_of(scale, mining->first_seen_us), to = x_of(scale, mining->last_seen_us);
    fprintf(stream,
            "<rect class=\"span\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>\n"
            "<rect class=\"bar\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\"/>\n",
            LEFT, BAR_Y, WIDTH, BAR_HEIGHT, from > LEFT + WIDTH - 3 ? LEFT + WIDTH - 3 : from, BAR_Y,
            to - from > 3 ? to - from : 3, BAR_HEIGHT);
    fprintf(
        stream,
        "<text x=\"%d\" y=\"%d\">%s UTC</text>\n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s UTC</text>\n",
        LEFT, TEXT_Y, humanise_time(scale->first_us, first), LEFT + WIDTH, TEXT_Y,
        humanise_time(scale->last_us, last));
}

void report_timeline(struct html_report *report, const struct summary_incident *incident)
{
    FILE *stream = report->stream;
    const struct mining *mining = &incident->mining;
    const struct scale scale = {report->findings->first_us, report->findings->last_us,
                                mining->shares_submitted};
    char first[HUMANISE_SIZE], last[HUMANISE_SIZE], lasted[HUMANISE_SIZE], words[200];
    bool with_curve = has_curve(incident);
    int top = with_curve ? 0 : BAR_Y - 8;
    snprintf(words, sizeof words, "First seen %s, last seen %s UTC, over %s",
             humanise_time(mining->first_seen_us, first), humanise_time(mining->last_seen_us, last),
             humanise_duration(mining->last_seen_us - mining->first_seen_us, lasted));
    fprintf(stream, "<p class=\"dim\">%s. The picture spans the capture.</p>\n", words);
    fprintf(stream, "<svg viewBox=\"0 %d 700 %d\" role=\"img\" aria-label=\"%s\">\n", top, 144 - top, words);
    if (with_curve)
        curve(stream, &scale, incident);
    bar(stream, &scale, mining);
    html_raw(stream, "</svg>\n");
}
