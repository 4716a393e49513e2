// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/dialect_set.h"

#include "inspect/dialect/dialect_file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct dialect_set {
    struct dialect_entry *entries;
    size_t count;
    struct dialect_word *methods, *answers; /* words by method; words that are answers */
    size_t method_count, answer_count;
    struct dialect_file **files; /* owned */
    size_t file_count;
};

static int by_method(const void *a, const void *b)
{
    const struct dialect_word *x = a, *y = b;
    int order = strcmp(x->word->method, y->word->method);
    if (order != 0)
        return order;
    return x->rank != y->rank ? x->rank - y->rank : (x->word > y->word) - (x->word < y->word);
}

static void build_index(struct dialect_set *set)
{
    for (size_t d = 0; d < set->count; d++)
        for (size_t w = 0; set->entries[d].enabled && w < set->entries[d].word_count; w++) {
            const struct word *word = &set->entries[d].words[w];
            struct dialect_word entry = {word, set->entries[d].dialect, (uint16_t)d};
            if (word->method == NULL)
                set->answers[set->answer_count++] = entry;
            else
                set->methods[set->method_count++] = entry;
        }
    qsort(set->methods, set->method_count, sizeof set->methods[0], by_method);
}

static void free_files(struct dialect_file **files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dialect_file_free(files[i]);
}

struct dialect_set *dialect_set_create(const struct dialect_entry *entries, size_t count,
                                       struct dialect_file **files, size_t file_count)
{
    size_t words = 1; /* no array is empty */
    for (size_t d = 0; d < count; d++)
        words += entries[d].word_count;
    struct dialect_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        free_files(files, file_count);
        return NULL;
    }
    set->entries = calloc(count + 1, sizeof *set->entries);
    set->methods = calloc(words, sizeof *set->methods);
    set->answers = calloc(words, sizeof *set->answers);
    set->files = calloc(file_count + 1, sizeof(struct dialect_file *));
    if (set->entries == NULL || set->methods == NULL || set->answers == NULL || set->files == NULL) {
        free_files(files, file_count);
        dialect_set_free(set);
        return NULL;
    }
    if (file_count > 0)
        memcpy(set->files, files, file_count * sizeof(struct dialect_file *));
    set->file_count = file_count;
    memcpy(set->entries, entries, count * sizeof *entries);
    set->count = count;
    build_index(set);
    return set;
}

void dialect_set_free(struct dialect_set *set)
{
    if (set == NULL)
        return;
    free_files(set->files, set->file_count);
    free(set->files);
    free(set->answers);
    free(set->methods);
    free(set->entries);
    free(set);
}

/* ---- built in ---- */

static struct dialect_set *builtin;

static void make_builtin(void)
{
    struct dialect_entry *entries = calloc(dialect_count, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < dialect_count; i++)
        entries[i] =
            (struct dialect_entry){dialects[i], dialects[i]->words, dialects[i]->word_count, NULL, true};
    builtin = entries == NULL ? NULL : dialect_set_create(entries, dialect_count, NULL, 0);
    free(entries);
    if (builtin == NULL)
        abort(); /* some 20 KiB at the start of the program */
}

const struct dialect_set *dialect_set_builtin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_builtin);
    return builtin;
}

/* ---- handing over ---- */

void dialect_exchange_init(struct dialect_exchange *exchange)
{
    *exchange = (struct dialect_exchange){.now = dialect_set_builtin()};
}

void dialect_exchange_done(struct dialect_exchange *exchange)
{
    dialect_set_free(atomic_load(&exchange->next));
    dialect_set_free(exchange->own);
}

void dialect_exchange_hand(struct dialect_exchange *exchange, struct dialect_set *set)
{
    dialect_set_free(atomic_exchange(&exchange->next, set));
}

void dialect_exchange_take(struct dialect_exchange *exchange)
{
    if (atomic_load_explicit(&exchange->next, memory_order_relaxed) == NULL)
        return;
    struct dialect_set *before = exchange->own;
    exchange->own = atomic_exchange(&exchange->next, NULL);
    exchange->now = exchange->own;
    dialect_set_free(before);
}

/* ---- looking up ---- */

const struct dialect_entry *dialect_set_entries(const struct dialect_set *set, size_t *count)
{
    *count = set->count;
    return set->entries;
}

const struct dialect_word *dialect_find_words(const struct dialect_set *set, const char *method,
                                              size_t *count)
{
    size_t low = 0, high = set->method_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(set->methods[middle].word->method, method) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < set->method_count && strcmp(set->methods[end].word->method, method) == 0)
        end++;
    *count = end - low;
    return set->methods + low;
}

const struct dialect_word *dialect_find_answers(const struct dialect_set *set, size_t *count)
{
    *count = set->answer_count;
    return set->answers;
}
