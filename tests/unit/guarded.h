// SPDX-License-Identifier: Apache-2.0
/*
 * Lays input against the end of a page behind which nothing may be read, so that one byte too far crashes the
 * test.
 */
#ifndef TESTS_UNIT_GUARDED_H
#define TESTS_UNIT_GUARDED_H

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guarded {
    uint8_t *pages;
    size_t size;
    uint8_t *bytes; /* the copy; its last byte is the last of a page */
};

static inline struct guarded guarded_copy(const void *bytes, size_t length)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (length + page - 1) / page * page + page;
    uint8_t *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(pages != MAP_FAILED);
    assert(mprotect(pages + size - page, page, PROT_NONE) == 0);
    struct guarded guarded = {pages, size, pages + size - page - length};
    if (length > 0)
        memcpy(guarded.bytes, bytes, length);
    return guarded;
}

static inline void guarded_free(struct guarded *guarded)
{
    munmap(guarded->pages, guarded->size);
    guarded->pages = NULL;
}

#endif
