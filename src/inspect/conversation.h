// SPDX-License-Identifier: Apache-2.0
/*
 * A mining conversation: what was read out of one flow in which a miner and a pool may be talking.
 *
 * `struct conversation` is what the verdict thread is shown (copied as a whole); `struct session` keeps
 * beside it what reading on needs: requests that wait for an answer, jobs that shares may name.
 */
#ifndef INSPECT_CONVERSATION_H
#define INSPECT_CONVERSATION_H

#include "flow/flow.h"
#include "inspect/fact.h"

#include <stdbool.h>
#include <stdint.h>

struct dialect;
struct proof_desk;
struct proof_notes;

enum side { SIDE_MINER, SIDE_POOL, SIDE_COUNT };

enum {
    CONVERSATION_MAX_AGENT = 256,
    CONVERSATION_MAX_USER = 256,
    CONVERSATION_MAX_PASSWORD = 64,
    CONVERSATION_MAX_NAME = 254,
    CONVERSATION_MAX_ALGORITHM = 32,
    CONVERSATION_MAX_ALGORITHMS = 192,
    CONVERSATION_MAX_METHODS = 112, /* as much as a detail of the evidence holds */
    CONVERSATION_MAX_LOGINS = 8,    /* different ones of a connection that are kept */
    CONVERSATION_MAX_LOGIN = 128,
};

struct conversation {
    uint64_t facts; /* fact_bit() of each fact stated */
    const struct dialect
        *dialect; /* best guess so far; lives as long as the sensor; NULL only before the first fact */
    enum direction miner_sends; /* the direction in which the miner sends: TO_SERVER where the client mines */
    bool roles_known;           /* miner_sends was seen, not assumed */
    bool in_http;               /* carried by HTTP */
    char agent[CONVERSATION_MAX_AGENT]; /* "XMRig/6.26.0 (Linux x86_64) ..." */
    char user[CONVERSATION_MAX_USER];   /* login as sent */
    char password[CONVERSATION_MAX_PASSWORD];
    char worker[64];                       /* where a dialect sends it apart from the login */
    char pool_name[CONVERSATION_MAX_NAME]; /* host name of the pool as the miner names it, with port if given
                                            */
    char rig[64];                          /* identifier of the machine that the miner gives itself */
    char carrier[64]; /* what carries it, outermost first: "socks5 > websocket"; "" on a bare connection */
    char destination[264]; /* whom a carrier was asked for: "pool.example:3333", "203.0.113.5:3333" */
    char origin[64];       /* who the client is as a PROXY header says: "198.51.100.7:40001" */
    char algorithm[CONVERSATION_MAX_ALGORITHM];
    char algorithms[CONVERSATION_MAX_ALGORITHMS];       /* that the miner offers, comma-separated */
    char methods[SIDE_COUNT][CONVERSATION_MAX_METHODS]; /* that each side said, comma-separated, for the
                                                           evidence */
    char job_proof[64];                                 /* what proved a job: "block height 3300000" */
    double difficulty;                                  /* in the dialect's unit; 0: unknown */
    double hashrate_claimed_hs;                         /* what the miner reports of itself; 0: nothing */
    double hashes_submitted,
        hashes_accepted; /* work that shares stand for, in hashes (Equihash: solutions) */
    bool exact_work;     /* the pool gave targets: hashes need no knowledge of the algorithm */
    uint64_t shares_submitted, shares_accepted, shares_rejected;
    uint64_t shares_proven,
        shares_below;      /* of those whose own text shows it: met, and missed, their target */
    double share_bits;     /* how much these say for mining: proof_gain() of each */
    uint64_t shares_stale; /* of the rejected ones: for a job that was no longer wanted */
    uint64_t block_height; /* of the latest job that carries it; 0: none did */
    uint64_t jobs;
    uint64_t logins; /* several in one connection: a proxy */
    char login_list[CONVERSATION_MAX_LOGINS]
                   [CONVERSATION_MAX_LOGIN]; /* the different ones, the first first */
    uint8_t login_count;
    char redirect[CONVERSATION_MAX_NAME]; /* where the pool last sent the miner: "host:port" as on the wire */
    uint32_t redirects;
    uint32_t workers; /* that a proxy registered by frames of its own (BTCAgent) and did not take back */
    int64_t first_us, last_us; /* packet times of the first and latest mining message */
};

/* What a request asks for, so that its answer can be understood. */
enum ask {
    ASK_NOTHING,
    ASK_SUBSCRIBE,
    ASK_AUTHORIZE,
    ASK_LOGIN,
    ASK_WORK,
    ASK_SUBMIT,
    ASK_VERSION, /* of the miner, by the pool */
    ASK_OTHER,   /* a mining request whose answer says nothing more */
    ASK_COUNT
};

enum { SESSION_MAX_PENDING = 16, SESSION_MAX_JOBS = 8, SESSION_MAX_SHARES = 8, SESSION_MAX_CANDIDATES = 12 };

