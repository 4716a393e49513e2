// SPDX-License-Identifier: Apache-2.0
/*
 * What leaves the sensor: one stream of events, made by the verdict thread, shown to every sink.
 * An event and all it points to are borrowed for the call; a sink that keeps something copies it.
 * Texts are NUL-terminated and "" where unknown; byte for byte as read from the wire, so a sink escapes them.
 */
#ifndef VERDICT_EVENT_H
#define VERDICT_EVENT_H

#include "base/community_id.h"
#include "capture/capture.h"
#include "decode/decode.h"
#include "flow/flow_record.h"
#include "flow/flow_table.h"
#include "flow/reassembly.h"
#include "inspect/tls_seen.h"
#include "intel/cloud_place.h"
#include "intel/geo.h"
#include "verdict/cost.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_type {
    EVENT_ALERT,  /* a mining flow was recognised, or its verdict changed class */
    EVENT_MINING, /* an incident was opened, updated or closed */
    EVENT_FLOW,   /* a flow ended, or a long-lived one goes on */
    EVENT_STATS,  /* counters, every interval */
    EVENT_TYPE_COUNT
};

enum verdict {
    VERDICT_NONE,
    VERDICT_SUSPECTED,
    VERDICT_LIKELY,
    VERDICT_CONFIRMED,
};

enum incident_action { INCIDENT_OPENED, INCIDENT_UPDATED, INCIDENT_CLOSED };

/* One reason for a verdict, in words that an operator understands. */
struct evidence_item {
    const char *what; /* "share accepted by the pool": static storage */
    char detail[112]; /* "3 of 5 shares", "" where there is none */
    int weight;       /* points towards the verdict; may be negative */
};

enum { MINING_MAX_EVIDENCE = 16, MINING_MAX_LOGINS = 8, SANCTIONS_MAX_SHOWN = 16, PLACES_MAX_SHOWN = 64 };

/* What the operator's allow list says of it (intel/allowed.h). */
enum sanction_state {
    SANCTION_NONE,
    SANCTION_APPLIES, /* covered: no alert */
    SANCTION_EXPIRED, /* it was covered until that day */
    SANCTION_OTHER,   /* the miner is sanctioned, but for another pool, wallet or login */
};

struct sanction {
    enum sanction_state state;
    char reason[128];
    char rule[72];     /* "local-allowed.tsv:12" */
    char until[11];    /* last day, "2027-01-31"; "" for ever */
    const char *lacks; /* SANCTION_OTHER: what differs; static storage */
};

/* A row of the allow list that kept something from being alerted. */
struct sanction_count {
    char rule[72];
    uint64_t incidents, alerts;
};

/* Active incidents of one region of an account. Texts are "" where unknown. */
struct place_sum {
    char provider[16], account[64], region[40];
    uint32_t incidents;
    double hashrate_hs;
    double cost_hour, cost_hour_low, cost_hour_high;
};

/* The `mining` object of the contract: one mining conversation (alert) or incident (mining event). */
struct mining {
    char incident[24];   /* identifier of the incident: 16 hex digits */
    const char *kind;    /* "stratum", "getwork", "pool-contact", ...: static storage */
    const char *dialect; /* "bitcoin-v1", ...: static storage; "" where none */
    enum verdict verdict;
    double confidence; /* 0..1 */
    struct address miner, pool;
    uint16_t pool_port;
    char pool_domain[254];
    const char *pool_name_from; /* how pool_domain is known, see judge_know_pool(): static storage; NULL
                                   without one */
    char pool_other_name[64]; /* another name of its address, which is no pool's: others are served there, too
                               */
    char pool_operator[64];
    char coin[16];
    char algorithm[32];
    char algorithms[192]; /* that the miner offers, comma-separated */
    char agent[256];
    char software[64], software_version[48]; /* the agent's parts: "XMRig", "6.26.0" */
    char user[256];                          /* the login as it stands on the wire */
    char wallet[128];
    char worker[64];
    char carrier[64]; /* what carries it, outermost first: "socks5 > websocket"; "" on a bare connection */
    char destination[264]; /* whom the carrier was asked for: "pool.example:3333" */
    char origin[64];       /* who the client is as a PROXY header says: "198.51.100.7:40001" */
    struct tls_seen tls;   /* of a contact by TLS, or of the flow that made it */
    char rig[64];          /* identifier that the miner gives its machine */
    char password[64];     /* masked where it is none of the usual placeholders */
    char redirect[254];    /* where the pool last sent the miner, as it said it */
    char logins[MINING_MAX_LOGINS]
               [128]; /* the different logins of one connection; what is beyond the list is not kept */
    size_t login_count;
    uint32_t
        miners_behind; /* of a proxy: how many mine through it, as far as they are seen; 0 where unknown */
    double difficulty; /* in the dialect's unit; 0 where unknown */
    uint64_t shares_submitted, shares_accepted, shares_rejected;
    uint64_t shares_proven;  /* checked, and they meet their targets */
    uint64_t shares_invalid; /* checked, and they miss them */
    uint64_t shares_stale;   /* of the rejected ones: their job was over */
    uint64_t block_height;   /* of the latest job that told it; 0 where unknown */
    double hashes;           /* that the accepted shares stand for (submitted, where answers are not seen) */
    double hashrate_hs;      /* hashes (Equihash: solutions) per second; 0 where unknown */
    double hashrate_error;   /* of it, relative, one standard deviation; 0 where there is none */
    double hashrate_10m_hs, hashrate_1h_hs;       /* over the latest minutes only; 0 where unknown */
    double hashrate_10m_error, hashrate_1h_error; /* of these, as hashrate_error */
    double hashrate_upper_hs; /* where no share was seen: at most this, at 95 %; 0 where unknown */
    const char
        *hashrate_assumes; /* algorithm that hash rates rest on without its being known; NULL or "": none */
    double hashrate_claimed_hs; /* what the miner says of itself; 0 where it says nothing */
    struct cost cost;
    struct geo_place geo;     /* of the pool */
    struct cloud_place cloud; /* of the miner */
    struct sanction sanction;
    struct evidence_item evidence[MINING_MAX_EVIDENCE];
    size_t evidence_count;
    int64_t first_seen_us, last_seen_us;
    uint32_t flows; /* of the incident */
    uint64_t bytes; /* of these flows, both directions */
};

