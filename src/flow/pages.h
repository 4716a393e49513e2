// SPDX-License-Identifier: Apache-2.0
/*
 * Large tables straight from the kernel: zeroed, and not using memory before they are touched.
 */
#ifndef FLOW_PAGES_H
#define FLOW_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* NULL where the kernel has none. `huge` asks for huge pages (memory that is read at random all over: fewer
 * misses of the address translation); what is touched then costs 2 MiB at a time. */
void *pages_map(size_t size, bool huge);
void pages_unmap(void *pages, size_t size); /* NULL is fine */

#endif
