// SPDX-License-Identifier: Apache-2.0
/*
 * Files that several threads read together. Each reader is given all frames, or those that it must see
 * (piece.h); they are read once, in pieces, by whichever reader comes first to where the next piece is
 * wanted: so reading falls to those who are ahead.
 *
 * Pieces are a chain. A reader stands in one of them; a piece that all have left is filled again. Only the
 * chain is behind the lock, not the frames: a piece does not change from when it is linked until all have
 * left it.
 */
#include "capture/byte_stream.h"
#include "capture/piece.h"
#include "capture/source.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
    PIECES =
        64,    /* of some 64 KiB, a read(2) each: who is ahead goes on while another waits for a processor */
    AHEAD = 8, /* pieces: so many are still read while someone waits for none of them */
    NAP_MS = 100, /* a stop is noticed after this */
};

struct shared_files {
    const struct capture_context *context; /* of the files */
    struct capture_source *files;          /* used by who is filling */
    int64_t step_us;                       /* the same; of the latest step that was read */
    size_t readers;
    bool never_wait; /* regular files: reading ahead does not keep anyone from what is there already */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* behind the lock */
    bool filling; /* somebody is */
    bool ended;   /* the last piece is linked */
    struct piece *newest;
    struct piece *free; /* latest first: its memory may still be in the cache */
    struct piece pieces[PIECES];
};

struct reader {
    struct capture_source source;
    struct shared_files *shared;
    struct piece *piece;
    size_t at;      /* frames of the piece that were handed over or left out */
    uint8_t number; /* its frames have this share */
    /* of a piece of which it is given its own frames only: */
    bool only_own;
    bool section_begins;
    const struct piece_section *section;
    size_t own_at; /* in the piece's places of its frames */
    frame_share *share;
    const void *share_context;
};

/* ---- with the lock held ---- */

static void push_free(struct shared_files *shared, struct piece *piece)
{
    piece->next = shared->free;
    shared->free = piece;
}

static void leave(struct shared_files *shared, struct piece *piece)
{
    if (--piece->readers > 0)
        return;
    push_free(shared, piece);
    pthread_cond_broadcast(&shared->changed);
}

static void link_newest(struct shared_files *shared, struct piece *piece)
{
    piece->next = NULL;
    piece->readers = shared->readers;
    piece->number = shared->newest->number + 1;
    shared->newest->next = piece;
    shared->newest = piece;
}

/* Without the lock: nobody else is `filling`. */
static bool fill(const struct reader *reader, struct piece *piece)
{
    struct shared_files *shared = reader->shared;
    struct frame_batch batch = {.frames = piece->frames, .limit = PIECE_FRAMES};
    struct error ignored; /* of files, faults are warned of where they are met */
    files_read_into(shared->files, piece->bytes);
    bool more = shared->files->ops->read(shared->files, &batch, &ignored) == CAPTURE_FRAMES;
    piece->count = batch.count;
    for (size_t i = 0; i < batch.count; i++)
        piece->frames[i].share = reader->share == NULL
                                     ? FRAME_SHARE_OPEN
                                     : reader->share(reader->share_context, &piece->frames[i]);
    piece_sort(piece, shared->readers, &shared->step_us);
    return more;
}

/* Fills one more piece, where nobody else does and there is one. The lock is let go meanwhile. */
static bool read_ahead(struct reader *reader)
{
    struct shared_files *shared = reader->shared;
    struct piece *piece = shared->free;
    if (piece == NULL || shared->filling || shared->ended)
        return false;
    shared->free = piece->next;
    shared->filling = true;
    pthread_mutex_unlock(&shared->lock);

    bool more = fill(reader, piece);

    pthread_mutex_lock(&shared->lock);
    shared->filling = false;
    shared->ended = !more;
    if (more)
        link_newest(shared, piece);
    else
        push_free(shared, piece);
    pthread_cond_broadcast(&shared->changed);
    return true;
}

static void wait_for_others(struct shared_files *shared)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += NAP_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&shared->changed, &shared->lock, &until);
}

/* ---- a reader ---- */

static void enter(struct reader *reader, struct piece *piece)
{
    reader->piece = piece;
    reader->at = reader->own_at = 0;
    reader->only_own = piece->sorted;
    reader->section_begins = true;
    reader->section = piece->sections;
}

/* Once stopped, nobody waits for a reader that has not begun, and may never: all pieces are in the chain, and
 * so is still that in which all begin. Others that are behind are waited for, however slow they are. */
static bool is_given_up(const struct shared_files *shared)
{
    return capture_stopped(shared->context) && !shared->filling && shared->free == NULL &&
           shared->pieces[0].number == 0;
}

/* Goes to the next piece; false where there is none any more. */
static bool go_on(struct reader *reader)
{
    struct shared_files *shared = reader->shared;
    struct piece *piece = reader->piece;
    pthread_mutex_lock(&shared->lock);
    while (piece->next == NULL && !shared->ended) {
        if (is_given_up(shared))
            shared->ended = true;
        else if (!read_ahead(reader))
            wait_for_others(shared);
    }
    bool found = piece->next != NULL;
    if (found) {
        enter(reader, piece->next);
        leave(shared, piece);
        /* before anyone comes to the end of the chain and has to wait */
        while (shared->never_wait && shared->newest->number - reader->piece->number < AHEAD &&
               read_ahead(reader))
            ;
    }
    pthread_mutex_unlock(&shared->lock);
    return found;
}

