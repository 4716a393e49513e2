// SPDX-License-Identifier: Apache-2.0
/*
 * For tests of dialects: lines are read through a dialect's own words, and shares for the verdict thread are
 * caught.
 */
#ifndef TESTS_UNIT_DIALECT_WORDS_H
#define TESTS_UNIT_DIALECT_WORDS_H

#include "inspect/dialect/dialect.h"
#include "inspect/proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct proof_desk desk;
static struct session session;
static struct proof_share caught; /* the latest share */
static unsigned catches;
static int64_t words_time_us = 1484652740000000; /* 2017-01-17 11:32:20 UTC, as in the CryptoNote vectors */

static struct proof_share *catch_reserve(void *context, uint64_t flow_id)
{
    (void)context;
    assert_int_equal(flow_id, 7);
    memset(&caught, 0xee, sizeof caught);
    return &caught;
}

static void catch_commit(void *context, struct proof_share *share)
{
    (void)context;
    assert_ptr_equal(share, &caught);
    catches++;
}

static void words_begin(const struct dialect *dialect)
{
    slab_init(&desk.notes, sizeof(struct proof_notes), 2);
    desk.reserve = catch_reserve;
    desk.commit = catch_commit;
    memset(&session, 0, sizeof session);
    session.desk = &desk;
    session.flow_id = 7;
    session.conversation.dialect = dialect;
    catches = 0;
}

static void words_end(void)
{
    slab_done(&desk.notes);
}

/* Reads one line; true if one of the dialect's words took it. `answers`: what an answer is one to. */
static bool words_read(const char *line, enum ask answers)
{
    const struct dialect *dialect = session.conversation.dialect;
    static struct json_reader json;
    size_t used;
    json_reader_reset(&json);
    assert_int_equal(json_read(&json, (const uint8_t *)line, strlen(line), &used), JSON_COMPLETE);
    struct rpc rpc = {
        .json = &json,
        .parameters = json_member(&json, 0, "params"),
        .result = json_member(&json, 0, "result"),
        .method = json_text(&json, json_member(&json, 0, "method")),
        .carrier = CARRIER_LINE,
        .http_target = "",
        .time_us = words_time_us,
    };
    const struct word *best = NULL;
    for (size_t i = 0; i < dialect->word_count; i++) {
        const struct word *word = &dialect->words[i];
        bool same = rpc.method[0] == '\0'
                        ? word->method == NULL && (word->answers == ASK_NOTHING || word->answers == answers)
                        : word->method != NULL && strcmp(word->method, rpc.method) == 0;
        if (same && (best == NULL || word->points > best->points) && (word->fits == NULL || word->fits(&rpc)))
            best = word;
    }
    if (best != NULL && best->read != NULL)
        best->read(&session, &rpc);
    return best != NULL;
}

#endif
