// SPDX-License-Identifier: Apache-2.0
/*
 * Dialect files at work: they say of the same messages what the dialects in C say, take their place, switch
 * them off, and are read again while packets go by.
 */
#include "dialect_folder.h"
#include "inspecting.h"

#include "inspect/dialect/word_rule.h"

#include <pthread.h>

static struct dialect_library *library;
static struct error error;

static int open_folder(void **state)
{
    (void)state;
    folder_make();
    library = dialect_library_create();
    assert_non_null(library);
    return 0;
}

static int close_folder(void **state)
{
    (void)state;
    dialect_library_free(library);
    folder_remove();
    return 0;
}

static struct dialect_set *load(void)
{
    error = (struct error){.text = ""};
    return dialect_library_load(library, folder, &error);
}

static void hand_over(void)
{
    struct dialect_set *set = load();
    if (set == NULL)
        fail_msg("%s", error.text);
    dialect_exchange_hand(inspector_dialects(i.inspector), set);
    dialect_exchange_take(inspector_dialects(i.inspector));
}

static const struct dialect_entry *entry_of(const struct dialect_set *set, const char *name)
{
    size_t count;
    const struct dialect_entry *entries = dialect_set_entries(set, &count);
    for (size_t one = 0; one < count; one++)
        if (strcmp(entries[one].dialect->name, name) == 0)
            return &entries[one];
    return NULL;
}

static bool has_word(const struct dialect_set *set, const char *method, const char *dialect)
{
    size_t count;
    const struct dialect_word *words = dialect_find_words(set, method, &count);
    for (size_t one = 0; one < count; one++)
        if (strcmp(words[one].dialect->name, dialect) == 0)
            return true;
    return false;
}

/* ---- twins ---- */

#define EDGES "\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\""
#define CYCLE EDGES "," EDGES "," EDGES "," EDGES "," EDGES "," EDGES
#define HASH  "abad8f99f3918bf903c6a909d9bbc0fdfa5a2f4b9cb1196175ec825c6610126c"
#define AK    "ak_ufCQRQ45YzEpqgQUaSHFSu8YkJ4rmExgXaezRpAHjqXuVtMJT.rig1"

static const char aeternity[] =
    "format: 1\nname: aeternity\nkind: stratum\nsummary: Stratum of Aeternity\nsource: STRATUM.md\n"
    "licence: Apache-2.0\nalgorithm: cuckoocycle\ncoin: AE\nshare-unit: graph\nhashes-per-difficulty: 42\n"
    "words:\n"
    "  - method: mining.authorize\n    from: miner\n    strength: speaks\n    asks: authorize\n    points: "
    "10\n"
    "    params: [{is: address, begins: ak_, length: [40, 60], as: wallet},\n"
    "             {is: text, optional: yes, as: password}]\n"
    "  - {method: mining.notify, from: pool, strength: speaks, points: 9,\n"
    "     params: [{is: identifier, as: job}, {is: hex, length: 64, 0x: no}, boolean]}\n"
    "  - {method: mining.notify, from: pool, strength: speaks, points: 9,\n"
    "     params: [{is: identifier, as: job}, number, {is: hex, length: 64, 0x: no}, boolean]}\n"
    "  - {method: mining.submit, from: miner, strength: speaks, asks: share, points: 10,\n"
    "     params: [{is: text, as: wallet}, {is: identifier, as: job}, hex, {is: list, length: 42}]}\n";

static const char *const aeternity_talk[] = {
    ">{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"MyMiner/1.0.0\",null,\"ae.example\",4040]}\n",
    "<{\"id\":1,\"result\":[\"ed70df83\",\"080000\"],\"error\":null}\n",
    ">{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"" AK "\",\"x\"]}\n",
    "<{\"id\":2,\"result\":true,\"error\":null}\n",
    "<{\"id\":null,\"method\":\"mining.set_target\",\"params\":[\"0f00" HASH "\"]}\n",
    "<{\"id\":null,\"method\":\"mining.set_target\",\"params\":[\"" HASH "\"]}\n",
    "<{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"d7\",\"" HASH "\",true]}\n",
    "<{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"d8\",1,\"" HASH "\",false]}\n",
    ">{\"id\":3,\"method\":\"mining.submit\",\"params\":[\"" AK "\",\"d7\",\"98b6\",[" CYCLE "]]}\n",
    "<{\"id\":3,\"result\":true,\"error\":null}\n",
    ">{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"" AK "\",\"d7\",\"98b6\",[" CYCLE "]]}\n",
    ">{\"id\":5,\"method\":\"mining.submit\",\"params\":[\"" AK "\",\"d8\",\"98b7\",[" CYCLE "]]}\n",
    "<{\"id\":5,\"result\":null,\"error\":[21,\"Job not found\",null]}\n",
    ">{\"id\":6,\"method\":\"mining.submit\",\"params\":[\"" AK "\",\"d8\",\"98b8\",[" EDGES "]]}\n",
    NULL,
};

