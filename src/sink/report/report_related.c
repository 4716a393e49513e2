// SPDX-License-Identifier: Apache-2.0
/*
 * A campaign shows in what hosts have in common. At most SUMMARY_MAX_INCIDENTS are compared with each.
 */
#include "sink/report/report_page.h"

#include "sink/report/report_html.h"

#include <ctype.h>
#include <string.h>

enum { MAX_HOSTS = 8, LEAST_NAME = 3 };

static bool same_wallet(const struct mining *a, const struct mining *b)
{
    return summary_login(a)[0] != '\0' && strcmp(summary_login(a), summary_login(b)) == 0;
}

/* "rig01" and "rig2": the same but for their numbers; too short names say nothing. */
static bool same_scheme(const struct mining *one, const struct mining *other)
{
    const char *a = one->worker, *b = other->worker;
    size_t letters = 0;
    while (*a != '\0' && *b != '\0') {
        bool numbers = isdigit((unsigned char)*a) && isdigit((unsigned char)*b);
        if (!numbers && *a != *b)
            return false;
        letters += !numbers;
        a += numbers ? strspn(a, "0123456789") : 1;
        b += numbers ? strspn(b, "0123456789") : 1;
    }
    return *a == *b && letters >= LEAST_NAME;
}

static bool same_pool(const struct mining *a, const struct mining *b)
{
    return a->pool_domain[0] != '\0' ? strcmp(a->pool_domain, b->pool_domain) == 0
                                     : address_equal(&a->pool, &b->pool);
}

typedef bool comparison(const struct mining *a, const struct mining *b);

struct hosts {
    const struct address *found[MAX_HOSTS];
    size_t count; /* also those beyond the list */
    const struct address *latest;
};

/* The incidents of a host stand together. */
static void look_in(struct hosts *hosts, const struct mining *const *incidents, size_t count,
                    const struct mining *mining, comparison *same)
{
    for (size_t i = 0; i < count; i++) {
        const struct address *host = &incidents[i]->miner;
        if (address_equal(host, &mining->miner) || !same(mining, incidents[i]) ||
            (hosts->latest != NULL && address_equal(host, hosts->latest)))
            continue;
        hosts->latest = host;
        if (hosts->count < MAX_HOSTS)
            hosts->found[hosts->count] = host;
        hosts->count++;
    }
}

static size_t mining_count(const struct summary_groups *groups)
{
    size_t count = groups->sorted_count;
    while (count > 0 && summary_is_contact(groups->sorted[count - 1]))
        count--; /* contacts come last */
    return count;
}

/* Whether there are such hosts. */
static bool row(struct html_report *report, const char *label, const struct mining *mining, comparison *same)
{
    char text[HTML_MAX_COLUMNS], address[ADDRESS_TEXT_SIZE];
    const struct summary_groups *groups = report->groups;
    struct hosts hosts = {.count = 0};
    size_t length = 0;
    look_in(&hosts, groups->sorted, mining_count(groups), mining, same);
    look_in(&hosts, groups->sanctioned, groups->sanctioned_count, mining, same);
    if (hosts.count == 0)
        return false;
    for (size_t i = 0; i < hosts.count && i < MAX_HOSTS; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? ", " : "",
                                   address_format(hosts.found[i], address));
    if (hosts.count > MAX_HOSTS && length < sizeof text)
        snprintf(text + length, sizeof text - length, " and %zu more", hosts.count - MAX_HOSTS);
    html_fact(report->stream, label, text);
    return true;
}

void report_related(struct html_report *report, const struct mining *mining)
{
    const char *login = mining->wallet[0] != '\0' ? "Same wallet" : "Same login";
    html_raw(report->stream, "<h4>Other miners of this capture that have it in common</h4>\n<dl>\n");
    bool wallet = row(report, login, mining, same_wallet);
    bool scheme = row(report, "Workers alike", mining, same_scheme);
    bool pool = row(report, "Same pool", mining, same_pool);
    html_raw(report->stream, "</dl>\n");
    if (!wallet && !scheme && !pool)
        html_raw(report->stream, "<p class=\"dim\">No other host has wallet, worker names or pool in common "
                                 "with it.</p>\n");
}
