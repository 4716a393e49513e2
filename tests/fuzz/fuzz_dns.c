// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a DNS message: what comes out is within its bounds, and a cut message never tells more than
 * the whole.
 */
#include "protocol/dns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct dns_message message, shorter;
    bool good = dns_parse(bytes, length, &message);
    if (memchr(message.name, '\0', sizeof message.name) == NULL || message.address_count > DNS_MAX_ADDRESSES)
        abort();
    if (strspn(message.name, "abcdefghijklmnopqrstuvwxyz0123456789._-?") != strlen(message.name))
        abort();
    uint8_t *copy = malloc(length / 2 + 1);
    memcpy(copy, bytes, length / 2);
    if (dns_parse(copy, length / 2, &shorter) && (!good || strcmp(shorter.name, message.name) != 0))
        abort();
    free(copy);
    return 0;
}
