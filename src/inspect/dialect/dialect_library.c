// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/dialect_library.h"

#include "inspect/dialect/dialect_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a conversation is told to be, with texts of its own. */
struct kept {
    struct dialect dialect;
    char *text;
};

struct dialect_library {
    struct kept *kept[DIALECT_LIBRARY_MAX_KEPT];
    size_t count;
};

/* A set in the making. */
struct loading {
    struct dialect_library *library;
    struct error *error;
    struct dialect_entry *entries; /* room for all */
    size_t count;
    struct dialect_file *files[DIALECT_SET_MAX_FILES];
    size_t file_count;
};

struct dialect_library *dialect_library_create(void)
{
    return calloc(1, sizeof(struct dialect_library));
}

void dialect_library_free(struct dialect_library *library)
{
    if (library == NULL)
        return;
    for (size_t i = 0; i < library->count; i++) {
        free(library->kept[i]->text);
        free(library->kept[i]);
    }
    free(library);
}

/* ---- what is kept ---- */

static bool is_same(const struct dialect *a, const struct dialect *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->kind, b->kind) == 0 &&
           strcmp(a->summary, b->summary) == 0 && strcmp(a->algorithm, b->algorithm) == 0 &&
           strcmp(a->coin, b->coin) == 0 && strcmp(a->share_unit, b->share_unit) == 0 &&
           a->hashes_per_difficulty == b->hashes_per_difficulty;
}

/* Copies to *at, which moves on. */
static const char *copy(char **at, const char *text)
{
    char *start = *at;
    *at = stpcpy(start, text) + 1;
    return start;
}

static struct kept *keep_new(const struct dialect *dialect)
{
    struct kept *kept = calloc(1, sizeof *kept);
    size_t length = strlen(dialect->name) + strlen(dialect->kind) + strlen(dialect->summary) +
                    strlen(dialect->algorithm) + strlen(dialect->coin) + strlen(dialect->share_unit) + 6;
    char *at = kept == NULL ? NULL : malloc(length);
    if (at == NULL) {
        free(kept);
        return NULL;
    }
    kept->text = at;
    kept->dialect = (struct dialect){.name = copy(&at, dialect->name),
                                     .kind = copy(&at, dialect->kind),
                                     .summary = copy(&at, dialect->summary),
                                     .algorithm = copy(&at, dialect->algorithm),
                                     .coin = copy(&at, dialect->coin),
                                     .share_unit = copy(&at, dialect->share_unit),
                                     .hashes_per_difficulty = dialect->hashes_per_difficulty};
    return kept;
}

static const struct dialect *keep(struct loading *loading, const struct dialect *dialect)
{
    struct dialect_library *library = loading->library;
    for (size_t i = 0; i < library->count; i++)
        if (is_same(&library->kept[i]->dialect, dialect))
            return &library->kept[i]->dialect;
    if (library->count == DIALECT_LIBRARY_MAX_KEPT) {
        error_set(loading->error, STATUS_CONFIGURATION,
                  "dialect files were changed %d times since the start; restart geophone to read them again",
                  DIALECT_LIBRARY_MAX_KEPT);
        return NULL;
    }
    struct kept *kept = keep_new(dialect);
    if (kept == NULL) {
        error_set(loading->error, STATUS_FAILED, "out of memory for the dialect %s", dialect->name);
        return NULL;
    }
    library->kept[library->count++] = kept;
    return &kept->dialect;
}

/* ---- one file ---- */

static struct dialect_entry *find(const struct loading *loading, const char *name)
{
    for (size_t i = 0; i < loading->count; i++)
        if (strcmp(loading->entries[i].dialect->name, name) == 0)
            return &loading->entries[i];
    return NULL;
}

static bool fail(const struct loading *loading, const char *path, const char *what, const char *name)
{
    return error_set(loading->error, STATUS_CONFIGURATION, "%s: %s: '%s'", path, what, name);
}

