// SPDX-License-Identifier: Apache-2.0
/* Wallets in Base58 as one number: Bitcoin's family, Ergo, Alephium. */
#include "base/digest.h"
#include "intel/base58.h"
#include "intel/blake2b.h"
#include "intel/wallet_kind.h"

#include <string.h>

enum { CHECKSUM = 4, HASH160 = 20, PUBLIC_KEY = 33 };

struct version {
    uint16_t number; /* as it stands before the hash, big-endian */
    uint8_t size;
    const char *coin;
    const char *kind;
};

/* From the coins' chainparams.cpp (base58Prefixes). A number that coins which are mined share leaves the coin
 * open. 0x00 and 0x05 are counted as Bitcoin's, though Bitcoin Cash and Radiant read them too. */
static const struct version versions[] = {
    {0x00, 1, "BTC", "Bitcoin P2PKH, Base58Check 0x00"},
    {0x05, 1, "BTC", "Bitcoin P2SH, Base58Check 0x05"},
    {0x6f, 1, "", "test network P2PKH (Bitcoin, Litecoin), Base58Check 0x6f"},
    {0xc4, 1, "", "test network P2SH (Bitcoin, Litecoin), Base58Check 0xc4"},
    {0x30, 1, "LTC", "Litecoin P2PKH, Base58Check 0x30"},
    {0x32, 1, "", "Litecoin P2SH or Meowcoin P2PKH, Base58Check 0x32"},
    {0x1e, 1, "", "Dogecoin or DigiByte P2PKH, Base58Check 0x1e"},
    {0x16, 1, "DOGE", "Dogecoin P2SH, Base58Check 0x16"},
    {0x3f, 1, "DGB", "DigiByte P2SH, Base58Check 0x3f"},
    {0x4c, 1, "DASH", "Dash P2PKH, Base58Check 0x4c"},
    {0x10, 1, "DASH", "Dash P2SH, Base58Check 0x10"},
    {0x3c, 1, "", "Ravencoin, Verus or Komodo P2PKH, Base58Check 0x3c"},
    {0x55, 1, "", "Komodo or Verus P2SH, Base58Check 0x55"},
    {0x66, 1, "VRSC", "Verus identity, Base58Check 0x66"},
    {0x21, 1, "EVR", "Evrmore P2PKH, Base58Check 0x21"},
    {0x26, 1, "", "Neoxa or Bitcoin Gold P2PKH, Base58Check 0x26"},
    {0x17, 1, "", "Clore P2PKH or Bitcoin Gold P2SH, Base58Check 0x17"},
    {0x52, 1, "FIRO", "Firo P2PKH, Base58Check 0x52"},
    {0x47, 1, "VTC", "Vertcoin P2PKH, Base58Check 0x47"},
    {0x1cb8, 2, "", "Zcash or Flux P2PKH, Base58Check 0x1cb8"},
    {0x1cbd, 2, "", "Zcash or Flux P2SH, Base58Check 0x1cbd"},
    {0x2089, 2, "ZEN", "Horizen P2PKH, Base58Check 0x2089"},
    {0x2096, 2, "ZEN", "Horizen P2SH, Base58Check 0x2096"},
};

static void name_version(const uint8_t *bytes, size_t size, struct wallet_match *match)
{
    unsigned number = size == 1 ? bytes[0] : (unsigned)bytes[0] << 8 | bytes[1];
    match->coin = "";
    match->kind = "Base58Check of an unknown coin";
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (versions[i].size == size && versions[i].number == number) {
            match->coin = versions[i].coin;
            match->kind = versions[i].kind;
        }
}

/* The last four bytes begin SHA-256 of SHA-256 of the others. */
static bool is_base58check(const uint8_t *bytes, size_t length)
{
    uint8_t once[DIGEST_MAX_SIZE], twice[DIGEST_MAX_SIZE];
    return digest_of(DIGEST_SHA256, bytes, length - CHECKSUM, once) &&
           digest_of(DIGEST_SHA256, once, 32, twice) &&
           memcmp(twice, bytes + length - CHECKSUM, CHECKSUM) == 0;
}

static bool is_base58(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (base58_digit(text[i]) < 0)
            return false;
    return true;
}

bool wallet_base58check(const char *text, size_t run, struct wallet_match *match)
{
    if (run < 26 || run > 35)
        return false;
    uint8_t bytes[HASH160 + CHECKSUM + 2];
    size_t count = base58_read(text, run, bytes, sizeof bytes);
    match->length = run;
    if (count > HASH160 + CHECKSUM && is_base58check(bytes, count)) {
        match->proof = WALLET_CHECKSUM;
        name_version(bytes, count - HASH160 - CHECKSUM, match);
        return true;
    }
    match->proof =
        WALLET_SHAPE; /* coins with another checksum (Groestlcoin), or a wallet that was cut or mistyped */
    match->coin = "";
    match->kind = "Base58 of a wallet's length";
    return run >= 33 && is_base58(text, run) && wallet_is_mixed(text, run);
}

/* ergoplatform/ergo, ErgoAddress.scala: network and type (1: main network, P2PK), public key, checksum */
bool wallet_ergo(const char *text, size_t run, struct wallet_match *match)
{
    uint8_t bytes[1 + PUBLIC_KEY + CHECKSUM], digest[BLAKE2B_256_SIZE];
    if (run != 51 || text[0] != '9' || !is_base58(text, run) || !wallet_is_mixed(text, run))
        return false;
    *match = (struct wallet_match){WALLET_SHAPE, run, "", "Base58 of an Ergo wallet's length"};
    if (base58_read(text, run, bytes, sizeof bytes) == sizeof bytes && bytes[0] == 1) {
        blake2b_256(bytes, 1 + PUBLIC_KEY, digest);
        if (memcmp(digest, bytes + 1 + PUBLIC_KEY, CHECKSUM) == 0)
            *match = (struct wallet_match){WALLET_CHECKSUM, run, "ERG", "Ergo P2PK"};
    }
    return true;
}

/* alephium/alephium, LockupScript: a type (0: P2PKH) and a hash of 32 bytes, no checksum */
bool wallet_alephium(const char *text, size_t run, struct wallet_match *match)
{
    uint8_t bytes[33];
    if (run < 44 || run > 45 || text[0] != '1' || !wallet_is_mixed(text, run) ||
        base58_read(text, run, bytes, sizeof bytes) != sizeof bytes || bytes[0] != 0)
        return false;
    *match = (struct wallet_match){WALLET_SHAPE, run, "", "Alephium P2PKH (has no checksum)"};
    return true;
}
