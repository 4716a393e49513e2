// SPDX-License-Identifier: Apache-2.0
/* Dialect files: what they may say, and one clear sentence for each mistake. */
#include "dialect_folder.h"
#include "inspect/dialect/dialect_file.h"
#include "inspect/dialect/word_rule.h"

#include <math.h>

static struct error error;

static struct dialect_file *parse(const char *text)
{
    error = (struct error){.text = ""};
    return dialect_file_parse(text, strlen(text), "x.yaml", &error);
}

#define ONE_WORD(text) HEAD("test") "  - " text "\n"
#define SHAPE(values)  ONE_WORD("{method: m, from: miner, params: " values "}")

static const struct {
    const char *text, *place, *says;
} mistakes[] = {
    {"", "line 1, column 1", "the file is empty"},
    {"just text\n", "line 1", "here must stand a dialect"},
    {"name: [", "line 2", "not YAML"},
    {"a: &x 1\n", "line 1", "anchors"},
    {"format: 1\n---\nformat: 1\n", "line 2", "second document"},
    {"format: 2\nnew-key: 1\n", "line 1, column 9", "this is format 2"},
    {"name: test\n", "line 1", "'format' is missing"},
    {"format: 1\n", "line 1", "'name' is missing"},
    {"format: 1\nname: test\nkind: stratum\n", "line 1", "'summary' is missing"},
    {"format: 1\nname: test\nname: test\n", "line 3, column 1", "'name' is there twice"},
    {"format: 1\nname: Test\n", "line 2", "lower-case"},
    {"format: 1\nname: test\nwords: []\ncolour: red\n", "line 4, column 1", "no 'colour'"},
    {"format: 1\nname: test\nsumary: x\n", "line 3", "did you mean 'summary'?"},
    {"format: 1\nname: test\nkind: stratun\n", "line 3", "did you mean 'stratum'?"},
    {"format: 1\nname: test\nkind: stratum-v2\n", "line 3", "'kind' is one of stratum"},
    {"format: 1\nname: test\nenabled: perhaps\n", "line 3", "'enabled' is one of no, yes"},
    {"format: 1\nname: test\nkind: stratum\nsummary: [x]\n", "line 4", "'summary' must be a text"},
    {"format: 1\nname: test\nkind: stratum\nsummary: \"a\\nb\"\n", "line 4", "control character"},
    {"format: 1\nname: test\nkind: stratum\nsummary: x\nsource: x\nlicence: x\nhashes-per-difficulty: 0\n",
     "line 7", "above 0"},
    {"format: 1\nname: test\nkind: stratum\nsummary: x\nsource: x\nlicence: x\nhashes-per-difficulty: 2^x\n",
     "line 7", "2^48/65535"},
    {"format: 1\nname: test\nkind: stratum\nsummary: x\nsource: x\nlicence: x\nhashes-per-difficulty: 1/0\n",
     "line 7", "above 0"},
    {HEAD("test") "  []\n", "line 9", "1 to 64 words"},
    {HEAD("test") "  one\n", "line 9", "1 to 64 words"},
    {ONE_WORD("one"), "line 9", "here must stand a word"},
    {ONE_WORD("{metod: m}"), "line 9", "did you mean 'method'?"},
    {ONE_WORD("{from: miner}"), "line 9", "either 'method', or 'answers'"},
    {ONE_WORD("{method: m, answers: login}"), "line 9", "either 'method', or 'answers'"},
    {ONE_WORD("{named-by: nothing, from: pool}"), "line 9", "'message'"},
    {ONE_WORD("{method: m}"), "line 9", "'from' is missing"},
    {ONE_WORD("{method: m, from: mine}"), "line 9", "did you mean 'miner'?"},
    {ONE_WORD("{method: m, from: miner, points: 11}"), "line 9", "from 1 to 10, not 11"},
    {ONE_WORD("{method: m, from: miner, points: many}"), "line 9", "here must stand a number"},
    {ONE_WORD("{method: m, from: miner, strength: shouts}"), "line 9", "supports, hints, speaks"},
    {ONE_WORD("{method: m, from: miner, carriers: []}"), "line 9", "'carriers' is empty"},
    {ONE_WORD("{method: m, from: miner, carriers: pigeon}"), "line 9", "line, http, websocket"},
    {ONE_WORD("{method: m, from: miner, asks: money}"), "line 9", "subscribe, authorize"},
    {ONE_WORD("{method: m, from: pool, asks: share, params: [text, text, text]}"), "line 9",
     "only a miner sends shares"},
    {ONE_WORD("{answers: login, from: miner, result: [text, text, text]}"), "line 9", "the pool gives it"},
    {ONE_WORD("{answers: login, asks: work, result: [text, text, text]}"), "line 9", "asks for nothing"},
    {ONE_WORD("{answers: login, params: [text]}"), "line 9", "no 'params'"},
    {ONE_WORD("{method: m, from: miner, result: [text]}"), "line 9", "only an answer has a 'result'"},
    {SHAPE("text"), "line 9", "a list of what each element is"},
    {SHAPE("[word]"), "line 9", "'an item' is one of any"},
    {SHAPE("[{as: wallet}]"), "line 9", "'is' is missing"},
    {SHAPE("[{is: text, lenth: 3}]"), "line 9", "did you mean 'length'?"},
    {SHAPE("[{is: number, length: 3}]"), "line 9", "'length' does not go with what is 'number'"},
    {SHAPE("[{is: text, length: [5, 3]}]"), "line 9", "the least length, 5, is more than the most, 3"},
    {SHAPE("[{is: text, length: [1, 2, 3]}]"), "line 9", "the least and the most"},
    {SHAPE("[{is: hex, length: 0}]"), "line 9", "at least one"},
    {SHAPE("[{is: number, range: [3, 1]}]"), "line 9", "no number in it"},
    {SHAPE("[{is: number, range: 3}]"), "line 9", "two numbers"},
    {SHAPE("[{is: text, one-of: []}]"), "line 9", "1 to 64 texts"},
    {SHAPE("[{is: hex, 0x: maybe}]"), "line 9", "either, yes, no"},
    {SHAPE("[{is: number, as: wallet}]"), "line 9", "what is 'number' cannot be read as 'wallet'"},
    {SHAPE("[{is: text, as: gold}]"), "line 9", "wallet, worker"},
    {SHAPE("[{is: text, as: wallet}, {is: text, as: wallet}]"), "line 9", "two values of this word"},
    {SHAPE("[{is: number, as: difficulty}]"), "line 9", "the rest is the pool's"},
    {ONE_WORD("{method: m, from: pool, params: [{is: text, as: wallet}]}"), "line 9",
     "the rest is the miner's"},
    {SHAPE("[{is: text, optional: yes}, text]"), "line 9", "must be optional too"},
    {SHAPE("{\"\": text}"), "line 9", "1 to 63 characters"},
    {SHAPE("[{is: list, elements: text}]"), "line 9", "a list of what each element is"},
    {SHAPE("[{is: object, members: [text]}]"), "line 9", "here must stand members"},
    {HEAD("test") WORD WORD, "line 11", "there twice: the 1. and the 2."},
    /* what is too little */
    {ONE_WORD("{method: m, from: miner, strength: speaks}"), "line 9", "stands alone"},
    {ONE_WORD("{method: m, from: miner, strength: speaks, params: [any, any, any]}"), "line 9",
     "stands alone"},
    {ONE_WORD("{method: m, from: miner, strength: speaks, params: [text]}"), "line 9", "stands alone"},
    {ONE_WORD("{method: m, from: miner, strength: speaks, params: [{is: text, begins: x, optional: yes}]}"),
     "line 9", "stands alone"},
    {ONE_WORD("{method: m, from: miner, asks: share}"), "line 9", "must be described"},
    {ONE_WORD("{method: m, from: miner, asks: share, params: [text, text]}"), "line 9", "must be described"},
    {ONE_WORD("{method: m, from: pool, params: [{is: text, as: job}, any]}"), "line 9", "must be described"},
    {ONE_WORD("{answers: anything, strength: hints, result: [text]}"), "line 9", "must be described"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct dialect_file *file = parse(mistakes[i].text);
        if (file != NULL || error.status != STATUS_CONFIGURATION || strncmp(error.text, "x.yaml: ", 8) != 0 ||
            strstr(error.text, mistakes[i].place) == NULL || strstr(error.text, mistakes[i].says) == NULL)
            fail_msg("%s: \"%s\" should say %s: %s", mistakes[i].text, error.text, mistakes[i].place,
                     mistakes[i].says);
    }
}

