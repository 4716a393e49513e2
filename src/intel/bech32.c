// SPDX-License-Identifier: Apache-2.0
#include "intel/bech32.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

const char bech32_alphabet[33] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const char conflux_alphabet[33] = "abcdefghjkmnprstuvwxyz0123456789"; /* Conflux-Chain/CIPs, cip-37.md */

/* BIP 173 and BIP 350: what the checksum leaves */
enum { PLAIN_REST = 1, M_REST = 0x2bc830a3, BECH32_CHECKSUM = 6, CASHADDR_CHECKSUM = 8 };

/* Value of a character in any case, -1 where it is none; `upper` and `lower` note the cases met. */
static int read_digit(const char *alphabet, char c, bool *upper, bool *lower)
{
    *upper |= c >= 'A' && c <= 'Z';
    *lower |= c >= 'a' && c <= 'z';
    const char *at = c == '\0' ? NULL : strchr(alphabet, tolower((unsigned char)c));
    return at == NULL ? -1 : (int)(at - alphabet);
}

static uint32_t bech32_step(uint32_t sum, unsigned value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        sum ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return sum;
}

static size_t last_separator(const char *text, size_t length, char separator)
{
    while (length > 0 && text[length - 1] != separator)
        length--;
    return length == 0 ? 0 : length - 1;
}

enum bech32 bech32_check(const char *text, size_t length, char separator)
{
    size_t prefix = last_separator(text, length, separator);
    if (prefix == 0 || length - prefix - 1 < BECH32_CHECKSUM)
        return BECH32_NONE;
    bool upper = false, lower = false;
    uint32_t sum = 1;
    for (size_t i = 0; i < prefix; i++) {
        if (text[i] < 33 || text[i] > 126)
            return BECH32_NONE;
        upper |= text[i] >= 'A' && text[i] <= 'Z';
        lower |= text[i] >= 'a' && text[i] <= 'z';
        sum = bech32_step(sum, (unsigned)tolower((unsigned char)text[i]) >> 5);
    }
    sum = bech32_step(sum, 0);
    for (size_t i = 0; i < prefix; i++)
        sum = bech32_step(sum, (unsigned)tolower((unsigned char)text[i]) & 31);
    for (size_t i = prefix + 1; i < length; i++) {
        int digit = read_digit(bech32_alphabet, text[i], &upper, &lower);
        if (digit < 0)
            return BECH32_NONE;
        sum = bech32_step(sum, (unsigned)digit);
    }
    if (upper && lower)
        return BECH32_NONE;
    return sum == PLAIN_REST ? BECH32_PLAIN : sum == M_REST ? BECH32_M : BECH32_NONE;
}

static uint64_t cashaddr_step(uint64_t sum, unsigned value)
{
    static const uint64_t generator[5] = {0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8,
                                          0x1e4f43e470};
    uint64_t top = sum >> 35;
    sum = (sum & 0x07ffffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        sum ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return sum;
}

bool cashaddr_check(const char *prefix, size_t prefix_length, const char *data, size_t length,
                    const char *alphabet)
{
    if (length <= CASHADDR_CHECKSUM)
        return false;
    bool upper = false, lower = false;
    uint64_t sum = 1;
    for (size_t i = 0; i < prefix_length; i++)
        sum = cashaddr_step(sum, (unsigned)prefix[i] & 31); /* the same for either case */
    sum = cashaddr_step(sum, 0);
    for (size_t i = 0; i < length; i++) {
        int digit = read_digit(alphabet, data[i], &upper, &lower);
        if (digit < 0)
            return false;
        sum = cashaddr_step(sum, (unsigned)digit);
    }
    return sum == 1 && !(upper && lower);
}
