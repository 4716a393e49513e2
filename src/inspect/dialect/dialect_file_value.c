// SPDX-License-Identifier: Apache-2.0
/*
 * The shape of a word's values: params, result and message, each a list of what stands there or a mapping of
 * members. A container is put down before what it holds, in one flat list.
 */
#include "inspect/dialect/dialect_file_part.h"

#include <stdlib.h>
#include <string.h>

#define BIT(type) (1u << (type))

static const char *const type_names[VALUE_TYPES] = {
    [VALUE_ANY] = "any",         [VALUE_TEXT] = "text",       [VALUE_EMPTY] = "empty",
    [VALUE_DECIMAL] = "decimal", [VALUE_HEX] = "hex",         [VALUE_IDENTIFIER] = "identifier",
    [VALUE_NUMBER] = "number",   [VALUE_BOOLEAN] = "boolean", [VALUE_NULL] = "null",
    [VALUE_LIST] = "list",       [VALUE_OBJECT] = "object",   [VALUE_ADDRESS] = "address",
    [VALUE_WALLET] = "wallet",
};

enum {
    TEXTS = BIT(VALUE_TEXT) | BIT(VALUE_IDENTIFIER) | BIT(VALUE_DECIMAL) | BIT(VALUE_HEX) |
            BIT(VALUE_ADDRESS) | BIT(VALUE_WALLET),
    NUMBERS = BIT(VALUE_NUMBER) | BIT(VALUE_DECIMAL),
};

static const struct {
    const char *name;
    unsigned types; /* that it may have */
} roles[ROLE_COUNT] = {
    [ROLE_WALLET] = {"wallet", TEXTS},
    [ROLE_WORKER] = {"worker", TEXTS},
    [ROLE_AGENT] = {"agent", TEXTS},
    [ROLE_PASSWORD] = {"password", TEXTS},
    [ROLE_RIG] = {"rig", TEXTS},
    [ROLE_ALGORITHM] = {"algorithm", TEXTS},
    [ROLE_DIFFICULTY] = {"difficulty", NUMBERS},
    [ROLE_TARGET] = {"target", BIT(VALUE_HEX)},
    [ROLE_ATTEMPTS] = {"attempts", NUMBERS},
    [ROLE_JOB] = {"job", TEXTS | BIT(VALUE_NUMBER)},
    [ROLE_HEIGHT] = {"height", NUMBERS},
    [ROLE_HASHRATE] = {"hashrate", NUMBERS},
};

/* One value in the making; its node waits until what it holds has been put down. */
struct making {
    const struct dialect_part *part;
    struct value_rule values[WORD_RULE_MAX_VALUES];
    const struct document_node *holds[WORD_RULE_MAX_VALUES]; /* elements or members; NULL: none described */
    uint8_t count;
};

/* ---- one value's keys ---- */

static bool read_length(const struct dialect_part *part, const struct document_node *node,
                        struct value_rule *value)
{
    double low, high;
    const struct document_node *first = node->type == DOCUMENT_LIST ? node->child : node;
    const struct document_node *second = first != NULL && node->type == DOCUMENT_LIST ? first->next : first;
    if (node->type == DOCUMENT_MAPPING || second == NULL ||
        (node->type == DOCUMENT_LIST && second->next != NULL))
        return PART_FAIL(part, node, "'length' must be a number, or a list of the least and the most");
    if (!part_number(part, first, 0, 4 << 20, &low) || !part_number(part, second, 0, 4 << 20, &high))
        return false;
    if (low > high)
        return PART_FAIL(part, node, "the least length, %.0f, is more than the most, %.0f", low, high);
    if (low < 1 && value->type == VALUE_HEX)
        return PART_FAIL(part, node, "a text of hexadecimal digits has at least one: use 'empty'");
    value->low = (uint32_t)low;
    value->high = (uint32_t)high;
    return true;
}

static bool read_range(const struct dialect_part *part, const struct document_node *node,
                       struct value_rule *value)
{
    const struct document_node *first = node->child;
    if (node->type != DOCUMENT_LIST || node->count != 2)
        return PART_FAIL(part, node, "'range' must be a list of two numbers, the least and the most");
    if (!part_number(part, first, -1e300, 1e300, &value->least) ||
        !part_number(part, first->next, -1e300, 1e300, &value->most))
        return false;
    if (value->least > value->most)
        return PART_FAIL(part, node,
                         "the range has no number in it: the least, %g, is more than the most, %g",
                         value->least, value->most);
    return true;
}

static bool read_prefix(const struct dialect_part *part, const struct document_node *node,
                        struct value_rule *value)
{
    static const char *const words[] = {"either", "yes", "no"};
    unsigned choice;
    if (!PART_CHOICE(part, node, words, &choice))
        return false;
    value->prefix = (uint8_t)choice;
    return true;
}

static bool read_begins(const struct dialect_part *part, const struct document_node *node,
                        struct value_rule *value)
{
    return part_text(part, node, 1, 64, &value->start);
}

