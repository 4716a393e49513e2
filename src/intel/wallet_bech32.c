// SPDX-License-Identifier: Apache-2.0
/* Wallets in base 32: bech32 and bech32m, Bitcoin Cash, Kaspa and its forks, Conflux. */
#include "intel/bech32.h"
#include "intel/wallet_kind.h"

#include <string.h>
#include <strings.h>

struct prefix {
    const char *text;
    const char *coin;
    const char *kind;
};

/* The human-readable parts that the coins' sources name; test networks leave the coin open. */
static const struct prefix bech32_prefixes[] = {
    {"bc", "BTC", "Bitcoin SegWit"},
    {"tb", "", "Bitcoin test network, SegWit"},
    {"bcrt", "", "Bitcoin regression test, SegWit"},
    {"ltc", "LTC", "Litecoin SegWit"},
    {"tltc", "", "Litecoin test network, SegWit"},
    {"dgb", "DGB", "DigiByte SegWit"},
    {"vtc", "VTC", "Vertcoin SegWit"},
    {"btg", "BTG", "Bitcoin Gold SegWit"},
    {"zs", "ZEC", "Zcash Sapling"},
    {"u", "ZEC", "Zcash unified address"},
    {"ckb", "CKB", "Nervos CKB"},
    {"dero", "DERO", "Dero"},
    {"deroi", "DERO", "Dero integrated address"},
    {"aleo", "ALEO", "Aleo"},
    {"xch", "XCH", "Chia"},
    {"prl", "PRL", "Pearl"},
    {"grin", "GRIN", "Grin"},
    {"xel", "XEL", "Xelis"},
    {"xet", "", "Xelis test network"},
};

static const struct prefix cashaddr_prefixes[] = {
    {"bitcoincash", "BCH", "Bitcoin Cash"},
    {"bchtest", "", "Bitcoin Cash test network"},
    {"ecash", "XEC", "eCash"},
    {"nexa", "NEXA", "Nexa"},
    {"kaspa", "KAS", "Kaspa"},
    {"kaspatest", "", "Kaspa test network"},
    {"karlsen", "KLS", "Karlsen"},
    {"pyrin", "PYI", "Pyrin"},
    {"nexellia", "NXL", "Nexellia"},
    {"nirvana", "", "Nirvana"},
    {"spectre", "SPR", "Spectre"},
    {"hoosat", "HTN", "Hoosat"},
};

static const struct prefix *find_prefix(const struct prefix *table, size_t count, const char *text,
                                        size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strncasecmp(table[i].text, text, length) == 0 && table[i].text[length] == '\0')
            return &table[i];
    return NULL;
}

#define FIND(table, text, length) find_prefix((table), sizeof(table) / sizeof((table)[0]), text, length)

static bool is_data(const char *text, size_t length, const char *alphabet)
{
    return strspn(text, alphabet) >= length;
}

/* Prefix, separator and data, `prefix` and `length` characters in all. */
static bool match_bech32(const char *text, size_t prefix, size_t length, struct wallet_match *match)
{
    const struct prefix *known = FIND(bech32_prefixes, text, prefix);
    if (bech32_check(text, length, text[prefix]) != BECH32_NONE) {
        *match = (struct wallet_match){WALLET_CHECKSUM, length, known == NULL ? "" : known->coin,
                                       known == NULL ? "bech32 address of an unknown coin" : known->kind};
        return true;
    }
    *match = (struct wallet_match){WALLET_SHAPE, length, "", "bech32 of a wallet's length"};
    return known != NULL && is_data(text + prefix + 1, length - prefix - 1, bech32_alphabet);
}

/* "bc1q...": the data has no '1', so the last one separates; "xel:..." has a colon there (xelis-project/
 * xelis-blockchain, crypto/bech32.rs). Data of 38 characters is the shortest: a witness program of 20 bytes.
 */
bool wallet_bech32(const char *text, size_t run, struct wallet_match *match)
{
    enum { MIN_DATA = 38, MAX_DATA = 110, MAX_PREFIX = 16 };
    if (text[run] == ':' && (strncmp(text, "xel:", 4) == 0 || strncmp(text, "xet:", 4) == 0)) {
        size_t data = wallet_run(text + run + 1);
        return data >= MIN_DATA && data <= MAX_DATA && match_bech32(text, run, run + 1 + data, match);
    }
    if (run > MAX_PREFIX + 1 + MAX_DATA)
        return false;
    size_t data = 0;
    while (data < run && text[run - data - 1] != '1')
        data++;
    return data >= MIN_DATA && run - data >= 2 && run - data - 1 <= MAX_PREFIX &&
           match_bech32(text, run - data - 1, run, match);
}

static bool match_cashaddr(const struct prefix *prefix, const char *data, size_t length,
                           struct wallet_match *match)
{
    if (!cashaddr_check(prefix->text, strlen(prefix->text), data, length, bech32_alphabet))
        return false;
    match->proof = WALLET_CHECKSUM;
    match->coin = prefix->coin;
    match->kind = prefix->kind;
    return true;
}

/* "kaspa:q..." or, without the prefix that the checksum covers, "q...": then it is tried for the two coins
 * whose software lets users leave it out. */
bool wallet_cashaddr(const char *text, size_t run, struct wallet_match *match)
{
    static const struct prefix bitcoin_cash = {"bitcoincash", "BCH", "Bitcoin Cash"};
    static const struct prefix kaspa = {"kaspa", "KAS", "Kaspa"};
    if (text[run] != ':') {
        match->length = run;
        return (run == 42 && match_cashaddr(&bitcoin_cash, text, run, match)) ||
               ((run == 61 || run == 63) && match_cashaddr(&kaspa, text, run, match));
    }
    const char *data = text + run + 1;
    size_t length = wallet_run(data);
    if (run == 0 || run > 16 || length < 42 || length > 90)
        return false;
    const struct prefix *known = FIND(cashaddr_prefixes, text, run);
    match->length = run + 1 + length;
    match->proof = WALLET_SHAPE;
    match->coin = "";
    match->kind = "base 32 of a wallet's length";
    if (cashaddr_check(text, run, data, length, bech32_alphabet)) {
        match->proof = WALLET_CHECKSUM;
        match->coin = known == NULL ? "" : known->coin;
        match->kind = known == NULL ? "Kaspa or Bitcoin Cash fork" : known->kind;
        return true;
    }
    return known != NULL && is_data(data, length, bech32_alphabet);
}

/* Conflux-Chain/CIPs, cip-37.md: "cfx:aa...", or with the type spelled out "CFX:TYPE.USER:AA..." */
bool wallet_conflux(const char *text, size_t run, struct wallet_match *match)
{
    bool main_network = run == 3 && strncasecmp(text, "cfx:", 4) == 0;
    if (!main_network && !(run == 7 && strncasecmp(text, "cfxtest:", 8) == 0))
        return false;
    const char *data = text + run + 1;
    if (strncasecmp(data, "type.", 5) == 0) {
        const char *colon = data + 5 + wallet_run(data + 5);
        if (*colon != ':' || colon - data > 20)
            return false;
        data = colon + 1;
    }
    size_t length = wallet_run(data);
    if (length != 42 || !cashaddr_check(text, run, data, length, conflux_alphabet))
        return false;
    *match = (struct wallet_match){WALLET_CHECKSUM, (size_t)(data - text) + length, main_network ? "CFX" : "",
                                   main_network ? "Conflux" : "Conflux test network"};
    return true;
}
