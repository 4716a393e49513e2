// SPDX-License-Identifier: Apache-2.0
#include "base/slab.h"

#include <stdlib.h>

enum { CHUNK_BYTES = 64 * 1024, CACHE_LINE = 64 };

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

static uint32_t blocks_per_chunk(const struct slab *slab)
{
    return slab->block_size >= CHUNK_BYTES ? 1 : (uint32_t)(CHUNK_BYTES / slab->block_size);
}

static size_t whole_lines(size_t bytes)
{
    return (bytes + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
}

static void grow(struct slab *slab)
{
    uint32_t count = blocks_per_chunk(slab);
    struct slab_chunk *chunk =
        aligned_alloc(CACHE_LINE, whole_lines(sizeof *chunk + count * slab->block_size));
    if (chunk == NULL)
        return;
    chunk->next = slab->chunks;
    slab->chunks = chunk;
    for (uint32_t i = count; i-- > 0;) {
        void **block = (void **)(void *)(chunk->blocks + i * slab->block_size);
        *block = slab->free_blocks;
        slab->free_blocks = (void *)block;
    }
    slab->made += count;
}

void *slab_take(struct slab *slab)
{
    if (slab->used >= slab->max_blocks)
        return NULL;
    if (slab->free_blocks == NULL)
        grow(slab);
    void **block = slab->free_blocks;
    if (block == NULL)
        return NULL;
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
