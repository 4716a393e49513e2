// SPDX-License-Identifier: Apache-2.0
/*
 * Sanctioned mining: what the operator's allow list covers is kept and told as an incident, but raises no
 * alert. What is about a sanctioned miner and not covered alerts, and says so.
 */
#include "verdict/judge_private.h"

#include "inspect/conversation.h"
#include "intel/wallet.h"

#include <stdio.h>
#include <string.h>

enum { MAX_LOGINS = MINING_MAX_LOGINS + 1 };

/* The latest login and those before it, with their parts. */
struct logins {
    struct allowed_login list[MAX_LOGINS];
    struct wallet parts[MINING_MAX_LOGINS];
    size_t count;
};

static void collect_logins(const struct mining *mining, struct logins *logins)
{
    logins->count = 0;
    if (mining->user[0] != '\0')
        logins->list[logins->count++] = (struct allowed_login){mining->user, mining->wallet, mining->worker};
    for (size_t i = 0; i < mining->login_count && i < MINING_MAX_LOGINS; i++) {
        wallet_read(mining->logins[i], &logins->parts[i]);
        logins->list[logins->count++] =
            (struct allowed_login){mining->logins[i], logins->parts[i].address, logins->parts[i].worker};
    }
}

static void explain(const struct allowed_match *match, struct mining *mining)
{
    const struct sanction *sanction = &mining->sanction;
    if (mining->evidence_count == MINING_MAX_EVIDENCE)
        mining->evidence_count--; /* the last one weighs least */
    if (match->state == ALLOWED_EXPIRED)
        describe_add_evidence(mining, "it was sanctioned, and no longer is", 0,
                              "was sanctioned until %s: %.50s (%.32s)", sanction->until, sanction->reason,
                              sanction->rule);
    else if (strcmp(match->lacks, "pool") != 0 && mining->user[0] == '\0')
        describe_add_evidence(mining, "the miner is sanctioned, but not so", 0,
                              "its %s was not seen: %.50s (%.32s)", match->lacks, sanction->reason,
                              sanction->rule);
    else
        describe_add_evidence(mining, "the miner is sanctioned, but not so", 0,
                              "the %s is another one: %.50s (%.32s)", match->lacks, sanction->reason,
                              sanction->rule);
}

struct allowed_row *judge_sanction(struct judge *judge, struct mining *mining, bool is_contact,
                                   int64_t time_us)
{
    static const struct address none = {{0}};
    mining->sanction = (struct sanction){.state = SANCTION_NONE};
    if (allowed_count(judge->allowed) == 0)
        return NULL;
    struct logins logins;
    collect_logins(mining, &logins);
    struct allowed_subject subject = {
        .miner = &mining->miner,
        .pool = address_equal(&mining->pool, &none) ? NULL : &mining->pool,
        .pool_name = mining->pool_domain,
        .logins = logins.list,
        .login_count = logins.count,
        .is_contact = is_contact,
        .time_us = time_us,
    };
    struct allowed_match match = allowed_find(judge->allowed, &subject);
    if (match.state == ALLOWED_NOT)
        return NULL;
    struct sanction *sanction = &mining->sanction;
    sanction->state = match.state == ALLOWED_COVERED   ? SANCTION_APPLIES
                      : match.state == ALLOWED_EXPIRED ? SANCTION_EXPIRED
                                                       : SANCTION_OTHER;
    sanction->lacks = match.state == ALLOWED_OTHER ? match.lacks : "";
    snprintf(sanction->reason, sizeof sanction->reason, "%s", match.row->reason);
    snprintf(sanction->rule, sizeof sanction->rule, "%.60s:%u", allowed_file_name(judge->allowed),
             match.row->line);
    memcpy(sanction->until, match.row->until, sizeof sanction->until);
    if (match.state == ALLOWED_COVERED)
        return match.row;
    explain(&match, mining);
    return NULL;
}

void judge_join_sanction(struct judge *judge, struct incident *incident)
{
    struct sanction *sanction = &incident->mining.sanction;
    if (sanction->state != SANCTION_APPLIES)
        incident->uncovered_by = judge->allowed_serial;
    else if (incident->uncovered_by == judge->allowed_serial)
        *sanction = (struct sanction){.state = SANCTION_NONE};
}

void judge_count_silence(struct judge *judge, struct allowed_row *row, struct incident *incident)
{
    judge->alerts_silenced++;
    row->alerts++;
    if (incident == NULL || incident->is_silenced)
        return;
    incident->is_silenced = true;
    judge->incidents_silenced++;
    row->incidents++;
}

void judge_warn_expired(struct judge *judge)
{
    if (judge->first_us == 0 || judge->expired_are_told)
        return; /* the time of the packets is not known yet */
    judge->expired_are_told = true;
    allowed_warn_expired(judge->allowed, judge->now_us);
}
