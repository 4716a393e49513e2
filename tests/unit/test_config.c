// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"

#include "config/setting.h"
#include "config/suggest.h"
#include "guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What `print` writes, to be freed. */
static char *capture_text(void (*print)(const struct config *, FILE *), const struct config *config)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    print(config, stream);
    fclose(stream);
    return text;
}

static void print_document(const struct config *config, FILE *stream)
{
    (void)config;
    config_document(stream);
}

static void print_sample(const struct config *config, FILE *stream)
{
    (void)config;
    config_sample(stream);
}

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot open %s: run the tests from the top of the source tree", path);
    char *text = calloc(1, 1 << 17);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 17) - 1, file) < (1 << 17) - 1);
    fclose(file);
    return text;
}

static int setup(void **state)
{
    struct config *config = calloc(1, sizeof *config);
    struct error error;
    if (config == NULL || !config_init(config, &error))
        return -1;
    *state = config;
    return 0;
}

static int teardown(void **state)
{
    config_done(*state);
    free(*state);
    return 0;
}

static bool read_yaml(struct config *config, const char *yaml, struct error *error)
{
    *error = (struct error){.status = STATUS_DONE};
    struct guarded guarded = guarded_copy(yaml, strlen(yaml));
    bool fine = config_read_text(config, (const char *)guarded.bytes, strlen(yaml), "t.yaml", error);
    guarded_free(&guarded);
    return fine;
}

static void the_table_is_in_order(void **state)
{
    (void)state;
    size_t section = 0;
    for (size_t i = 0; i < setting_count; i++) {
        while (section < section_count && !setting_is_in(&settings[i], sections[section].name))
            section++;
        assert_true(section < section_count); /* settings of a section stand together, behind its row */
        assert_true(strspn(settings[i].name, "abcdefghijklmnopqrstuvwxyz-.") == strlen(settings[i].name));
        assert_ptr_equal(setting_find(settings[i].name), &settings[i]); /* no name twice */
        assert_true(settings[i].help[strlen(settings[i].help) - 1] == '.');
        assert_null(strchr(settings[i].help, '\n'));
    }
}

static void defaults_are_those_of_the_table(void **state)
{
    const struct config *config = *state;
    assert_int_equal(config->flow.max_flows, 1048576);
    assert_int_equal(config->flow.tcp_timeout_s, 300);
    assert_int_equal(config->capture.buffer_size, 64 << 20);
    assert_int_equal(config->alert.settle_ms, 500);
    assert_true(config->capture.promiscuous);
    assert_false(config->redis.enabled);
    assert_string_equal(config->alert.pool_contact, "medium");
    assert_int_equal(config->events.types.count, 4);
    assert_true(strlen(config->sensor.name) > 0);
    for (size_t i = 0; i < setting_count; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        setting_write(&settings[i], config, stream);
        fclose(stream);
        if (settings[i].initial[0] != '\0')
            assert_string_equal(text, settings[i].initial); /* canonical, and within its own range */
        free(text);
    }
}

static void values_of_every_form_are_read(void **state)
{
    struct config *config = *state;
    struct error error;
    assert_true(config_set(config, "flow.max-flows", "200000", &error));
    assert_int_equal(config->flow.max_flows, 200000);
    assert_true(config_set(config, "capture.buffer-size", "128MiB", &error));
    assert_int_equal(config->capture.buffer_size, 128 << 20);
    assert_true(config_set(config, "capture.buffer-size", "70000", &error));
    assert_int_equal(config->capture.buffer_size, 70000);
    assert_true(config_set(config, "redis.queue-memory", "16g", &error));
    assert_int_equal(config->redis.queue_memory, UINT64_C(16) << 30);
    assert_true(config_set(config, "flow.tcp-timeout", "2 h", &error));
    assert_int_equal(config->flow.tcp_timeout_s, 7200);
    assert_true(config_set(config, "flow.report-interval", "0", &error));
    assert_int_equal(config->flow.report_interval_s, 0);
    assert_true(config_set(config, "alert.settle", "2s", &error));
    assert_int_equal(config->alert.settle_ms, 2000);
    assert_true(config_set(config, "alert.settle", "250", &error));
    assert_int_equal(config->alert.settle_ms, 250);
    assert_true(config_set(config, "inspect.ndpi", "Off", &error));
    assert_false(config->inspect.ndpi);
    assert_true(config_set(config, "alert.pool-contact", "never", &error));
    assert_string_equal(config->alert.pool_contact, "never");
    assert_true(config_set(config, "geo.databases", "/a.mmdb, /b.mmdb", &error));
    assert_int_equal(config->geo.databases.count, 2);
    assert_string_equal(config->geo.databases.items[1], "/b.mmdb");
    assert_true(config_list_has(&config->geo.databases, "/a.mmdb"));
    assert_false(config_list_has(&config->geo.databases, "/a"));
    assert_true(config_set(config, "geo.databases", "", &error));
    assert_int_equal(config->geo.databases.count, 0);
    assert_true(config_set(config, "redis.url", "unix:///run/a:b@c?db=2", &error));
    assert_true(config_set(config, "redis.url", "redis://sensor@redis.example:6379/3", &error));
}

