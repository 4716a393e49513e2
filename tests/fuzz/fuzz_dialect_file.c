// SPDX-License-Identifier: Apache-2.0
/*
 * Dialect files of an operator: any bytes are a dialect, or an error that says where. A dialect is put into a
 * set beside itself, and its words are found there by their methods.
 */
#include "fuzzing.h"

#include "inspect/dialect/dialect_file.h"
#include "inspect/dialect/dialect_set.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error = {.text = ""};
    if (length > DIALECT_FILE_MAX_BYTES)
        return 0;
    char *text = copy_of(bytes, length);
    struct dialect_file *file = dialect_file_parse(text, length, "fuzz.yaml", &error);
    copy_free(text); /* nothing of a dialect may point into it */
    if (file == NULL) {
        require(strncmp(error.text, "fuzz.yaml", 9) == 0);
        return 0;
    }
    const struct dialect_entry entry = {.dialect = &file->dialect,
                                        .words = file->dialect.words,
                                        .word_count = file->dialect.word_count,
                                        .file = "fuzz.yaml",
                                        .enabled = true};
    const bool is_switch = file->is_switch;
    struct dialect_set *set = dialect_set_create(&entry, is_switch ? 0 : 1, &file, 1);
    require(set != NULL);
    if (!is_switch)
        find_words(set, entry.dialect);
    dialect_set_free(set);
    return 0;
}
