// SPDX-License-Identifier: Apache-2.0
/*
 * The judge's inside, shared by judge.c (life and loop), judge_events.c (what leaves), judge_mining.c
 * (conversations), judge_contacts.c (names and addresses of known pools), judge_tls.c (handshakes),
 * judge_endings.c (flows that end together) and judge_allowed.c (what is sanctioned). Only one thread at a
 * time touches it (report_queue.h), but for the atomics.
 */
#ifndef VERDICT_JUDGE_PRIVATE_H
#define VERDICT_JUDGE_PRIVATE_H

#include "inspect/report_queue.h"
#include "intel/allowed.h"
#include "intel/geo.h"
#include "intel/names.h"
#include "intel/places.h"
#include "intel/pools.h"
#include "intel/prices.h"
#include "intel/tls_fingerprints.h"
#include "verdict/cost_meter.h"
#include "verdict/describe.h"
#include "verdict/dossier.h"
#include "verdict/endings.h"
#include "verdict/first_places.h"
#include "verdict/incident.h"
#include "verdict/judge.h"
#include "verdict/proxies.h"
#include "verdict/tls_notes.h"
#include "verdict/waiting.h"

#include <stdatomic.h>

enum { JUDGE_ACCOUNTS = 1024 };

/* What was spent in a day: of an account, or all together. */
struct account_spending {
    uint64_t key;    /* 0: none */
    uint64_t told;   /* the limit that was told as passed; 0: none */
    struct cost sum; /* its totals */
};

/* The latest alerts, so that the same conversation, mirrored twice, raises one. */
struct seen_alert {
    char community_id[COMMUNITY_ID_SIZE]; /* "": none */
    int64_t time_us;
    uint64_t flow_id;
    const struct tunnel *tunnels[2];
    uint16_t vlans[2], source;
    enum verdict verdict;
};

enum { JUDGE_SEEN_ALERTS = 4096 };

struct judge {
    const struct config *config;
    const struct capture *capture;
    struct report_queue *reports;
    struct judge_outlet outlet;

    struct dossiers *dossiers;
    struct incidents *incidents;
    struct names *names;
    struct proxies *proxies;
    struct tls_notes *tls_notes;
    struct pools *pools;
    struct tls_fingerprints *fingerprints;
    struct allowed *allowed;
    uint32_t allowed_serial; /* counts how often it was loaded */
    bool expired_are_told;
    struct geo *geo;
    struct places *places;
    struct first_places *firsts;
    bool age_is_told; /* of the inventories */
    struct prices *prices;
    struct cost_meters *meters;
    int64_t spending_day; /* since 1970, UTC */
    struct account_spending spending, accounts[JUDGE_ACCOUNTS];
    bool accounts_are_full;
    uint8_t account_secret[16];
    struct waiting waiting; /* alerts that are not due yet */
    struct endings endings;

    int64_t first_us, now_us; /* packet time */
    uint64_t alert_prefix, alert_serial;
    uint64_t alerts, alerts_silenced, incidents_silenced, names_learned, dossiers_refused;
    bool found_mining;
    int memory_file; /* /proc/self/statm: a capture of an hour is read in a second, with hundreds of
                        statistics */
    struct {
        const struct report_flow *report; /* that is not taken yet; NULL: of none */
        struct community_digest digest;
    } ahead;                 /* of Community IDs */
    struct event flow_event; /* the latest flow record: most of an event stays as it is, empty */
    struct worker_statistics workers[REPORT_QUEUE_MAX_WORKERS]; /* latest */
    size_t worker_count;
    struct sensor_statistics previous;                /* at the latest stats event */
    struct seen_alert seen_alerts[JUDGE_SEEN_ALERTS]; /* by a hash of the Community ID */
    uint8_t seen_secret[16];
    uint64_t alerts_seen_elsewhere;
    int64_t swept_us; /* incidents were looked over */

    _Atomic(const struct config *) reload; /* NULL: not asked for */
    _Atomic(struct places *) new_places;   /* loaded by who asked; NULL: none */
    _Atomic bool statistics_wanted;
};

/* ---- judge_events.c ---- */
/* `incident` is what it belongs to; NULL where there is none. */
void judge_emit_alert(struct judge *judge, struct incident *incident, const struct mining *mining,
                      const struct flow_record *flow, int64_t time_us);
void judge_emit_incident(struct judge *judge, struct incident *incident, enum incident_action action,
                         int64_t time_us);
/* What should not wait for the next update: whether it is sanctioned, who it is, where it is sent. */
bool judge_has_incident_news(const struct incident *incident);
/* A budget was passed by what this incident cost. */
void judge_emit_budget(struct judge *judge, struct incident *incident, const struct budget *budget);
void judge_emit_flow(struct judge *judge, const struct flow_record *flow,
                     const struct community_digest *digest, int64_t time_us);
/* Of the flow's Community ID. */
void judge_digest(struct judge *judge, const struct report_flow *report, struct community_digest *digest);
void judge_emit_statistics(struct judge *judge);

/* ---- judge_endings.c ---- */
/* Reports of a flow's end, which is judged with judge_endings(): the last of its conversation, the last of
 * all. */
void judge_note_ending(struct judge *judge, const struct report *report, const struct dossier *dossier);
void judge_note_record(struct judge *judge, const struct report_flow *report,
                       const struct community_digest *digest);
/* The reports of one frame's time are all there. */
void judge_endings(struct judge *judge);
/* A flow ended, or goes on: what follows from it, and its record. */
void judge_flow_ended(struct judge *judge, const struct flow_record *flow,
                      const struct community_digest *digest);

