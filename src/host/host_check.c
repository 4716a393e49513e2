// SPDX-License-Identifier: Apache-2.0
#include "host/host_check.h"

#include "base/json_writer.h"
#include "base/terminal.h"
#include "host/check.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum scope { HOST, INTERFACE };

static const struct row {
    const char *name;
    enum scope scope;
    check_function *check;
} rows[] = {
#define CHECK(name, scope, help) {#name, scope, check_##name},
#include "host/checks.def"
#undef CHECK
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static const char *const verdict_names[CHECK_VERDICT_COUNT] = {"ok", "warn", "fail", "cannot tell"};

/* ---- the checks, one after another ---- */

static void check_scope(struct check_host *host, enum scope scope, const char *interface)
{
    host->interface = interface;
    host->missing = false;
    for (size_t i = 0; i < ROW_COUNT && !host->missing; i++) {
        if (rows[i].scope != scope)
            continue;
        host->check = rows[i].name;
        rows[i].check(host);
    }
}

static bool is_worth_checking(struct check_host *host, const char *interface)
{
    struct ifreq request = {.ifr_flags = 0};
    host->interface = interface;
    return check_ask_interface(host, SIOCGIFFLAGS, &request) &&
           (request.ifr_flags & (IFF_UP | IFF_LOOPBACK)) == IFF_UP;
}

/* "any": all that are up but loopback. */
static void check_any(struct check_host *host)
{
    struct if_nameindex *all = if_nameindex();
    for (const struct if_nameindex *one = all; one != NULL && one->if_index != 0; one++)
        if (is_worth_checking(host, one->if_name))
            check_scope(host, INTERFACE, one->if_name);
    if (all != NULL)
        if_freenameindex(all);
}

static void check_all(struct check_host *host)
{
    const struct host_check_options *options = host->options;
    for (size_t i = 0; i < options->interface_count; i++)
        if (strcmp(options->interfaces[i], "any") == 0)
            check_any(host);
        else
            check_scope(host, INTERFACE, options->interfaces[i]);
    if (options->interface_count == 0) /* what is listened for may come in by any */
        check_any(host);
    check_scope(host, HOST, "");
}

/* ---- the report ---- */

enum { HEAD = 34, INDENT = 36, WIDTH = 110 };

static void print_finding(const struct check_finding *finding, FILE *stream, bool color)
{
    static const char *const colors[CHECK_VERDICT_COUNT] = {"\033[32m", "\033[33m", "\033[1;31m", "\033[36m"};
    fprintf(stream, "%s%-11s%s  %-8s %-12s", color ? colors[finding->verdict] : "",
            verdict_names[finding->verdict], color ? "\033[0m" : "",
            finding->interface[0] != '\0' ? finding->interface : "host", finding->check);
    terminal_print_wrapped(finding->text, HEAD, INDENT, WIDTH, stream);
    if (finding->mend[0] != '\0')
        fprintf(stream, "%*s%s\n", INDENT, "=> ", finding->mend);
}

static void count_verdicts(const struct check_host *host, size_t counts[static CHECK_VERDICT_COUNT])
{
    memset(counts, 0, CHECK_VERDICT_COUNT * sizeof counts[0]);
    for (size_t i = 0; i < host->count; i++)
        counts[host->findings[i].verdict]++;
}

static void print_text(const struct check_host *host, FILE *stream)
{
    size_t counts[CHECK_VERDICT_COUNT];
    bool color = terminal_wants_color(stream, host->options->config->summary.color);
    count_verdicts(host, counts);
    for (size_t i = 0; i < host->count; i++)
        print_finding(&host->findings[i], stream, color);
    fprintf(stream, "%zu ok, %zu to be warned of, %zu failed, %zu not known. Nothing was changed.\n",
            counts[CHECK_OK], counts[CHECK_WARN], counts[CHECK_FAIL], counts[CHECK_UNKNOWN]);
}

static bool print_json(const struct check_host *host, FILE *stream)
{
    struct json_writer writer;
    size_t counts[CHECK_VERDICT_COUNT];
    count_verdicts(host, counts);
    json_writer_init(&writer);
    json_object(&writer, NULL);
    json_string(&writer, "status", counts[CHECK_FAIL] > 0 ? "fail" : counts[CHECK_WARN] > 0 ? "warn" : "ok");
    json_array(&writer, "checks");
    for (size_t i = 0; i < host->count; i++) {
        const struct check_finding *finding = &host->findings[i];
        json_object(&writer, NULL);
        json_string(&writer, "check", finding->check);
        json_string_if(&writer, "interface", finding->interface);
        json_string(&writer, "verdict",
                    finding->verdict == CHECK_UNKNOWN ? "unknown" : verdict_names[finding->verdict]);
        json_string(&writer, "text", finding->text);
        json_string_if(&writer, "mend", finding->mend);
        json_object_end(&writer);
    }
    json_array_end(&writer);
    json_object_end(&writer);
    const char *text = json_writer_text(&writer);
    bool printed = text != NULL && fprintf(stream, "%s\n", text) > 0;
    json_writer_done(&writer);
    return printed;
}

enum exit_status host_check(const struct host_check_options *options, FILE *stream, bool as_json)
{
    struct check_host host = {.options = options, .check = "", .interface = ""};
    size_t counts[CHECK_VERDICT_COUNT];
    check_all(&host);
    if (!as_json)
        print_text(&host, stream);
    else if (!print_json(&host, stream))
        host.failed = true;
    count_verdicts(&host, counts);
    free(host.findings);
    return host.failed || counts[CHECK_FAIL] > 0 ? STATUS_FAILED : STATUS_DONE;
}
