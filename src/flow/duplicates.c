// SPDX-License-Identifier: Apache-2.0
#include "flow/duplicates.h"

#include "flow/pages.h"

struct duplicates *duplicates_create(void)
{
    return pages_map(sizeof(struct duplicates), true);
}

void duplicates_free(struct duplicates *duplicates)
{
    pages_unmap(duplicates, sizeof *duplicates);
}
