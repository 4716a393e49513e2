// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <gcrypt.h>
#include <pthread.h>
#include <string.h>

static const int algorithms[] = {
    [DIGEST_MD5] = GCRY_MD_MD5, [DIGEST_SHA1] = GCRY_MD_SHA1, [DIGEST_SHA256] = GCRY_MD_SHA256};

enum { ALGORITHMS = sizeof algorithms / sizeof algorithms[0] };

/* gcry_md_hash_buffer() would end the program where the system's policy forbids one. */
static bool allowed[ALGORITHMS];

/* libgcrypt wants gcry_check_version() before anything else, once (its manual, "Initializing the library").
 * Nothing here is secret, so there is no locked memory to set up. */
static void prepare(void)
{
    gcry_check_version(NULL);
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
    for (size_t i = 0; i < ALGORITHMS; i++)
        allowed[i] = gcry_md_test_algo(algorithms[i]) == 0;
}

void digest_prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
}

bool digest_of(enum digest digest, const void *bytes, size_t length, uint8_t value[static DIGEST_MAX_SIZE])
{
    digest_prepare();
    memset(value, 0, DIGEST_MAX_SIZE);
    if (!allowed[digest])
        return false;
    gcry_md_hash_buffer(algorithms[digest], value, bytes, length);
    return true;
}

void digest_hex(enum digest digest, const void *bytes, size_t length, char *text, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t value[DIGEST_MAX_SIZE];
    if (!digest_of(digest, bytes, length, value))
        digits = 0;
    for (size_t i = 0; i < digits / 2; i++) {
        text[2 * i] = hex[value[i] >> 4];
        text[2 * i + 1] = hex[value[i] & 15];
    }
    text[digits] = '\0';
}
