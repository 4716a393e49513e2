// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/share_value.h"

#include "inspect/dialect/dialect.h"

#include <string.h>
#include <strings.h>

/* target = 65535 * 2^208 / difficulty: what difficulty 1 takes (Bitcoin's Stratum), and parts of it */
#define BITCOIN (281474976710656.0 / 65535.0)

/*
 * Sources: tpruvot/ccminer:ccminer.cpp (stratum_gen_work divides the difficulty by 65536, 256 or 128),
 * pooler/cpuminer:cpu-miner.c, xmrig/xmrig:src/base/net/stratum/EthStratumClient.cpp (GhostRider),
 * mimblewimble/grin:core/src/consensus.rs, zcash/zips:zips/zip-0301.rst, and each dialect's own file.
 */
static const struct {
    const char *algorithm;
    double hashes;
} algorithms[] = {
    {"sha256d", BITCOIN},
    {"sha256", BITCOIN},
    {"scrypt", BITCOIN / 65536},
    {"neoscrypt", BITCOIN / 65536},
    {"scrypt-jane", BITCOIN / 65536},
    {"hmq1725", BITCOIN / 65536},
    {"jha", BITCOIN / 65536},
    {"jackpot", BITCOIN / 65536},
    {"ghostrider", 65536},
    {"lyra2v2", BITCOIN / 256},
    {"lyra2rev2", BITCOIN / 256},
    {"lyra2v3", BITCOIN / 256},
    {"lyra2rev3", BITCOIN / 256},
    {"lyra2z", BITCOIN / 256},
    {"groestl", BITCOIN / 256},
    {"fugue256", BITCOIN / 256},
    {"fresh", BITCOIN / 256},
    {"x16r", BITCOIN / 256},
    {"phi2", BITCOIN / 256},
    {"timetravel", BITCOIN / 256},
    {"lbry", BITCOIN / 256},
    {"allium", BITCOIN / 256},
    {"keccak", BITCOIN / 128},
    {"lyra2", BITCOIN / 128},
    {"x11", BITCOIN},
    {"x13", BITCOIN},
    {"blake2s", BITCOIN},
    {"quark", BITCOIN},
    {"qubit", BITCOIN},
    {"kheavyhash", BITCOIN},
    {"randomx", 1},
    {"cryptonight", 1},
    {"ethash", 1}, /* where the pool gives a boundary */
    {"kawpow", 1},
    {"progpow", 1},
    {"equihash", 1}, /* solutions */
    {"eaglesong", 1},
    {"autolykos2", 1},
    {"blake3", 1},
    {"astrobwt", 1},
    {"beamhash3", 1},
    /* graphs: scale(C32) = (2 << 8) * 32 = 16384, and one graph in 42 holds a cycle */
    {"cuckatoo32", 42.0 / 16384},
};

/* Coins of Bitcoin's Stratum that an address or a pool names, and what they are hashed with. */
static const struct {
    const char *coin, *algorithm;
} coins[] = {
    {"BTC", "sha256d"},  {"BCH", "sha256d"}, {"BSV", "sha256d"},    {"XEC", "sha256d"},   {"NMC", "sha256d"},
    {"PPC", "sha256d"},  {"FB", "sha256d"},  {"SYS", "sha256d"},    {"LTC", "scrypt"},    {"DOGE", "scrypt"},
    {"BEL", "scrypt"},   {"VIA", "scrypt"},  {"DASH", "x11"},       {"FTC", "neoscrypt"}, {"VTC", "lyra2v3"},
    {"MONA", "lyra2v2"}, {"GRS", "groestl"}, {"RTM", "ghostrider"}, {"LBC", "lbry"},
};

double share_value_of_algorithm(const char *algorithm)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
        if (strcasecmp(algorithms[i].algorithm, algorithm) == 0)
            return algorithms[i].hashes;
    return 0;
}

static const char *algorithm_of(const char *coin)
{
    for (size_t i = 0; i < sizeof coins / sizeof coins[0]; i++)
        if (strcasecmp(coins[i].coin, coin) == 0)
            return coins[i].algorithm;
    return "sha256d";
}

/* Bitcoin's Stratum serves many algorithms; a dialect that names its own, or counts hashes, leaves nothing
 * open. */
static bool is_open(const struct dialect *dialect)
{
    return dialect->algorithm[0] == '\0' && dialect->hashes_per_difficulty > 1;
}

struct share_value share_value_of(const struct dialect *dialect, const char *algorithm, const char *coin)
{
    if (!is_open(dialect))
        return (struct share_value){dialect->hashes_per_difficulty, ""};
    double named = share_value_of_algorithm(algorithm);
    if (named > 0)
        return (struct share_value){named, ""};
    /* the coin that shares are paid in is mostly, but not always, the one that is mined */
    const char *assumed = algorithm_of(coin);
    return (struct share_value){share_value_of_algorithm(assumed), assumed};
}
