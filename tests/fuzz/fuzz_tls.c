// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as one direction of a TLS connection, in pieces of a size that the first byte says: the pieces
 * change nothing of what is read, and no text leaves its bounds.
 */
#include "protocol/tls.h"
#include "protocol/tls_handshake.h"
#include "protocol/tls_server.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct seen {
    size_t messages, hellos, answers, certificates;
    struct tls_client_hello hello;
    struct x509_certificate certificate;
    enum tls_result last;
};

static void check(const char *text, size_t size)
{
    if (memchr(text, '\0', size) == NULL)
        abort();
}

/* Digests that are known from other inputs say what is digested anew. */
static bool read_hello(const struct tls_message *message, struct tls_client_hello *hello)
{
    static struct tls_digests known;
    struct tls_digests fresh = {.secret = {1, 2}};
    struct tls_client_hello again;
    if (known.secret[0] == 0)
        tls_digests_init(&known);
    bool is_hello = tls_read_client_hello(message->body, message->length, &known, hello);
    if (tls_read_client_hello(message->body, message->length, &fresh, &again) != is_hello ||
        memcmp(&again, hello, sizeof again) != 0)
        abort();
    return is_hello;
}

static void take(struct seen *seen, const struct tls_message *message)
{
    struct tls_server_hello answer;
    struct x509_certificate certificate;
    seen->messages++;
    if (read_hello(message, &seen->hello)) {
        seen->hellos++;
        check(seen->hello.server_name, sizeof seen->hello.server_name);
        check(seen->hello.ja4, sizeof seen->hello.ja4);
    }
    if (tls_read_server_hello(message->body, message->length, &answer)) {
        seen->answers++;
        check(answer.alpn, sizeof answer.alpn);
    }
    if (tls_read_certificate(message->body, message->length, &certificate)) {
        seen->certificates++;
        check(certificate.subject, sizeof certificate.subject);
        check(certificate.issuer, sizeof certificate.issuer);
        if (certificate.hosts_length > sizeof certificate.hosts ||
            (certificate.hosts_length > 0 && certificate.hosts[certificate.hosts_length - 1] != '\0'))
            abort();
        seen->certificate = certificate;
    }
}

static void read_all(const uint8_t *bytes, size_t length, size_t step, struct seen *seen)
{
    struct tls_handshake handshake = {.room = NULL};
    struct tls_message message;
    memset(seen, 0, sizeof *seen);
    for (size_t at = 0; at < length && seen->last != TLS_NOT; at += step) {
        size_t left = length - at < step ? length - at : step;
        uint8_t *piece = malloc(left);
        const uint8_t *from = piece;
        memcpy(piece, bytes + at, left);
        do {
            seen->last = tls_handshake_read(&handshake, &from, &left, &message);
            if (seen->last == TLS_NO_ROOM)
                handshake.room = malloc(TLS_ROOM);
            else if (seen->last == TLS_MESSAGE)
                take(seen, &message);
        } while (seen->last == TLS_NO_ROOM || seen->last == TLS_MESSAGE);
        free(piece);
    }
    free(handshake.room);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct seen whole, pieces;
    struct x509_certificate certificate;
    if (length < 2)
        return 0;
    size_t step = bytes[0] == 0 ? 1 : bytes[0];
    read_all(bytes + 1, length - 1, length, &whole);
    read_all(bytes + 1, length - 1, step, &pieces);
    if (whole.messages != pieces.messages || whole.hellos != pieces.hellos ||
        whole.answers != pieces.answers || whole.certificates != pieces.certificates ||
        (whole.last == TLS_NOT) != (pieces.last == TLS_NOT))
        abort();
    if (strcmp(whole.hello.ja4, pieces.hello.ja4) != 0 ||
        strcmp(whole.certificate.subject, pieces.certificate.subject) != 0)
        abort();
    (void)x509_read(bytes + 1, length - 1, &certificate); /* a bare one, without the records around it */
    return 0;
}
