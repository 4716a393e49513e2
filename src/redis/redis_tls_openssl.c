// SPDX-License-Identifier: Apache-2.0
/*
 * TLS by OpenSSL, through hiredis_ssl of hiredis 1.x. The session is made here and not by hiredis, which
 * verifies who signed the server's certificate, but not whose name it bears.
 */
#include "redis/redis_tls.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if HIREDIS_MAJOR != 1
#error "TLS needs hiredis 1.x: build with REDIS_TLS=no"
#endif

struct redis_tls {
    SSL_CTX *context;
    char server_name[256];
    bool unverified;
};

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static bool fail(struct error *error, const char *what, const char *file)
{
    char reason[160];
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    return error_set(error, STATUS_CONFIGURATION, "cannot use %s %s: %s", what, file, reason);
}

static bool load(SSL_CTX *context, const struct redis_tls_settings *settings, struct error *error)
{
    if (is_given(settings->certificate_file) != is_given(settings->key_file))
        return error_set(
            error, STATUS_CONFIGURATION,
            "redis.tls-certificate-file and redis.tls-key-file belong together: give both or none");
    if (is_given(settings->ca_file) && SSL_CTX_load_verify_locations(context, settings->ca_file, NULL) != 1)
        return fail(error, "redis.tls-ca-file", settings->ca_file);
    if (!is_given(settings->ca_file) && SSL_CTX_set_default_verify_paths(context) != 1)
        return fail(error, "the system's certificates", "");
    if (!is_given(settings->certificate_file))
        return true;
    if (SSL_CTX_use_certificate_chain_file(context, settings->certificate_file) != 1)
        return fail(error, "redis.tls-certificate-file", settings->certificate_file);
    return SSL_CTX_use_PrivateKey_file(context, settings->key_file, SSL_FILETYPE_PEM) == 1 ||
           fail(error, "redis.tls-key-file", settings->key_file);
}

struct redis_tls *redis_tls_create(const struct redis_tls_settings *settings, struct error *error)
{
    struct redis_tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL || (tls->context = SSL_CTX_new(TLS_client_method())) == NULL) {
        error_set(error, STATUS_FAILED, "cannot prepare TLS for Redis: out of memory");
        redis_tls_free(tls);
        return NULL;
    }
    tls->unverified = settings->unverified;
    snprintf(tls->server_name, sizeof tls->server_name, "%s",
             is_given(settings->server_name) ? settings->server_name : "");
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_verify(tls->context, settings->unverified ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    if (load(tls->context, settings, error))
        return tls;
    redis_tls_free(tls);
    return NULL;
}

void redis_tls_free(struct redis_tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    free(tls);
}

/* The name that is asked for (SNI, RFC 6066, section 3: never an address) and that the certificate must bear.
 */
static bool set_name(SSL *session, const char *name, bool unverified)
{
    unsigned char address[16];
    bool is_address = inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
    if (is_address)
        return unverified || X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1;
    return SSL_set_tlsext_host_name(session, name) == 1 && (unverified || SSL_set1_host(session, name) == 1);
}

bool redis_tls_begin(const struct redis_tls *tls, struct redisContext *connection, const char *host,
                     const char *place, struct error *error)
{
    SSL *session = SSL_new(tls->context);
    const char *name = tls->server_name[0] != '\0' ? tls->server_name : host;
    if (session == NULL || !set_name(session, name, tls->unverified)) {
        SSL_free(session);
        return error_set(error, STATUS_FAILED, "cannot begin TLS with the Redis server at %s as \"%.100s\"",
                         place, name);
    }
    ERR_clear_error();
    if (redisInitiateSSL(connection, session) == REDIS_OK)
        return true; /* the session is the connection's now */
    long verified = SSL_get_verify_result(session);
    SSL_free(session);
    if (!tls->unverified && verified != X509_V_OK)
        return error_set(
            error, STATUS_FAILED,
            "the certificate of the Redis server at %s is not accepted: %s; see redis.tls-ca-file and "
            "redis.tls-server-name",
            place, X509_verify_cert_error_string(verified));
    return error_set(error, STATUS_FAILED, "no TLS with the Redis server at %s: %s", place,
                     connection->errstr);
}

const char *redis_tls_library(void)
{
    return OPENSSL_VERSION_TEXT;
}