static void bad_values_are_refused_and_change_nothing(void **state)
{
    static const struct {
        const char *name, *value, *sentence;
    } cases[] = {
        {"flow.max-flows", "15", "from 16 to 67108864"},
        {"flow.max-flows", "67108865", "from 16 to 67108864"},
        {"flow.max-flows", "18446744073709551616", "flow.max-flows cannot be '18446744073709551616'"},
        {"flow.max-flows", "-1", "flow.max-flows"},
        {"flow.max-flows", "", "flow.max-flows"},
        {"flow.max-flows", "100k", "a whole number"},
        {"flow.max-flows", "100 ", NULL}, /* blanks behind a number are fine */
        {"redis.queue-memory", "17179869184g", "a size"},
        {"capture.buffer-size", "64x", "from 64k to 2047m"},
        {"capture.buffer-size", "m", "a size"},
        {"flow.tcp-timeout", "25h", "from 1s to 24h"},
        {"flow.tcp-timeout", "1ms", "a time (seconds"},
        {"capture.promiscuous", "maybe", "yes or no"},
        {"alert.pool-contact", "med", "one of high, medium, low, never"},
        {"alert.pool-contact", "high,medium", "one of high"},
        {"alert.pool-contact", "", "one of high"},
        {"events.types", "alert,alarm", "a list of some of alert, mining, flow, stats"},
        {"events.types", "", "a list of some of"},
        {"events.types", "alert,,flow", "a list of some of"},
        {"redis.eve-types", "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t", "redis.eve-types"},
        {"sensor.name", "", "1 to 64 characters"},
        {"sensor.name", "a{b}", "a name"},
        {"redis.prefix", "a b", "a name"},
        {"json.file", "a\nb", "cannot be 'a?b'"},
        {"redis.url", "http://x", "redis://user@host:port/db, unix:///path"},
        {"redis.url", "redis://", "redis://user@host"},
        {"redis.url", "redisss://h", "not of the form"},
        {"redis.url", "redis-cluster:///1", "not of the form"},
        {"flow.max_flow", "1", "there is no setting 'flow.max_flow'; did you mean 'flow.max-flows'?"},
        {"settle", "1", "did you mean 'alert.settle'?"},
        {"max-flows", "1", "did you mean 'flow.max-flows'?"},
        {"quite.something-else", "1", "--dump-config"},
    };
    struct config *config = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {.status = STATUS_DONE};
        if (cases[i].sentence == NULL) {
            assert_true(config_set(config, cases[i].name, cases[i].value, &error));
            continue;
        }
        char *before = capture_text(config_dump, config);
        if (config_set(config, cases[i].name, cases[i].value, &error))
            fail_msg("%s = %s was taken", cases[i].name, cases[i].value);
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        if (strstr(error.text, cases[i].sentence) == NULL)
            fail_msg("%s = %s: %s", cases[i].name, cases[i].value, error.text);
        char *after = capture_text(config_dump, config);
        assert_string_equal(before, after);
        free(before);
        free(after);
    }
}

