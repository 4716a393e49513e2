// SPDX-License-Identifier: Apache-2.0
/*
 * One miner in the summary. Many incidents of one miner (a tool that tries 900 pools with the same wallet)
 * are shown together: what they share once, the first few pools, and the number of the rest.
 */
#include "sink/summary/summary_report.h"

#include "base/humanise.h"
#include "base/text.h"
#include "sink/eve/eve_parts.h"
#include "sink/summary/summary_place.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_POOLS = 3, MAX_IDENTITIES = 4, MAX_EVIDENCE = 5, MAX_CONTACTS = 4, LINE_SIZE = 700 };

/* Text that is put together piece by piece and cut where it does not fit. */
struct line {
    char text[LINE_SIZE];
    size_t length;
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line->length = text_append(line->text, sizeof line->text, line->length, format, arguments);
    va_end(arguments);
}

static void add_raw(struct line *line, const struct page *page, const char *raw)
{
    char safe[LINE_SIZE];
    humanise_text(raw, 400, page->unicode, safe, sizeof safe);
    add(line, "%s", safe);
}

enum page_paint summary_verdict_paint(enum verdict verdict)
{
    return verdict == VERDICT_CONFIRMED ? PAINT_RED : verdict == VERDICT_LIKELY ? PAINT_YELLOW : PAINT_CYAN;
}

const char *summary_pool(const struct page *page, const struct mining *mining,
                         char text[static SUMMARY_POOL_SIZE])
{
    char name[ADDRESS_TEXT_SIZE + 256] = "", port[8] = "";
    bool has_name = mining->pool_domain[0] != '\0';
    bool is_ipv6 = !has_name && !address_is_ipv4(&mining->pool);
    if (has_name)
        humanise_text(mining->pool_domain, 255, page->unicode, name, sizeof name);
    else
        address_format(&mining->pool, name);
    if (mining->pool_port != 0)
        snprintf(port, sizeof port, ":%u", mining->pool_port);
    snprintf(text, SUMMARY_POOL_SIZE, is_ipv6 && port[0] != '\0' ? "[%s]%s" : "%s%s", name, port);
    return text;
}

const char *summary_login(const struct mining *mining)
{
    return mining->wallet[0] != '\0' ? mining->wallet : mining->user;
}

/* The same person at work: same wallet (or login) and same software. */
static bool same_identity(const struct mining *a, const struct mining *b)
{
    return strcmp(summary_login(a), summary_login(b)) == 0 && strcmp(a->agent, b->agent) == 0;
}

static void row_raw(const struct page *page, const char *label, const char *raw)
{
    struct line line = {0};
    if (raw == NULL || raw[0] == '\0')
        return;
    add_raw(&line, page, raw);
    page_row(page, label, line.text);
}

static void row_since(const struct page *page, const struct mining *const *incidents, size_t count)
{
    char when[HUMANISE_SIZE], lasted[HUMANISE_SIZE];
    struct line line = {0};
    int64_t first_us, last_us;
    summary_span(incidents, count, &first_us, &last_us);
    add(&line, "%s UTC", humanise_time(first_us, when));
    if (last_us - first_us >= 1000000)
        add(&line, ", seen for %s", humanise_duration(last_us - first_us, lasted));
    page_row(page, "since", line.text);
}

static void add_place(struct line *line, const struct page *page, const struct mining *mining)
{
    char address[ADDRESS_TEXT_SIZE];
    const char *between = " (";
    address_format(&mining->pool, address);
    if (mining->pool_domain[0] != '\0' && strcmp(mining->pool_domain, address) != 0 &&
        eve_address_known(&mining->pool)) {
        add(line, "%s%s", between, address);
        between = ", ";
    }
    const char *words[] = {mining->pool_operator, mining->geo.country};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i][0] != '\0') {
            add(line, "%s", between);
            add_raw(line, page, words[i]);
            between = ", ";
        }
    if (mining->geo.as_number != 0) {
        add(line, "%sAS%u ", between, mining->geo.as_number);
        add_raw(line, page, mining->geo.as_organization);
        between = ", ";
    }
    if (between[0] == ',')
        add(line, ")");
}

