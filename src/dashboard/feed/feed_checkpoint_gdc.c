// SPDX-License-Identifier: Apache-2.0
/*
 * Check Point's Generic Data Center (sk167210): JSON with objects of ranges. There is one object, with an
 * identifier that never changes, since rules point at it; an object needs a range, so with nothing to block
 * there is none.
 */
#include "base/json_writer.h"
#include "dashboard/feed/feed_format.h"

static void put_ranges(struct json_writer *json, const struct feed_format *format,
                       const struct feed_view *view)
{
    const struct feed_entry *entry;
    char text[ADDRESS_TEXT_SIZE];
    bool begun = false;
    for (size_t at = 0; (entry = feed_format_next(format, view, &at)) != NULL; begun = true) {
        if (!begun) {
            json_object(json, NULL);
            json_string(json, "name", "geophone mining pools");
            json_string(json, "id", "6b0f5a52-3c1e-5d0b-9b1a-67656f70686f");
            json_string(json, "description", "Mining pools that geophone saw miners at");
            json_array(json, "ranges");
        }
        json_string(json, NULL, feed_entry_text(entry, text));
    }
    if (begun) {
        json_array_end(json);
        json_object_end(json);
    }
}

static bool write_json(FILE *to, const struct feed_format *format, const struct feed_view *view,
                       uint32_t serial)
{
    (void)serial;
    struct json_writer json;
    json_writer_init(&json);
    json_object(&json, NULL);
    json_string(&json, "version", "1.0");
    json_string(&json, "description", "geophone: cryptocurrency mining pools");
    json_array(&json, "objects");
    put_ranges(&json, format, view);
    json_array_end(&json);
    json_object_end(&json);
    const char *text = json_writer_text(&json);
    bool fine = text != NULL && fprintf(to, "%s\n", text) > 0;
    json_writer_done(&json);
    return fine;
}

const struct feed_format feed_format_checkpoint_gdc = {
    .name = "checkpoint-gdc.json",
    .type = "application/json",
    .reader = "Check Point: generic data center",
    .takes = {[FEED_ADDRESS] = true},
    .write = write_json,
};
