// SPDX-License-Identifier: Apache-2.0
#include "verdict/first_places.h"

#include "base/log.h"
#include "base/text.h"
#include "intel/list_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS = 4, MAX_NAME = 64 };

static const char account_kind[] = "account", region_kind[] = "region";

struct entry {
    const char *kind; /* account_kind or region_kind */
    char provider[16], name[MAX_NAME];
    char since[24];
    char incident[24]; /* that was the first; "" of those that the file had */
};

struct first_places {
    char *path; /* "": none */
    struct entry entries[FIRST_PLACES_MAX];
    size_t count;
    bool is_full_told;
};

static const struct entry *find(const struct first_places *firsts, const char *kind, const char *provider,
                                const char *name)
{
    for (size_t i = 0; i < firsts->count; i++) {
        const struct entry *entry = &firsts->entries[i];
        if (entry->kind == kind && strcmp(entry->provider, provider) == 0 && strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

/* ---- the file ---- */

static bool take_line(void *taker, const struct list_line *line, struct error *error)
{
    struct first_places *firsts = taker;
    const char *columns[COLUMNS];
    if (list_line_split(line, columns, COLUMNS) != COLUMNS)
        return list_line_error(line, error, "not 4 columns; remove the line, or the file to begin anew",
                               columns[0]);
    struct entry entry = {.kind = strcmp(columns[0], account_kind) == 0  ? account_kind
                                  : strcmp(columns[0], region_kind) == 0 ? region_kind
                                                                         : NULL};
    if (entry.kind == NULL || columns[2][0] == '\0' || strlen(columns[1]) >= sizeof entry.provider ||
        strlen(columns[2]) >= sizeof entry.name)
        return list_line_error(line, error,
                               "neither an account nor a region; remove the line, or the file to begin anew",
                               columns[0]);
    if (firsts->count == FIRST_PLACES_MAX)
        return list_line_error(line, error, "more than 4096 places", columns[2]);
    text_copy(entry.provider, sizeof entry.provider, columns[1]);
    text_copy(entry.name, sizeof entry.name, columns[2]);
    text_copy(entry.since, sizeof entry.since, columns[3]);
    if (find(firsts, entry.kind, entry.provider, entry.name) == NULL)
        firsts->entries[firsts->count++] = entry;
    return true;
}

struct first_places *first_places_open(const char *path, struct error *error)
{
    char *text = NULL;
    struct first_places *firsts = calloc(1, sizeof *firsts);
    if (firsts != NULL)
        firsts->path = strdup(path);
    if (firsts == NULL || firsts->path == NULL)
        error_set(error, STATUS_FAILED, "out of memory for the places of mining");
    else if (path[0] == '\0' ||
             list_file_read(path, true, "places.state-file names it", take_line, firsts, &text, error)) {
        free(text);
        return firsts;
    }
    free(text);
    first_places_free(firsts);
    return NULL;
}

void first_places_free(struct first_places *firsts)
{
    if (firsts == NULL)
        return;
    free(firsts->path);
    free(firsts);
}

static bool write_all(const struct first_places *firsts, FILE *file)
{
    fputs(
        "# Where geophone saw mining: kind, provider, name, since. Whoever is not in here is told as new.\n",
        file);
    for (size_t i = 0; i < firsts->count; i++) {
        const struct entry *entry = &firsts->entries[i];
        fprintf(file, "%s\t%s\t%s\t%s\n", entry->kind, entry->provider[0] != '\0' ? entry->provider : "-",
                entry->name, entry->since);
    }
    return fflush(file) == 0 && ferror(file) == 0 && fsync(fileno(file)) == 0;
}

/* Either the old file or the new one is there whole, whenever the machine stops. */
static void save(const struct first_places *firsts)
{
    char path[PATH_MAX];
    if (firsts->path[0] == '\0')
        return;
    int descriptor = -1;
    if (snprintf(path, sizeof path, "%s.new", firsts->path) < (int)sizeof path)
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    bool written = file != NULL && write_all(firsts, file);
    int problem = errno;
    if (file != NULL)
        fclose(file);
    else if (descriptor >= 0)
        close(descriptor);
    if (written && rename(path, firsts->path) == 0)
        return;
    log_error("places", "cannot write %s: %s; where mining was seen will be forgotten with the sensor's end",
              firsts->path, strerror(written ? errno : problem));
}

/* ---- what is known ---- */

static bool is_first(const struct first_places *firsts, const char *kind, const char *provider,
                     const char *name, const char *incident)
{
    if (name[0] == '\0')
        return false;
    const struct entry *entry = find(firsts, kind, provider, name);
    if (entry == NULL)
        return firsts->count < FIRST_PLACES_MAX;
    return incident[0] != '\0' && strcmp(entry->incident, incident) == 0;
}

void first_places_mark(const struct first_places *firsts, const char *incident, struct cloud_place *place)
{
    place->first_in_account = is_first(firsts, account_kind, place->provider, place->account, incident);
    place->first_in_region = is_first(firsts, region_kind, place->provider, place->region, incident);
}

/* A name that cannot stand in a line of the file is not kept. */
static bool is_plain(const char *name)
{
    for (; *name != '\0'; name++)
        if ((unsigned char)*name < ' ')
            return false;
    return true;
}

static bool learn(struct first_places *firsts, const char *kind, const struct cloud_place *place,
                  const char *name, const char *incident, int64_t time_us)
{
    if (name[0] == '\0' || strcmp(name, "-") == 0 || !is_plain(name) || !is_plain(place->provider) ||
        find(firsts, kind, place->provider, name) != NULL)
        return false;
    if (firsts->count == FIRST_PLACES_MAX) {
        if (!firsts->is_full_told)
            log_warning(
                "places",
                "mining was seen in more than %d accounts and regions: no further ones are told as new",
                FIRST_PLACES_MAX);
        firsts->is_full_told = true;
        return false;
    }
    struct entry *entry = &firsts->entries[firsts->count++];
    *entry = (struct entry){.kind = kind};
    text_copy(entry->provider, sizeof entry->provider, place->provider);
    text_copy(entry->name, sizeof entry->name, name);
    text_copy(entry->incident, sizeof entry->incident, incident);
    time_t seconds = (time_t)(time_us / 1000000);
    struct tm day;
    if (gmtime_r(&seconds, &day) == NULL ||
        strftime(entry->since, sizeof entry->since, "%Y-%m-%dT%H:%M:%SZ", &day) == 0)
        text_copy(entry->since, sizeof entry->since, "-");
    return true;
}

void first_places_learn(struct first_places *firsts, const struct cloud_place *place, const char *incident,
                        int64_t time_us)
{
    bool account = learn(firsts, account_kind, place, place->account, incident, time_us);
    bool region = learn(firsts, region_kind, place, place->region, incident, time_us);
    if (account || region)
        save(firsts);
}

bool first_places_is_kept(const struct first_places *firsts)
{
    return firsts->path[0] != '\0';
}

size_t first_places_count(const struct first_places *firsts)
{
    return firsts->count;
}
