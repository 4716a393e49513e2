// SPDX-License-Identifier: Apache-2.0
/* Wallets of Monero and other CryptoNote coins. */
#include "base/keccak.h"
#include "intel/base58.h"
#include "intel/wallet_kind.h"

#include <string.h>

/* Two keys of 32 bytes; integrated addresses add a payment id of 8 */
enum {
    MIN_LENGTH = 95,
    MAX_LENGTH = 110,
    CHECKSUM = 4,
    MAX_TAG = 10,
    KEYS = 64,
    MAX_PAYLOAD = MAX_TAG + KEYS + 8
};

struct tag {
    unsigned number;
    const char *coin;
    const char *kind;
};

/* monero-project/monero, src/cryptonote_config.h, and the same file of the forks */
static const struct tag tags[] = {
    {18, "XMR", "Monero"},
    {19, "XMR", "Monero integrated address"},
    {42, "XMR", "Monero subaddress"},
    {53, "", "Monero test network"},
    {54, "", "Monero test network, integrated address"},
    {63, "", "Monero test network, subaddress"},
    {24, "", "Monero stage network"},
    {25, "", "Monero stage network, integrated address"},
    {36, "", "Monero stage network, subaddress"},
    {28, "MSR", "Masari"},
    {29, "MSR", "Masari integrated address"},
    {52, "MSR", "Masari subaddress"},
    {90, "GRFT", "Graft"},
    {91, "GRFT", "Graft integrated address"},
    {185, "DNX", "Dynex"},
};

/* Coins chose longer tags so that the text begins with their name: then the text decides, once the checksum
 * is right. */
static const struct {
    const char *start;
    const char *coin;
    const char *kind;
} starts[] = {
    {"TRTL", "TRTL", "TurtleCoin"}, {"ZEPH", "ZEPH", "Zephyr"},
    {"Sumo", "SUMO", "Sumokoin"},   {"Subo", "SUMO", "Sumokoin subaddress"},
    {"ccx7", "CCX", "Conceal"},     {"UPX1", "UPX", "uPlexa"},
    {"Wo", "WOW", "Wownero"},       {"WW", "WOW", "Wownero subaddress"},
    {"hv", "XHV", "Haven"},         {"Sa", "SAL", "Salvium"},
    {"Zx", "ZANO", "Zano"},
};

static void name_tag(const char *text, uint64_t tag, struct wallet_match *match)
{
    match->coin = "";
    match->kind = "CryptoNote address of an unknown coin";
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tags[i].number == tag) {
            match->coin = tags[i].coin;
            match->kind = tags[i].kind;
            return;
        }
    for (size_t i = 0; tag > 127 && i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(text, starts[i].start, strlen(starts[i].start)) == 0) {
            match->coin = starts[i].coin;
            match->kind = starts[i].kind;
            return;
        }
}

/* The tag, seven bits a byte, low ones first; returns its size, 0 where it is too long. */
static size_t read_tag(const uint8_t *bytes, size_t length, uint64_t *tag)
{
    *tag = 0;
    for (size_t i = 0; i < length && i < MAX_TAG - 1; i++) {
        *tag |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
        if (bytes[i] < 0x80)
            return i + 1;
    }
    return 0;
}

bool wallet_cryptonote(const char *text, size_t run, struct wallet_match *match)
{
    if (run < MIN_LENGTH || run > MAX_LENGTH || !wallet_is_mixed(text, run))
        return false;
    for (size_t i = 0; i < run; i++)
        if (base58_digit(text[i]) < 0)
            return false;
    *match = (struct wallet_match){WALLET_SHAPE, run, "", "Base58 of a CryptoNote wallet's length"};
    uint8_t bytes[MAX_PAYLOAD + CHECKSUM], digest[KECCAK_256_SIZE];
    size_t count = base58_read_blocks(text, run, bytes, sizeof bytes);
    if (count < KEYS + CHECKSUM)
        return true;
    keccak_256(bytes, count - CHECKSUM, digest);
    uint64_t tag;
    if (memcmp(digest, bytes + count - CHECKSUM, CHECKSUM) == 0 && read_tag(bytes, count, &tag) > 0) {
        match->proof = WALLET_CHECKSUM;
        name_tag(text, tag, match);
    }
    return true;
}
