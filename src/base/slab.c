// SPDX-License-Identifier: Apache-2.0
#include "base/slab.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    CACHE_LINE = 64,
    CHUNK_BYTES = 64 * 1024,
    HUGE_PAGE = 2 * 1024 * 1024, /* of amd64, and of arm64 with small pages of 4 KiB; elsewhere just a size */
};

struct slab_chunk {
    struct slab_chunk *next;
    _Alignas(CACHE_LINE) unsigned char blocks[];
};

void slab_init(struct slab *slab, size_t block_size, uint32_t max_blocks)
{
    size_t size = block_size < sizeof(void *) ? sizeof(void *) : block_size;
    *slab = (struct slab){.block_size = (size + 15) & ~(size_t)15, .max_blocks = max_blocks};
}

void slab_done(struct slab *slab)
{
    for (struct slab_chunk *chunk = slab->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *slab = (struct slab){0};
}

static size_t whole_lines(size_t bytes)
{
    return (bytes + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
}

/* The first chunks are small. A slab that is large already gets huge pages: blocks that are used at random
 * all over miss the address translation less, and the kernel is asked less often (a twentieth of all time
 * with a million flows). */
static struct slab_chunk *make_chunk(const struct slab *slab, size_t *bytes)
{
    bool huge = slab->made * slab->block_size >= HUGE_PAGE / 2 && slab->block_size <= CHUNK_BYTES;
    size_t least = sizeof(struct slab_chunk) + slab->block_size;
    *bytes = huge ? HUGE_PAGE : least > CHUNK_BYTES ? least : CHUNK_BYTES;
    *bytes = whole_lines(*bytes);
    struct slab_chunk *chunk = aligned_alloc(huge ? HUGE_PAGE : CACHE_LINE, *bytes);
    if (huge && chunk != NULL)
        (void)madvise(chunk, *bytes, MADV_HUGEPAGE); /* only advice */
    return chunk;
}

static void grow(struct slab *slab)
{
    size_t bytes;
    struct slab_chunk *chunk = make_chunk(slab, &bytes);
    if (chunk == NULL)
        return;
    chunk->next = slab->chunks;
    slab->chunks = chunk;
    slab->fresh = chunk->blocks;
    slab->fresh_count = (uint32_t)((bytes - sizeof *chunk) / slab->block_size);
    slab->made += slab->fresh_count;
}

static void *take_fresh(struct slab *slab)
{
    if (slab->fresh_count == 0)
        grow(slab);
    if (slab->fresh_count == 0)
        return NULL;
    void *block = slab->fresh;
    slab->fresh += slab->block_size;
    slab->fresh_count--;
    slab->used++;
    return block;
}

void *slab_take(struct slab *slab)
{
    if (slab->used >= slab->max_blocks)
        return NULL;
    void **block = slab->free_blocks;
    if (block == NULL)
        return take_fresh(slab);
    slab->free_blocks = *block;
    slab->used++;
    return (void *)block;
}

void slab_give(struct slab *slab, void *block)
{
    if (block == NULL)
        return;
    *(void **)block = slab->free_blocks;
    slab->free_blocks = block;
    slab->used--;
}

size_t slab_memory(const struct slab *slab)
{
    return slab->made * slab->block_size;
}
