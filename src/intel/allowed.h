// SPDX-License-Identifier: Apache-2.0
/*
 * The operator's allow list: who may mine where and for which wallet, until when and why (local-allowed.tsv;
 * signatures/README.md). A row covers what meets all of its columns. Read-only after loading but for the
 * counts of its rows; one thread.
 */
#ifndef INTEL_ALLOWED_H
#define INTEL_ALLOWED_H

#include "base/address.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ALLOWED_MAX_ROWS = 65536, ALLOWED_MAX_REASON = 120 };

struct allowed_row {
    const char *reason;
    char until[11];             /* "2027-01-31", the last day; "" for ever */
    unsigned line;              /* of the file */
    uint64_t incidents, alerts; /* that it kept from being told, since it was loaded */
};

/* Who mines. Texts are "" where unknown. */
struct allowed_subject {
    const struct address *miner;
    const struct address *pool; /* NULL where unknown */
    const char *pool_name;
    /* each login of the connection; a row with wallet or login covers it where it covers all of them */
    const struct allowed_login {
        const char *user, *wallet, *worker;
    } * logins;
    size_t login_count;
    bool is_contact; /* no mining was seen, so no login can be: a row with miner and pool is enough */
    int64_t time_us;
};

enum allowed_state {
    ALLOWED_NOT,     /* no row is about it */
    ALLOWED_OTHER,   /* the miner may mine, but not so */
    ALLOWED_EXPIRED, /* it might until that day */
    ALLOWED_COVERED,
};

struct allowed_match {
    enum allowed_state state;
    struct allowed_row *row; /* NULL for ALLOWED_NOT */
    const char *lacks;       /* of ALLOWED_OTHER: the column that differs: "pool", "wallet", "login" */
};

struct allowed;

/* Reads the file `path`; where that is "", local-allowed.tsv of `directory`, which may be missing. A bad line
 * is an error that names file and line. */
struct allowed *allowed_load(const char *directory, const char *path, struct error *error);
void allowed_free(struct allowed *allowed);

/* Covered by one row is covered; of several such the first in the file. */
struct allowed_match allowed_find(const struct allowed *allowed, const struct allowed_subject *subject);

size_t allowed_count(const struct allowed *allowed);
const char *allowed_file_name(const struct allowed *allowed); /* without its folders */

/* Says in one warning which rows had expired by `now_us`. */
void allowed_warn_expired(const struct allowed *allowed, int64_t now_us);

/* Up to `max` rows that covered something, those that kept most alerts from being told first. */
size_t allowed_busiest(const struct allowed *allowed, const struct allowed_row **rows, size_t max);

#endif