/* ---- judge_elsewhere.c ---- */
/* Whether another mirror has shown the same conversation, and the alert was raised then; remembers it. */
bool judge_is_seen_elsewhere(struct judge *judge, const struct mining *mining, const struct flow_record *flow,
                             int64_t time_us);

/* ---- judge_mining.c ---- */
void judge_conversation(struct judge *judge, const struct report_conversation *report);
void judge_proof(struct judge *judge, const struct report_proof *report);
/* It was told for the last time, and nothing was made of that yet. */
void judge_conversation_ended(struct judge *judge, uint64_t flow_id);
/* The alert of this flow is due. */
void judge_alert_due(struct judge *judge, uint64_t flow_id);
/* What is known of an endpoint as a pool, for `client`; `named` is a name from elsewhere ("" where none). */
void judge_know_pool(struct judge *judge, const struct address *client, const struct address *pool,
                     uint16_t port, const char *named, struct pool_knowledge *knowledge);

/* The allow list was loaded again: what is known is held against it. */
void judge_sanctions_again(struct judge *judge);

/* ---- judge_allowed.c ---- */
/* Fills mining->sanction; the row that covers it, NULL where none does. What a sanctioned miner does beyond
 * its row is added to the evidence. */
struct allowed_row *judge_sanction(struct judge *judge, struct mining *mining, bool is_contact,
                                   int64_t time_us);
/* An incident took the sanction of one of its flows: it is sanctioned where all of them are. */
void judge_join_sanction(struct judge *judge, struct incident *incident);
/* An alert was not raised. */
void judge_count_silence(struct judge *judge, struct allowed_row *row, struct incident *incident);
/* Warns of rows that ended, once for each loading. */
void judge_warn_expired(struct judge *judge);

/* ---- judge_places.c ---- */
/* Takes them in place of those before. */
void judge_take_places(struct judge *judge, struct places *places);
/* Warns of old inventories, once for each loading. */
void judge_warn_age(struct judge *judge);
/* Fills mining->cloud for the miner of this flow, and adds to the evidence what is odd about it. */
void judge_place(struct judge *judge, const struct flow_record *flow, struct mining *mining);
/* Says so where no mining was seen there before this incident ("": a new one). */
void judge_mark_first(struct judge *judge, const char *incident, struct mining *mining);
void judge_learn_place(struct judge *judge, const struct mining *mining);
bool judge_is_place_new(const struct mining *mining);
/* What an incident is found by: VPCs may have the same addresses. */
void judge_place_subject(const struct mining *mining, const char *subject, char *text, size_t size);
/* Statistics: adds an active incident to the sum of its place, and what is known of the inventories. */
void judge_add_place(struct sensor_statistics *statistics, const struct mining *mining);
void judge_add_inventory(const struct judge *judge, struct sensor_statistics *statistics);

/* ---- judge_cost.c ---- */
/* Brings the incident's cost up to date, after all else of it. */
void judge_cost(struct judge *judge, struct incident *incident);
/* The same without a new message: other incidents may share its machine by now. */
void judge_cost_now(struct incident *incident);
/* The incident is closed. */
void judge_cost_end(struct judge *judge, struct incident *incident);
/* Adds an incident to the sums; what was spent today. */
void judge_cost_add(struct sensor_statistics *statistics, struct incident *incident);
void judge_cost_day(const struct judge *judge, struct sensor_statistics *statistics);

/* ---- judge_proxies.c ---- */
/* Adds to the facts of a dossier that was weighed what role its ends have in others; they carry no points. */
void judge_weigh_proxies(struct judge *judge, struct dossier *dossier);

/* ---- judge_contacts.c ---- */
/* `client` reached `address` by this name. An address that ever had a pool's name is marked: of all others
 * names need not be looked up. */
void judge_learn_name(struct judge *judge, const struct address *client, const struct address *address,
                      const char *name, int64_t time_us);
/* The lists of pools were loaded again: what was learned before is held against them. */
void judge_mark_pools(struct judge *judge);
void judge_sighting(struct judge *judge, const struct report_sighting *report);
void judge_contact_due(struct judge *judge, const struct waiting_contact *contact);
/* Whether its server may have the address of a known pool: of most flows not. */
bool judge_may_be_contact(const struct judge *judge, const struct flow_record *flow);
/* A flow ended or goes on: its server may have the address of a known pool. */
void judge_flow_contact(struct judge *judge, const struct flow_record *flow);
/* Whether a contact by this rule is to be told; NULL: no. */
bool judge_alerts_on(const struct judge *judge, const struct pool_rule *rule);
/* Fills `mining` for a contact; `how` is the evidence's words, static storage. */
void judge_describe_contact(struct judge *judge, const struct flow_record *flow, const struct pool_rule *rule,
                            const char *how, const char *name, bool is_server_the_pool,
                            struct mining *mining);
/* The same where the flow's server is a known pool by its address, or by a name that led there; and what the
 * incident is found by. False where it is none that is to be told. */
bool judge_find_address(struct judge *judge, const struct flow_record *flow, struct mining *mining,
                        char *subject, size_t size);
/* Opens or continues the incident of this client and subject; alerts when it is new, or no longer sanctioned.
 */
void judge_tell_contact(struct judge *judge, struct mining *mining, const struct flow_record *flow,
                        const char *subject);

/* ---- judge_tls.c ---- */
void judge_tls(struct judge *judge, const struct report_tls *report);
/* What is to be said of this flow's handshake is due. */
void judge_tls_due(struct judge *judge, uint64_t flow_id);
/* A flow ended or goes on; true where its handshake was told, so that nothing more is to be said. */
bool judge_tls_flow(struct judge *judge, const struct flow_record *flow);
/* Adds what is noted of the flow's handshake. */
void judge_add_tls(struct judge *judge, const struct flow_record *flow, struct mining *mining);

#endif
