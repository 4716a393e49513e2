// SPDX-License-Identifier: Apache-2.0
/*
 * What a login value says: wallet, worker and, where the wallet's checksum proves it, the coin.
 */
#ifndef INTEL_WALLET_H
#define INTEL_WALLET_H

#include <stdbool.h>
#include <stddef.h>

enum wallet_proof {
    WALLET_NONE,  /* no wallet: an account name */
    WALLET_SHAPE, /* looks like a wallet; its kind has no checksum, or no checksum that is known here is right
                   */
    WALLET_CHECKSUM, /* the checksum is right, though the coin may be open */
};

struct wallet {
    enum wallet_proof proof;
    char address[128]; /* the wallet alone; "" for WALLET_NONE */
    char worker[64];   /* what follows it (or follows the account): "rig01"; "" where none */
    char coin[8]; /* ticker: "XMR"; "" where the address does not decide it ("0x...": ETC or ETHW or others;
                     "R...": RVN, VRSC or KMD) */
    const char *kind; /* "Monero subaddress", "Base58Check 0x1cb8", static storage; NULL for WALLET_NONE */
};

/* Reads `login` (NUL-terminated; the grammar is "Grammar" of "Login values" in docs/dialects.md). Pure
 * function. */
void wallet_read(const char *login, struct wallet *wallet);

#endif