/* Counters of all parts, at one moment; counts are since the start. */
struct sensor_statistics {
    int64_t uptime_us; /* by packet time */
    struct capture_statistics capture;
    struct capture_pressure pressure; /* the worst of the interval */
    struct decode_statistics decode;
    const struct tunnel_table *const *tunnels; /* the ways packets came, of each worker */
    size_t tunnel_tables;
    struct flow_statistics flow;
    struct reassembly_statistics reassembly;
    uint64_t inspected_flows; /* flows in which something was looked for */
    uint64_t json_messages;   /* complete JSON messages read */
    uint64_t sessions;        /* mining conversations found */
    uint64_t copies;          /* packets seen twice: neither counted nor inspected again */
    uint64_t cut_frames;      /* frames of which only the beginning was captured */
    uint64_t reports_dropped; /* live: flow records the verdict thread was too late for */
    uint64_t alerts;
    uint64_t alerts_seen_elsewhere; /* not raised: another mirror had shown the same conversation */
    uint64_t alerts_silenced;       /* not raised: what they were about is sanctioned */
    uint64_t incidents_silenced;    /* in which an alert was not raised */
    size_t sanction_count;
    struct sanction_count sanctions[SANCTIONS_MAX_SHOWN]; /* by the row, the busiest first */
    size_t place_count;
    struct place_sum places[PLACES_MAX_SHOWN]; /* of active incidents, likely or better */
    uint32_t incidents_elsewhere;              /* whose places found no room there */
    uint64_t inventory_files, inventory_machines, inventory_interfaces, place_rules;
    uint64_t inventory_age_s; /* of the oldest file; 0 where there is none */
    uint64_t names_learned;
    uint64_t flows_refused; /* flows that nobody looked into: as many as are allowed were open */
    /* flows that nDPI was asked about, of them those it named, and those it was not asked about */
    uint64_t applications_asked, applications_named, applications_shed;
    uint32_t ndpi_one_in;      /* of so many flows it sees one, in the worker that asks least; 0: none */
    double ndpi_share;         /* of the workers' processor time */
    uint64_t sessions_refused; /* words of mining that could not be followed: inspect.max-sessions */
    uint64_t flows_revived;    /* that were dismissed, and in which a message seemed to begin */
    /* JSON messages in pieces, for want of room: that made it for others, and that found none */
    uint64_t messages_evicted, messages_refused;
    uint32_t incidents_active, miners_active;
    double hashrate_hs;                              /* of all active incidents */
    double cost_hour, cost_hour_low, cost_hour_high; /* the same */
    double cost_day;                                 /* spent in the day (UTC) of the packets, so far */
    char cost_currency[COST_CURRENCY_SIZE];
    uint64_t sink_dropped[EVENT_TYPE_COUNT];    /* events that some sink could not keep, by type */
    uint64_t sink_queue;                        /* events that wait in sinks, */
    uint64_t sink_spooled, sink_unspooled;      /* of them in a file; that found no room there so far */
    uint64_t memory_bytes;                      /* resident set of the process */
    double packets_per_second, bits_per_second; /* over the last interval, by packet time */
    uint64_t interval_flows, interval_drops, interval_alerts; /* over the last interval */
};

struct event {
    enum event_type type;
    int64_t time_us;    /* packet time */
    const char *sensor; /* name of this sensor */
    /* EVENT_ALERT, EVENT_MINING, EVENT_FLOW */
    struct flow_record flow; /* of an incident: its latest flow */
    char community_id[COMMUNITY_ID_SIZE];
    const char *source_name; /* file or interface, NULL where unknown */
    bool source_is_live;
    /* EVENT_ALERT */
    char alert_id[33];     /* unique: for de-duplication by readers */
    uint32_t signature_id; /* 9100000..9100999 */
    const char *signature; /* "Mining: Stratum (bitcoin-v1) confirmed" */
    uint8_t severity;      /* 1 high .. 3 low */
    bool is_repeated; /* another flow of the incident raised an alert of this verdict: nobody need be woken */
    /* EVENT_ALERT, EVENT_MINING */
    const struct mining *mining; /* NULL for other types */
    enum incident_action action; /* EVENT_MINING */
    const struct budget *budget; /* EVENT_ALERT: that was passed; NULL for alerts of mining itself */
    /* EVENT_STATS */
    const struct sensor_statistics *statistics;
    /* the event as one EVE JSON record without line feed, written once by sinks_emit(): sinks need not */
    const char *json;
    size_t json_length;
};

const char *verdict_name(enum verdict verdict);                /* "confirmed", ... */
const char *incident_action_name(enum incident_action action); /* "opened", ... */
const char *event_type_name(enum event_type type);             /* "alert", ... */

#endif
