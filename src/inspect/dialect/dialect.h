// SPDX-License-Identifier: Apache-2.0
/*
 * A mining dialect as data: its words (methods and answers, who says them, what shape their values must
 * have), where wallet, agent, difficulty and job stand in them, and what one share is worth.
 *
 * Adding one is a file that ends in `const struct dialect dialect_NAME = {...};` and a row DIALECT(NAME) in
 * dialects.def. The wire facts and their sources stand in docs/dialects.md.
 */
#ifndef INSPECT_DIALECT_DIALECT_H
#define INSPECT_DIALECT_DIALECT_H

#include "inspect/conversation.h"
#include "protocol/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum carrier {
    CARRIER_LINE = 1 << 0,      /* JSON lines on a bare stream, or inside a tunnel */
    CARRIER_HTTP = 1 << 1,      /* bodies of HTTP requests and of their responses */
    CARRIER_WEBSOCKET = 1 << 2, /* text messages of a WebSocket */
};

/* Which member of a message says what it is. */
enum tag {
    TAG_METHOD,     /* JSON-RPC, Stratum */
    TAG_TYPE,       /* {"type":"auth",...}: the Coinhive family */
    TAG_IDENTIFIER, /* {"identifier":"handshake",...}: the webminerpool family */
    TAG_MESSAGE,    /* {"message":"register",...}: Nimiq */
    TAG_COMMAND,    /* {"command":"summary"}: interfaces of miners */
    TAG_SHAPE,      /* none: the message is known by its other members; the word's method is "" */
    TAG_COUNT
};

/* One JSON-RPC message on its way through a dialect. */
struct rpc {
    const struct json_reader *json;
    uint8_t message;    /* the object */
    uint8_t parameters; /* params, or body; JSON_NONE where there are none */
    uint8_t result;     /* JSON_NONE in requests and pushes */
    enum tag tag;       /* which member named it */
    const char *method; /* value of that member; "" in answers and where a message is known by its shape */
    enum carrier carrier;
    const char *http_target;  /* request target of the HTTP exchange; "" on a bare stream */
    int64_t time_us;          /* of the packet */
    enum direction direction; /* in which it was sent */
    double hashes;            /* set by a submit word's read(): work that the share stands for */
};

enum strength {
    WORD_SUPPORTS, /* says nothing alone: only that the conversation goes on */
    WORD_HINTS,    /* ambiguous: two different ones, or one with other evidence */
    WORD_SPEAKS,   /* stands alone */
};

struct word_rule;

struct word {
    const char *method; /* value of the member that `tag` says; NULL: an answer (has result or error) */
    enum tag tag;       /* 0: TAG_METHOD */
    enum ask answers;   /* answers: to what; ASK_NOTHING: to anything, also where the request was not seen */
    enum side from;
    enum carrier carriers; /* 0: CARRIER_LINE and CARRIER_WEBSOCKET */
    enum strength strength;
    enum ask asks;  /* requests: what the answer will be about */
    uint8_t points; /* for this dialect rather than another that has the word too: 1 shared .. 10 its own */
    /* Whether the values have the shape that this dialect demands; NULL: any. */
    bool (*fits)(const struct rpc *rpc);
    /* Takes out what the message tells; NULL: nothing. May state facts. */
    void (*read)(struct session *session, struct rpc *rpc);
    const struct word_rule *rule; /* of a dialect file: takes the place of fits and read; NULL: built in */
};

struct dialect {
    const char *name;             /* as in events: "bitcoin-v1" */
    const char *kind;             /* mining.kind: "stratum", "getwork", ... */
    const char *summary;          /* for --list-dialects */
    const char *algorithm;        /* "" where the dialect serves several */
    const char *coin;             /* "" where the dialect serves several */
    const char *share_unit;       /* "H"; "Sol": solutions (Equihash, BeamHash); "graph": Cuckoo graphs */
    double hashes_per_difficulty; /* work of one share at difficulty 1 */
    const struct word *words;
    size_t word_count;
};

#define DIALECT(name) extern const struct dialect dialect_##name;
#include "inspect/dialect/dialects.def"
#undef DIALECT

#define WORDS(array) .words = (array), .word_count = sizeof(array) / sizeof((array)[0])

/* Those that are built in; what is in force is a dialect_set. */
extern const struct dialect *const dialects[];
extern const size_t dialect_count;

bool word_fits(const struct word *word, const struct rpc *rpc);
void word_read(const struct word *word, struct session *session, struct rpc *rpc);

/* ---- what several dialects share ---- */

/* [user, password, ...] of mining.authorize. */
void dialect_read_authorize(struct session *session, struct rpc *rpc);
/* The agent in the first parameter. */
void dialect_read_subscribe(struct session *session, struct rpc *rpc);
/* [user, job, ...]: the user where it is not known yet, the job, the work at the difficulty in force. */
bool dialect_read_share(struct session *session, struct rpc *rpc); /* false: it was sent again */
void dialect_read_submit(struct session *session, struct rpc *rpc);
/* mining.set_difficulty [number]. */
void dialect_read_difficulty(struct session *session, struct rpc *rpc);
/* mining.set_target [64 hex digits, big endian]: one share takes 2^256 / target attempts. */
void dialect_read_target(struct session *session, struct rpc *rpc);
/* The difficulty in force from now on, in the dialect's unit; what is no difficulty (0, above 2^63) changes
 * nothing. */
void dialect_set_difficulty(struct session *session, double difficulty);
/* The height of the block that a job is for; what is none (0, above 10^12) changes nothing. */
void dialect_set_height(struct session *session, double height);
/* The same from a number or its text; anything else changes nothing. */
void dialect_read_height(struct session *session, const struct rpc *rpc, uint8_t value);
/* The same from hexadecimal digits, with or without 0x. */
void dialect_read_hexadecimal_height(struct session *session, const struct rpc *rpc, uint8_t value);
/* The pool gave out a job of that identifier. */
void dialect_note_job(struct session *session, const char *job);
/* Notes the job in the first parameter, or in `job_id` of an object. */
void dialect_read_job(struct session *session, struct rpc *rpc);

/* The pool's name from an address with or without a scheme, "stratum+ssl://pool.example:443/path"; "" changes
 * nothing. */
void dialect_read_url(struct session *session, const char *url);

/* States that a share was sent: counts it, once however often it is sent (false: it was sent again), and
 * remembers what it stands for. `job` may be "". */
bool dialect_share(struct session *session, struct rpc *rpc, const char *job);

/* 2^256 / target from 64 hexadecimal digits, big endian (an 0x before them is skipped); 0 where the target is
 * 0. */
double dialect_difficulty_of_target(const char *hexadecimal);

bool dialect_any_array(const struct rpc *rpc);

/* Hash of a message's identifier, which may be a number, a string or null: good enough to match answers in a
 * short list. */
uint32_t dialect_identifier(const struct json_reader *json, uint8_t value);

/* The first of the parameters' members with one of these names (NULL ends them) that is a string; "" where
 * none is. */
const char *dialect_member_text(const struct rpc *rpc, const char *const *names);

/* Element `position` of the parameters, and its text. */
uint8_t dialect_parameter(const struct rpc *rpc, uint16_t position);
const char *dialect_parameter_text(const struct rpc *rpc, uint16_t position);

/* A time of day in seconds is within two hours of the packet's: what a pool puts into a job. */
bool dialect_time_is_near(const struct rpc *rpc, uint64_t seconds);

#endif