/* A list that is one too long, for each bound. */
static void test_bounds(void **state)
{
    (void)state;
    static char text[64 << 10];
    char *at = stpcpy(text, HEAD("test"));
    for (int i = 0; i < 65; i++)
        at += sprintf(at, "  - {method: m%d, from: miner}\n", i);
    assert_null(parse(text));
    assert_non_null(strstr(error.text, "1 to 64 words"));
    at = stpcpy(text, HEAD("test") "  - {method: m, from: miner, params: [text");
    for (int i = 0; i < WORD_RULE_MAX_VALUES; i++)
        at = stpcpy(at, ",text");
    stpcpy(at, "]}\n");
    assert_null(parse(text));
    assert_non_null(strstr(error.text, "more than 48 values"));
    at = stpcpy(text, "a: ");
    for (int i = 0; i < 40; i++)
        at = stpcpy(at, "[");
    assert_null(parse(text));
    assert_non_null(strstr(error.text, "nest deeper"));
}

/* Cut at every byte: read, or refused with a place; nothing leaks or is read behind the end. */
static void test_cut(void **state)
{
    (void)state;
    static const char whole[] = HEAD("test") WORD
        "  - {answers: login, strength: speaks, result: {job: {is: object, members: {id: {is: text, as: job},"
        " blob: {is: hex, length: [4, 9], 0x: yes}}}, kind: {is: text, one-of: [a, b]}}}\n";
    struct dialect_file *file = parse(whole);
    assert_non_null(file);
    assert_int_equal(file->dialect.word_count, 2);
    assert_true(file->dialect.hashes_per_difficulty == 0x1p32);
    assert_int_equal(word_rule_weight(file->words[0].rule), 3);
    dialect_file_free(file);
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        char *copy = malloc(length + 1); /* its own block, so that reading past it is seen */
        assert_non_null(copy);
        memcpy(copy, whole, length);
        error.text[0] = '\0';
        file = dialect_file_parse(copy, length, "x.yaml", &error);
        assert_true(file != NULL || strncmp(error.text, "x.yaml: line ", 13) == 0);
        dialect_file_free(file);
        free(copy);
    }
}