static bool read_coin(const struct dialect_part *part, const struct document_node *node,
                      struct value_rule *value)
{
    return part_text(part, node, 1, 15, &value->coin);
}

static bool read_digits(const struct dialect_part *part, const struct document_node *node,
                        struct value_rule *value)
{
    static const char *const words[] = {"any", "hex"};
    unsigned choice;
    if (!PART_CHOICE(part, node, words, &choice))
        return false;
    value->hexadecimal = choice == 1;
    return true;
}

static bool read_choices(const struct dialect_part *part, const struct document_node *node,
                         struct value_rule *value)
{
    if (node->type != DOCUMENT_LIST || node->count == 0 || node->count > DOCUMENT_MAX_MEMBERS)
        return PART_FAIL(part, node, "'one-of' must be a list of 1 to %d texts", DOCUMENT_MAX_MEMBERS);
    value->choices = calloc(node->count, sizeof *value->choices);
    if (value->choices == NULL)
        return error_set(part->error, STATUS_FAILED, "out of memory while reading %s", part->name);
    for (const struct document_node *one = node->child; one != NULL; one = one->next)
        if (!part_text(part, one, 1, 256, &value->choices[value->choice_count++]))
            return false;
    return true;
}

static bool read_optional(const struct dialect_part *part, const struct document_node *node,
                          struct value_rule *value)
{
    return part_truth(part, node, &value->optional);
}

static bool read_role(const struct dialect_part *part, const struct document_node *node,
                      struct value_rule *value)
{
    const char *names[ROLE_COUNT];
    unsigned role;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        names[i] = roles[i].name;
    if (!PART_CHOICE(part, node, names, &role))
        return false;
    if ((roles[role].types & BIT(value->type)) == 0)
        return PART_FAIL(part, node, "what is '%s' cannot be read as '%s'", type_names[value->type],
                         roles[role].name);
    value->role = (uint8_t)role;
    return true;
}

/* What may stand beside `is`, and beside which types. */
static const struct {
    const char *name;
    unsigned types;
    bool (*read)(const struct dialect_part *part, const struct document_node *node, struct value_rule *value);
} keys[] = {
    {"is", UINT32_MAX, NULL},
    {"as", UINT32_MAX, read_role},
    {"optional", UINT32_MAX, read_optional},
    {"length", (TEXTS | BIT(VALUE_LIST) | BIT(VALUE_OBJECT)) & ~BIT(VALUE_WALLET), read_length},
    {"0x", BIT(VALUE_HEX), read_prefix},
    {"range", NUMBERS, read_range},
    {"begins", BIT(VALUE_TEXT) | BIT(VALUE_ADDRESS) | BIT(VALUE_WALLET), read_begins},
    {"one-of", BIT(VALUE_TEXT), read_choices},
    {"digits", BIT(VALUE_ADDRESS), read_digits},
    {"coin", BIT(VALUE_WALLET), read_coin},
    {"elements", BIT(VALUE_LIST), NULL},
    {"members", BIT(VALUE_OBJECT), NULL},
};

enum { KEYS = sizeof keys / sizeof keys[0] };

static bool read_key(const struct dialect_part *part, const struct document_node *node,
                     struct value_rule *value)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, node->key) != 0)
            continue;
        if ((keys[i].types & BIT(value->type)) == 0)
            return document_fail(part->name, node->key_place, part->error,
                                 "'%s' does not go with what is '%s'", node->key, type_names[value->type]);
        return keys[i].read == NULL || keys[i].read(part, node, value);
    }
    return true; /* part_check_keys() saw to it */
}

static bool read_type(const struct dialect_part *part, const struct document_node *node,
                      struct value_rule *value)
{
    unsigned type;
    if (!PART_CHOICE(part, node, type_names, &type))
        return false;
    value->type = (uint8_t)type;
    if (type == VALUE_HEX || type == VALUE_DECIMAL || type == VALUE_ADDRESS)
        value->low = 1;
    return true;
}

/* A mapping with `is` and more, or the type alone. */
static bool read_value(const struct dialect_part *part, const struct document_node *node,
                       struct value_rule *value, const struct document_node **holds)
{
    const char *names[KEYS + 1] = {NULL};
    for (size_t i = 0; i < KEYS; i++)
        names[i] = keys[i].name;
    if (node->type == DOCUMENT_SCALAR)
        return read_type(part, node, value);
    if (!part_check_keys(part, node, names, "a value"))
        return false;
    const struct document_node *is = document_member(node, "is");
    if (is == NULL)
        return PART_FAIL(part, node, "'is' is missing: what kind of value stands here");
    if (!read_type(part, is, value))
        return false;
    for (const struct document_node *key = node->child; key != NULL; key = key->next)
        if (!read_key(part, key, value))
            return false;
    *holds = document_member(node, value->type == VALUE_LIST ? "elements" : "members");
    return true;
}

/* ---- all of a word ---- */