/* params that are an object */
static const char pearl[] =
    "format: 1\nname: pearl\nkind: stratum\nsummary: Stratum of Pearl\nsource: a capture\nlicence: "
    "Apache-2.0\n"
    "algorithm: pearlhash\ncoin: PRL\nhashes-per-difficulty: 1\nwords:\n"
    "  - method: mining.authorize\n    from: miner\n    strength: speaks\n    asks: authorize\n    points: "
    "10\n"
    "    params:\n      wallet: {is: text, begins: prl1, as: wallet}\n"
    "      worker: {is: text, optional: yes, as: worker}\n      agent: {is: text, optional: yes, as: agent}\n"
    "      pass: {is: text, optional: yes, as: password}\n"
    "  - {method: mining.notify, from: pool, strength: speaks, points: 8,\n"
    "     params: {job_id: {is: text, as: job}, target: {is: hex, length: [32, 64], as: target}}}\n"
    "  - {method: mining.submit, from: miner, strength: speaks, asks: share, points: 10,\n"
    "     params: {job_id: {is: text, as: job}, plain_proof: {is: text, length: [64, 100000]}}}\n";

static const char *const pearl_talk[] = {
    ">{\"id\":1,\"method\":\"mining.authorize\",\"params\":{\"wallet\":\"prl184tvqx32lrlzz4usk294p0\","
    "\"worker\":\"rig1\",\"pass\":\"x\",\"agent\":\"SRBMiner-MULTI/3.7.0\",\"type\":\"v2\"}}\n",
    "<{\"id\":1,\"result\":true,\"error\":null}\n",
    "<{\"id\":null,\"method\":\"mining.notify\",\"params\":{\"job_id\":\"j1\",\"target\":"
    "\"00000fffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\",\"height\":7}}\n",
    ">{\"id\":2,\"method\":\"mining.submit\",\"params\":{\"job_id\":\"j1\",\"plain_proof\":\"" HASH HASH
    "\"}}\n",
    "<{\"id\":2,\"result\":true,\"error\":null}\n",
    ">{\"id\":3,\"method\":\"mining.submit\",\"params\":{\"job_id\":\"j2\",\"plain_proof\":\"" HASH "a\"}}\n",
    "<{\"id\":3,\"result\":false,\"error\":\"stale\"}\n",
    ">{\"id\":4,\"method\":\"mining.submit\",\"params\":{\"job_id\":\"j2\",\"plain_proof\":\"short\"}}\n",
    NULL,
};

enum { MOST = 16 };

/* What is known after each message of the talk. */
static void play(const char *const *talk, bool files, struct conversation *after)
{
    inspecting_open();
    if (files)
        hand_over();
    inspecting_handshake();
    for (size_t one = 0; talk[one] != NULL; one++) {
        assert_true(one < MOST);
        i.time_us += 2000000; /* each message is reported */
        say_bytes(talk[one][0] == '>' ? TO_SERVER : TO_CLIENT, talk[one] + 1, strlen(talk[one]) - 1);
        after[one] = i.conversation;
    }
    inspecting_close();
}

