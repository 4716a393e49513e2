// SPDX-License-Identifier: Apache-2.0
/*
 * Worst cases of the firewall feeds: allow lists, and incidents whose pools are all alike, all different, or
 * have names of many labels.
 */
#include "work.h"

#include "dashboard/feed/feed_allow.h"
#include "dashboard/feed/feed_memory.h"
#include "dashboard/feed/feed_reasons.h"

#include "../unit/feed_samples.h"

#include <sys/mman.h>
#include <unistd.h>

static uint64_t read_allow(size_t size)
{
    char name[64];
    int descriptor = memfd_create("allow", MFD_CLOEXEC);
    FILE *file = fdopen(dup(descriptor), "w");
    for (size_t i = 0; i < size; i++)
        fprintf(file, "%zu.%zu.%zu.0/24\t-\tx\na%zu.example.org\t2027-01-31\tx\n", 1 + i % 200, i / 200 % 200,
                i / 40000, i);
    fclose(file);
    struct error error = {.text = ""};
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    uint64_t before = work_so_far();
    struct feed_allow *allow = feed_allow_load(name, &error);
    uint64_t work = work_so_far() - before;
    if (allow == NULL)
        fail_msg("%s", error.text);
    feed_allow_free(allow);
    close(descriptor);
    return work;
}

enum kind { ALIKE, DIFFERENT, MANY_LABELS };

/* Memory, view, all lists and the reasons, as for one publication. */
static uint64_t publish(size_t size, enum kind kind)
{
    struct feed_sighting *many = calloc(size, sizeof *many);
    char(*texts)[3][256] = calloc(size, sizeof *texts);
    for (size_t i = 0; i < size; i++) {
        size_t number = kind == ALIKE ? 0 : i * 7919 % size;
        snprintf(texts[i][0], sizeof texts[i][0], "p%zu%s.example.org:3333", number,
                 kind == MANY_LABELS
                     ? ".a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"
                     : "");
        snprintf(texts[i][1], sizeof texts[i][1], "203.%zu.%zu.9", number / 256 % 256, number % 256);
        snprintf(texts[i][2], sizeof texts[i][2], "%016zx", i);
        many[i] = sample_sighting(texts[i][0], texts[i][1]);
        many[i].incident = texts[i][2];
    }
    struct feed_policy policy = sample_policy();
    policy.max_entries = 100000;
    uint64_t before = work_so_far();
    struct feed_memory *memory = feed_memory_create(FEED_MEMORY_MAX);
    assert_true(feed_memory_note(memory, many, size, 0, sample_now));
    size_t count;
    const struct feed_sighting *all = feed_memory_sightings(memory, &count);
    struct feed_view *view = feed_view_build(&policy, all, count, sample_now);
    for (size_t i = 0; i < FEED_FORMAT_COUNT; i++)
        free(sample_text(feed_format_at(i), view));
    struct json_writer json;
    json_writer_init(&json);
    json_object(&json, NULL);
    feed_reasons_write(&json, view, NULL);
    json_object_end(&json);
    uint64_t work = work_so_far() - before;
    json_writer_done(&json);
    feed_view_free(view);
    feed_memory_free(memory);
    free(many);
    free(texts);
    return work;
}

static uint64_t publish_alike(size_t size)
{
    return publish(size, ALIKE);
}

static uint64_t publish_different(size_t size)
{
    return publish(size, DIFFERENT);
}

static uint64_t publish_many_labels(size_t size)
{
    return publish(size, MANY_LABELS);
}

static void feeds(void **state)
{
    (void)state;
    assert_linear("rows of an allow list", read_allow, 2000);
    assert_linear("incidents at one pool", publish_alike, 1000);
    assert_linear("incidents at as many pools", publish_different, 1000);
    assert_linear("names of many labels", publish_many_labels, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(feeds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
