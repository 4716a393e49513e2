// SPDX-License-Identifier: Apache-2.0
/*
 * One word of a dialect file. Besides single mistakes it refuses what would make the sensor say more than it
 * saw: a word that demands little of its values may hint, but neither stand alone nor count shares.
 */
#include "inspect/dialect/dialect_file_part.h"

#include <string.h>

enum {
    WEIGHT_SPEAKS = 2, /* of word_rule_weight(): one value that is measured, or two of a type */
    WEIGHT_COUNTS = 3, /* shares, jobs and answers: they can prove that somebody mines */
};

static const char *const asks[ASK_COUNT] = {
    [ASK_SUBSCRIBE] = "subscribe", [ASK_AUTHORIZE] = "authorize", [ASK_LOGIN] = "login", [ASK_WORK] = "work",
    [ASK_SUBMIT] = "share",        [ASK_VERSION] = "version",     [ASK_OTHER] = "other",
};

static bool read_name(const struct dialect_part *part, const struct document_node *node, struct word *word)
{
    static const char *const tags[TAG_COUNT] = {
        [TAG_METHOD] = "method",   [TAG_TYPE] = "type",       [TAG_IDENTIFIER] = "identifier",
        [TAG_MESSAGE] = "message", [TAG_COMMAND] = "command", [TAG_SHAPE] = "nothing",
    };
    const struct document_node *method = document_member(node, "method"),
                               *answers = document_member(node, "answers"),
                               *named_by = document_member(node, "named-by");
    unsigned tag = TAG_METHOD, ask = ASK_NOTHING;
    if (named_by != NULL && !PART_CHOICE(part, named_by, tags, &tag))
        return false;
    word->tag = (enum tag)tag;
    if ((method != NULL) + (answers != NULL) + (tag == TAG_SHAPE) != 1 ||
        (answers != NULL && named_by != NULL))
        return PART_FAIL(part, node,
                         "a word has either 'method', or 'answers', or 'named-by: nothing' where it is known "
                         "by its members alone");
    if (method != NULL)
        return part_text(part, method, 1, 63, &word->method);
    if (tag == TAG_SHAPE) {
        word->method = "";
        return document_member(node, "message") != NULL ||
               PART_FAIL(part, node, "a word that nothing names must describe its members in 'message'");
    }
    if (answers->type == DOCUMENT_SCALAR && strcmp(answers->text, "anything") == 0)
        return true;
    if (!PART_CHOICE(part, answers, asks, &ask))
        return false;
    word->answers = (enum ask)ask;
    return true;
}

static bool read_side(const struct dialect_part *part, const struct document_node *node, struct word *word)
{
    static const char *const sides[] = {[SIDE_MINER] = "miner", [SIDE_POOL] = "pool"};
    const struct document_node *from = document_member(node, "from");
    unsigned side = SIDE_POOL;
    if (from == NULL && word->method != NULL)
        return PART_FAIL(part, node, "'from' is missing: who says this word, miner or pool");
    if (from != NULL && !PART_CHOICE(part, from, sides, &side))
        return false;
    if (word->method == NULL && side != SIDE_POOL)
        return PART_FAIL(part, from, "an answer is read where the pool gives it");
    word->from = (enum side)side;
    return true;
}

static bool read_carrier(const struct dialect_part *part, const struct document_node *node, struct word *word)
{
    static const char *const carriers[] = {"line", "http", "websocket"};
    unsigned carrier;
    if (!PART_CHOICE(part, node, carriers, &carrier))
        return false;
    word->carriers = (enum carrier)(word->carriers | 1u << carrier);
    return true;
}

static bool read_carriers(const struct dialect_part *part, const struct document_node *node,
                          struct word *word)
{
    const struct document_node *carriers = document_member(node, "carriers");
    if (carriers == NULL)
        return true;
    if (carriers->type != DOCUMENT_LIST)
        return read_carrier(part, carriers, word);
    if (carriers->count == 0)
        return PART_FAIL(part, carriers, "'carriers' is empty: the word would never be found");
    for (const struct document_node *one = carriers->child; one != NULL; one = one->next)
        if (!read_carrier(part, one, word))
            return false;
    return true;
}

