// SPDX-License-Identifier: Apache-2.0
/* A login value from the wire. What is found must keep the promises of wallet.h. */
#include "intel/wallet.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *login = malloc(size + 1);
    if (login == NULL)
        return 0;
    if (size > 0)
        memcpy(login, bytes, size);
    login[size] = '\0';
    struct wallet wallet;
    wallet_read(login, &wallet);
    assert(memchr(wallet.address, '\0', sizeof wallet.address) != NULL);
    assert(memchr(wallet.worker, '\0', sizeof wallet.worker) != NULL);
    assert(memchr(wallet.coin, '\0', sizeof wallet.coin) != NULL);
    assert((wallet.proof == WALLET_NONE) == (wallet.address[0] == '\0'));
    assert((wallet.proof == WALLET_NONE) == (wallet.kind == NULL));
    assert(wallet.coin[0] == '\0' || wallet.proof == WALLET_CHECKSUM);
    free(login);
    return 0;
}