static void compare(const char *what, const struct conversation *a, const struct conversation *b)
{
    const char *name[2] = {a->dialect == NULL ? "" : a->dialect->name,
                           b->dialect == NULL ? "" : b->dialect->name};
    if (a->facts != b->facts || strcmp(name[0], name[1]) != 0 || strcmp(a->user, b->user) != 0 ||
        strcmp(a->worker, b->worker) != 0 || strcmp(a->password, b->password) != 0 ||
        strcmp(a->agent, b->agent) != 0 || memcmp(a->methods, b->methods, sizeof a->methods) != 0 ||
        a->difficulty != b->difficulty || a->hashes_submitted != b->hashes_submitted ||
        a->hashes_accepted != b->hashes_accepted || a->jobs != b->jobs ||
        a->shares_submitted != b->shares_submitted || a->shares_accepted != b->shares_accepted ||
        a->shares_rejected != b->shares_rejected || a->shares_stale != b->shares_stale ||
        a->logins != b->logins || a->roles_known != b->roles_known || a->miner_sends != b->miner_sends)
        fail_msg("%s: %s %s facts %llx %llx, difficulty %g %g, shares %llu %llu, jobs %llu %llu, user %s %s",
                 what, name[0], name[1], (unsigned long long)a->facts, (unsigned long long)b->facts,
                 a->difficulty, b->difficulty, (unsigned long long)a->shares_submitted,
                 (unsigned long long)b->shares_submitted, (unsigned long long)a->jobs,
                 (unsigned long long)b->jobs, a->user, b->user);
}

static void test_twins(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        const char *const *talk;
    } twins[] = {{"aeternity", aeternity, aeternity_talk}, {"pearl", pearl, pearl_talk}};
    static struct conversation built_in[MOST], of_file[MOST];
    for (size_t one = 0; one < sizeof twins / sizeof twins[0]; one++) {
        folder_write("local-dialects/twin.yaml", twins[one].text);
        struct dialect_set *set = load();
        assert_string_equal(entry_of(set, twins[one].name)->file, "local-dialects/twin.yaml");
        dialect_set_free(set);
        play(twins[one].talk, false, built_in);
        play(twins[one].talk, true, of_file);
        size_t count = 0;
        for (; twins[one].talk[count] != NULL; count++)
            compare(twins[one].talk[count], &built_in[count], &of_file[count]);
        assert_string_equal(of_file[count - 1].dialect->name, twins[one].name);
        assert_int_equal(of_file[count - 1].shares_submitted, 3); /* the last by Bitcoin's shape alone */
        assert_int_equal(of_file[count - 1].shares_accepted, 1);
        assert_int_equal(of_file[count - 1].shares_rejected, 1);
        assert_true(of_file[count - 1].hashes_accepted > 0);
        assert_int_equal(of_file[count - 1].exact_work, built_in[count - 1].exact_work);
    }
}

/* ---- which file counts ---- */

static void test_folders(void **state)
{
    (void)state;
    size_t built_in, count;
    folder_write("dialects/a.yaml", HEAD("new-one") WORD);
    folder_write("dialects/b.yaml", "format: 1\nname: kadena\nenabled: no\n");
    folder_write("dialects/.hidden.yaml", "no dialect at all");
    folder_write("dialects/notes.txt", "no dialect at all");
    struct dialect_set *set = load();
    assert_non_null(set);
    dialect_set_entries(dialect_set_builtin(), &built_in);
    dialect_set_entries(set, &count);
    assert_int_equal(count, built_in + 1);
    assert_string_equal(entry_of(set, "new-one")->file, "dialects/a.yaml");
    assert_true(has_word(set, "hello", "new-one"));
    assert_false(entry_of(set, "kadena")->enabled);
    assert_string_equal(entry_of(set, "kadena")->file, "dialects/b.yaml");
    assert_true(has_word(dialect_set_builtin(), "mining.notify", "kadena"));
    assert_false(has_word(set, "mining.notify", "kadena"));
    assert_null(entry_of(set, "aeternity")->file);
    dialect_set_free(set);
    /* the operator's word is the last one */
    folder_write("local-dialects/a.yaml", "format: 1\nname: new-one\nenabled: no\n");
    folder_write("local-dialects/b.yaml", "format: 1\nname: kadena\nenabled: yes\n");
    folder_write("local-dialects/c.yaml", HEAD("aeternity") WORD);
    set = load();
    assert_non_null(set);
    assert_false(has_word(set, "hello", "new-one"));
    assert_true(has_word(set, "mining.notify", "kadena"));
    assert_true(has_word(set, "hello", "aeternity"));
    assert_false(has_word(set, "mining.notify", "aeternity"));
    dialect_set_free(set);
}

