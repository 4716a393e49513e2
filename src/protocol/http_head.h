// SPDX-License-Identifier: Apache-2.0
/*
 * The head of an HTTP/1.x message (RFC 9112, sections 2 to 5). For http.c.
 */
#ifndef PROTOCOL_HTTP_HEAD_H
#define PROTOCOL_HTTP_HEAD_H

#include "protocol/http.h"

enum http_head_result {
    HTTP_HEAD_MORE,       /* the empty line is not there */
    HTTP_HEAD_BAD,        /* no request line or status line */
    HTTP_HEAD_BAD_LENGTH, /* the head is good, but Content-Length says nothing usable */
    HTTP_HEAD_GOOD,
};

/* Reads up to the empty line, behind which *used bytes are read. Lines may end with LF alone; folded lines
 * (RFC 9112, section 5.2) are passed over. */
enum http_head_result http_head_read(const char *text, size_t length, bool is_request, struct http_head *head,
                                     size_t *used);

#endif
