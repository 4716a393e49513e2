// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MAX_ARGUMENTS = 24 };

/* A directory with the files that configuration and captures need; the current directory while tests run. */
static char directory[] = "/tmp/test_options.XXXXXX";
static const char *const files[] = {
    "pool-domains.tsv", "pool-addresses.tsv", "a.pcap", "b.pcap", "g.yaml", "tcp"};

static int make_files(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL || chdir(directory) != 0)
        return -1;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        FILE *file = fopen(files[i], "w");
        if (file == NULL)
            return -1;
        if (strcmp(files[i], "g.yaml") == 0)
            fputs("signatures:\n  directory: .\nflow:\n  max-flows: 1000\n  tcp-timeout: 1m\nsummary: "
                  "{color: never}\n",
                  file);
        fclose(file);
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        unlink(files[i]);
    return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

/* Parses a line cut at blanks; '_' stands for a blank inside an argument. The arguments live until the next
 * call. */
static bool parse(const char *line, struct options *options, struct error *error)
{
    static char text[1024];
    static char *argv[MAX_ARGUMENTS + 1];
    int argc = 0;
    snprintf(text, sizeof text, "geophone %s", line);
    char *rest = text;
    for (char *word; (word = strsep(&rest, " ")) != NULL && argc < MAX_ARGUMENTS;) {
        if (*word == '\0')
            continue;
        for (char *c = word; *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c;
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    *error = (struct error){.status = STATUS_DONE};
    return options_parse(argc, argv, options, error);
}

static struct options must_parse(const char *line)
{
    struct options options;
    struct error error;
    if (!parse(line, &options, &error))
        fail_msg("%s: %s", line, error.text);
    return options;
}

#define SIGNATURES " --set signatures.directory=."

static void captures_and_an_expression(void **state)
{
    (void)state;
    struct options options = must_parse("-r a.pcap" SIGNATURES);
    assert_int_equal(options.mode, OPTIONS_READ);
    assert_int_equal(options.path_count, 1);
    assert_string_equal(options.paths[0], "a.pcap");
    assert_string_equal(options.expression, "");
    assert_int_equal(options.interface_count, 0);
    assert_true(options.config.summary.enabled);
    assert_false(options.quiet || options.exit_code || options.verbosity > 0);
    options_done(&options);

    options =
        must_parse("-r a.pcap b.pcap - tcp_and port 3333 -vvq --read=missing.pcap --exit-code" SIGNATURES);
    assert_int_equal(options.path_count, 4);
    assert_string_equal(options.paths[1], "b.pcap");
    assert_string_equal(options.paths[2], "-");
    assert_string_equal(options.paths[3], "missing.pcap");
    assert_string_equal(options.expression, "tcp and port 3333");
    assert_int_equal(options.verbosity, 2);
    assert_true(options.quiet && options.exit_code);
    assert_false(options.config.summary.enabled);
    options_done(&options);
}

static void a_word_that_is_a_file_is_a_capture_only_behind_r(void **state)
{
    (void)state;
    struct options options = must_parse("-r a.pcap tcp" SIGNATURES); /* there is a file of that name */
    assert_int_equal(options.path_count, 2);
    options_done(&options);
    options = must_parse("-r a.pcap" SIGNATURES " tcp");
    assert_int_equal(options.path_count, 1);
    assert_string_equal(options.expression, "tcp");
    options_done(&options);
    options = must_parse("-r a.pcap" SIGNATURES " -- tcp -x");
    assert_string_equal(options.expression, "tcp -x");
    options_done(&options);
    options = must_parse("-r a.pcap udp tcp" SIGNATURES);
    assert_string_equal(options.expression, "udp tcp");
    options_done(&options);
}

static void interfaces(void **state)
{
    (void)state;
    struct options options =
        must_parse("-i eth0 -ieth1 --interface eth2 --capture-filter udp_port_4789 port 3333" SIGNATURES);
    assert_int_equal(options.mode, OPTIONS_LIVE);
    assert_int_equal(options.interface_count, 3);
    assert_string_equal(options.interfaces[1], "eth1");
    assert_string_equal(options.config.capture.filter, "udp port 4789");
    assert_string_equal(options.expression, "port 3333");
    assert_false(options.config.summary.enabled);
    options_done(&options);
    options = must_parse("-i eth0 --set summary.enabled=yes" SIGNATURES);
    assert_true(options.config.summary.enabled);
    options_done(&options);
}

static void later_settings_win(void **state)
{
    (void)state;
    struct options options =
        must_parse("--set flow.max-flows=500 --color=always -c g.yaml -r a.pcap --set flow.max-flows=600");
    assert_string_equal(options.file, "g.yaml");
    assert_int_equal(options.config.flow.max_flows, 600);
    assert_int_equal(options.config.flow.tcp_timeout_s, 60);
    assert_int_equal(options.config.flow.other_timeout_s, 60);
    assert_string_equal(options.config.summary.color, "always");
    assert_string_equal(options.config.signatures.directory, ".");
    options_done(&options);
}

static void json_and_redis(void **state)
{
    (void)state;
    struct options options = must_parse("-r a.pcap --json" SIGNATURES);
    assert_true(options.config.json.enabled);
    assert_string_equal(options.config.json.file, "-");
    assert_false(options.config.summary.enabled); /* both would go to standard output */
    options_done(&options);
    options = must_parse("-r a.pcap --json=out.json --redis redis://s@h:1/2" SIGNATURES);
    assert_string_equal(options.config.json.file, "out.json");
    assert_true(options.config.summary.enabled);
    assert_true(options.config.redis.enabled);
    assert_string_equal(options.config.redis.url, "redis://s@h:1/2");
    options_done(&options);
    options = must_parse("-r a.pcap --set json.enabled=yes" SIGNATURES);
    assert_false(options.config.summary.enabled);
    options_done(&options);
}

static void a_report(void **state)
{
    (void)state;
    struct options options = must_parse("-r a.pcap --report out.html" SIGNATURES);
    assert_string_equal(options.config.report.file, "out.html");
    assert_int_equal(options.path_count, 1);
    assert_true(options.config.summary.enabled);
    options_done(&options);
    options = must_parse("-r a.pcap --report=-" SIGNATURES);
    assert_string_equal(options.config.report.file, "-");
    assert_false(options.config.summary.enabled); /* both would go to standard output */
    options_done(&options);
    options = must_parse("-r a.pcap" SIGNATURES);
    assert_string_equal(options.config.report.file, "");
    options_done(&options);
}

static void modes_that_only_print(void **state)
{
    static const struct {
        const char *line;
        enum options_mode mode;
    } cases[] = {
        {"-h", OPTIONS_HELP},
        {"--help -r a.pcap", OPTIONS_HELP},
        {"-V", OPTIONS_VERSION},
        {"--version", OPTIONS_VERSION},
        {"-V -h", OPTIONS_HELP},
        {"--list-interfaces", OPTIONS_LIST_INTERFACES},
        {"--list-dialects", OPTIONS_LIST_DIALECTS},
        {"--build-info -c missing.yaml", OPTIONS_BUILD_INFO}, /* the configuration does not matter */
        {"--dump-config", OPTIONS_DUMP_CONFIG},
        {"-T" SIGNATURES, OPTIONS_TEST},
        {"-T -c g.yaml -r a.pcap", OPTIONS_TEST},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct options options = must_parse(cases[i].line);
        assert_int_equal(options.mode, cases[i].mode);
        assert_true(options.config.flow.max_flows > 0);
        options_done(&options);
    }
}

static void a_host_is_checked_with_the_settings(void **state)
{
    (void)state;
    struct options options =
        must_parse("--check-host -i eth0 --listen vxlan:4789 --listen tzsp:37008 --json -c g.yaml");
    assert_int_equal(options.mode, OPTIONS_CHECK_HOST);
    assert_int_equal(options.interface_count, 1);
    assert_int_equal(options.listener_count, 2);
    assert_string_equal(options.listeners[1], "tzsp:37008");
    assert_true(options.config.json.enabled);
    assert_int_equal(options.config.flow.max_flows, 1000);
    options_done(&options);
}

static void faults_are_told_in_a_sentence(void **state)
{
    static const struct {
        const char *line;
        enum exit_status status;
        const char *sentence;
    } cases[] = {
        {"", STATUS_USAGE,
         "nothing to read: give -r FILE for a capture, -i IFACE or --listen vxlan:4789 for live traffic"},
        {"-v", STATUS_USAGE, "nothing to read"},
        {"a.pcap", STATUS_USAGE, "give -r a.pcap"},
        {"-r a.pcap -i eth0", STATUS_USAGE, "-r, -i and --listen do not go together"},
        {"-i eth0 --listen vxlan:4789", STATUS_USAGE, "do not go together"},
        {"--listen vxlan", STATUS_USAGE, "\"vxlan\" has no port from 1 to 65535"},
        {"--listen vxlan:70000", STATUS_USAGE, "no port"},
        {"--listen nothing:1", STATUS_USAGE, "begins with no tunnel over UDP"},
        {"-T -r a.pcap -i eth0", STATUS_USAGE, "-r, -i and --listen do not go together"},
        {"-r", STATUS_USAGE, "the option --read needs FILE"},
        {"--redis", STATUS_USAGE, "the option --redis needs URL"},
        {"-r a.pcap --quiet=3", STATUS_USAGE, "the option --quiet takes no value"},
        {"-r a.pcap -x", STATUS_USAGE, "there is no option '-x'"},
        {"-r a.pcap -vx", STATUS_USAGE, "there is no option '-x'"},
        {"-r a.pcap --verbsoe", STATUS_USAGE, "there is no option '--verbsoe'; did you mean '--verbose'?"},
        {"-r a.pcap --jsno=x", STATUS_USAGE, "there is no option '--jsno'; did you mean '--json'?"},
        {"-r a.pcap --quite-another", STATUS_USAGE, "there is no option '--quite-another'; geophone --help"},
        {"-r a.pcap --list", STATUS_USAGE, "'--list' may mean several"},
        {"--check-host", STATUS_USAGE, "give -i IFACE, or --listen vxlan:4789"},
        {"-r a.pcap --reports x.html", STATUS_USAGE, "there is no option '--reports'"},
        {"-r a.pcap --set flow.max-flows", STATUS_USAGE, "--set needs NAME=VALUE"},
        {"-r a.pcap --set =5", STATUS_USAGE, "--set needs NAME=VALUE"},
        {"-r a.pcap --color=pink", STATUS_USAGE,
         "summary.color cannot be 'pink': it must be one of auto, always, never"},
        {"-r a.pcap -c g.yaml -c g.yaml", STATUS_USAGE, "-c is given twice"},
        {"-r a.pcap -c missing.yaml", STATUS_CONFIGURATION,
         "cannot open the configuration missing.yaml: No such file"},
        {"-r a.pcap --set flow.max-flows=x", STATUS_CONFIGURATION, "flow.max-flows cannot be 'x'"},
        {"-r a.pcap --set flow.maxflows=x", STATUS_CONFIGURATION, "did you mean 'flow.max-flows'?"},
        {"-T --set signatures.directory=/nonexistent", STATUS_CONFIGURATION,
         "signatures.directory: cannot read"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct options options;
        struct error error;
        if (parse(cases[i].line, &options, &error))
            fail_msg("taken: %s", cases[i].line);
        if (error.status != cases[i].status || strstr(error.text, cases[i].sentence) == NULL)
            fail_msg("%s: %d, %s", cases[i].line, (int)error.status, error.text);
        assert_null(strchr(error.text, '\n'));
        assert_null(options.paths);
    }
}

static void a_password_in_the_url_is_refused(void **state)
{
    (void)state;
    struct options options;
    struct error error;
    assert_false(parse("-r a.pcap --redis redis://u:Hidden@h/0" SIGNATURES, &options, &error));
    assert_int_equal(error.status, STATUS_USAGE);
    assert_non_null(strstr(error.text, "redis.password-file"));
    assert_non_null(strstr(error.text, "GEOPHONE_REDIS_PASSWORD"));
    assert_null(strstr(error.text, "Hidden"));
}

static void errors_may_be_of_no_interest(void **state)
{
    (void)state;
    char name[] = "geophone", option[] = "--color=pink", read[] = "-ra.pcap";
    char *argv[] = {name, option, read, NULL};
    struct options options;
    assert_false(options_parse(3, argv, &options, NULL));
    assert_false(options_parse(0, argv + 3, &options, NULL));
}

static void the_configuration_is_read_again(void **state)
{
    (void)state;
    char name[] = "geophone", read[] = "-r", path[] = "a.pcap", word[] = "b.pcap", file[] = "-cg.yaml";
    char *argv[] = {name, read, path, word, file, NULL};
    struct options options;
    struct config config = {.flow = {.max_flows = 7}};
    struct error error;
    assert_true(options_parse(5, argv, &options, &error));
    assert_int_equal(options.config.flow.max_flows, 1000);
    FILE *yaml = fopen("g.yaml", "w");
    fputs("flow:\n  max-flows: wrong\n", yaml);
    fclose(yaml);
    assert_false(options_reload(5, argv, &config, &error));
    assert_int_equal(error.status, STATUS_CONFIGURATION);
    assert_int_equal(config.flow.max_flows, 7); /* untouched */
    yaml = fopen("g.yaml", "w");
    fputs("flow:\n  max-flows: 2000\nsignatures: {directory: .}\n", yaml);
    fclose(yaml);
    assert_true(options_reload(5, argv, &config, &error));
    assert_int_equal(config.flow.max_flows, 2000);
    config_done(&config);
    options_done(&options);
}

static void help_fits_a_terminal(void **state)
{
    (void)state;
    static const char *const named[] = {"-r, --read FILE", "--json[=FILE]", "-h, --help",
                                        "Examples:",       "--exit-code",   "-T, --test"};
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    options_print_help(stream);
    fclose(stream);
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (strstr(text, named[i]) == NULL)
            fail_msg("--help lacks %s", named[i]);
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (strlen(line) > 79)
            fail_msg("wider than a terminal: %s", line);
        assert_true(line[0] == '\0' || line[strlen(line) - 1] != ' ');
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_and_an_expression),
        cmocka_unit_test(a_word_that_is_a_file_is_a_capture_only_behind_r),
        cmocka_unit_test(interfaces),
        cmocka_unit_test(later_settings_win),
        cmocka_unit_test(json_and_redis),
        cmocka_unit_test(a_report),
        cmocka_unit_test(modes_that_only_print),
        cmocka_unit_test(a_host_is_checked_with_the_settings),
        cmocka_unit_test(faults_are_told_in_a_sentence),
        cmocka_unit_test(a_password_in_the_url_is_refused),
        cmocka_unit_test(errors_may_be_of_no_interest),
        cmocka_unit_test(the_configuration_is_read_again),
        cmocka_unit_test(help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