static void row_pools(const struct page *page, const struct mining *const *incidents, size_t count)
{
    char pool[SUMMARY_POOL_SIZE], number[HUMANISE_SIZE];
    size_t same = 0;
    for (size_t i = 0; i < count; i++) {
        struct line line = {0};
        if (!same_identity(incidents[0], incidents[i]) || ++same > MAX_POOLS)
            continue;
        add(&line, "%s", summary_pool(page, incidents[i], pool));
        add_place(&line, page, incidents[i]);
        page_row(page, same == 1 ? "pool" : "", line.text);
    }
    if (same > MAX_POOLS) {
        struct line line = {0};
        add(&line, "and %s more pools", humanise_count(same - MAX_POOLS, number));
        page_row(page, "", line.text);
    }
}

static void row_proof(const struct page *page, uint64_t proven, uint64_t missed)
{
    char text[SUMMARY_PROOF_SIZE];
    if (summary_proof(proven, missed, text)[0] != '\0')
        page_row(page, "proof", text);
}

static void row_shares(const struct page *page, const struct mining *const *incidents, size_t count)
{
    char number[HUMANISE_SIZE];
    uint64_t submitted = 0, accepted = 0, rejected = 0, proven = 0, missed = 0;
    struct line line = {0};
    for (size_t i = 0; i < count; i++) {
        submitted += incidents[i]->shares_submitted;
        accepted += incidents[i]->shares_accepted;
        rejected += incidents[i]->shares_rejected;
        proven += incidents[i]->shares_proven;
        missed += incidents[i]->shares_invalid;
    }
    if (submitted + accepted + rejected == 0)
        return;
    add(&line, "%s share%s sent", humanise_count(submitted, number), submitted == 1 ? "" : "s");
    add(&line, ", %s accepted", humanise_count(accepted, number));
    if (rejected > 0)
        add(&line, ", %s rejected", humanise_count(rejected, number));
    if (incidents[0]->difficulty > 0)
        add(&line, ", difficulty %.6g", incidents[0]->difficulty);
    page_row(page, "work", line.text);
    row_proof(page, proven, missed);
}

static void row_lately(const struct page *page, const struct mining *mining)
{
    char text[SUMMARY_LATELY_SIZE];
    if (summary_lately(page, mining, text)[0] != '\0')
        page_row(page, "lately", text);
}

/* The speed that the shares prove stands in the headline. */
static void row_claim(const struct page *page, const struct mining *mining)
{
    char number[HUMANISE_SIZE];
    struct line line = {0};
    if (mining->hashrate_claimed_hs <= 0)
        return;
    add(&line, "%s by the miner's own word",
        humanise_hashrate(mining->hashrate_claimed_hs, mining->algorithm, number));
    page_row(page, "claims", line.text);
}

static void row_cost(const struct page *page, const struct mining *const *incidents, size_t count)
{
    struct cost sum;
    char text[SUMMARY_COST_SIZE];
    struct line line = {0};
    const struct mining *first = summary_cost_of_miner(incidents, count, &sum);
    if (first == NULL)
        return;
    add(&line, "%s: ", summary_cost(&sum, text));
    add_raw(&line, page, first->cost.basis);
    page_row(page, "cost", line.text);
}

static void row_protocol(const struct page *page, const struct mining *mining)
{
    struct line line = {0};
    add_raw(&line, page, mining->kind != NULL ? mining->kind : "unknown");
    if (mining->carrier[0] != '\0') {
        add(&line, " in ");
        add_raw(&line, page, mining->carrier);
    }
    if (mining->dialect != NULL && mining->dialect[0] != '\0' &&
        (mining->kind == NULL || strcmp(mining->dialect, mining->kind) != 0)) {
        add(&line, ", dialect ");
        add_raw(&line, page, mining->dialect);
    }
    page_row(page, "protocol", line.text);
}

