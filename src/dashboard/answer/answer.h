// SPDX-License-Identifier: Apache-2.0
/*
 * What a handler of routes.def is given, and what it fills. Handlers know nothing of HTTP libraries; they are
 * called with the model locked, and copy what they tell.
 */
#ifndef DASHBOARD_ANSWER_ANSWER_H
#define DASHBOARD_ANSWER_ANSWER_H

#include "base/json_writer.h"
#include "dashboard/target.h"

#include <stdbool.h>
#include <stdint.h>

struct access;
struct feed_publisher;
struct model;

struct request {
    const struct target *target;
    const char *rest;          /* of the path, where the route takes all below it; else "" */
    const char *if_none_match; /* the header, or "" */
    const char *if_modified_since;
    struct feed_publisher *feeds;
    const struct access *access;
    int64_t now_us; /* the clock on the wall */
};

struct answer {
    unsigned status;         /* 200 */
    const char *type;        /* of the content; static. Default: application/json */
    struct json_writer json; /* the body, where `text` is empty */
    struct body {
        char *bytes;
        size_t length, size;
        bool failed;    /* out of memory */
    } text;             /* the body of what is not JSON; answer_print() */
    char etag[72];      /* with its quotation marks; "" where there is none */
    bool asks_password; /* with 401: by the user and password of HTTP's Basic scheme */
    int64_t changed_s;  /* Last-Modified; 0 where that is not told */
    char cookie[192];   /* the header Set-Cookie, or "" */
    unsigned max_age;   /* seconds that it may be kept; 0: not at all */
};

typedef void answer_handler(const struct request *request, const struct model *model, struct answer *answer);

void answer_init(struct answer *answer);
void answer_done(struct answer *answer);

/* Adds to the text. */
void answer_print(struct answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void answer_put(struct answer *answer, const char *bytes, size_t length);

/* {"error": sentence}, whatever was written before. */
void answer_error(struct answer *answer, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Where text was promised (an empty list is an empty file, not JSON). */
void answer_begin_text(struct answer *answer, const char *type);

#endif
