// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/dialect_file.h"

#include "config/suggest.h"
#include "inspect/dialect/dialect_file_part.h"
#include "inspect/dialect/dialect_set.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- parts ---- */

bool part_check_keys(const struct dialect_part *part, const struct document_node *node,
                     const char *const *keys, const char *what)
{
    if (node->type != DOCUMENT_MAPPING)
        return PART_FAIL(part, node, "here must stand %s: names, each with a colon and a value", what);
    for (const struct document_node *member = node->child; member != NULL; member = member->next) {
        struct suggestion suggestion = {.word = member->key};
        char hint[128];
        const char *const *key = keys;
        while (*key != NULL && strcmp(*key, member->key) != 0)
            key++;
        if (*key != NULL)
            continue;
        for (key = keys; *key != NULL; key++)
            suggest_offer(&suggestion, *key);
        return document_fail(part->name, member->key_place, part->error, "%s has no '%.60s'%s", what,
                             member->key, suggest_text(&suggestion, hint, sizeof hint));
    }
    return true;
}

bool part_text(const struct dialect_part *part, const struct document_node *node, size_t low, size_t high,
               const char **text)
{
    const char *name = node->key != NULL ? node->key : "an item";
    if (node->type != DOCUMENT_SCALAR || node->is_null)
        return PART_FAIL(part, node, "'%s' must be a text", name);
    size_t length = strlen(node->text);
    if (length < low || length > high)
        return PART_FAIL(part, node, "'%s' must have %zu to %zu characters, not %zu", name, low, high,
                         length);
    for (const char *at = node->text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return PART_FAIL(part, node, "'%s' has a control character in it", name);
    *text = node->text;
    return true;
}

bool part_truth(const struct dialect_part *part, const struct document_node *node, bool *truth)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};
    unsigned choice;
    if (!PART_CHOICE(part, node, words, &choice))
        return false;
    *truth = choice % 2 == 1;
    return true;
}

bool part_number(const struct dialect_part *part, const struct document_node *node, double least, double most,
                 double *number)
{
    char *end = NULL;
    if (node->type == DOCUMENT_SCALAR)
        *number = strtod(node->text, &end);
    if (end == NULL || end == node->text || *end != '\0' || !isfinite(*number))
        return PART_FAIL(part, node, "here must stand a number");
    if (*number < least || *number > most)
        return PART_FAIL(part, node, "the number must be from %g to %g, not %.40s", least, most, node->text);
    return true;
}

bool part_choice(const struct dialect_part *part, const struct document_node *node, const char *const *words,
                 size_t count, unsigned *choice)
{
    struct suggestion suggestion = {.word = node->text};
    char hint[128], all[256] = "";
    size_t used = 0;
    for (unsigned i = 0; i < count && node->type == DOCUMENT_SCALAR; i++)
        if (words[i] != NULL && strcmp(words[i], node->text) == 0) {
            *choice = i;
            return true;
        }
    for (unsigned i = 0; i < count; i++) {
        if (words[i] == NULL)
            continue;
        suggest_offer(&suggestion, words[i]);
        int length = snprintf(all + used, sizeof all - used, "%s%s", used > 0 ? ", " : "", words[i]);
        used += length > 0 && used + (size_t)length < sizeof all ? (size_t)length : 0;
    }
    return PART_FAIL(part, node, "'%s' is one of %s, not '%.40s'%s",
                     node->key != NULL ? node->key : "an item", all, node->text,
                     suggest_text(&suggestion, hint, sizeof hint));
}

/* ---- the dialect ---- */

static bool read_format(const struct dialect_part *part, const struct document_node *node,
                        struct dialect_file *file)
{
    (void)file;
    double format;
    if (!part_number(part, node, 0, 1e9, &format))
        return false;
    return format == DIALECT_FILE_FORMAT ||
           PART_FAIL(part, node, "this is format %.0f of dialect files; this geophone reads format %d",
                     format, DIALECT_FILE_FORMAT);
}

static bool read_name(const struct dialect_part *part, const struct document_node *node,
                      struct dialect_file *file)
{
    if (!part_text(part, node, 2, 40, &file->dialect.name))
        return false;
    return strspn(file->dialect.name, "abcdefghijklmnopqrstuvwxyz0123456789.-") ==
               strlen(file->dialect.name) ||
           PART_FAIL(part, node, "the name of a dialect is of lower-case letters, digits, '.' and '-'");
}