/* The weightiest reasons first, each on a line of its own. */
static void rows_evidence(const struct page *page, const struct mining *mining)
{
    const struct evidence_item *items[MINING_MAX_EVIDENCE];
    size_t count = summary_evidence(mining, items);
    for (size_t i = 0; i < count && i < MAX_EVIDENCE; i++) {
        struct line line = {0};
        add_raw(&line, page, items[i]->what != NULL ? items[i]->what : "");
        if (items[i]->detail[0] != '\0') {
            add(&line, ": ");
            add_raw(&line, page, items[i]->detail);
        }
        page_row(page, i == 0 ? "because" : "", line.text);
    }
    if (count > MAX_EVIDENCE) {
        struct line line = {0};
        add(&line, "and %zu more reason%s", count - MAX_EVIDENCE, count == MAX_EVIDENCE + 1 ? "" : "s");
        page_row(page, "", line.text);
    }
}

/* Incidents of the same miner under another login or with other software. */
static void rows_others(const struct page *page, const struct mining *const *incidents, size_t count)
{
    size_t identities = 0;
    for (size_t i = 1; i < count; i++) {
        char pool[SUMMARY_POOL_SIZE];
        struct line line = {0};
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = same_identity(incidents[k], incidents[i]);
        if (seen || ++identities >= MAX_IDENTITIES)
            continue;
        add_raw(&line, page,
                summary_login(incidents[i])[0] != '\0' ? summary_login(incidents[i]) : "unknown login");
        add(&line, " at %s", summary_pool(page, incidents[i], pool));
        if (strcmp(incidents[i]->agent, incidents[0]->agent) != 0 && incidents[i]->agent[0] != '\0') {
            add(&line, " with ");
            add_raw(&line, page, incidents[i]->agent);
        }
        page_row(page, identities == 1 ? "also" : "", line.text);
    }
    if (identities >= MAX_IDENTITIES) {
        struct line line = {0};
        add(&line, "and %zu more logins", identities - MAX_IDENTITIES + 1);
        page_row(page, "", line.text);
    }
}

static bool is_pool_of(const struct mining *contact, const struct mining *const *incidents, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (contact->pool_domain[0] != '\0' ? strcmp(contact->pool_domain, incidents[i]->pool_domain) == 0
                                            : address_equal(&contact->pool, &incidents[i]->pool))
            return true;
    return false;
}

/* Known pools that the miner was in contact with beside those it mines for. */
static void row_contacts(const struct page *page, const struct mining *const *incidents, size_t count,
                         const struct mining *const *contacts, size_t contact_count)
{
    char pool[SUMMARY_POOL_SIZE];
    struct line line = {0};
    size_t shown = 0;
    for (size_t i = 0; i < contact_count; i++) {
        if (is_pool_of(contacts[i], incidents, count))
            continue;
        if (shown++ < MAX_CONTACTS)
            add(&line, "%s%s", line.length > 0 ? ", " : "", summary_pool(page, contacts[i], pool));
    }
    if (shown > MAX_CONTACTS)
        add(&line, " and %zu more", shown - MAX_CONTACTS);
    if (shown > 0)
        page_row(page, "contacts", line.text);
}

/* Not where the login is the wallet, alone or with the worker behind it: both are shown. */
static bool login_says_more(const struct mining *mining)
{
    size_t length = strlen(mining->wallet);
    if (length == 0 || strncmp(mining->user, mining->wallet, length) != 0)
        return true;
    const char *rest = mining->user + length;
    return rest[0] != '\0' && strcmp(rest + 1, mining->worker) != 0;
}

static void rows_roles(const struct page *page, const struct mining *mining)
{
    struct line behind = {0}, logins = {0};
    if (mining->miners_behind > 0) {
        add(&behind, "a proxy: %u miner%s behind it", mining->miners_behind,
            mining->miners_behind == 1 ? "" : "s");
        page_row(page, "role", behind.text);
    }
    for (size_t i = 0; i < mining->login_count && i < MINING_MAX_LOGINS; i++) {
        add(&logins, "%s", i > 0 ? ", " : "");
        add_raw(&logins, page, mining->logins[i]);
    }
    if (mining->login_count > 1)
        page_row(page, "logins", logins.text);
    row_raw(page, "sent on to", mining->redirect);
}

