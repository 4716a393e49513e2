// SPDX-License-Identifier: Apache-2.0
/*
 * See hiredis.h beside this file.
 */
#ifndef TESTS_HIREDIS_1_HIREDIS_SSL_H
#define TESTS_HIREDIS_1_HIREDIS_SSL_H

struct redisContext;
struct ssl_st;

int redisInitiateSSL(struct redisContext *c, struct ssl_st *ssl);

#endif