static struct value_rule *new_value(struct making *making, const struct document_node *node, uint8_t parent)
{
    if (making->count == WORD_RULE_MAX_VALUES) {
        document_fail(making->part->name, node->place, making->part->error,
                      "a word describes more than %d values", WORD_RULE_MAX_VALUES);
        return NULL;
    }
    struct value_rule *value = &making->values[making->count++];
    *value = (struct value_rule){
        .parent = parent, .high = UINT32_MAX, .least = -1e300, .most = 1e300, .start = "", .coin = ""};
    return value;
}

/* A list is as long as what is described of it, but for what is optional at its end. */
static bool read_elements(struct making *making, struct value_rule *list, const struct document_node *node,
                          uint8_t parent)
{
    uint32_t least = 0, position = 0;
    if (node->type != DOCUMENT_LIST)
        return PART_FAIL(making->part, node, "here must stand a list of what each element is");
    for (const struct document_node *one = node->child; one != NULL; one = one->next, position++) {
        struct value_rule *value = new_value(making, one, parent);
        if (value == NULL || !read_value(making->part, one, value, &making->holds[making->count - 1]))
            return false;
        value->position = (uint16_t)position;
        if (!value->optional && least < position)
            return PART_FAIL(making->part, one, "what follows an optional element must be optional too");
        least += !value->optional;
    }
    if (list->high == UINT32_MAX) { /* 'length' may say more */
        list->low = least;
        list->high = position;
    }
    return true;
}

static bool read_members(struct making *making, const struct document_node *node, uint8_t parent)
{
    if (node->type != DOCUMENT_MAPPING)
        return PART_FAIL(making->part, node, "here must stand members, each with what it is");
    for (const struct document_node *one = node->child; one != NULL; one = one->next) {
        struct value_rule *value = new_value(making, one, parent);
        if (value == NULL || !read_value(making->part, one, value, &making->holds[making->count - 1]))
            return false;
        if (one->key[0] == '\0' || strlen(one->key) > 63)
            return document_fail(making->part->name, one->key_place, making->part->error,
                                 "the name of a member has 1 to 63 characters");
        value->name = one->key;
    }
    return true;
}

/* params, result or message: a list or an object, by how it is written. */
static bool read_root(struct making *making, const struct document_node *node, uint8_t parent)
{
    if (node->type == DOCUMENT_SCALAR)
        return PART_FAIL(making->part, node,
                         "here must stand a list of what each element is, or members with what each is");
    struct value_rule *value = new_value(making, node, parent);
    if (value == NULL)
        return false;
    value->is_root = true;
    value->type = node->type == DOCUMENT_LIST ? VALUE_LIST : VALUE_OBJECT;
    making->holds[making->count - 1] = node;
    return true;
}

static bool read_contents(struct making *making)
{
    for (uint8_t i = 0; i < making->count; i++) { /* the list grows while it is gone through */
        struct value_rule *value = &making->values[i];
        if (making->holds[i] == NULL)
            continue;
        if (!(value->type == VALUE_LIST ? read_elements(making, value, making->holds[i], i)
                                        : read_members(making, making->holds[i], i)))
            return false;
    }
    return true;
}

static bool check_roles(const struct making *making, const struct document_node *word)
{
    unsigned seen = 0;
    for (uint8_t i = 0; i < making->count; i++) {
        unsigned role = making->values[i].role;
        if (role != ROLE_NONE && (seen & BIT(role)) != 0)
            return PART_FAIL(making->part, word, "two values of this word are read as '%s'",
                             roles[role].name);
        seen |= BIT(role);
    }
    return true;
}

bool part_read_values(const struct dialect_part *part, const struct document_node *word,
                      struct word_rule *rule)
{
    static const struct {
        const char *key;
        uint8_t parent;
    } roots[] = {
        {"params", WORD_RULE_PARAMETERS}, {"result", WORD_RULE_RESULT}, {"message", WORD_RULE_MESSAGE}};
    struct making making = {.part = part};
    bool fine = true;
    for (size_t i = 0; fine && i < sizeof roots / sizeof roots[0]; i++) {
        const struct document_node *node = document_member(word, roots[i].key);
        bool none = node != NULL && node->type == DOCUMENT_SCALAR && strcmp(node->text, "none") == 0 &&
                    roots[i].parent == WORD_RULE_PARAMETERS;
        rule->bare |= none;
        fine = node == NULL || none || read_root(&making, node, roots[i].parent);
    }
    fine = fine && read_contents(&making) && check_roles(&making, word);
    rule->values = calloc(making.count + 1u, sizeof *rule->values);
    if (rule->values == NULL) {
        for (uint8_t i = 0; i < making.count; i++)
            free(making.values[i].choices);
        return error_set(part->error, STATUS_FAILED, "out of memory while reading %s", part->name);
    }
    memcpy(rule->values, making.values, making.count * sizeof *rule->values);
    rule->count = making.count;
    return fine;
}

void part_free_values(struct word_rule *rule)
{
    for (uint8_t i = 0; i < rule->count; i++)
        free(rule->values[i].choices);
    free(rule->values);
}
