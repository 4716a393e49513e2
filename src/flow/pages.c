// SPDX-License-Identifier: Apache-2.0
#include "flow/pages.h"

#include <sys/mman.h>

void *pages_map(size_t size, bool huge)
{
    void *pages =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    if (huge)
        (void)madvise(pages, size, MADV_HUGEPAGE); /* only advice: small pages do as well, slower */
    return pages;
}

void pages_unmap(void *pages, size_t size)
{
    if (pages != NULL)
        (void)munmap(pages, size);
}