static void test_mistakes_between_files(void **state)
{
    (void)state;
    static const struct {
        const char *one, *two, *says;
    } rows[] = {
        {HEAD("twice") WORD, HEAD("twice") WORD, "local-dialects/2.yaml: another file of this directory"},
        {"format: 1\nname: nobody\nenabled: no\n", NULL, "no dialect of this name"},
        {"format: 1\nname: stratum-v2\nenabled: no\n", NULL, "a reader of its own"},
        {HEAD("good") WORD, "format: 1\nname: bad\n",
         "local-dialects/2.yaml: line 1, column 1: 'kind' is missing"},
    };
    for (size_t one = 0; one < sizeof rows / sizeof rows[0]; one++) {
        folder_write("local-dialects/1.yaml", rows[one].one);
        folder_write("local-dialects/2.yaml", rows[one].two == NULL ? HEAD("other") WORD : rows[one].two);
        assert_null(load());
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        if (strstr(error.text, rows[one].says) == NULL)
            fail_msg("\"%s\" should say: %s", error.text, rows[one].says);
    }
}

static void test_too_many_and_too_large(void **state)
{
    (void)state;
    static char text[(256 << 10) + 2];
    char name[64], content[600];
    memset(text, '#', sizeof text - 1);
    folder_write("dialects/large.yaml", text);
    assert_null(load());
    assert_non_null(strstr(error.text, "larger than 256 KiB"));
    folder_write("dialects/large.yaml", HEAD("large") WORD);
    for (int one = 0; one < DIALECT_SET_MAX_FILES; one++) {
        snprintf(name, sizeof name, "dialects/n%03d.yaml", one);
        snprintf(content, sizeof content, HEAD("n%03d") "%s", one, WORD);
        folder_write(name, content);
    }
    assert_null(load());
    assert_non_null(strstr(error.text, "more than 256 dialect files"));
    folder_write("dialects/large.yaml", "format: 1\nname: n000\n");
    char path[128];
    folder_path(path, sizeof path, "dialects/large.yaml");
    assert_int_equal(unlink(path), 0);
    struct dialect_set *set = load();
    assert_non_null(set);
    assert_true(has_word(set, "hello", "n255"));
    dialect_set_free(set);
}

/* What conversations point to is the same when the same is read again, and outlives the set. */
static void test_identities(void **state)
{
    (void)state;
    folder_write("dialects/a.yaml", HEAD("new-one") WORD);
    struct dialect_set *one = load();
    const struct dialect *before = entry_of(one, "new-one")->dialect;
    dialect_set_free(one);
    struct dialect_set *two = load();
    assert_ptr_equal(entry_of(two, "new-one")->dialect, before);
    dialect_set_free(two);
    assert_string_equal(before->name, "new-one");
    char text[600];
    for (int change = 0; change < DIALECT_LIBRARY_MAX_KEPT - 1; change++) {
        snprintf(text, sizeof text,
                 "format: 1\nname: new-one\nkind: stratum\nsummary: change %d\nsource: x\n"
                 "licence: x\nhashes-per-difficulty: 1\nwords:\n" WORD,
                 change);
        folder_write("dialects/a.yaml", text);
        struct dialect_set *set = load();
        assert_non_null(set);
        dialect_set_free(set);
    }
    folder_write("dialects/a.yaml", HEAD("one-too-many") WORD);
    assert_null(load());
    assert_non_null(strstr(error.text, "restart geophone"));
}

/* ---- strictness ---- */

/* One word that demands nothing, whatever else is said around it, confirms nothing. */
static void test_unshaped_word_does_not_confirm(void **state)
{
    (void)state;
    folder_write("dialects/a.yaml", HEAD("loose") "  - {method: run, from: miner, points: 10, asks: login}\n"
                                                  "  - {method: ran, from: pool, points: 10}\n");
    inspecting_open();
    hand_over();
    inspecting_handshake();
    for (int turn = 0; turn < 5; turn++) {
        i.time_us += 2000000;
        miner_says("{\"id\":1,\"method\":\"run\",\"params\":[\"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2\"]}\n");
        pool_says("{\"id\":1,\"result\":true,\"error\":null}\n{\"method\":\"ran\",\"params\":[1]}\n");
    }
    assert_true(i.conversations > 0);
    assert_string_equal(i.conversation.dialect->name, "loose");
    assert_true(verdict_weigh(i.conversation.facts).verdict < VERDICT_CONFIRMED);
    assert_int_equal(i.conversation.shares_submitted, 0);
    inspecting_close();
}

