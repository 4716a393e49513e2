// SPDX-License-Identifier: Apache-2.0
/*
 * HTTP in one piece and the same in small ones must tell the same; with a gap it must only survive. The first
 * byte sets the parser up, the second is the size of the pieces.
 */
#include "protocol/http.h"

#include <stdlib.h>
#include <string.h>

/* A hash (FNV-1a) of all that was told, piecewise or not. */
static void mix(uint64_t *told, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++)
        *told = (*told ^ at[i]) * 0x100000001b3;
}

static void on_head(void *context, const struct http_head *head)
{
    mix(context, "head", 4);
    mix(context, head->method, strlen(head->method));
    mix(context, head->target, strlen(head->target));
    mix(context, head->host, strlen(head->host));
    mix(context, head->authorization_user, strlen(head->authorization_user));
    mix(context, &head->mining_headers, sizeof head->mining_headers);
}

static void on_body(void *context, const uint8_t *bytes, size_t length)
{
    if (length == 0)
        abort();
    mix(context, bytes, length);
}

static void on_end(void *context)
{
    mix(context, "end", 3);
}

static uint64_t told_of(uint8_t settings, const uint8_t *bytes, size_t length, size_t piece, bool gaps)
{
    static const struct http_handler handler = {on_head, on_body, on_end};
    struct http_parser parser = {
        .requests = settings & 1, .no_body_expected = settings & 2, .connect_expected = settings & 4};
    uint64_t told = 0xcbf29ce484222325;
    for (size_t at = 0; at < length; at += piece) {
        size_t size = length - at < piece ? length - at : piece;
        uint8_t *copy = malloc(size); /* of exact size, so that a read too far is seen */
        memcpy(copy, bytes + at, size);
        if (gaps && copy[0] % 5 == 0)
            http_gap(&parser, copy[0]);
        http_feed(&parser, &handler, &told, copy, size);
        free(copy);
        if (parser.head_length > HTTP_MAX_HEAD || (parser.state == HTTP_FAULT && parser.head != NULL))
            abort();
    }
    http_parser_done(&parser);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 3)
        return 0;
    uint8_t settings = bytes[0];
    size_t piece = bytes[1] % 64 + 1u;
    if (told_of(settings, bytes + 2, length - 2, length, false) !=
        told_of(settings, bytes + 2, length - 2, piece, false))
        abort();
    told_of(settings, bytes + 2, length - 2, piece, true);
    return 0;
}
