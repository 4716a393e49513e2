// SPDX-License-Identifier: Apache-2.0
/*
 * The configuration: filled once from defaults, the file (YAML) and the command line, constant afterwards.
 * Every setting is a row of settings.def: its name, type, place in this struct, default, range and help text.
 * The file reader, --set, --dump-config, -T and docs/configuration.md all follow that table. Owns all its
 * strings.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CONFIG_MAX_LIST = 16 };

struct config_list {
    char *items[CONFIG_MAX_LIST];
    size_t count;
};

struct config {
    struct {
        char *name; /* default: the host name */
    } sensor;
    struct {
        char *filter;       /* BPF on the frames as captured: --capture-filter */
        char *inner_filter; /* BPF on the packets without tunnels: EXPRESSION */
        uint64_t snapshot_length, buffer_size, timeout_ms, threads, batch;
        bool promiscuous;
    } capture;
    struct {
        struct config_list user; /* the first that exists; none: the user stays */
        char *seccomp;           /* yes, no, log */
    } privileges;
    struct {
        struct config_list ports; /* vxlan:4789 */
    } tunnels;
    struct {
        uint64_t max_flows;
        uint64_t new_timeout_s, tcp_timeout_s, other_timeout_s, closed_timeout_s, mining_timeout_s;
        uint64_t report_interval_s;        /* interim record of a long-lived flow; 0: none */
        char *vlan_in_key, *tunnel_in_key; /* auto, yes, no */
    } flow;
    struct {
        uint64_t memory, direction_memory, max_flows;
    } reassembly;
    struct {
        uint64_t memory, timeout_ms;
    } fragments;
    struct {
        uint64_t max_sessions;   /* mining conversations at the same time in one worker */
        uint64_t partial_memory; /* JSON messages that are split over segments, all flows together */
        bool ndpi, ndpi_ration;
        uint64_t ndpi_flows;
        uint64_t ndpi_packets; /* per flow */
    } inspect;
    struct {
        char *directory;
        char *allowed; /* the allow list; "": local-allowed.tsv of the directory, where it is there */
    } signatures;
    struct {
        struct config_list databases;
    } geo;
    struct {
        char *file; /* the mapping; "": local-places.yaml of the signatures, if it is there */
        struct config_list inventories; /* files and directories */
        uint64_t max_age_s;             /* of an inventory; 0: any */
        char *state_file;               /* "": none */
    } places;
    struct {
        uint64_t settle_ms;          /* an alert waits this long for wallet and pool's answer */
        char *pool_contact;          /* lowest confidence that alerts: high, medium, low, never */
        uint64_t contact_interval_s; /* one pool-contact alert per client and pool within this */
    } alert;
    struct {
        uint64_t update_interval_s; /* "updated" events of an active incident */
        uint64_t close_after_s;     /* without traffic */
        uint64_t max_incidents;
    } incident;
    struct {
        char *currency;                                       /* of all amounts: "USD" */
        uint64_t budget_incident, budget_account, budget_day; /* in it; 0: none */
    } cost;
    struct {
        struct config_list types; /* alert, mining, flow, stats */
        uint64_t community_id_seed;
    } events;
    struct {
        uint64_t interval_s;
    } statistics;
    struct {
        char *listen, *file; /* "": not wanted */
        uint64_t interval_s, stall_after_s;
    } health;
    struct {
        bool enabled;
        char *file; /* "-": standard output */
    } json;
    struct {
        bool enabled;
        char *url;           /* redis://user@host:port/db, unix:///path?db=N */
        char *password_file; /* its first line; else the environment's GEOPHONE_REDIS_PASSWORD */
        char *sentinel_user, *sentinel_password_file;
        char *tls_ca_file, *tls_certificate_file, *tls_key_file, *tls_server_name;
        bool tls_verify;
        char *prefix;
        uint64_t queue_memory;         /* commands that wait */
        char *spool, *spool_directory; /* live, always, never */
        uint64_t spool_size;
        uint64_t timeout_ms;                                           /* connect, and answers */
        uint64_t alerts_length, eve_length, ts_length, history_length; /* MAXLEN ~ of the streams */
        struct config_list eve_types;                                  /* which records are written */
        char *mode, *key;                                              /* to where */
    } redis;
    struct {
        bool enabled; /* the summary for people at the end of -r */
        char *color;  /* auto, always, never */
    } summary;
    struct {
        char *file; /* the report as HTML; "": none, "-": standard output */
    } report;
};

/* All defaults. False only where memory ran out. */
bool config_init(struct config *config, struct error *error);
void config_done(struct config *config);

/* Reads a YAML file over what is there. The error names file, line and column, the setting and what it may
 * be. */
bool config_read_file(struct config *config, const char *path, struct error *error);

/* The same from `length` bytes of text; `name` stands for the file in errors. On failure, what came before
 * the fault is set. */
bool config_read_text(struct config *config, const char *text, size_t length, const char *name,
                      struct error *error);

/* One setting from text: "flow.max-flows" and "200000". Sizes take k, m, g; times take ms, s, m, h (without:
 * the unit in the member's name); truth is yes/no/true/false/on/off; a list is comma-separated. */
bool config_set(struct config *config, const char *name, const char *value, struct error *error);

/* Checks what single settings cannot (files that must exist, sums). */
bool config_check(const struct config *config, struct error *error);

/* Prints all settings as `name = value`, one a line, in the order of the table. Nothing secret is in it. */
void config_dump(const struct config *config, FILE *stream);

/* Prints the configuration reference (Markdown) that docs/configuration.md holds. */
void config_document(FILE *stream);

/* Prints the sample configuration (YAML) that docs/geophone.yaml holds: each setting commented out, with its
 * default. */
void config_sample(FILE *stream);

/* Writes the path of the signatures that came with this program: beside the installed program, else in the
 * source tree it was built in. "" and false where there are none. */
bool config_find_signatures(char *path, size_t size);

/* Whether `list` holds `item`. */
bool config_list_has(const struct config_list *list, const char *item);

#endif