/* Whether the entry may make room for what a file of that folder says. */
static bool check_entry(const struct loading *loading, const struct dialect_entry *entry, const char *path,
                        const char *folder)
{
    const char *name = entry->dialect->name;
    size_t length = strlen(folder);
    if (entry->file == NULL && entry->word_count == 0)
        return fail(loading, path,
                    "this dialect is no JSON but has a reader of its own, so no file can change it", name);
    if (entry->file != NULL && strncmp(entry->file, folder, length) == 0 && entry->file[length] == '/')
        return fail(loading, path, "another file of this directory has a dialect of this name", name);
    return true;
}

/* A file without words only switches. */
static bool take_switch(const struct loading *loading, struct dialect_entry *entry, const char *path,
                        const struct dialect_file *file)
{
    if (entry == NULL)
        return fail(loading, path, "there is no dialect of this name to switch on or off",
                    file->dialect.name);
    entry->enabled = file->enabled;
    entry->file = file->path;
    return true;
}

static bool take_file(struct loading *loading, const char *path, const char *folder,
                      const struct dialect_file *file)
{
    struct dialect_entry *entry = find(loading, file->dialect.name);
    if (entry != NULL && !check_entry(loading, entry, path, folder))
        return false;
    if (file->is_switch)
        return take_switch(loading, entry, path, file);
    const struct dialect *dialect = keep(loading, &file->dialect);
    if (dialect == NULL)
        return false;
    if (entry == NULL)
        entry = &loading->entries[loading->count++];
    *entry = (struct dialect_entry){dialect, file->dialect.words, file->dialect.word_count, file->path,
                                    file->enabled};
    return true;
}

static bool read_file(struct loading *loading, const char *directory, const char *folder, const char *name)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s/%s", directory, folder, name) >= (int)sizeof path)
        return error_set(loading->error, STATUS_CONFIGURATION, "the path of %.200s in %s is too long", name,
                         folder);
    if (loading->file_count == DIALECT_SET_MAX_FILES)
        return error_set(loading->error, STATUS_CONFIGURATION, "%s: there are more than %d dialect files",
                         path, DIALECT_SET_MAX_FILES);
    struct dialect_file *file = dialect_file_read(path, loading->error);
    if (file == NULL)
        return false;
    loading->files[loading->file_count++] = file;
    file->path = strdup(path + strlen(directory) + 1);
    if (file->path == NULL)
        return error_set(loading->error, STATUS_FAILED, "out of memory while reading %s", path);
    return take_file(loading, path, folder, file);
}

/* ---- directories ---- */

static int is_dialect_file(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool read_folder(struct loading *loading, const char *directory, const char *folder)
{
    char path[4096];
    struct dirent **names = NULL;
    if (directory[0] == '\0')
        return true; /* no signatures at all */
    snprintf(path, sizeof path, "%s/%s", directory, folder);
    int count = scandir(path, &names, is_dialect_file, by_name);
    if (count < 0 && errno == ENOENT)
        return true;
    if (count < 0)
        return error_set(loading->error, STATUS_CONFIGURATION, "cannot read the directory %s: %s", path,
                         strerror(errno));
    bool fine = true;
    for (int i = 0; i < count; i++) {
        fine = fine && read_file(loading, directory, folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return fine;
}

struct dialect_set *dialect_library_load(struct dialect_library *library, const char *directory,
                                         struct error *error)
{
    struct loading loading = {.library = library, .error = error};
    const struct dialect_entry *built_in = dialect_set_entries(dialect_set_builtin(), &loading.count);
    struct dialect_set *set = NULL;
    struct dialect_entry *entries = calloc(loading.count + DIALECT_SET_MAX_FILES, sizeof *entries);
    loading.entries = entries;
    if (entries == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the dialects");
        return NULL;
    }
    memcpy(entries, built_in, loading.count * sizeof *built_in);
    if (read_folder(&loading, directory, "dialects") && read_folder(&loading, directory, "local-dialects")) {
        set = dialect_set_create(entries, loading.count, loading.files, loading.file_count);
        loading.file_count = 0; /* taken */
        if (set == NULL)
            error_set(error, STATUS_FAILED, "out of memory for the dialects");
    }
    for (size_t i = 0; i < loading.file_count; i++)
        dialect_file_free(loading.files[i]);
    free(entries);
    return set;
}
