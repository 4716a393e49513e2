// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/equihash_variant.h"

#include <string.h>

/* 2^k indices of n / (k + 1) + 1 bits each, behind a length of one byte or three
 * (zcash/zips:zips/zip-0301.rst; Zcash protocol, 7.6.1) */
static const struct {
    size_t bytes;
    const char *name, *text;
} variants[] = {
    {3 + 1344, "200_9", "equihash-200,9"}, {3 + 1408, "210_9", "equihash-210,9"},
    {3 + 400, "192_7", "equihash-192,7"},  {1 + 100, "144_5", "equihash-144,5"},
    {1 + 68, "96_5", "equihash-96,5"},     {1 + 52, "125_4", "equihash-125,4"},
};

const char *equihash_variant(size_t digits)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (variants[i].bytes * 2 == digits)
            return variants[i].text;
    return "";
}

const char *equihash_variant_named(const char *name)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (strcmp(variants[i].name, name) == 0)
            return variants[i].text;
    return "";
}
