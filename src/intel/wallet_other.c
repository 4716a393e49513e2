// SPDX-License-Identifier: Apache-2.0
/* Wallets of Ethereum's kind and of Nimiq, and those that are a bare public key. */
#include "base/keccak.h"
#include "intel/wallet_kind.h"

#include <ctype.h>
#include <string.h>

enum { HEX_ADDRESS = 40 };

static const char hexadecimal[] = "0123456789abcdefABCDEF";

/* EIP-55: a letter is upper case where the digit of the hash in its place is 8 or more. */
static bool is_eip55(const char *digits)
{
    char lower[HEX_ADDRESS];
    uint8_t digest[KECCAK_256_SIZE];
    for (size_t i = 0; i < HEX_ADDRESS; i++)
        lower[i] = (char)tolower((unsigned char)digits[i]);
    keccak_256(lower, sizeof lower, digest);
    for (size_t i = 0; i < HEX_ADDRESS; i++) {
        unsigned nibble = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15u;
        if (isalpha((unsigned char)digits[i]) && (isupper((unsigned char)digits[i]) != 0) != (nibble >= 8))
            return false;
    }
    return true;
}

static bool has_both_cases(const char *text, size_t length)
{
    bool upper = false, lower = false;
    for (size_t i = 0; i < length; i++) {
        upper |= isupper((unsigned char)text[i]) != 0;
        lower |= islower((unsigned char)text[i]) != 0;
    }
    return upper && lower;
}

bool wallet_ethereum(const char *text, size_t run, struct wallet_match *match)
{
    if (run != 2 + HEX_ADDRESS || text[0] != '0' || text[1] != 'x' ||
        strspn(text + 2, hexadecimal) < HEX_ADDRESS)
        return false;
    *match = (struct wallet_match){WALLET_SHAPE, run, "", "Ethereum kind, without checksum"};
    if (has_both_cases(text + 2, HEX_ADDRESS) && is_eip55(text + 2)) {
        match->proof = WALLET_CHECKSUM;
        match->kind = "Ethereum kind, EIP-55";
    }
    return true;
}

/* International bank account numbers' check (ISO 13616): letters count from 10, the first four characters go
 * last. */
static bool is_iban(const char *characters, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++) {
        char c = characters[(i + 4) % count];
        unsigned value = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
        rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
    }
    return rest == 1;
}

/* nimiq/core-js, Address.fromUserFriendlyAddress: "NQ", two digits, 32 characters without I, O, W and Z;
 * spaces may stand between groups of four */
bool wallet_nimiq(const char *text, size_t run, struct wallet_match *match)
{
    enum { CHARACTERS = 36 };
    char characters[CHARACTERS];
    size_t count = 0, at = 0;
    if (run < 4 || text[0] != 'N' || text[1] != 'Q')
        return false;
    while (count < CHARACTERS) {
        char c = text[at++];
        if (c == ' ' && count % 4 == 0 && count > 0 && text[at] != ' ')
            continue;
        if (c == '\0' || strchr("0123456789ABCDEFGHJKLMNPQRSTUVXY", c) == NULL)
            return false;
        characters[count++] = c;
    }
    if (!isdigit((unsigned char)characters[2]) || !isdigit((unsigned char)characters[3]))
        return false;
    bool right = is_iban(characters, CHARACTERS);
    *match = (struct wallet_match){right ? WALLET_CHECKSUM : WALLET_SHAPE, at, right ? "NIM" : "",
                                   right ? "Nimiq" : "Nimiq, without a right checksum"};
    return true;
}

/* Keys of Iron Fish (64) and Beam (60 to 67), or of Kadena behind "k:"; 64 digits are also what XMRig logs in
 * with while it mines for its authors. */
bool wallet_hexadecimal(const char *text, size_t run, struct wallet_match *match)
{
    if (run == 1 && (text[0] == 'k') && text[1] == ':') {
        *match = (struct wallet_match){WALLET_SHAPE, 2 + 64, "", "Kadena key (has no checksum)"};
        return wallet_run(text + 2) == 64 && strspn(text + 2, hexadecimal) >= 64;
    }
    if (run < 60 || run > 67 || strspn(text, hexadecimal) < run)
        return false;
    *match =
        (struct wallet_match){WALLET_SHAPE, run, "",
                              run == 64 ? "64 hexadecimal digits (Iron Fish key, Beam key, XMRig donation)"
                                        : "hexadecimal digits of a Beam key's length"};
    return true;
}