/* A sanction that does not hold here. */
static void row_sanction(const struct page *page, const struct mining *mining)
{
    const struct sanction *sanction = &mining->sanction;
    struct line line = {0};
    if (sanction->state == SANCTION_EXPIRED)
        add(&line, "ended, was until %s: ", sanction->until);
    else if (sanction->state == SANCTION_OTHER)
        add(&line, "not for this %s: ", sanction->lacks);
    else
        return;
    add_raw(&line, page, sanction->reason);
    add(&line, " (%s)", sanction->rule);
    page_row(page, "sanction", line.text);
}

static void headline(const struct page *page, const struct mining *mining)
{
    char address[ADDRESS_TEXT_SIZE], speed[SUMMARY_SPEED_SIZE];
    struct line line = {0};
    enum page_paint paint = summary_verdict_paint(mining->verdict);
    page_paint(page, paint, page->unicode ? "\xe2\x97\x8f " : "* ");
    page_paint(page, PAINT_BOLD, address_format(&mining->miner, address));
    fputs("  ", page->stream);
    page_paint(page, paint, verdict_name(mining->verdict));
    if (mining->coin[0] != '\0' || mining->algorithm[0] != '\0') {
        add(&line, "  mines ");
        add_raw(&line, page, mining->coin[0] != '\0' ? mining->coin : mining->algorithm);
    }
    if (mining->coin[0] != '\0' && mining->algorithm[0] != '\0') {
        add(&line, " (");
        add_raw(&line, page, mining->algorithm);
        add(&line, ")");
    }
    if (summary_speed(page, mining, speed)[0] != '\0')
        add(&line, "  %s", speed);
    fprintf(page->stream, "%s\n", line.text);
}

void summary_miner(const struct page *page, const struct mining *const *incidents, size_t count,
                   const struct mining *const *contacts, size_t contact_count)
{
    const struct mining *strongest = incidents[0];
    headline(page, strongest);
    row_since(page, incidents, count);
    summary_place_rows(page, strongest);
    row_raw(page, "seen in", summary_findings_incident(strongest)->tunnel);
    row_pools(page, incidents, count);
    row_raw(page, "wallet", strongest->wallet);
    if (login_says_more(strongest))
        row_raw(page, "login", strongest->user);
    row_raw(page, "worker", strongest->worker);
    row_raw(page, "software", strongest->agent);
    rows_roles(page, strongest);
    row_sanction(page, strongest);
    row_shares(page, incidents, count);
    row_lately(page, strongest);
    row_claim(page, strongest);
    row_cost(page, incidents, count);
    row_protocol(page, strongest);
    rows_others(page, incidents, count);
    row_contacts(page, incidents, count, contacts, contact_count);
    rows_evidence(page, strongest);
}

void summary_miner_line(const struct page *page, const struct mining *const *incidents, size_t count)
{
    char address[ADDRESS_TEXT_SIZE], pool[SUMMARY_POOL_SIZE], fitted[LINE_SIZE];
    const struct mining *mining = incidents[0];
    struct line line = {0};
    add(&line, "%-15s  %-9s  ", address_format(&mining->miner, address), verdict_name(mining->verdict));
    if (mining->coin[0] != '\0') {
        add_raw(&line, page, mining->coin);
        add(&line, "  ");
    }
    add(&line, "%s", summary_pool(page, mining, pool));
    if (count > 1)
        add(&line, " and %zu more", count - 1);
    if (summary_login(mining)[0] != '\0') {
        add(&line, "  ");
        add_raw(&line, page, summary_login(mining));
    }
    humanise_text(line.text, page->width - 2, page->unicode, fitted, sizeof fitted);
    fprintf(page->stream, "  %s\n", fitted);
}
