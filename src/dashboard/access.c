// SPDX-License-Identifier: Apache-2.0
#include "dashboard/access.h"

#include "base/digest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool access_read_token(struct access *access, const char *path, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(error, STATUS_NO_INPUT, "cannot read the token in %s: %s", path, strerror(errno));
    bool has_line = fgets(access->token, sizeof access->token, file) != NULL;
    fclose(file);
    access->token[has_line ? strcspn(access->token, "\r\n") : 0] = '\0';
    size_t length = strlen(access->token);
    if (length < ACCESS_MIN_TOKEN || length == sizeof access->token - 1)
        return error_set(
            error, STATUS_CONFIGURATION,
            "the token in %s must be one line of %d to %zu characters, such as 'openssl rand -hex 32' writes",
            path, ACCESS_MIN_TOKEN, sizeof access->token - 2);
    for (const char *c = access->token; *c != '\0'; c++)
        if (*c <= ' ' || *c == 0x7f)
            return error_set(error, STATUS_CONFIGURATION,
                             "the token in %s must have no blanks and only ASCII", path);
    /* the cookie is no copy of the token, so that a browser's store does not hold that */
    char text[sizeof access->token + 32];
    snprintf(text, sizeof text, "geophone-dashboard %s", access->token);
    digest_hex(DIGEST_SHA256, text, strlen(text), access->cookie, 64);
    if (access->cookie[0] == '\0')
        return error_set(error, STATUS_FAILED, "cannot make a cookie: SHA-256 is not to be had");
    return true;
}

/* Goes through all of `given`, whatever is wrong with it. */
static bool is_same(const char *given, size_t length, const char *secret)
{
    size_t secret_length = strlen(secret);
    volatile unsigned char differs = length != secret_length;
    for (size_t i = 0; i < length; i++)
        differs |= (unsigned char)(given[i] ^ secret[i < secret_length ? i : 0]);
    return differs == 0;
}

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* RFC 4648 section 4; the length, or 0 where it is none or does not fit. */
static size_t read_base64(const char *text, char *to, size_t size)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t length = 0;
    for (; base64_digit(*text) >= 0; text++) {
        bits = bits << 6 | (uint32_t)base64_digit(*text);
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        if (length == size)
            return 0;
        to[length++] = (char)(bits >> held & 0xff);
    }
    return text[strspn(text, "= ")] == '\0' ? length : 0;
}

/* RFC 7617: base64 of user:password. The user is whatever it is. */
static bool basic_allows(const struct access *access, const char *credentials)
{
    char text[sizeof access->token + 256];
    size_t length = read_base64(credentials, text, sizeof text);
    const char *colon = memchr(text, ':', length);
    return colon != NULL && is_same(colon + 1, length - (size_t)(colon + 1 - text), access->token);
}

static bool cookie_allows(const struct access *access, const char *cookie)
{
    size_t name = strlen(ACCESS_COOKIE_NAME);
    while (*cookie != '\0') {
        cookie += strspn(cookie, "; ");
        size_t length = strcspn(cookie, ";");
        if (length > name && strncmp(cookie, ACCESS_COOKIE_NAME, name) == 0 && cookie[name] == '=' &&
            is_same(cookie + name + 1, length - name - 1, access->cookie))
            return true;
        cookie += length;
    }
    return false;
}

bool access_allows(const struct access *access, const char *authorization, const char *cookie)
{
    if (access->token[0] == '\0')
        return true;
    if (authorization != NULL && strncasecmp(authorization, "Bearer ", 7) == 0) {
        const char *given = authorization + 7;
        return is_same(given, strlen(given), access->token);
    }
    if (authorization != NULL && strncasecmp(authorization, "Basic ", 6) == 0)
        return basic_allows(access, authorization + 6);
    return cookie != NULL && cookie_allows(access, cookie);
}

/* Cuts the port off; false where it is neither a name nor an address with one. */
static bool cut_host(const char *host, char *name, size_t size)
{
    bool is_bracketed = host[0] == '[';
    size_t length = is_bracketed ? strcspn(host + 1, "]") : strcspn(host, ":");
    const char *from = host + is_bracketed, *after = from + length;
    if (is_bracketed && *after++ != ']')
        return false;
    if (length == 0 || length >= size ||
        (*after != '\0' && (*after != ':' || strspn(after + 1, "0123456789") != strlen(after + 1))))
        return false;
    memcpy(name, from, length);
    name[length] = '\0';
    return true;
}

bool access_knows_host(const struct access *access, const char *host)
{
    char name[256];
    unsigned char address[16];
    if (host == NULL || !cut_host(host, name, sizeof name))
        return false;
    if (host[0] == '[')
        return inet_pton(AF_INET6, name, address) == 1;
    if (inet_pton(AF_INET, name, address) == 1 || strcasecmp(name, "localhost") == 0)
        return true;
    for (size_t i = 0; i < access->host_count; i++)
        if (strcasecmp(name, access->hosts[i]) == 0)
            return true;
    return false;
}
