// SPDX-License-Identifier: Apache-2.0
/*
 * What to look for elsewhere, in lists that are copied as a whole: pools, wallets, TLS fingerprints.
 */
#include "sink/report/report_page.h"

#include "sink/eve/eve_parts.h"
#include "sink/report/report_html.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_LINES = 200, LINE_SIZE = 320 };

/* Different lines in the order in which they are found. */
struct list {
    char lines[MAX_LINES][LINE_SIZE];
    size_t count, left;
};

static void add(struct list *list, const char *line)
{
    char cut[LINE_SIZE];
    snprintf(cut, sizeof cut, "%s", line);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->lines[i], cut) == 0)
            return;
    if (cut[0] == '\0')
        return;
    if (list->count == MAX_LINES)
        list->left++;
    else
        memcpy(list->lines[list->count++], cut, sizeof cut);
}

static void pools(struct list *list, const struct mining *mining)
{
    char address[ADDRESS_TEXT_SIZE], text[LINE_SIZE];
    bool is_ipv4 = address_is_ipv4(&mining->pool);
    if (mining->pool_domain[0] != '\0') {
        snprintf(text, sizeof text, "%s:%u", mining->pool_domain, mining->pool_port);
        add(list, text);
    }
    if (eve_address_known(&mining->pool)) {
        snprintf(text, sizeof text, is_ipv4 ? "%s:%u" : "[%s]:%u", address_format(&mining->pool, address),
                 mining->pool_port);
        add(list, text);
    }
    add(list, mining->redirect);
}

static void logins(struct list *list, const struct mining *mining)
{
    add(list, summary_login(mining));
    for (size_t i = 0; i < mining->login_count && i < MINING_MAX_LOGINS; i++)
        add(list, mining->logins[i]);
}

static void fingerprints(struct list *list, const struct mining *mining)
{
    add(list, mining->tls.ja4);
    add(list, mining->tls.ja3);
}

static void kind(struct html_report *report, const char *label, struct list *list,
                 void look(struct list *list, const struct mining *mining))
{
    const struct summary_groups *groups = report->groups;
    list->count = list->left = 0;
    for (size_t i = 0; i < groups->miner_count; i++)
        for (size_t k = 0; k < groups->miners[i].count; k++)
            look(list, groups->miners[i].incidents[k]);
    if (list->count == 0)
        return;
    fprintf(report->stream, "<h3>%s</h3>\n<pre>", label);
    for (size_t i = 0; i < list->count; i++) {
        html_text(report->stream, list->lines[i]);
        html_raw(report->stream, "\n");
    }
    html_raw(report->stream, "</pre>\n");
    if (list->left > 0)
        fprintf(report->stream, "<p class=\"dim\">And %zu more, in the JSON.</p>\n", list->left);
}

bool report_indicators(struct html_report *report)
{
    if (report->groups->miner_count == 0)
        return true;
    struct list *list = malloc(sizeof *list);
    if (list == NULL)
        return false;
    html_raw(report->stream,
             "<section aria-labelledby=\"indicators\">\n<h2 id=\"indicators\">To look for elsewhere</h2>\n"
             "<p class=\"dim\">A click selects a whole list. Block names rather than addresses that many "
             "share (content networks, cloud fronts); a wallet finds the same miner at any pool.</p>\n");
    kind(report, "Pools", list, pools);
    kind(report, "Wallets and logins", list, logins);
    kind(report, "TLS fingerprints (JA4, JA3)", list, fingerprints);
    html_raw(report->stream, "</section>\n");
    free(list);
    return true;
}
