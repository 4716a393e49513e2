// SPDX-License-Identifier: Apache-2.0
/*
 * What the word of a dialect file demands of the values in a message, and what it takes from them: a flat
 * list in which containers stand before what they hold, so that looking never recurs.
 */
#ifndef INSPECT_DIALECT_WORD_RULE_H
#define INSPECT_DIALECT_WORD_RULE_H

#include "inspect/dialect/dialect.h"

enum value_type {
    VALUE_ANY,
    VALUE_TEXT,       /* not empty */
    VALUE_EMPTY,      /* a text of no characters */
    VALUE_IDENTIFIER, /* text or number */
    VALUE_DECIMAL,    /* a text of decimal digits */
    VALUE_HEX,
    VALUE_NUMBER,
    VALUE_BOOLEAN,
    VALUE_NULL,
    VALUE_LIST,
    VALUE_OBJECT,
    VALUE_ADDRESS, /* letters and digits behind a start, up to what separates a worker */
    VALUE_WALLET,  /* its checksum is right */
    VALUE_TYPES
};

/* What a value means. */
enum value_role {
    ROLE_NONE,
    ROLE_WALLET, /* the login, which begins with it */
    ROLE_WORKER,
    ROLE_AGENT,
    ROLE_PASSWORD,
    ROLE_RIG,
    ROLE_ALGORITHM,
    ROLE_DIFFICULTY,
    ROLE_TARGET,   /* hexadecimal, big endian: one share takes 2^256 / target attempts */
    ROLE_ATTEMPTS, /* that one share takes */
    ROLE_JOB,
    ROLE_HEIGHT,
    ROLE_HASHRATE, /* hashes a second, as the miner says */
    ROLE_COUNT
};

enum prefix_rule { PREFIX_EITHER, PREFIX_DEMANDED, PREFIX_REFUSED }; /* 0x before hexadecimal digits */

enum {
    WORD_RULE_MAX_VALUES = 48,
    /* parents that are no values of the rule */
    WORD_RULE_PARAMETERS = 253,
    WORD_RULE_RESULT = 254,
    WORD_RULE_MESSAGE = 255,
};

struct value_rule {
    uint8_t parent;       /* an earlier value, or one of the above */
    uint8_t type;         /* enum value_type */
    uint8_t role;         /* enum value_role */
    uint8_t prefix;       /* enum prefix_rule */
    bool optional;        /* may be absent or null */
    bool hexadecimal;     /* an address: digits alone */
    bool is_root;         /* the parent itself, rather than something in it */
    uint16_t position;    /* in the parent, where `name` is NULL */
    const char *name;     /* member of the parent */
    uint32_t low, high;   /* length: characters, digits, elements */
    double least, most;   /* of a number */
    const char *start;    /* how a text begins; "" any */
    const char *coin;     /* of a wallet; "" any */
    const char **choices; /* one of these texts; NULL: any */
    uint8_t choice_count;
};

struct word_rule {
    struct value_rule *values;
    uint8_t count;
    bool bare; /* no parameters, or empty ones */
};

bool word_rule_fits(const struct word_rule *rule, const struct rpc *rpc);

/* Takes out what the values mean; `word` has the rule. The message must fit. */
void word_rule_read(const struct word *word, struct session *session, struct rpc *rpc);

/* How much the rule demands: nothing for any value and for those that may be absent, 1 for a type, 2 for
 * digits, lengths, ranges or texts that are demanded. */
unsigned word_rule_weight(const struct word_rule *rule);

bool word_rule_equal(const struct word_rule *a, const struct word_rule *b);

#endif