static void a_password_is_neither_kept_nor_repeated(void **state)
{
    static const char *const urls[] = {
        "redis://:Hidden@h",  "redis://u:Hidden@h:1/2",      "rediss://u:Hidden@h", "unix://u:Hidden@/run/s",
        "redis://:Hid/den@h", "redis://h/0?password=Hidden", "http://u:Hidden@h",   "Hidden"};
    struct config *config = *state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct error error;
        assert_false(config_set(config, "redis.url", urls[i], &error));
        assert_null(strstr(error.text, "Hid"));
        assert_true(i == 7 || strstr(error.text, "redis.password-file") != NULL);
        assert_true(i == 7 || strstr(error.text, "GEOPHONE_REDIS_PASSWORD") != NULL);
        char *dump = capture_text(config_dump, config);
        assert_null(strstr(dump, "Hid"));
        free(dump);
    }
}

static void a_dump_can_be_set_again(void **state)
{
    struct config *config = *state, copy;
    struct error error;
    assert_true(config_set(config, "flow.max-flows", "12345", &error));
    assert_true(config_set(config, "geo.databases", "/a,/b", &error));
    assert_true(config_set(config, "capture.filter", "tcp and port = 3333", &error));
    assert_true(config_set(config, "signatures.directory", "/s", &error));
    char *dump = capture_text(config_dump, config);
    assert_true(config_init(&copy, &error));
    char *text = strdup(dump), *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
        char *equals = strstr(line, " = ");
        assert_non_null(equals);
        *equals = '\0';
        if (!config_set(&copy, line, equals + 3, &error))
            fail_msg("%s", error.text);
    }
    char *again = capture_text(config_dump, &copy);
    assert_string_equal(dump, again);
    free(again);
    free(text);
    free(dump);
    config_done(&copy);
}

static void a_file_is_read_over_the_defaults(void **state)
{
    struct config *config = *state;
    struct error error;
    static const char yaml[] = "%YAML 1.1\n---\n# hello\nflow:\n  max-flows: 4096\n  vlan-in-key: no\n"
                               "geo:\n  databases:\n    - /a,b.mmdb\n    - \"/c.mmdb\"\nredis:\n"
                               "events: {types: [alert, mining]}\nalert:\n  settle: 1s\njson: {file: '-'}\n";
    assert_true(read_yaml(config, yaml, &error));
    assert_int_equal(config->flow.max_flows, 4096);
    assert_string_equal(config->flow.vlan_in_key, "no");
    assert_int_equal(config->flow.tcp_timeout_s, 300);
    assert_int_equal(config->geo.databases.count, 2);
    assert_string_equal(config->geo.databases.items[0], "/a,b.mmdb");
    assert_int_equal(config->events.types.count, 2);
    assert_int_equal(config->alert.settle_ms, 1000);
    assert_true(read_yaml(config, "", &error));
    assert_true(read_yaml(config, "# nothing\n", &error));
    assert_true(read_yaml(config, "---\n...\n", &error));
    assert_true(read_yaml(config, "events:\n  types: stats, flow\ngeo: {databases: []}\n", &error));
    assert_string_equal(config->events.types.items[1], "flow");
    assert_int_equal(config->geo.databases.count, 0);
}