/* ---- read again ---- */

/* A conversation goes on through a change of its dialect, its removal and its return. */
static void test_conversation_under_way(void **state)
{
    (void)state;
    static const char share[] = "  - {method: dig, from: miner, strength: speaks, asks: share, points: 9,\n"
                                "     params: [{is: identifier, as: job}, {is: hex, length: 8}]}\n";
    char text[1200];
    snprintf(text, sizeof text, HEAD("new-one") WORD "%s", share);
    folder_write("dialects/a.yaml", text);
    inspecting_open();
    hand_over();
    inspecting_handshake();
    miner_says("{\"id\":1,\"method\":\"hello\",\"params\":[\"w-1\",\"rig1\"]}\n");
    i.time_us += 2000000;
    miner_says("{\"id\":2,\"method\":\"dig\",\"params\":[\"j\",\"00000001\"]}\n");
    assert_string_equal(i.conversation.dialect->name, "new-one");
    assert_string_equal(i.conversation.worker, "rig1");
    const struct dialect *first = i.conversation.dialect;
    /* the same dialect with other words and another worth */
    snprintf(text, sizeof text,
             "format: 1\nname: new-one\nkind: stratum\nsummary: changed\nsource: x\nlicence: x\n"
             "hashes-per-difficulty: 7\nwords:\n%s",
             share);
    folder_write("dialects/a.yaml", text);
    hand_over();
    assert_string_equal(first->summary, "a test"); /* still there */
    i.time_us += 2000000;
    miner_says("{\"id\":3,\"method\":\"dig\",\"params\":[\"j\",\"00000002\"]}\n");
    assert_string_equal(i.conversation.dialect->summary, "changed");
    assert_int_equal(i.conversation.shares_submitted, 2);
    /* switched off: what was known stays, nothing is added */
    folder_write("local-dialects/a.yaml", "format: 1\nname: new-one\nenabled: no\n");
    hand_over();
    i.time_us += 2000000;
    miner_says("{\"id\":4,\"method\":\"dig\",\"params\":[\"j\",\"00000003\"]}\n");
    assert_int_equal(i.conversation.shares_submitted, 2);
    assert_string_equal(i.conversation.dialect->name, "new-one");
    inspecting_end();
    inspecting_close();
}

enum { HANDED = 60 };

static void *hand_again_and_again(void *context)
{
    struct dialect_exchange *exchange = context;
    for (int turn = 0; turn < HANDED; turn++) {
        folder_write("dialects/a.yaml", turn % 2 == 0 ? HEAD("new-one") WORD : HEAD("new-two") WORD);
        struct dialect_set *set = load();
        if (set != NULL)
            dialect_exchange_hand(exchange, set);
    }
    return NULL;
}

/* For ThreadSanitizer: one thread reads files and hands sets over while another takes them and looks words
 * up. */
static void test_threads(void **state)
{
    (void)state;
    struct dialect_exchange exchange;
    pthread_t thread;
    unsigned found = 0, other = 0;
    dialect_exchange_init(&exchange);
    assert_int_equal(pthread_create(&thread, NULL, hand_again_and_again, &exchange), 0);
    while (found < HANDED / 4 || other == 0) {
        size_t count;
        dialect_exchange_take(&exchange);
        const struct dialect_word *words = dialect_find_words(exchange.now, "hello", &count);
        if (count == 0)
            continue; /* the built-in ones */
        assert_int_equal(count, 1);
        found++;
        other += strcmp(words->dialect->name, "new-two") == 0;
        assert_int_equal(words->word->rule->count, 3);
        usleep(200);
    }
    pthread_join(thread, NULL);
    dialect_exchange_done(&exchange);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_folder, close_folder)
    const struct CMUnitTest tests[] = {
        TEST(test_twins),
        TEST(test_folders),
        TEST(test_mistakes_between_files),
        TEST(test_too_many_and_too_large),
        TEST(test_identities),
        TEST(test_unshaped_word_does_not_confirm),
        TEST(test_conversation_under_way),
        TEST(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
