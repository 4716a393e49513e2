// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a certificate: its texts end within their bounds and hold nothing that harms, and what a
 * shorter piece decided a longer one does not take back.
 */
#include "fuzzing.h"

#include "protocol/x509.h"

static bool read_copy(const uint8_t *bytes, size_t length, struct x509_certificate *certificate)
{
    void *copy = copy_of(bytes, length);
    bool good = x509_read(copy, length, certificate);
    copy_free(copy);
    return good;
}

static void check_name(const char text[static X509_NAME_SIZE])
{
    require(memchr(text, '\0', X509_NAME_SIZE) != NULL);
    for (; *text != '\0'; text++)
        require((uint8_t)*text >= 0x20 && *text != 0x7f);
}

/* Each host has its NUL, and a length that is not 0. */
static void check_hosts(const struct x509_certificate *certificate)
{
    require(certificate->hosts_length <= sizeof certificate->hosts);
    for (size_t at = 0; at < certificate->hosts_length;) {
        const char *host = certificate->hosts + at;
        size_t length = strnlen(host, certificate->hosts_length - at);
        require(length > 0 && length < X509_NAME_SIZE && at + length < certificate->hosts_length);
        require(strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.:-_*?") == length);
        at += length + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct x509_certificate whole, shorter;
    bool good = read_copy(bytes, length, &whole);
    if (good) {
        check_name(whole.subject);
        check_name(whole.issuer);
        check_hosts(&whole);
    }
    if (read_copy(bytes, length / 2, &shorter))
        require(good && strcmp(whole.subject, shorter.subject) == 0 &&
                strcmp(whole.issuer, shorter.issuer) == 0 && whole.self_signed == shorter.self_signed &&
                whole.hosts_length == shorter.hosts_length &&
                memcmp(whole.hosts, shorter.hosts, whole.hosts_length) == 0);
    return 0;
}
