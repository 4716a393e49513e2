// SPDX-License-Identifier: Apache-2.0
/*
 * What TLS handshakes tell: contacts with known pools by server name, by certificate or by address, and
 * clients whose fingerprint the operator has listed as a miner's. One word a connection, on the best of
 * these.
 */
#include "verdict/judge_private.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- fingerprints ---- */

static const struct tls_fingerprint *fingerprint_of(const struct judge *judge, const struct tls_seen *seen)
{
    return tls_fingerprints_find(judge->fingerprints, seen->ja3, seen->ja4);
}

/* What ships is shared by ordinary programs: alone it is nothing. Only the operator can know otherwise. */
static bool stands_alone(const struct tls_fingerprint *known)
{
    return known != NULL && known->own && known->confidence == POOL_HIGH;
}

static void add_fingerprint(const struct judge *judge, const struct tls_seen *seen, struct mining *mining)
{
    static const char *const shared[] = {[POOL_LOW] = ", which ordinary programs share",
                                         [POOL_MEDIUM] = ", which few other programs share",
                                         [POOL_HIGH] = ""};
    static const int weights[] = {[POOL_LOW] = 0, [POOL_MEDIUM] = 10, [POOL_HIGH] = 40};
    const struct tls_fingerprint *known = fingerprint_of(judge, seen);
    if (known != NULL)
        describe_add_evidence(mining, "the client's TLS greeting is in the list of fingerprints",
                              weights[known->confidence], "that of %.60s%s", known->software,
                              shared[known->confidence]);
}

/* ---- certificates ---- */

/* RFC 6125, section 6.4.3: a wildcard stands for one label, the leftmost. */
static bool covers(const char *host, const char *name)
{
    if (strcmp(host, name) == 0)
        return true;
    const char *dot = strchr(name, '.');
    return strncmp(host, "*.", 2) == 0 && dot != NULL && strcmp(host + 1, dot) == 0;
}

/* A wildcard finds the rules for all below a domain, since no rule is for "*.pool.example" itself. */
static const struct pool_rule *rule_of_host(const struct judge *judge, const char *host, uint16_t port)
{
    struct address address;
    if (address_parse(host, &address))
        return pools_find_address(judge->pools, &address, port);
    return pools_find_name(judge->pools, host);
}

/*
 * The pool that the certificate is of; NULL where it is of none. Servers that many sites share have
 * certificates with the names of all: where the client asked for one of those, that is what it wanted, and
 * where it asked for none, most names must be a pool's.
 */
static const struct pool_rule *find_certified(const struct judge *judge, const struct report_tls *report,
                                              char *name, size_t size)
{
    const struct pool_rule *best = NULL;
    size_t hosts = 0, pools = 0;
    for (size_t at = 0; at < report->hosts_length; at += strlen(report->hosts + at) + 1) {
        const char *host = report->hosts + at;
        const struct pool_rule *rule = rule_of_host(judge, host, report->flow.server_port);
        if (covers(host, report->seen.sni))
            return NULL;
        hosts++;
        if (!judge_alerts_on(judge, rule))
            continue;
        pools++;
        if (best == NULL || rule->confidence > best->confidence) {
            best = rule;
            text_copy(name, size, host);
        }
    }
    return report->hosts_left_out || pools * 2 <= hosts ? NULL : best;
}

/* ---- what to say ---- */

static enum tls_reason find_reason(struct judge *judge, const struct report_tls *report, char *name,
                                   size_t size)
{
    text_copy(name, size, report->seen.sni);
    if (judge_alerts_on(judge, pools_find_name(judge->pools, report->seen.sni)))
        return TLS_BY_NAME;
    if (find_certified(judge, report, name, size) != NULL)
        return TLS_BY_CERTIFICATE;
    struct mining mining;
    char subject[sizeof((struct tls_note *)0)->subject];
    if (!report->nested && judge_find_address(judge, &report->flow, &mining, subject, sizeof subject))
        return TLS_BY_ADDRESS;
    return stands_alone(fingerprint_of(judge, &report->seen)) ? TLS_BY_FINGERPRINT : TLS_NO_REASON;
}

/* Mining by the client's software alone. */
static void describe_client(struct judge *judge, const struct tls_note *note, const struct flow_record *flow,
                            struct mining *mining)
{
    *mining = (struct mining){
        .kind = "encrypted",
        .dialect = "",
        .verdict = VERDICT_SUSPECTED,
        .confidence = 0.6,
        .miner = flow->client,
        .first_seen_us = flow->first_us,
        .last_seen_us = flow->last_us,
        .flows = 1,
        .bytes = flow->bytes[0] + flow->bytes[1],
    };
    if (note->nested)
        return;
    mining->pool = flow->server;
    mining->pool_port = flow->server_port;
    geo_find(judge->geo, &flow->server, &mining->geo);
}

