// SPDX-License-Identifier: Apache-2.0
#include "dashboard/feed/feed_publisher.h"

#include "base/digest.h"
#include "base/log.h"
#include "dashboard/feed/feed_allow.h"
#include "dashboard/feed/feed_memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const int64_t EXPLAINED_US =
    INT64_C(86400) * 1000000; /* so long the reasons tell of what has expired */

struct feed_publisher {
    struct feed_settings settings;
    struct feed_policy policy;
    struct feed_allow *allow;
    struct stat allow_file; /* as it was when it was read last */
    struct feed_document documents[FEED_FORMAT_COUNT];
    struct feed_memory *memory;
    size_t by_guard[FEED_GUARD_COUNT];
    int64_t time_us;
};

static bool open_allow(struct feed_publisher *publisher, struct error *error)
{
    if (publisher->settings.allow_path == NULL)
        return true;
    (void)stat(publisher->settings.allow_path,
               &publisher->allow_file); /* zeros where it fails: read again later */
    publisher->policy.allow = publisher->allow = feed_allow_load(publisher->settings.allow_path, error);
    return publisher->allow != NULL;
}

struct feed_publisher *feed_publisher_create(const struct feed_settings *settings, struct error *error)
{
    struct feed_publisher *publisher = calloc(1, sizeof *publisher);
    if (publisher != NULL)
        publisher->memory = feed_memory_create(FEED_MEMORY_MAX);
    if (publisher == NULL || publisher->memory == NULL) {
        free(publisher);
        error_set(error, STATUS_FAILED, "out of memory for the firewall feeds");
        return NULL;
    }
    publisher->settings = *settings;
    publisher->policy = (struct feed_policy){
        .verdict = settings->verdict, .keep_us = settings->keep_us, .max_entries = settings->max_entries};
    if (open_allow(publisher, error))
        return publisher;
    feed_publisher_free(publisher);
    return NULL;
}

void feed_publisher_free(struct feed_publisher *publisher)
{
    if (publisher == NULL)
        return;
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        free(publisher->documents[i].text);
    feed_memory_free(publisher->memory);
    feed_allow_free(publisher->allow);
    free(publisher);
}

void feed_publisher_reload(struct feed_publisher *publisher)
{
    struct stat now = {0};
    struct error error;
    if (publisher->settings.allow_path == NULL)
        return;
    (void)stat(publisher->settings.allow_path, &now);
    const struct stat *last = &publisher->allow_file;
    if (now.st_ino == last->st_ino && now.st_size == last->st_size &&
        now.st_mtim.tv_sec == last->st_mtim.tv_sec && now.st_mtim.tv_nsec == last->st_mtim.tv_nsec)
        return;
    publisher->allow_file = now;
    struct feed_allow *allow = feed_allow_load(publisher->settings.allow_path, &error);
    if (allow == NULL) {
        log_warning("feeds", "%s; the allow list before it stays in force", error.text);
        return;
    }
    feed_allow_free(publisher->allow);
    publisher->policy.allow = publisher->allow = allow;
    log_info("feeds", "%s was read again: %zu rows", publisher->settings.allow_path, feed_allow_count(allow));
}

struct feed_view *feed_publisher_view(const struct feed_publisher *publisher, int64_t now_us)
{
    size_t count;
    const struct feed_sighting *sightings = feed_memory_sightings(publisher->memory, &count);
    return feed_view_build(&publisher->policy, sightings, count, now_us);
}

int64_t feed_publisher_time(const struct feed_publisher *publisher)
{
    return publisher->time_us;
}

const struct feed_document *feed_publisher_document(const struct feed_publisher *publisher, size_t index)
{
    return &publisher->documents[index];
}

/* One list as text; false where memory ran out. */
static bool write_document(const struct feed_format *format, const struct feed_view *view, int64_t changed_s,
                           struct feed_document *document)
{
    enum { DIGITS = 32 };
    char digest[DIGITS + 1];
    *document = (struct feed_document){.changed_s = changed_s};
    FILE *to = open_memstream(&document->text, &document->length);
    if (to == NULL)
        return false;
    bool fine = format->write(to, format, view, (uint32_t)changed_s);
    fine = fine && ferror(to) == 0;
    fine = fclose(to) == 0 && fine;
    if (!fine) {
        free(document->text);
        document->text = NULL;
        return false;
    }
    for (size_t at = 0; feed_format_next(format, view, &at) != NULL;)
        document->entries++;
    digest_hex(DIGEST_SHA256, document->text, document->length, digest, DIGITS);
    snprintf(document->etag, sizeof document->etag, "\"%s\"", digest);
    return true;
}

/* A list that did not change stays as it is. The serial of a zone is part of its text: with the old one the
 * text tells whether anything else changed. */
static bool publish_one(struct feed_document *published, const struct feed_format *format,
                        const struct feed_view *view)
{
    struct feed_document next;
    if (!write_document(format, view, published->changed_s, &next))
        return false;
    if (published->text != NULL && strcmp(published->etag, next.etag) == 0) {
        free(next.text);
        return true;
    }
    free(next.text);
    int64_t changed_s = view->time_us / 1000000;
    if (changed_s <= published->changed_s)
        changed_s = published->changed_s + 1;
    if (!write_document(format, view, changed_s, &next))
        return false;
    free(published->text);
    *published = next;
    return true;
}

static void count_guards(struct feed_publisher *publisher, const struct feed_view *view)
{
    memset(publisher->by_guard, 0, sizeof publisher->by_guard);
    for (size_t i = 0; i < view->count; i++)
        publisher->by_guard[view->entries[i].guard]++;
}

size_t feed_publisher_withheld(const struct feed_publisher *publisher, enum feed_guard guard)
{
    return publisher->by_guard[guard];
}

bool feed_publisher_publish(struct feed_publisher *publisher, const struct feed_sighting *sightings,
                            size_t count, int64_t now_us)
{
    if (!feed_memory_note(publisher->memory, sightings, count,
                          now_us - publisher->policy.keep_us - EXPLAINED_US, now_us))
        return false;
    struct feed_view *view = feed_publisher_view(publisher, now_us);
    bool fine = view != NULL;
    for (size_t i = 0; fine && i < FEED_FORMAT_COUNT; i++)
        fine = publish_one(&publisher->documents[i], feed_format_at(i), view);
    if (fine) {
        count_guards(publisher, view);
        publisher->time_us = now_us;
    }
    feed_view_free(view);
    return fine;
}