static bool read_enabled(const struct dialect_part *part, const struct document_node *node,
                         struct dialect_file *file)
{
    return part_truth(part, node, &file->enabled);
}

/* Those that alerts know, which have numbers of their own. */
static bool read_kind(const struct dialect_part *part, const struct document_node *node,
                      struct dialect_file *file)
{
    enum { MOST = 16 };
    const char *kinds[MOST];
    size_t count = 0;
    for (size_t i = 0; i < dialect_count; i++) {
        bool known = dialects[i]->word_count == 0; /* what has no words is not of this kind */
        for (size_t k = 0; k < count; k++)
            known |= strcmp(kinds[k], dialects[i]->kind) == 0;
        if (!known && count < MOST)
            kinds[count++] = dialects[i]->kind;
    }
    unsigned choice;
    if (!part_choice(part, node, kinds, count, &choice))
        return false;
    file->dialect.kind = kinds[choice];
    return true;
}

static bool read_summary(const struct dialect_part *part, const struct document_node *node,
                         struct dialect_file *file)
{
    return part_text(part, node, 1, 120, &file->dialect.summary);
}

static bool read_remark(const struct dialect_part *part, const struct document_node *node,
                        struct dialect_file *file)
{
    (void)file; /* for those who read the file */
    const char *text;
    return part_text(part, node, 1, 500, &text);
}

static bool read_algorithm(const struct dialect_part *part, const struct document_node *node,
                           struct dialect_file *file)
{
    return part_text(part, node, 0, 31, &file->dialect.algorithm);
}

static bool read_coin(const struct dialect_part *part, const struct document_node *node,
                      struct dialect_file *file)
{
    return part_text(part, node, 0, 15, &file->dialect.coin);
}

static bool read_unit(const struct dialect_part *part, const struct document_node *node,
                      struct dialect_file *file)
{
    static const char *const units[] = {"H", "Sol", "graph"};
    unsigned choice;
    if (!PART_CHOICE(part, node, units, &choice))
        return false;
    file->dialect.share_unit = units[choice];
    return true;
}

/* "65536" or "2^48"; what follows it is at *end. */
static double read_factor(const char *text, char **end)
{
    double number = strtod(text, end);
    if (*end != text && **end == '^') {
        char *power = *end + 1;
        number = pow(number, (double)strtol(power, end, 10));
    }
    return number;
}

/* A number, a power, or the quotient of two: 1, 2^32, 2^48/65535. */
static bool read_work(const struct dialect_part *part, const struct document_node *node,
                      struct dialect_file *file)
{
    char *end = NULL, *last = NULL;
    double work = 0;
    if (node->type == DOCUMENT_SCALAR) {
        work = read_factor(node->text, &end);
        last = end;
        if (last != node->text && *last == '/') {
            char *divisor = last + 1;
            work /= read_factor(divisor, &end);
        }
    }
    if (last == NULL || last == node->text || *end != '\0' || !(work > 0) || work > 0x1p128)
        return PART_FAIL(
            part, node,
            "'hashes-per-difficulty' must be a number above 0, or a power or quotient of such: 1, "
            "2^32, 2^48/65535");
    file->dialect.hashes_per_difficulty = work;
    return true;
}

/* Two words that the same message would be: the second would never be found. */
static bool check_twins(const struct dialect_part *part, const struct document_node *node,
                        const struct dialect_file *file, size_t index)
{
    const struct word *one = &file->words[index];
    for (size_t i = 0; i < index; i++) {
        const struct word *other = &file->words[i];
        bool same = one->method == NULL || other->method == NULL
                        ? one->method == other->method && one->answers == other->answers
                        : strcmp(one->method, other->method) == 0 && one->tag == other->tag;
        if (same && word_rule_equal(one->rule, other->rule))
            return PART_FAIL(part, node,
                             "this word is there twice: the %zu. and the %zu. have the same shape", i + 1,
                             index + 1);
    }
    return true;
}

