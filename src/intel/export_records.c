// SPDX-License-Identifier: Apache-2.0
#include "intel/export_records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 16, FIRST_RECORD_BYTES = 1 << 13 };

struct splitter {
    const char *path;
    export_take *take;
    void *taker;
    struct error *error;
    uint64_t line;
    uint64_t is_object; /* a bit for each bracket that is open, the innermost lowest */
    unsigned depth;
    unsigned list_depth; /* brackets around the records */
    bool in_string, escaped;
    bool keeping;     /* bytes go into `text` */
    bool expects_key; /* the next string of the outermost object names a member */
    bool may_wrap;    /* in an object of which it is not known yet whether it is a record or holds the list */
    uint64_t begun;   /* line of the record */
    size_t key;       /* where in `text` the latest name in the outermost object begins, with its quote */
    char *text;
    size_t length, size;
};

static bool fail(const struct splitter *splitter, const char *what)
{
    return error_set(splitter->error, STATUS_CONFIGURATION, "%s:%llu: %s; export it again", splitter->path,
                     (unsigned long long)splitter->line, what);
}

static bool keep(struct splitter *splitter, char byte)
{
    if (splitter->length == splitter->size) {
        if (splitter->length >= EXPORT_MAX_RECORD)
            return fail(splitter, "an entry is longer than 16 MiB");
        size_t size = splitter->size == 0 ? FIRST_RECORD_BYTES : splitter->size * 2;
        char *text = realloc(splitter->text, size);
        if (text == NULL)
            return error_set(splitter->error, STATUS_FAILED, "out of memory while reading %s",
                             splitter->path);
        splitter->text = text;
        splitter->size = size;
    }
    splitter->text[splitter->length++] = byte;
    return true;
}

static bool key_is(const struct splitter *splitter, const char *key)
{
    size_t length = strlen(key);
    return splitter->length - splitter->key > length + 1 &&
           memcmp(splitter->text + splitter->key + 1, key, length) == 0 &&
           splitter->text[splitter->key + 1 + length] == '"';
}

/* A list begins in the outermost object. As its first member, it holds the records; what stands before it in
 * the answers of AWS is about pages. */
static bool is_wrapper(const struct splitter *splitter)
{
    static const char *const lists[] = {"NetworkInterfaces", "Reservations", "Instances", "value"};
    for (size_t i = 0; splitter->may_wrap && i < sizeof lists / sizeof lists[0]; i++)
        if (key_is(splitter, lists[i]))
            return true;
    return false;
}

static bool open_bracket(struct splitter *splitter, char byte)
{
    if (splitter->depth == EXPORT_MAX_DEPTH)
        return fail(splitter, "values nest deeper than 64");
    if (byte == '[' && splitter->depth == 0) {
        splitter->list_depth = 1;
    } else if (byte == '[' && splitter->depth == 1 && splitter->list_depth == 0 && is_wrapper(splitter)) {
        splitter->list_depth = 2;
        splitter->keeping = splitter->may_wrap = false;
    } else if (byte == '{' && splitter->depth == splitter->list_depth) {
        splitter->keeping = true;
        splitter->may_wrap = splitter->expects_key = splitter->depth == 0;
        splitter->begun = splitter->line;
        splitter->length = splitter->key = 0;
    }
    splitter->is_object = splitter->is_object << 1 | (byte == '{');
    splitter->depth++;
    return !splitter->keeping || keep(splitter, byte);
}

static bool close_bracket(struct splitter *splitter, char byte)
{
    if (splitter->depth == 0 || (splitter->is_object & 1) != (byte == '}'))
        return fail(splitter, "a bracket closes that was not opened");
    splitter->is_object >>= 1;
    splitter->depth--;
    if (splitter->keeping && !keep(splitter, byte))
        return false;
    if (splitter->depth == splitter->list_depth && splitter->keeping) {
        struct export_record record = {splitter->path, splitter->begun, splitter->text, splitter->length};
        splitter->keeping = false;
        return splitter->take(splitter->taker, &record, splitter->error);
    }
    if (splitter->depth < splitter->list_depth)
        splitter->list_depth = 0; /* pages may follow; the rest of this object is passed over */
    return true;
}

/* Members of the outermost object that may stand before its list; any other makes it a record. */
static void judge_key(struct splitter *splitter)
{
    static const char *const paging[] = {"NextToken", "ResponseMetadata", "nextLink"};
    for (size_t i = 0; i < sizeof paging / sizeof paging[0]; i++)
        if (key_is(splitter, paging[i]))
            return;
    splitter->may_wrap = false;
}

/* At the outermost level: brackets, and the byte order mark that some shells write. */
static bool may_stand_between(char byte)
{
    return byte != '\0' && strchr("{[]}\xef\xbb\xbf", byte) != NULL;
}

static bool take_byte(struct splitter *splitter, char byte)
{
    splitter->line += byte == '\n';
    if (splitter->in_string) {
        splitter->in_string = splitter->escaped || byte != '"';
        splitter->escaped = !splitter->escaped && byte == '\\';
        return !splitter->keeping || keep(splitter, byte);
    }
    if (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r')
        return true; /* most of an export is indentation */
    if (splitter->depth == 0 && !may_stand_between(byte))
        return fail(splitter, "this is no list of objects in JSON (--output json)");
    if (byte == '{' || byte == '[')
        return open_bracket(splitter, byte);
    if (byte == '}' || byte == ']')
        return close_bracket(splitter, byte);
    if (byte == '"') {
        splitter->in_string = true;
        if (splitter->depth == 1 && splitter->expects_key)
            splitter->key = splitter->length;
        splitter->expects_key = false;
    } else if (byte == ',' && splitter->depth == 1 && splitter->may_wrap) {
        judge_key(splitter);
        splitter->expects_key = true;
    }
    return !splitter->keeping || keep(splitter, byte);
}

static bool read_all(struct splitter *splitter, FILE *file, char *chunk)
{
    size_t count;
    while ((count = fread(chunk, 1, CHUNK_BYTES, file)) > 0)
        for (size_t i = 0; i < count; i++)
            if (!take_byte(splitter, chunk[i]))
                return false;
    if (ferror(file))
        return error_set(splitter->error, STATUS_NO_INPUT, "cannot read %s: %s", splitter->path,
                         strerror(errno));
    if (splitter->depth > 0)
        return fail(splitter, "the file ends in the middle of a value");
    return true;
}

bool export_records_read(FILE *file, const char *path, export_take *take, void *taker, struct error *error)
{
    struct splitter splitter = {.path = path, .take = take, .taker = taker, .error = error, .line = 1};
    char *chunk = malloc(CHUNK_BYTES);
    bool good = chunk == NULL ? error_set(error, STATUS_FAILED, "out of memory while reading %s", path)
                              : read_all(&splitter, file, chunk);
    free(chunk);
    free(splitter.text);
    return good;
}
