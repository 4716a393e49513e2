// SPDX-License-Identifier: Apache-2.0
#include "sink/report/report_page.h"

#include "sink/report/report_html.h"

static const char *how_known(const struct cloud_place *place)
{
    static const char *const words[] = {
        [CLOUD_NOWHERE] = "",
        [CLOUD_MAPPING] = "its network, by the mapping; the machine itself is not known",
        [CLOUD_NETWORK] = "its network, by the inventory, which does not have the machine",
        [CLOUD_SEVERAL] = "several machines of the inventory have this address",
        [CLOUD_ADDRESS] = "by its address, in the inventory",
        [CLOUD_MIRROR] = "by the interface that mirrored its packets",
    };
    return place->is_newer ? "the machine is newer than the inventory, which has its neighbours"
                           : words[place->match];
}

static void tags(FILE *stream, const struct cloud_place *place)
{
    const char *at = place->tags, *key, *value;
    for (uint8_t i = 0; i < place->tag_count; i++) {
        char text[2 * CLOUD_TAGS_SIZE];
        at = cloud_tag_next(at, &key, &value);
        snprintf(text, sizeof text, "%s=%s", key, value);
        html_fact(stream, i == 0 ? "Tags" : "", text);
    }
}

static const char *first_text(const struct cloud_place *place)
{
    if (place->first_in_account)
        return place->first_in_region ? "no mining was seen before in this account and region"
                                      : "no mining was seen before in this account";
    return place->first_in_region ? "no mining was seen before in this region" : "";
}

void report_place(struct html_report *report, const struct cloud_place *place)
{
    FILE *stream = report->stream;
    if (place->match == CLOUD_NOWHERE)
        return;
    html_raw(stream, "<h3>The machine and its owner</h3>\n<dl>\n");
    html_fact(stream, "Owner", place->owner);
    html_fact(stream, "Name", place->instance_name);
    html_fact_code(stream, "Instance", place->instance_id);
    html_fact(stream, "Kind", place->kind);
    html_fact(stream, "Type", place->instance_type);
    html_fact(stream, "Rented", place->lifecycle);
    html_fact_code(stream, "Account", place->account);
    html_fact(stream, "Provider", place->provider);
    html_fact(stream, "Region", place->region);
    html_fact(stream, "Zone", place->zone);
    html_fact_code(stream, "Network", place->vpc);
    html_fact_code(stream, "Subnet", place->subnet);
    html_fact_code(stream, "Interface", place->interface);
    html_fact(stream, "Launched", place->launched);
    html_fact(stream, "Label", place->label);
    tags(stream, place);
    html_fact(stream, "Known", how_known(place));
    html_fact(stream, "New", first_text(place));
    html_raw(stream, "</dl>\n");
}
