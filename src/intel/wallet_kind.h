// SPDX-License-Identifier: Apache-2.0
/*
 * Kinds of wallets, for wallet.c alone: each function looks whether a wallet of its kind stands at the start
 * of `text` (NUL-terminated), where `run` letters and digits lead, and says how long it is. The patterns are
 * those of "Wallets" in docs/dialects.md.
 */
#ifndef INTEL_WALLET_KIND_H
#define INTEL_WALLET_KIND_H

#include "intel/wallet.h"

#include <stddef.h>

struct wallet_match {
    enum wallet_proof proof;
    size_t length;
    const char *coin; /* "" where the address does not decide it */
    const char *kind;
};

bool wallet_base58check(const char *text, size_t run, struct wallet_match *match); /* Bitcoin's family */
bool wallet_ergo(const char *text, size_t run, struct wallet_match *match);
bool wallet_alephium(const char *text, size_t run, struct wallet_match *match);
bool wallet_cryptonote(const char *text, size_t run, struct wallet_match *match);
bool wallet_bech32(const char *text, size_t run, struct wallet_match *match);
bool wallet_cashaddr(const char *text, size_t run, struct wallet_match *match);
bool wallet_conflux(const char *text, size_t run, struct wallet_match *match);
bool wallet_ethereum(const char *text, size_t run, struct wallet_match *match);
bool wallet_nimiq(const char *text, size_t run, struct wallet_match *match);
bool wallet_hexadecimal(const char *text, size_t run, struct wallet_match *match);

/* How many letters and digits (ASCII) `text` starts with. */
size_t wallet_run(const char *text);

/* Whether `length` characters hold a digit, an upper-case and a lower-case letter: what tells a wallet whose
 * checksum fails from a long account name. */
bool wallet_is_mixed(const char *text, size_t length);

#endif