static bool fits(const char *params, const char *message)
{
    static char text[1024];
    snprintf(text, sizeof text, HEAD("test") "  - {method: m, from: miner, params: %s}\n", params);
    struct dialect_file *file = parse(text);
    if (file == NULL)
        fail_msg("%s: %s", params, error.text);
    static struct json_reader json;
    size_t used;
    json_reader_reset(&json);
    assert_int_equal(json_read(&json, (const uint8_t *)message, strlen(message), &used), JSON_COMPLETE);
    struct rpc rpc = {.json = &json, .parameters = json_member(&json, 0, "params"), .result = JSON_NONE};
    bool fits = word_fits(&file->words[0], &rpc);
    dialect_file_free(file);
    return fits;
}

static const struct {
    const char *params, *value;
    bool fits;
} shapes[] = {
    {"[text]", "[\"a\"]", true},
    {"[text]", "[\"\"]", false},
    {"[text]", "[1]", false},
    {"[text]", "[\"a\",\"b\"]", false},
    {"[text]", "[]", false},
    {"[text]", "{}", false},
    {"[text, {is: text, optional: yes}]", "[\"a\"]", true},
    {"[text, {is: text, optional: yes}]", "[\"a\",null]", true},
    {"[text, {is: text, optional: yes}]", "[\"a\",2]", false},
    {"[empty]", "[\"\"]", true},
    {"[identifier]", "[7]", true},
    {"[identifier]", "[true]", false},
    {"[decimal]", "[\"12\"]", true},
    {"[decimal]", "[\"1x\"]", false},
    {"[{is: decimal, range: [5, 9]}]", "[\"12\"]", false},
    {"[{is: hex, length: 4}]", "[\"0x12ab\"]", true},
    {"[{is: hex, length: 4, 0x: no}]", "[\"0x12ab\"]", false},
    {"[{is: hex, length: 4, 0x: yes}]", "[\"12ab\"]", false},
    {"[{is: hex, length: [5, 8]}]", "[\"12ab\"]", false},
    {"[{is: number, range: [1, 5]}]", "[5]", true},
    {"[{is: number, range: [1, 5]}]", "[5.1]", false},
    {"[boolean]", "[false]", true},
    {"[\"null\"]", "[null]", true},
    {"[any]", "[[1]]", true},
    {"[{is: list, length: 2}]", "[[1,2]]", true},
    {"[{is: list, length: 2}]", "[[1]]", false},
    {"[{is: list, elements: [number, {is: text, optional: yes}]}]", "[[1]]", true},
    {"[{is: list, elements: [number, {is: text, optional: yes}]}]", "[[\"a\"]]", false},
    {"[{is: text, begins: ak_, length: [5, 9]}]", "[\"ak_123\"]", true},
    {"[{is: text, begins: ak_, length: [5, 9]}]", "[\"kk_123\"]", false},
    {"[{is: text, one-of: [a, b]}]", "[\"b\"]", true},
    {"[{is: text, one-of: [a, b]}]", "[\"c\"]", false},
    {"[{is: address, begins: ak_, length: [3, 6]}]", "[\"ak_12xy.rig\"]", true},
    {"[{is: address, begins: ak_, length: [3, 6], digits: hex}]", "[\"ak_12xy.rig\"]", false},
    {"[wallet]", "[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2.rig\"]", true},
    {"[{is: wallet, coin: BTC, begins: \"1\"}]", "[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2\"]", true},
    {"[{is: wallet, coin: LTC}]", "[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2\"]", false},
    {"[wallet]", "[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3\"]", false},
    {"{a: text}", "{\"a\":\"x\",\"b\":1}", true},
    {"{a: text}", "{\"b\":\"x\"}", false},
    {"{a: text}", "[\"x\"]", false},
    {"{a: {is: object, members: {b: text}}}", "{\"a\":{\"b\":\"x\"}}", true},
    {"{a: {is: object, members: {b: text}}}", "{\"a\":{\"c\":\"x\"}}", false},
    {"{a: {is: object, optional: yes, members: {b: text}}}", "{}", true},
    {"none", "[]", true},
    {"none", "[1]", false},
};

static void test_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        char message[512];
        snprintf(message, sizeof message, "{\"params\":%s}", shapes[i].value);
        if (fits(shapes[i].params, message) != shapes[i].fits)
            fail_msg("%s %s: should be %d", shapes[i].params, shapes[i].value, shapes[i].fits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
