// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void redis_text_reset(struct redis_text *text)
{
    text->length = text->begin = 0;
    text->arguments = text->commands = 0;
    text->failed = false;
}

void redis_text_done(struct redis_text *text)
{
    free(text->bytes);
    *text = (struct redis_text){0};
}

static bool reserve(struct redis_text *text, size_t more)
{
    size_t size = text->size == 0 ? 4096 : text->size;
    if (text->failed)
        return false;
    while (size - text->length < more)
        size *= 2;
    if (size == text->size)
        return true;
    char *bytes = realloc(text->bytes, size);
    if (bytes == NULL) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->size = size;
    return true;
}

static void append(struct redis_text *text, const char *bytes, size_t length)
{
    if (length == 0 || !reserve(text, length))
        return;
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void redis_text_put_bytes(struct redis_text *text, const char *argument, size_t length)
{
    char head[32];
    append(text, head, (size_t)snprintf(head, sizeof head, "$%zu\r\n", length));
    append(text, argument, length);
    append(text, "\r\n", 2);
    text->arguments++;
}

void redis_text_put(struct redis_text *text, const char *argument)
{
    redis_text_put_bytes(text, argument, strlen(argument));
}

void redis_text_put_number(struct redis_text *text, uint64_t number)
{
    char digits[24];
    redis_text_put_bytes(text, digits,
                         (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number));
}

void redis_text_put_real(struct redis_text *text, double number)
{
    char digits[40];
    if (!isfinite(number))
        number = 0;
    redis_text_put_bytes(text, digits, (size_t)snprintf(digits, sizeof digits, "%.10g", number));
}

void redis_text_put_seconds(struct redis_text *text, int64_t time_us)
{
    char digits[40];
    uint64_t us = time_us < 0 ? 0 : (uint64_t)time_us;
    redis_text_put_bytes(text, digits,
                         (size_t)snprintf(digits, sizeof digits, "%llu.%06u",
                                          (unsigned long long)(us / 1000000), (unsigned)(us % 1000000)));
}

void redis_text_begin_empty(struct redis_text *text)
{
    text->begin = text->length;
    text->arguments = 0;
}

void redis_text_begin(struct redis_text *text, const char *command)
{
    redis_text_begin_empty(text);
    redis_text_put(text, command);
}

/* The number of arguments is known only now; it belongs in front of them. */
void redis_text_end(struct redis_text *text)
{
    char head[24];
    size_t length = (size_t)snprintf(head, sizeof head, "*%u\r\n", text->arguments);
    if (!reserve(text, length))
        return;
    memmove(text->bytes + text->begin + length, text->bytes + text->begin, text->length - text->begin);
    memcpy(text->bytes + text->begin, head, length);
    text->length += length;
    text->commands++;
}