static bool read_words(const struct dialect_part *part, const struct document_node *node,
                       struct dialect_file *file)
{
    if (node->type != DOCUMENT_LIST || node->count == 0 || node->count > DIALECT_FILE_MAX_WORDS)
        return PART_FAIL(part, node, "'words' must be a list of 1 to %d words", DIALECT_FILE_MAX_WORDS);
    file->words = calloc(node->count, sizeof *file->words);
    file->rules = calloc(node->count, sizeof *file->rules);
    if (file->words == NULL || file->rules == NULL)
        return error_set(part->error, STATUS_FAILED, "out of memory while reading %s", part->name);
    file->dialect.words = file->words;
    for (const struct document_node *one = node->child; one != NULL; one = one->next) {
        size_t index = file->dialect.word_count++;
        if (!part_read_word(part, one, &file->words[index], &file->rules[index]) ||
            !check_twins(part, one, file, index))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    bool (*read)(const struct dialect_part *part, const struct document_node *node,
                 struct dialect_file *file);
    bool demanded; /* of all but switches */
} keys[] = {
    {"format", read_format, true},
    {"name", read_name, true},
    {"enabled", read_enabled, false},
    {"kind", read_kind, true},
    {"summary", read_summary, true},
    {"source", read_remark, true},
    {"licence", read_remark, true},
    {"algorithm", read_algorithm, false},
    {"coin", read_coin, false},
    {"share-unit", read_unit, false},
    {"hashes-per-difficulty", read_work, true},
    {"words", read_words, true},
};

enum { KEYS = sizeof keys / sizeof keys[0], SWITCH_KEYS = 3 };

/* The format first: another one may have other keys. */
static bool read_dialect(const struct dialect_part *part, const struct document_node *root,
                         struct dialect_file *file)
{
    const char *names[KEYS + 1] = {NULL};
    for (size_t i = 0; i < KEYS; i++)
        names[i] = keys[i].name;
    const struct document_node *format = document_member(root, "format");
    if ((format != NULL && !read_format(part, format, file)) ||
        !part_check_keys(part, root, names, "a dialect"))
        return false;
    for (size_t i = 0; i < KEYS; i++) {
        const struct document_node *node = document_member(root, keys[i].name);
        if (i == SWITCH_KEYS)
            file->is_switch = root->count == SWITCH_KEYS && document_member(root, "enabled") != NULL;
        if (node == NULL && keys[i].demanded && !file->is_switch)
            return PART_FAIL(part, root, "'%s' is missing", keys[i].name);
        if (node != NULL && !keys[i].read(part, node, file))
            return false;
    }
    return true;
}

struct dialect_file *dialect_file_parse(const char *text, size_t length, const char *name,
                                        struct error *error)
{
    struct dialect_part part = {name, error};
    struct dialect_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        error_set(error, STATUS_FAILED, "out of memory while reading %s", name);
        return NULL;
    }
    file->enabled = true;
    file->dialect = (struct dialect){.name = "",
                                     .kind = "",
                                     .summary = "",
                                     .algorithm = "",
                                     .coin = "",
                                     .share_unit = "H",
                                     .hashes_per_difficulty = 1};
    file->tree = document_tree_read(text, length, name, error);
    const struct document_node *root = file->tree == NULL ? NULL : document_tree_root(file->tree);
    if (file->tree != NULL && root == NULL)
        document_fail(name, (struct document_place){1, 1}, error, "the file is empty");
    if (root == NULL || !read_dialect(&part, root, file)) {
        dialect_file_free(file);
        return NULL;
    }
    return file;
}

struct dialect_file *dialect_file_read(const char *path, struct error *error)
{
    size_t length;
    char *text = document_load(path, "dialect file", DIALECT_FILE_MAX_BYTES, &length, error);
    struct dialect_file *file = text == NULL ? NULL : dialect_file_parse(text, length, path, error);
    free(text);
    return file;
}

void dialect_file_free(struct dialect_file *file)
{
    if (file == NULL)
        return;
    for (size_t i = 0; i < file->dialect.word_count; i++)
        part_free_values(&file->rules[i]);
    free(file->rules);
    free(file->words);
    free(file->path);
    document_tree_free(file->tree);
    free(file);
}
