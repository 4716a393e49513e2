// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as the beginning of a TLS connection: a longer prefix never takes back what a shorter one
 * decided.
 */
#include "protocol/tls.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct tls_client_hello hello, shorter;
    enum tls_result result = tls_read_client_hello(bytes, length, &hello);
    if (strlen(hello.server_name) >= sizeof hello.server_name || strlen(hello.ja4) >= sizeof hello.ja4)
        abort();
    for (size_t i = 1; i < 4 && length > 4; i++) {
        size_t cut = length * i / 4;
        uint8_t *copy = malloc(cut);
        memcpy(copy, bytes, cut);
        enum tls_result earlier = tls_read_client_hello(copy, cut, &shorter);
        free(copy);
        if (earlier != TLS_MORE && earlier != result)
            abort();
        if (earlier == TLS_HELLO && strcmp(shorter.ja4, hello.ja4) != 0)
            abort();
    }
    return 0;
}
