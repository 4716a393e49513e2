// SPDX-License-Identifier: Apache-2.0
#include "sink/report/report_page.h"

#include "sink/eve/eve_parts.h"
#include "sink/report/report_html.h"

/* The record that the incident's latest event was written as. */
static void write_incident(struct json_writer *writer, const struct summary_incident *incident,
                           const char *sensor)
{
    struct event event = {
        .type = EVENT_MINING,
        .time_us = incident->time_us,
        .sensor = sensor,
        .flow = incident->flow,
        .source_name = incident->source_name,
        .source_is_live = incident->source_is_live,
        .mining = &incident->mining,
        .action = incident->action,
    };
    snprintf(event.community_id, sizeof event.community_id, "%s", incident->community_id);
    eve_write(writer, &event);
}

bool report_json(struct html_report *report)
{
    const struct summary_findings *findings = report->findings;
    const struct sink_environment *environment = report->environment;
    struct json_writer writer;
    json_writer_init(&writer);
    json_object(&writer, NULL);
    json_string(&writer, "version", environment->version);
    json_string_if(&writer, "command", environment->command);
    json_string_if(&writer, "inputs", environment->inputs);
    eve_time(&writer, "started", environment->started_us);
    eve_time(&writer, "finished", report->finished_us);
    json_unsigned(&writer, "incidents_left_out", findings->not_kept);
    if (findings->has_statistics)
        eve_write_statistics(&writer, &findings->statistics);
    json_array(&writer, "incidents");
    for (size_t i = 0; i < findings->count; i++)
        write_incident(&writer, findings->incidents[i], environment->config->sensor.name);
    json_array_end(&writer);
    json_object_end(&writer);
    const char *text = json_writer_text(&writer);
    if (text != NULL) {
        html_raw(report->stream, "<script type=\"application/json\" id=\"incidents\">\n");
        html_json(report->stream, text);
        html_raw(report->stream, "\n</script>\n");
    }
    json_writer_done(&writer);
    return text != NULL;
}