static void read_all(struct reader *reader, struct frame_batch *batch, size_t limit)
{
    struct piece *piece = reader->piece;
    size_t left = piece->count - reader->at;
    batch->frames = piece->frames + reader->at;
    batch->count = left < limit ? left : limit;
    reader->at += batch->count;
}

/* Not beyond the end of a section, which is where the reader's step may become another one. */
static void read_own(struct reader *reader, struct frame_batch *batch, size_t limit)
{
    const struct piece *piece = reader->piece;
    const uint16_t *places = piece->places[reader->number];
    size_t seen = piece->seen[reader->number];
    size_t end = reader->own_at + limit < seen ? reader->own_at + limit : seen;
    bool ends = false;
    for (size_t i = reader->own_at; i < end && !ends; i++) {
        size_t place = places[i];
        struct frame *frame = &batch->frames[batch->count++];
        *frame = piece->frames[place];
        frame->left_out = (uint16_t)(place - reader->at);
        reader->at = place + 1;
        ends = frame->is_step || reader->at == piece->count;
    }
    reader->own_at += batch->count;
    reader->section_begins = ends;
    if (!ends)
        return;
    if (reader->number == 0) {
        batch->left_out_bytes = reader->section->others_bytes;
        batch->left_out_cut = reader->section->others_cut;
    }
    reader->section++;
}

/* Whether it may go on with its own frames, at the beginning of a section. */
static bool begin_section(struct reader *reader, const struct frame_batch *batch)
{
    reader->section_begins = false;
    return reader->only_own && batch->only_own && batch->step_us == reader->section->step_us;
}

static enum capture_result reader_read(struct capture_source *source, struct frame_batch *batch,
                                       struct error *error)
{
    struct reader *reader = (struct reader *)source;
    (void)error;
    while (reader->at == reader->piece->count)
        if (!go_on(reader))
            return CAPTURE_END;
    if (reader->section_begins)
        reader->only_own = begin_section(reader, batch);
    if (reader->only_own)
        read_own(reader, batch, frame_batch_limit(batch));
    else
        read_all(reader, batch, frame_batch_limit(batch));
    batch->is_far = true;
    return CAPTURE_FRAMES;
}

static const char *reader_name(const struct capture_source *source, uint16_t number)
{
    const struct capture_source *files = ((const struct reader *)source)->shared->files;
    return files->ops->name(files, number);
}

/* Before anything is read: afterwards another thread may be at the next file. */
static int reader_link_type(const struct capture_source *source, uint16_t number)
{
    const struct capture_source *files = ((const struct reader *)source)->shared->files;
    return files->ops->link_type(files, number);
}

static void free_shared(struct shared_files *shared)
{
    for (size_t i = 0; i < PIECES; i++)
        free(shared->pieces[i].bytes);
    pthread_cond_destroy(&shared->changed);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

/* When no thread reads any more. */
static void reader_close(struct capture_source *source)
{
    struct reader *reader = (struct reader *)source;
    struct shared_files *shared = reader->shared;
    if (--shared->readers == 0) {
        shared->files->ops->close(shared->files);
        free_shared(shared);
    }
    free(reader);
}

static const struct capture_source_ops ops = {false,       reader_read,      NULL,
                                              reader_name, reader_link_type, reader_close};

/* ---- life ---- */

static struct shared_files *create_shared(struct capture_source *files, const struct capture_context *context)
{
    struct shared_files *shared = calloc(1, sizeof *shared);
    if (shared == NULL)
        return NULL;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&shared->lock, NULL);
    pthread_cond_init(&shared->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    shared->files = files;
    shared->context = context;
    shared->newest = &shared->pieces[0]; /* empty: where all readers begin */
    bool complete = true;
    for (size_t i = 0; i < PIECES; i++) {
        struct piece *piece = &shared->pieces[i];
        piece->bytes = byte_stream_buffer_create();
        complete = complete && piece->bytes != NULL;
        if (i > 0)
            push_free(shared, piece);
    }
    if (complete)
        return shared;
    free_shared(shared);
    return NULL;
}

static struct reader *create_reader(struct shared_files *shared)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    *reader = (struct reader){.source = {&ops}, .shared = shared, .piece = shared->newest};
    shared->newest->readers = ++shared->readers;
    return reader;
}

/* `first` as the first of several readers. */
static bool share_out(struct capture_source **first, const struct capture_context *context)
{
    struct shared_files *shared = create_shared(*first, context);
    struct reader *reader = shared == NULL ? NULL : create_reader(shared);
    if (reader != NULL) {
        shared->never_wait = atomic_load_explicit(&context->counters.bytes_total, memory_order_relaxed) > 0;
        *first = &reader->source;
    } else if (shared != NULL) {
        free_shared(shared);
    }
    return reader != NULL;
}

struct capture_source *shared_files_join(struct capture_source **first,
                                         const struct capture_context *first_context)
{
    if ((*first)->ops != &ops && !share_out(first, first_context))
        return NULL;
    struct reader *reader = create_reader(((struct reader *)*first)->shared);
    return reader == NULL ? NULL : &reader->source;
}

void shared_files_set_share(struct capture_source *source, uint8_t number, frame_share *share,
                            const void *context)
{
    struct reader *reader = (struct reader *)source;
    reader->number = number;
    reader->share = share;
    reader->share_context = context;
}
