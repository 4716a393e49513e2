// SPDX-License-Identifier: Apache-2.0
#include "dashboard/metrics/metrics_text.h"

#include "base/humanise.h"

#include <math.h>
#include <stdbool.h>

enum { MAX_LABEL = 128 };

void metrics_family(FILE *to, const char *name, enum metric_type type, const char *help)
{
    fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
            type == METRIC_COUNTER ? "counter" : "gauge");
}

/* What is no printable UTF-8 becomes "?"; longer than MAX_LABEL columns: cut. The backslash and the quote are
 * escaped, and of line feeds none is left. */
static void put_value(FILE *to, const char *value)
{
    char text[4 * MAX_LABEL];
    humanise_text(value, MAX_LABEL, true, text, sizeof text);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\\' || *at == '"')
            fputc('\\', to);
        fputc(*at, to);
    }
}

void metrics_sample(FILE *to, const char *name, const struct metric_label *labels, size_t count, double value)
{
    if (!isfinite(value))
        return;
    fputs(name, to);
    for (size_t i = 0; i < count; i++) {
        fprintf(to, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
        put_value(to, labels[i].value);
        fputc('"', to);
    }
    /* counts in full, up to 2^53 */
    bool is_whole = value == trunc(value) && fabs(value) <= 9007199254740992.0;
    fprintf(to, is_whole ? "%s %.0f\n" : "%s %.15g\n", count > 0 ? "}" : "", value);
}
