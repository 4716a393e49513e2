// SPDX-License-Identifier: Apache-2.0
/*
 * Firewall feeds: an allow list of any bytes either is read or gives an error that names the file; and
 * whatever pools are called, lists hold nothing but what firewalls take for one entry each. Bytes before a
 * NUL, where there is one, are the allow list; behind it, lines of pool, its address, coin, incident and
 * carrier with tabs between them.
 */
#include "memory_file.h"

#include "base/host_name.h"
#include "dashboard/feed/feed_allow.h"
#include "dashboard/feed/feed_format.h"
#include "dashboard/feed/feed_reasons.h"

enum { MAX_SIGHTINGS = 64, FIELDS = 5 };

static struct feed_allow *read_allow(const uint8_t *data, size_t size)
{
    struct error error = {.text = ""};
    const char *path = memory_file(data, size);
    struct feed_allow *allow = feed_allow_load(path, &error);
    if (allow == NULL && strstr(error.text, path) == NULL)
        abort();
    return allow;
}

static size_t read_sightings(char *text, struct feed_sighting *sightings)
{
    size_t count = 0;
    for (char *line = text; line != NULL && count < MAX_SIGHTINGS; count++) {
        const char *fields[FIELDS] = {"", "", "", "", ""};
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end++ = '\0';
        for (size_t i = 0; i < FIELDS && line != NULL; i++) {
            fields[i] = line;
            line = strchr(line, '\t');
            if (line != NULL)
                *line++ = '\0';
        }
        sightings[count] = (struct feed_sighting){.sensor = fields[3],
                                                  .incident = fields[3],
                                                  .kind = fields[2],
                                                  .dialect = fields[2],
                                                  .carrier = fields[4],
                                                  .coin = fields[2],
                                                  .miner = fields[4],
                                                  .wallet = fields[2],
                                                  .pool = fields[0],
                                                  .pool_ip = fields[1],
                                                  .name_from = "dns",
                                                  .other_name = "",
                                                  .as_org = fields[2],
                                                  .verdict = FEED_CONFIRMED,
                                                  .evidence = fields[3],
                                                  .confidence = 1,
                                                  .last_us = 1000000};
        line = end;
    }
    return count;
}

/* One line of a list: an address, or a name. */
static bool is_entry(char *line)
{
    struct address address;
    return address_parse(line, &address) ? !address_is_local(&address) : host_name_is_good(line);
}

static size_t count_of(const char *text, char byte)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == byte;
    return count;
}

static void check_line(const struct feed_format *format, char *line)
{
    bool fine = true;
    if (format == &feed_format_checkpoint_ioc)
        fine = count_of(line, ',') == 6 && (line[0] == '#' || strncmp(line, "geophone-", 9) == 0);
    else if (format == &feed_format_rpz)
        fine = line[0] == '$' || line[0] == '@' || strcmp(strchr(line, ' '), " CNAME .") == 0;
    else if (format == &feed_format_paloalto_ip)
        line[strcspn(line, " ")] = '\0', fine = is_entry(line);
    else if (format != &feed_format_checkpoint_gdc)
        fine = is_entry(line);
    if (!fine)
        abort();
}

static void check_format(const struct feed_format *format, const struct feed_view *view)
{
    char *text = NULL;
    size_t length, lines = 0, entries = 0;
    FILE *to = open_memstream(&text, &length);
    if (to == NULL || !format->write(to, format, view, 1) || fclose(to) != 0 || strlen(text) != length)
        abort();
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, lines++) {
        *end = '\0';
        check_line(format, line);
    }
    for (size_t at = 0; feed_format_next(format, view, &at) != NULL;)
        entries++;
    if (strncmp(format->type, "text/plain", 10) == 0 && lines != entries)
        abort();
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct feed_sighting sightings[MAX_SIGHTINGS];
    const uint8_t *end = size == 0 ? NULL : memchr(data, 0, size);
    size_t allowed = end == NULL ? 0 : (size_t)(end - data), skipped = end == NULL ? 0 : allowed + 1;
    char *text = strndup((const char *)data + skipped, size - skipped);
    struct feed_policy policy = {.verdict = FEED_CONFIRMED, .keep_us = 10000000, .max_entries = 40};
    struct feed_allow *allow = allowed == 0 ? NULL : read_allow(data, allowed);
    policy.allow = allow;
    size_t count = text == NULL ? 0 : read_sightings(text, sightings);
    struct feed_view *view = feed_view_build(&policy, sightings, count, 2000000);
    if (view == NULL || view->listed > policy.max_entries)
        abort();
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        check_format(feed_format_at(i), view);
    struct json_writer json;
    json_writer_init(&json);
    json_object(&json, NULL);
    feed_reasons_write(&json, view, NULL);
    json_object_end(&json);
    if (json_writer_text(&json) == NULL)
        abort();
    json_writer_done(&json);
    feed_view_free(view);
    feed_allow_free(allow);
    free(text);
    return 0;
}