static bool read_weights(const struct dialect_part *part, const struct document_node *node, struct word *word)
{
    static const char *const strengths[] = {
        [WORD_SUPPORTS] = "supports", [WORD_HINTS] = "hints", [WORD_SPEAKS] = "speaks"};
    const struct document_node *strength = document_member(node, "strength"),
                               *points = document_member(node, "points"),
                               *ask = document_member(node, "asks");
    unsigned choice = WORD_HINTS, asked = ASK_NOTHING;
    double number = 5;
    if ((strength != NULL && !PART_CHOICE(part, strength, strengths, &choice)) ||
        (points != NULL && !part_number(part, points, 1, 10, &number)) ||
        (ask != NULL && !PART_CHOICE(part, ask, asks, &asked)))
        return false;
    word->strength = (enum strength)choice;
    word->points = (uint8_t)number;
    word->asks = (enum ask)asked;
    if (ask != NULL && word->method == NULL)
        return PART_FAIL(part, ask, "an answer asks for nothing");
    if (ask != NULL && word->asks == ASK_SUBMIT && word->from != SIDE_MINER)
        return PART_FAIL(part, ask, "only a miner sends shares");
    return true;
}

/* Each value in the mouth of who can say it. */
static bool check_speaker(const struct dialect_part *part, const struct document_node *node,
                          const struct word *word)
{
    static const bool says[2][ROLE_COUNT] = {
        [SIDE_MINER] =
            {true, [ROLE_WALLET] = true, [ROLE_WORKER] = true, [ROLE_AGENT] = true, [ROLE_PASSWORD] = true,
             [ROLE_RIG] = true, [ROLE_ALGORITHM] = true, [ROLE_HASHRATE] = true},
        [SIDE_POOL] = {true, [ROLE_ALGORITHM] = true, [ROLE_DIFFICULTY] = true, [ROLE_TARGET] = true,
                       [ROLE_ATTEMPTS] = true, [ROLE_JOB] = true, [ROLE_HEIGHT] = true},
    };
    for (uint8_t i = 0; i < word->rule->count; i++) {
        unsigned role = word->rule->values[i].role;
        bool is_share = role == ROLE_JOB && word->asks == ASK_SUBMIT;
        if (!says[word->from][role] && !is_share)
            return PART_FAIL(
                part, node, "%s",
                word->from == SIDE_POOL
                    ? "a pool tells algorithm, difficulty, target, attempts, job and height; the "
                      "rest is the miner's to say"
                    : "a miner tells wallet, worker, agent, password, rig, algorithm and hashrate, "
                      "and a job with 'asks: share'; the rest is the pool's to say");
    }
    return true;
}

static bool check_weight(const struct dialect_part *part, const struct document_node *node,
                         const struct word *word)
{
    unsigned weight = word_rule_weight(word->rule);
    bool has_job = false;
    for (uint8_t i = 0; i < word->rule->count; i++)
        has_job |= word->rule->values[i].role == ROLE_JOB;
    if (word->strength == WORD_SPEAKS && weight < WEIGHT_SPEAKS)
        return PART_FAIL(part, node,
                         "a word that 'speaks' stands alone, so it must say what its values look like: "
                         "describe two, or one by length, beginning or range; else it 'hints'");
    if ((word->asks == ASK_SUBMIT || has_job || (word->method == NULL && word->strength != WORD_SUPPORTS)) &&
        weight < WEIGHT_COUNTS)
        return PART_FAIL(part, node,
                         "shares, jobs and answers can confirm that somebody mines, so their values must be "
                         "described: three of them, or two with one by length, beginning or range");
    return true;
}

bool part_read_word(const struct dialect_part *part, const struct document_node *node, struct word *word,
                    struct word_rule *rule)
{
    static const char *const keys[] = {"method", "answers", "named-by", "from",   "carriers", "strength",
                                       "points", "asks",    "params",   "result", "message",  NULL};
    word->rule = rule;
    if (!part_check_keys(part, node, keys, "a word") || !read_name(part, node, word) ||
        !read_side(part, node, word) || !read_carriers(part, node, word) || !read_weights(part, node, word))
        return false;
    const struct document_node *params = document_member(node, "params"),
                               *result = document_member(node, "result");
    if (word->method == NULL && params != NULL)
        return PART_FAIL(part, params, "an answer has a 'result', no 'params'");
    if (word->method != NULL && result != NULL)
        return PART_FAIL(part, result, "only an answer has a 'result'");
    return part_read_values(part, node, rule) && check_speaker(part, node, word) &&
           check_weight(part, node, word);
}
