// SPDX-License-Identifier: Apache-2.0
/*
 * Reads the files of an inventory: each record goes to the format that it looks like.
 */
#include "intel/inventory_table.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Azure's and Google's names are looked for first: those of AWS are single words that others may use. */
static const struct inventory_format *const formats[] = {
    &inventory_azure_interface, &inventory_azure_machine,   &inventory_google_instance,
    &inventory_aws_interface,   &inventory_aws_reservation, &inventory_aws_instance,
};

struct reading {
    struct inventory *inventory;
    uint64_t known, unknown;
};

static bool take_record(void *taker, const struct export_record *record, struct error *error)
{
    struct reading *reading = taker;
    struct export_value *value = export_value_read(record, error);
    if (value == NULL)
        return false;
    bool good = true, known = false;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0] && !known; i++) {
        known = formats[i]->matches(value);
        if (known)
            good = formats[i]->take(reading->inventory, value, error);
    }
    reading->known += known;
    reading->unknown += !known;
    export_value_free(value);
    return good;
}

static bool note_time(struct inventory *inventory, const char *path, struct error *error)
{
    struct stat status;
    if (inventory->file_count == INVENTORY_MAX_FILES)
        return error_set(error, STATUS_CONFIGURATION, "%s: more than 1024 inventories; join some", path);
    if (stat(path, &status) != 0)
        return error_set(error, STATUS_NO_INPUT, "cannot open %s: %s; places.inventories names it", path,
                         strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, STATUS_NO_INPUT, "cannot read %s: it is no file", path);
    inventory->file_times[inventory->file_count] =
        (int64_t)status.st_mtim.tv_sec * 1000000 + status.st_mtim.tv_nsec / 1000;
    return true;
}

static bool read_file(struct inventory *inventory, const char *path, struct error *error)
{
    struct reading reading = {.inventory = inventory};
    if (!note_time(inventory, path, error))
        return false;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(error, STATUS_NO_INPUT, "cannot open %s: %s; places.inventories names it", path,
                         strerror(errno));
    bool good = export_records_read(file, path, take_record, &reading, error);
    fclose(file);
    if (!good)
        return false;
    if (reading.known == 0 && reading.unknown > 0)
        return error_set(
            error, STATUS_CONFIGURATION,
            "%s: nothing in it is known; an inventory is what 'aws ec2 describe-network-interfaces', "
            "'aws ec2 describe-instances', 'az vm list -d', 'az network nic list' or 'gcloud compute "
            "instances list --format=json' print",
            path);
    if (reading.unknown > 0)
        log_warning("places", "%s: %llu of its %llu entries are of no known kind: they are passed over", path,
                    (unsigned long long)reading.unknown,
                    (unsigned long long)(reading.known + reading.unknown));
    inventory->file_count++;
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

static int is_export(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           (ends_with(entry->d_name, ".json") || ends_with(entry->d_name, ".jsonl"));
}

static bool read_directory(struct inventory *inventory, const char *path, struct error *error)
{
    struct dirent **entries;
    bool good = true;
    int count = scandir(path, &entries, is_export, alphasort);
    if (count < 0)
        return error_set(error, STATUS_NO_INPUT,
                         "cannot read the directory %s: %s; places.inventories names it", path,
                         strerror(errno));
    for (int i = 0; i < count; i++) {
        char file[PATH_MAX];
        if (good && snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name) < (int)sizeof file)
            good = read_file(inventory, file, error);
        free(entries[i]);
    }
    free(entries);
    return good;
}

struct inventory *inventory_load(const char *const *paths, size_t count, struct error *error)
{
    struct inventory *inventory = calloc(1, sizeof *inventory);
    bool good = inventory != NULL;
    if (good)
        inventory->file_times = calloc(INVENTORY_MAX_FILES + 1, sizeof *inventory->file_times);
    good = good && inventory->file_times != NULL;
    if (!good)
        error_set(error, STATUS_FAILED, "out of memory while loading inventories");
    for (size_t i = 0; good && i < count; i++) {
        struct stat status;
        bool is_directory = stat(paths[i], &status) == 0 && S_ISDIR(status.st_mode);
        good =
            is_directory ? read_directory(inventory, paths[i], error) : read_file(inventory, paths[i], error);
    }
    if (good && inventory_finish(inventory, error))
        return inventory;
    inventory_free(inventory);
    return NULL;
}