struct session {
    struct conversation conversation;
    struct pending {
        uint32_t identifier; /* hash of the request's id */
        uint8_t ask;         /* enum ask; ASK_NOTHING: free */
        uint8_t sent;        /* enum direction of the request */
        double hashes;       /* ASK_SUBMIT: work that the share stands for */
    } pending[SESSION_MAX_PENDING];
    struct session_job {
        uint32_t name;        /* hash of its identifier; 0: none */
        uint64_t target;      /* what a result's last bytes may be at most (CryptoNote); 0: unknown */
        double difficulty;    /* in force when it came, in the dialect's unit; 0: unknown */
        double work;          /* attempts that one share takes, where the pool gave a target; 0: it did not */
    } jobs[SESSION_MAX_JOBS]; /* the latest ones */
    uint32_t shares[SESSION_MAX_SHARES]; /* hashes of the latest shares; 0: none */
    uint8_t next_pending, next_job, next_share;
    uint8_t eager; /* reports since the last one that was due by time */
    double work;   /* attempts that one share takes, where the pool gave a target; 0: it gave a difficulty */
    struct candidate {                 /* how much speaks for a dialect */
        const struct dialect *dialect; /* NULL: free, and so are those behind it */
        uint16_t rank;                 /* of two with as many points, the lower one is named */
        uint8_t points;
    } candidates[SESSION_MAX_CANDIDATES];
    uint32_t spoken;     /* hash of the first word that stands alone; 0: none was said */
    bool hinted[2][2];   /* as `said`, by words that others have too */
    bool said[2][2];     /* [direction][side]: this direction said what a miner (0) or a pool (1) says */
    bool compressed;     /* the ends agreed on it: what follows is no text */
    bool changed;        /* something that an alert shows changed since the last report */
    bool held;           /* nothing is told of it before two ends are seen to talk: it may be a quotation */
    bool prompt;         /* of one that is held: an end spoke within a machine's time of the other */
    bool told;           /* it was not held, or is no longer */
    int64_t spoke_us[2]; /* of one that is held: when each direction last sent a message; 0: none yet */
    bool reported;
    int64_t reported_us;
    uint64_t flow_id;
    struct proof_desk *desk;   /* where shares go to be proven; NULL: nowhere */
    struct proof_notes *notes; /* what that needs of the jobs; NULL: nothing yet */
};

/* Copies `text` (NUL-terminated) to a field where it differs; an empty text changes nothing. True if it
 * changed. */
bool conversation_set(char *field, size_t size, const char *text);

/* Adds `method` to the list of what that side said; one that does not fit is left out. */
void conversation_add_method(struct conversation *conversation, enum side side, const char *method);

/* States a fact; `session->changed` tells the reporter. */
void session_state(struct session *session, enum fact fact);

/* Somebody sent in `direction` what only a miner (or only a pool) sends: settles the roles, and tells
 * recordings and quotations from sessions (FACT_BOTH_ROLES). */
void session_speak(struct session *session, enum direction direction, bool as_miner);

/* Of a session that is held: a message came in `direction`. */
void session_note_message(struct session *session, enum direction direction, int64_t time_us);

/* Of a session that is held: whether it was answered, each end in its own role and as promptly as machines
 * do, so that it is no quotation. It is held no longer then. */
bool session_settle(struct session *session);

/* Somebody sent in `direction` what a miner (or a pool) sends, and others as well: no proof of the roles, but
 * a recording has such messages among its own. */
void session_hint(struct session *session, enum direction direction, bool as_miner);

/* Somebody sent in `direction` what a miner sends. */
bool session_has_miner(const struct session *session, enum direction direction);

/* One end says what both roles say, and the other end answers in neither: nothing here is an answer. */
bool session_is_recording(const struct session *session);

/* A word that stands alone was said, `word` being its method, "" for an answer: a second one states
 * FACT_SEVERAL_WORDS. */
void session_note_word(struct session *session, const char *word);

/* Remembers a request until its answer comes; the oldest makes room. */
void session_ask(struct session *session, uint32_t identifier, enum ask ask, enum direction sent,
                 double hashes);
/* Finds and forgets the oldest request of that identifier that went the other way than its answer; false
 * where there is none. */
bool session_answer(struct session *session, uint32_t identifier, enum direction answered,
                    struct pending *request);

/* A miner's request of that identifier went the same way as this answer, and no other did. */
bool session_answers_itself(const struct session *session, uint32_t identifier, enum direction answered);

/* Remembers a job's identifier, and tells whether it is one of the latest. */
void session_add_job(struct session *session, const char *job);
bool session_has_job(const struct session *session, const char *job);

/* The target of the job that was added last (CryptoNote), and that of a job; 0 where it is not known. */
void session_set_target(struct session *session, uint64_t target);
uint64_t session_target(const struct session *session, const char *job);

/* A message was read: the difficulty that is in force now is that of the jobs that it brought. Called after
 * each message, since in some it stands before the job and in some behind. */
void session_value_jobs(struct session *session);

/* The job of that identifier; NULL where it is none of the latest. */
const struct session_job *session_find_job(const struct session *session, const char *job);

/* Remembers a share by a hash of what it holds; false where it is one of the latest: sent again, not mined
 * again. */
bool session_add_share(struct session *session, uint32_t share);

#endif
