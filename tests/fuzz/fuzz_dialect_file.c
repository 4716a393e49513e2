// SPDX-License-Identifier: Apache-2.0
/*
 * Dialect files of an operator: any bytes are a dialect, or an error that says where. A dialect is put into a
 * set beside itself, and its words are found there by their methods. They are held against a message, and
 * read it where they fit, within all bounds.
 *
 * Input: the file, a record separator (0x1e), the message; without one the message is a fixed one.
 */
#include "fuzzing.h"

#include "inspect/dialect/dialect_file.h"
#include "inspect/dialect/dialect_set.h"
#include "inspect/dialect/word_rule.h"

#include <math.h>

enum { SEPARATOR = 0x1e };

static void find_words(const struct dialect_set *set, const struct dialect *dialect)
{
    size_t count;
    for (size_t i = 0; i < dialect->word_count; i++) {
        const struct word *word = &dialect->words[i];
        const struct dialect_word *found = word->method == NULL
                                               ? dialect_find_answers(set, &count)
                                               : dialect_find_words(set, word->method, &count);
        bool there = false;
        for (size_t k = 0; k < count; k++)
            there |= found[k].word == word;
        require(there);
    }
}

/* What is too little must not stand alone or count shares; containers stand before what they hold. */
static void check_words(const struct dialect *dialect)
{
    require(dialect->word_count >= 1 && dialect->word_count <= DIALECT_FILE_MAX_WORDS);
    for (size_t i = 0; i < dialect->word_count; i++) {
        const struct word *word = &dialect->words[i];
        unsigned weight = word_rule_weight(word->rule);
        require(word->points >= 1 && word->points <= 10 && word->rule->count <= WORD_RULE_MAX_VALUES);
        require(word->strength != WORD_SPEAKS || weight >= 2);
        require(word->asks != ASK_SUBMIT || weight >= 3);
        for (uint8_t v = 0; v < word->rule->count; v++)
            require(word->rule->values[v].parent >= WORD_RULE_PARAMETERS || word->rule->values[v].parent < v);
    }
}

static void read_message(const struct dialect *dialect, const uint8_t *bytes, size_t length)
{
    static struct json_reader json;
    static struct session session;
    size_t used;
    json_reader_reset(&json);
    if (json_read(&json, bytes, length, &used) != JSON_COMPLETE || !json_is(&json, 0, JSON_OBJECT))
        return;
    memset(&session, 0, sizeof session);
    session.conversation.dialect = dialect;
    for (size_t i = 0; i < dialect->word_count; i++) {
        struct rpc rpc = {
            .json = &json,
            .message = 0,
            .parameters = json_member(&json, 0, "params"),
            .result = json_member(&json, 0, "result"),
            .method = "",
            .carrier = CARRIER_LINE,
            .http_target = "",
        };
        if (!word_fits(&dialect->words[i], &rpc))
            continue;
        word_read(&dialect->words[i], &session, &rpc);
        require(isfinite(rpc.hashes) && rpc.hashes >= 0);
    }
    require(isfinite(session.conversation.difficulty) && session.conversation.difficulty >= 0);
    require(memchr(session.conversation.user, '\0', sizeof session.conversation.user) != NULL);
}

static void use(struct dialect_file *file, const uint8_t *message, size_t length)
{
    const struct dialect_entry entry = {.dialect = &file->dialect,
                                        .words = file->dialect.words,
                                        .word_count = file->dialect.word_count,
                                        .file = "fuzz.yaml",
                                        .enabled = true};
    const bool is_switch = file->is_switch;
    struct dialect_set *set = dialect_set_create(&entry, is_switch ? 0 : 1, &file, 1);
    require(set != NULL);
    if (!is_switch) {
        check_words(entry.dialect);
        find_words(set, entry.dialect);
        read_message(entry.dialect, message, length);
    }
    dialect_set_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char usual[] = "{\"id\":1,\"method\":\"m\",\"params\":[\"a\",1,\"00ff\",[1],{\"a\":null}],"
                                "\"result\":{\"job\":{\"id\":\"1\",\"target\":\"0f\"}}}";
    const uint8_t *separator = length > 0 ? memchr(bytes, SEPARATOR, length) : NULL;
    size_t size = separator == NULL ? length : (size_t)(separator - bytes);
    struct error error = {.text = ""};
    if (size > DIALECT_FILE_MAX_BYTES)
        return 0;
    char *text = copy_of(bytes, size);
    struct dialect_file *file = dialect_file_parse(text, size, "fuzz.yaml", &error);
    copy_free(text); /* nothing of a dialect may point into it */
    if (file == NULL)
        require(strncmp(error.text, "fuzz.yaml: line ", 16) == 0);
    else if (separator == NULL)
        use(file, (const uint8_t *)usual, sizeof usual - 1);
    else
        use(file, separator + 1, length - size - 1);
    return 0;
}