static void faults_of_a_file_name_the_place(void **state)
{
    static const struct {
        const char *yaml, *sentence;
    } cases[] = {
        {"flow:\n  max-flow: 1\n",
         "t.yaml: line 2, column 3: there is no setting 'max-flow' in the section 'flow'; did you "
         "mean 'max-flows'?"},
        {"flwo:\n  max-flows: 1\n",
         "t.yaml: line 1, column 1: there is no section 'flwo'; did you mean 'flow'?"},
        {"flow:\n  max-flows: abc\n",
         "t.yaml: line 2, column 14: flow.max-flows cannot be 'abc': it must be a whole"},
        {"flow:\n  max-flows: 99\n  max-flows: 98\n", "line 3, column 3: flow.max-flows is set twice"},
        {"flow:\n  max-flows: 99\nflow:\n  tcp-timeout: 1\n",
         "line 3, column 1: the section 'flow' is there twice"},
        {"flow:\n  max-flows:\n", "flow.max-flows has no value"},
        {"flow:\n  max-flows: [1, 2]\n", "line 2, column 14: flow.max-flows must be a whole number"},
        {"flow:\n  max-flows: {a: 1}\n", "line 2, column 14: flow.max-flows must be a whole number"},
        {"flow: 5\n", "line 1, column 7: 'flow' is a section"},
        {"flow: [5]\n", "line 1, column 7: 'flow' is a section"},
        {"- flow\n", "line 1, column 1: here must stand the name of a section"},
        {"hello\n", "the file must hold sections"},
        {"? [a]\n: 1\n", "the name of a section"},
        {"flow:\n  ? {a: b}\n  : 1\n", "the name of a setting"},
        {"flow: {max-flows: 99}\n---\nflow: {max-flows: 99}\n", "line 2, column 1: a second document"},
        {"flow: &a\n  max-flows: 99\n", "anchors, aliases and tags"},
        {"flow:\n  max-flows: &a 99\n", "anchors, aliases and tags"},
        {"flow: *a\n", "anchors, aliases and tags"},
        {"flow:\n  max-flows: !!int 99\n", "anchors, aliases and tags"},
        {"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "there is no section 'a'"},
        {"flow:\n\tmax-flows: 1\n",
         "line 2, column 1: this is not YAML: found character that cannot start any token"},
        {"flow: {max-flows: 99\n", "this is not YAML"},
        {"flow:\n  max-flows: \"9\\0\"\n", "a NUL character"},
        {"geo:\n  databases: [[a]]\n", "geo.databases must be a list"},
        {"geo:\n  databases: [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]\n",
         "geo.databases holds more than 16 items"},
        {"events:\n  types: [alert, alarm]\n", "events.types cannot be 'alarm'"},
        {"redis:\n  url: redis://:Hidden@h\n", "line 2, column 8: redis.url must not hold the password"},
        {"<<: {}\n", "there is no section '<<'"},
        {"\xff\xfe\xfd", "this is not YAML"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error;
        if (read_yaml(*state, cases[i].yaml, &error))
            fail_msg("taken: %s", cases[i].yaml);
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        if (strstr(error.text, cases[i].sentence) == NULL)
            fail_msg("%s\n%s", cases[i].yaml, error.text);
    }
}

static void deep_nesting_and_every_truncation_end_well(void **state)
{
    static const char yaml[] =
        "flow:\n  max-flows: 4096\ngeo: {databases: [\"/a\", '/b']}\nevents:\n  types:\n  - alert\n";
    struct error error;
    for (size_t length = 0; length < sizeof yaml; length++) {
        struct guarded guarded = guarded_copy(yaml, length);
        error = (struct error){.status = STATUS_DONE};
        if (!config_read_text(*state, (const char *)guarded.bytes, length, "t.yaml", &error))
            assert_non_null(strstr(error.text, "t.yaml: line "));
        guarded_free(&guarded);
    }
    static char deep[50000];
    memset(deep, '[', sizeof deep - 1);
    assert_false(read_yaml(*state, deep, &error));
    memset(deep, '{', sizeof deep - 1);
    assert_false(read_yaml(*state, deep, &error));
}

static void files_that_cannot_be_read_are_named(void **state)
{
    struct error error;
    assert_false(config_read_file(*state, "/nonexistent/g.yaml", &error));
    assert_int_equal(error.status, STATUS_CONFIGURATION);
    assert_non_null(strstr(error.text, "/nonexistent/g.yaml: No such file"));
    assert_false(config_read_file(*state, "/", &error));
    assert_non_null(strstr(error.text, "/: Is a directory"));
    assert_false(config_read_file(*state, "/dev/zero", &error)); /* endless: the size is bounded */
    assert_non_null(strstr(error.text, "larger than 1024 KiB"));
    assert_true(config_read_file(*state, "/dev/null", &error));
}

static void check_finds_what_single_settings_cannot(void **state)
{
    struct config *config = *state;
    struct error error;
    char directory[] = "/tmp/test_config.XXXXXX", path[64];
    assert_non_null(mkdtemp(directory));
    assert_true(config_set(config, "signatures.directory", directory, &error));
    assert_false(config_check(config, &error));
    assert_non_null(strstr(error.text, "pool-domains.tsv"));
    static const char *const files[] = {"pool-domains.tsv", "pool-addresses.tsv"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        fclose(fopen(path, "w"));
    }
    assert_true(config_check(config, &error));
    assert_true(config_set(config, "reassembly.memory", "64k", &error));
    assert_true(config_set(config, "reassembly.direction-memory", "65k", &error));
    assert_false(config_check(config, &error));
    assert_true(config_set(config, "reassembly.direction-memory", "64k", &error));
    assert_true(config_check(config, &error));
    assert_true(config_set(config, "geo.databases", "/nonexistent.mmdb", &error));
    assert_false(config_check(config, &error));
    assert_int_equal(error.status, STATUS_CONFIGURATION);
    assert_string_equal(error.text,
                        "geo.databases: cannot read /nonexistent.mmdb: No such file or directory");
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        remove(path);
    }
    remove(directory);
}

static void signatures_are_found_whole_or_not_at_all(void **state)
{
    (void)state;
    char path[4096] = "x", small[2] = "x";
    if (config_find_signatures(path, sizeof path))
        assert_int_equal(path[0], '/');
    else
        assert_string_equal(path, "");
    assert_false(config_find_signatures(small, sizeof small));
    assert_string_equal(small, "");
}

static void documents_are_up_to_date(void **state)
{
    (void)state;
    char *wanted = capture_text(print_document, NULL), *there = read_whole("docs/configuration.md");
    if (strcmp(wanted, there) != 0)
        fail_msg("docs/configuration.md is not what src/config/settings.def says: run scripts/make-docs");
    free(wanted);
    free(there);
    wanted = capture_text(print_sample, NULL), there = read_whole("docs/geophone.yaml");
    if (strcmp(wanted, there) != 0)
        fail_msg("docs/geophone.yaml is not what src/config/settings.def says: run scripts/make-docs");
    free(wanted);
    free(there);
}

/* The sample as it stands, and with every setting taken out of its comment, gives the defaults. */
static void the_sample_holds_the_defaults(void **state)
{
    struct config *config = *state;
    struct error error;
    char *sample = capture_text(print_sample, NULL), *before = capture_text(config_dump, config);
    if (!read_yaml(config, sample, &error))
        fail_msg("%s", error.text);
    size_t taken = 0;
    for (char *at = sample; (at = strstr(at, "\n  #")) != NULL; at += 4)
        if (at[4] != ' ' && strncmp(at + 4, "name: \"\"", 8) != 0 &&
            strncmp(at + 4, "directory: \"\"", 13) != 0) {
            at[3] = ' ';
            taken++;
        }
    if (!read_yaml(config, sample, &error))
        fail_msg("%s", error.text);
    assert_int_equal(taken, setting_count - 2);
    char *after = capture_text(config_dump, config);
    assert_string_equal(before, after);
    free(sample);
    free(before);
    free(after);
}

static void the_nearest_word_is_suggested(void **state)
{
    (void)state;
    char text[64];
    struct suggestion suggestion = {.word = "verbsoe"};
    suggest_offer(&suggestion, "version");
    suggest_offer(&suggestion, "verbose");
    suggest_offer(&suggestion, "");
    assert_int_equal(suggestion.distance, 1); /* two neighbours changed places */
    assert_string_equal(suggest_text(&suggestion, text, sizeof text), "; did you mean 'verbose'?");
    struct suggestion none = {.word = "xyzzy"};
    suggest_offer(&none, "verbose");
    assert_string_equal(suggest_text(&none, text, sizeof text), "");
    char longest[500];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct suggestion too_long = {.word = longest};
    suggest_offer(&too_long, longest);
    assert_null(too_long.best);
}

#define CONFIG_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_in_order),
        CONFIG_TEST(defaults_are_those_of_the_table),
        CONFIG_TEST(values_of_every_form_are_read),
        CONFIG_TEST(bad_values_are_refused_and_change_nothing),
        CONFIG_TEST(a_password_is_neither_kept_nor_repeated),
        CONFIG_TEST(a_dump_can_be_set_again),
        CONFIG_TEST(a_file_is_read_over_the_defaults),
        CONFIG_TEST(faults_of_a_file_name_the_place),
        CONFIG_TEST(deep_nesting_and_every_truncation_end_well),
        CONFIG_TEST(files_that_cannot_be_read_are_named),
        CONFIG_TEST(check_finds_what_single_settings_cannot),
        cmocka_unit_test(signatures_are_found_whole_or_not_at_all),
        cmocka_unit_test(documents_are_up_to_date),
        CONFIG_TEST(the_sample_holds_the_defaults),
        cmocka_unit_test(the_nearest_word_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
