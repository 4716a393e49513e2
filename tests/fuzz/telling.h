// SPDX-License-Identifier: Apache-2.0
/*
 * Events written in all forms in which they leave the sensor (EVE records, Redis commands, the summary, the
 * report), and what these must be whatever the events hold: valid JSON in UTF-8, whole commands, harmless
 * text, a page that holds its own elements only.
 */
#ifndef TESTS_FUZZ_TELLING_H
#define TESTS_FUZZ_TELLING_H

#include "../unit/json_check.h"
#include "fuzzing.h"
#include "page_check.h"
#include "sink/eve/eve.h"
#include "sink/redis/redis_commands.h"
#include "sink/report/report_page.h"
#include "sink/summary/summary_report.h"

#include <stdio.h>

struct telling {
    struct json_writer writer;
    struct redis_keys keys;
    struct redis_text commands;
    struct summary_findings *findings;
    const struct config *config;
    size_t events;
};

static void telling_open(struct telling *telling, const struct config *config)
{
    *telling = (struct telling){.findings = calloc(1, sizeof *telling->findings), .config = config};
    require(telling->findings != NULL);
    json_writer_init(&telling->writer);
    redis_keys_init(&telling->keys, config);
}

static void tell(struct telling *telling, struct event *event)
{
    json_writer_reset(&telling->writer);
    eve_write(&telling->writer, event);
    event->json = json_writer_text(&telling->writer);
    require(event->json != NULL);
    event->json_length = strlen(event->json);
    require(event->json_length == telling->writer.length && is_utf8(event->json, event->json_length));
    require(strchr(event->json, '\n') == NULL && json_is_valid(event->json));
    redis_commands_event(&telling->commands, &telling->keys, event);
    require(!telling->commands.failed &&
            is_resp(telling->commands.bytes, telling->commands.length, telling->commands.commands));
    summary_findings_add(telling->findings, event);
    telling->events++;
}

static void check_summary(const struct telling *telling, bool unicode)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    require(stream != NULL);
    const struct page page = {.stream = stream, .width = 100, .color = false, .unicode = unicode};
    summary_report(&page, telling->findings, "an input");
    fclose(stream);
    require(is_utf8(text, length));
    for (size_t i = 0; i < length; i++)
        require((uint8_t)text[i] >= 0x20 ? text[i] != 0x7f && (unicode || (uint8_t)text[i] < 0x80)
                                         : text[i] == '\n');
    free(text);
}

static void check_report(const struct telling *telling)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    require(stream != NULL);
    const struct sink_environment environment = {.config = telling->config,
                                                 .version = "0",
                                                 .inputs = telling->config->sensor.name,
                                                 .command = "<command>"};
    struct html_report report = {
        .stream = stream, .findings = telling->findings, .environment = &environment};
    require(report_page(&report));
    fclose(stream);
    require(strlen(text) == length && is_utf8(text, length) && page_is_whole(text));
    char *json = strstr(text, "id=\"incidents\">") + strlen("id=\"incidents\">\n");
    *strstr(json, "\n</script>") = '\0';
    require(json_is_valid(json));
    free(text);
}

static void telling_close(struct telling *telling)
{
    check_summary(telling, telling->events % 2 == 0);
    check_report(telling);
    summary_findings_done(telling->findings);
    free(telling->findings);
    redis_text_done(&telling->commands);
    json_writer_done(&telling->writer);
}

#endif
