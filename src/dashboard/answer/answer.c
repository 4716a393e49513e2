// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char json_type[] = "application/json";

void answer_init(struct answer *answer)
{
    *answer = (struct answer){.status = 200, .type = json_type};
    json_writer_init(&answer->json);
}

void answer_done(struct answer *answer)
{
    json_writer_done(&answer->json);
    free(answer->text.bytes);
    answer->text = (struct body){0};
}

void answer_begin_text(struct answer *answer, const char *type)
{
    answer->type = type;
}

void answer_put(struct answer *answer, const char *bytes, size_t length)
{
    struct body *text = &answer->text;
    if (text->failed || length == 0)
        return;
    if (text->size - text->length < length) {
        size_t size = text->size == 0 ? 4096 : text->size;
        while (size - text->length < length)
            size *= 2;
        char *grown = realloc(text->bytes, size);
        if (grown == NULL) {
            text->failed = true;
            return;
        }
        text->bytes = grown;
        text->size = size;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void answer_print(struct answer *answer, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line)
        answer->text.failed = true; /* half a line would be a wrong answer */
    else
        answer_put(answer, line, (size_t)length);
}

void answer_error(struct answer *answer, unsigned status, const char *format, ...)
{
    char sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    answer->status = status;
    answer->type = json_type;
    answer->text.length = 0;
    answer->etag[0] = '\0';
    answer->max_age = 0;
    json_writer_reset(&answer->json);
    json_object(&answer->json, NULL);
    json_string(&answer->json, "error", sentence);
    json_object_end(&answer->json);
}