/* False where the lists, loaded anew meanwhile, no longer hold what it was noted for. */
static bool describe_note(struct judge *judge, const struct tls_note *note, const struct flow_record *flow,
                          struct mining *mining, char *subject, size_t size)
{
    const struct tls_fingerprint *known = fingerprint_of(judge, &note->seen);
    if (note->reason == TLS_BY_ADDRESS)
        return judge_find_address(judge, flow, mining, subject, size);
    if (note->reason == TLS_BY_FINGERPRINT) {
        if (!stands_alone(known))
            return false;
        describe_client(judge, note, flow, mining);
        snprintf(subject, size, "tls %s", known->fingerprint);
        return true;
    }
    const struct pool_rule *rule = rule_of_host(judge, note->name, flow->server_port);
    if (!judge_alerts_on(judge, rule))
        return false;
    judge_describe_contact(judge, flow, rule,
                           note->reason == TLS_BY_NAME ? "its name stands in a TLS hello (SNI)"
                                                       : "the server's certificate names it",
                           note->name, !note->nested, mining);
    snprintf(subject, size, "contact %.255s", rule->pattern);
    return true;
}

/* What goes on is the incident that was told, whatever is known of the server by now. */
static void tell(struct judge *judge, struct tls_note *note, const struct flow_record *flow)
{
    struct mining mining;
    char subject[sizeof note->subject];
    const struct dossier *dossier = dossiers_find(judge->dossiers, flow->id);
    bool goes_on = !note->waiting && note->subject[0] != '\0';
    note->waiting = false;
    if (dossier != NULL && dossier->verdict >= VERDICT_LIKELY)
        return; /* more than a contact: the flow itself was told */
    if (!describe_note(judge, note, flow, &mining, subject, sizeof subject))
        return;
    if (!goes_on)
        memcpy(note->subject, subject, sizeof note->subject);
    judge_add_tls(judge, flow, &mining);
    judge_tell_contact(judge, &mining, flow, note->subject);
}

/* ---- from judge.c and judge_contacts.c ---- */

void judge_add_tls(struct judge *judge, const struct flow_record *flow, struct mining *mining)
{
    const struct tls_note *note = tls_notes_find(judge->tls_notes, flow->id);
    if (note == NULL)
        return;
    mining->tls = note->seen;
    add_fingerprint(judge, &note->seen, mining);
}

void judge_tls(struct judge *judge, const struct report_tls *report)
{
    char name[sizeof((struct tls_note *)0)->name];
    const struct tls_seen *seen = &report->seen;
    if (seen->sni[0] != '\0' && !report->nested)
        judge_learn_name(judge, &report->flow.client, &report->flow.server, seen->sni,
                         report->report.time_us);
    enum tls_reason reason = find_reason(judge, report, name, sizeof name);
    if (reason == TLS_NO_REASON)
        return;
    struct tls_note passing = {0}, *note = tls_notes_get(judge->tls_notes, report->flow.id);
    bool kept = note != NULL;
    if (!kept)
        note = &passing; /* too many are kept: it is told at once */
    note->flow = report->flow;
    note->seen = *seen;
    note->nested = report->nested;
    if (reason <= note->reason)
        return;
    note->reason = reason;
    memcpy(note->name, name, sizeof note->name);
    if (note->waiting)
        return;
    int64_t due_us = report->report.time_us + (int64_t)judge->config->alert.settle_ms * 1000;
    note->waiting = kept && waiting_add(&judge->waiting, due_us, report->flow.id, NULL);
    if (!note->waiting)
        tell(judge, note, &note->flow);
}

void judge_tls_due(struct judge *judge, uint64_t flow_id)
{
    struct tls_note *note = tls_notes_find(judge->tls_notes, flow_id);
    if (note != NULL && note->waiting)
        tell(judge, note, &note->flow);
}

bool judge_tls_flow(struct judge *judge, const struct flow_record *flow)
{
    struct tls_note *note = tls_notes_find(judge->tls_notes, flow->id);
    if (note == NULL)
        return false;
    if (note->waiting)
        tell(judge, note, &note->flow); /* the flow was shorter than the wait */
    if (note->subject[0] != '\0')
        tell(judge, note, flow);
    return note->subject[0] != '\0';
}
