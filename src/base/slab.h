// SPDX-License-Identifier: Apache-2.0
/*
 * Blocks of one size, at most so many: the worst case of what hangs on flows is known at the start. Memory is
 * taken from the system in chunks as it is needed and kept. Belongs to one thread.
 */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include <stddef.h>
#include <stdint.h>

struct slab_chunk;

struct slab {
    size_t block_size;
    uint32_t max_blocks;
    uint32_t used;        /* blocks handed out */
    uint32_t made;        /* blocks that exist */
    void *free_blocks;    /* a list through the blocks' first bytes */
    unsigned char *fresh; /* the next block that was never handed out: nothing was written there yet */
    uint32_t fresh_count;
    struct slab_chunk *chunks;
};

void slab_init(struct slab *slab, size_t block_size, uint32_t max_blocks);
void slab_done(struct slab *slab); /* frees everything, also blocks that are in use */

/* A block with undefined content, or NULL where `max_blocks` are in use or memory ran out. */
void *slab_take(struct slab *slab);
void slab_give(struct slab *slab, void *block); /* NULL is fine */

size_t slab_memory(const struct slab *slab); /* bytes taken from the system */

#endif
