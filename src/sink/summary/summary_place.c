// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_place.h"

#include "base/humanise.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TAGS = 4, LINE_SIZE = 900 };

struct line {
    char text[LINE_SIZE];
    size_t length;
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line->length = text_append(line->text, sizeof line->text, line->length, format, arguments);
    va_end(arguments);
}

/* An Azure machine's identifier is a path: its end is enough. */
static const char *identifier(const struct cloud_place *place)
{
    const char *slash = strrchr(place->instance_id, '/');
    return slash == NULL ? place->instance_id : slash + 1;
}

static bool is_machine(const struct cloud_place *place)
{
    return place->match == CLOUD_ADDRESS || place->match == CLOUD_MIRROR;
}

/* "i-0abc (web-3, c7i.24xlarge, spot)" */
static void add_machine(struct line *line, const struct cloud_place *place)
{
    const char *id = identifier(place);
    const char *details[] = {strcmp(id, place->instance_name) != 0 ? place->instance_name : "",
                             place->instance_type, place->lifecycle};
    const char *between = " (";
    add(line, "%s", id[0] != '\0' ? id : place->kind[0] != '\0' ? place->kind : place->interface);
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++)
        if (details[i][0] != '\0') {
            add(line, "%s%s", between, details[i]);
            between = ", ";
        }
    if (between[0] == ',')
        add(line, ")");
    bool says_more = id[0] != '\0' && place->kind[0] != '\0' && strcmp(place->kind, "an instance") != 0 &&
                     strcmp(place->kind, "a virtual machine") != 0;
    if (says_more)
        add(line, ", %s", place->kind);
}

static void add_unknown(struct line *line, const struct cloud_place *place)
{
    char date[HUMANISE_SIZE];
    if (place->match == CLOUD_SEVERAL)
        add(line, "one of %u machines with this address", place->candidates);
    else if (place->is_newer)
        add(line, "a machine that the inventory of %.10s does not have",
            humanise_time(place->inventory_us, date));
    else
        add(line, "a machine");
}

static void row(const struct page *page, const char *label, const struct line *raw)
{
    char safe[LINE_SIZE];
    humanise_text(raw->text, LINE_SIZE, page->unicode, safe, sizeof safe);
    page_row(page, label, safe);
}

static void row_who(const struct page *page, const struct cloud_place *place)
{
    struct line line = {.length = 0};
    if (is_machine(place))
        add_machine(&line, place);
    else
        add_unknown(&line, place);
    if (place->account[0] != '\0')
        add(&line, " in account %s", place->account);
    if (place->region[0] != '\0')
        add(&line, "%s %s", place->account[0] != '\0' ? "," : " in", place->region);
    if (!is_machine(place) && place->vpc[0] != '\0')
        add(&line, ", %s", place->vpc);
    if (place->label[0] != '\0')
        add(&line, ", %s", place->label);
    if (place->match == CLOUD_MIRROR)
        add(&line, "; named by the interface that mirrored it");
    row(page, "who", &line);
}

static void row_tags(const struct page *page, const struct cloud_place *place)
{
    struct line line = {.length = 0};
    const char *at = place->tags, *key, *value;
    for (uint8_t i = 0; i < place->tag_count && i < MAX_TAGS; i++) {
        at = cloud_tag_next(at, &key, &value);
        add(&line, "%s%s=%s", i > 0 ? ", " : "", key, value);
    }
    if (place->tag_count > MAX_TAGS)
        add(&line, " and %d more", place->tag_count - MAX_TAGS);
    if (place->tag_count > 0)
        row(page, "tags", &line);
}

static void row_first(const struct page *page, const struct cloud_place *place)
{
    struct line line = {.length = 0};
    if (!place->first_in_account && !place->first_in_region)
        return;
    add(&line, "no mining was seen before in this %s%s%s", place->first_in_account ? "account" : "",
        place->first_in_account && place->first_in_region ? " and " : "",
        place->first_in_region ? "region" : "");
    row(page, "new", &line);
}

void summary_place_rows(const struct page *page, const struct mining *mining)
{
    const struct cloud_place *place = &mining->cloud;
    if (place->match == CLOUD_NOWHERE)
        return;
    row_who(page, place);
    if (place->launched[0] != '\0') {
        struct line line = {.length = 0};
        add(&line, "%s", place->launched);
        row(page, "launched", &line);
    }
    row_tags(page, place);
    row_first(page, place);
}

const char *summary_place_short(const struct cloud_place *place, char text[static SUMMARY_PLACE_SIZE])
{
    const char *name = place->instance_name[0] != '\0' ? place->instance_name
                       : place->instance_id[0] != '\0' ? identifier(place)
                       : place->kind[0] != '\0'        ? place->kind
                                                       : place->label;
    bool has_both = name[0] != '\0' && place->region[0] != '\0';
    text[0] = '\0';
    if (name[0] != '\0' || place->region[0] != '\0')
        snprintf(text, SUMMARY_PLACE_SIZE, " (%s%s%s)", name, has_both ? ", " : "", place->region);
    return text;
}
