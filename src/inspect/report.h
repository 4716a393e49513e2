// SPDX-License-Identifier: Apache-2.0
/*
 * What a worker tells the verdict thread, through a ring: plain bytes without pointers into the worker
 * (pointers to constant tables are fine).
 */
#ifndef INSPECT_REPORT_H
#define INSPECT_REPORT_H

#include "base/ring.h"
#include "capture/capture.h"
#include "decode/decode.h"
#include "flow/flow_record.h"
#include "flow/flow_table.h"
#include "flow/reassembly.h"
#include "inspect/conversation.h"
#include "inspect/proof.h"
#include "inspect/tls_seen.h"
#include "protocol/dns.h"
#include "protocol/x509.h"

#include <stddef.h>
#include <string.h>

enum report_type {
    REPORT_CONVERSATION, /* a mining conversation as it stands now */
    REPORT_PROOF,        /* a share, to be hashed and held against its target */
    REPORT_SIGHTING,     /* a host name was seen */
    REPORT_TLS,          /* a TLS handshake told something */
    REPORT_ANSWER,       /* a DNS answer: name and addresses */
    REPORT_FLOW,         /* a flow ended, or goes on */
    REPORT_TIME,         /* packet time went on; with the worker's counters every now and then */
    REPORT_END,          /* the worker is done: its last report */
};

/* How a name was seen. */
enum sighting { SIGHTING_DNS, SIGHTING_HTTP, SIGHTING_CONNECT, SIGHTING_SOCKS, SIGHTING_COUNT };

/* All counters are uint64_t, so that those of workers can be added up whatever they are. */
struct worker_statistics {
    struct capture_statistics capture; /* of the same moment as the others */
    struct decode_statistics decode;
    struct flow_statistics flow;
    struct reassembly_statistics reassembly;
    uint64_t inspected_flows, json_messages, sessions;
    uint64_t copies;        /* packets seen twice: neither counted nor inspected again */
    uint64_t cut_frames;    /* frames of which only the beginning was captured */
    uint64_t dropped;       /* reports that found the ring full */
    uint64_t flows_refused; /* flows that nobody looked into: as many as are allowed were open */
    /* flows that nDPI was asked about, of them those it named, and those it was not asked about */
    uint64_t applications_asked, applications_named, applications_shed;
    uint64_t ndpi_ns, worker_ns; /* processor time of nDPI, estimated, and of all that workers do */
    uint64_t sessions_refused;   /* words of mining that could not be followed: inspect.max-sessions */
    uint64_t flows_revived;      /* that were dismissed, and in which a message seemed to begin */
    /* JSON messages in pieces, for want of room: that made it for others, and that found none */
    uint64_t messages_evicted, messages_refused;
    /* behind the counters: the worst since the last report; the ways of the worker's decoder; any thread may
     * read them */
    struct capture_pressure pressure;
    uint32_t ndpi_one_in; /* of so many flows nDPI sees one; 0: none */
    const struct tunnel_table *tunnels;
};

static inline void worker_statistics_add(struct worker_statistics *sum, const struct worker_statistics *more)
{
    for (size_t at = 0; at < offsetof(struct worker_statistics, pressure); at += sizeof(uint64_t)) {
        uint64_t a, b;
        memcpy(&a, (const uint8_t *)sum + at, sizeof a);
        memcpy(&b, (const uint8_t *)more + at, sizeof b);
        a += b;
        memcpy((uint8_t *)sum + at, &a, sizeof a);
    }
}

struct report {
    uint32_t type; /* enum report_type */
    int64_t time_us;
    uint64_t order; /* rises with the frames; what a frame causes has the same for any number of workers */
};

struct report_conversation {
    struct report report;
    struct flow_record flow;
    bool ended; /* the last one of this flow */
    struct conversation conversation;
};

struct report_proof {
    struct report report;
    uint64_t flow_id;
    struct proof_share share; /* as many of its bytes as it has: the last member */
};

struct report_sighting {
    struct report report;
    struct flow_record flow;
    uint8_t how;    /* enum sighting */
    char name[256]; /* as many bytes as it has: the last member */
};

/* Twice a handshake: after the client's hello, and when all that the server says in clear was read. */
struct report_tls {
    struct report report;
    struct flow_record flow;
    bool nested; /* in a tunnel: the flow's server is not the one that speaks */
    struct tls_seen seen;
    bool hosts_left_out;         /* the certificate is for more hosts than fit */
    uint32_t hosts_length;       /* 0: no certificate was read, or it names none */
    char hosts[X509_HOSTS_SIZE]; /* each with a NUL behind it; as many bytes as there are: the last member */
};

struct report_answer {
    struct report report;
    struct address client; /* who asked */
    char name[DNS_MAX_NAME];
    uint8_t address_count;
    struct address addresses[DNS_MAX_ADDRESSES]; /* as many as there are: the last member */
};

struct report_flow {
    struct report report;
    struct flow_record flow;
};

struct report_time {
    struct report report;
    bool has_statistics;
    struct worker_statistics statistics;
};

#endif
