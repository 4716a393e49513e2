// SPDX-License-Identifier: Apache-2.0
/*
 * Counts the work of code that is compiled with -fsanitize-coverage=trace-pc: one for each edge between basic
 * blocks, and the bytes that functions of the C library look at on its behalf (the linker's --wrap sends
 * calls here). The same input always gives the same count, on any machine. What other libraries do inside is
 * not counted.
 */
#include "work.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static uint64_t work;

uint64_t work_so_far(void)
{
    return work;
}

/* Called by the compiler's instrumentation. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    work++;
}

/* clang-format off */
#define COPY(name) \
    void *__real_##name(void *to, const void *from, size_t length); \
    void *__wrap_##name(void *to, const void *from, size_t length); \
    void *__wrap_##name(void *to, const void *from, size_t length) \
    { \
        work += length / 8; \
        return __real_##name(to, from, length); \
    }
COPY(memcpy)
COPY(memmove)

/* How much of two texts is the same, which is what a comparison looks at. */
static size_t common(const char *a, const char *b, size_t most)
{
    size_t length = 0;
    while (length < most && a[length] == b[length] && a[length] != '\0')
        length++;
    return length;
}

#define COMPARE(name) \
    int __real_##name(const char *a, const char *b); \
    int __wrap_##name(const char *a, const char *b); \
    int __wrap_##name(const char *a, const char *b) \
    { \
        work += 1 + common(a, b, SIZE_MAX); \
        return __real_##name(a, b); \
    }
COMPARE(strcmp)
COMPARE(strcasecmp)

#define COMPARE_SOME(name) \
    int __real_##name(const char *a, const char *b, size_t most); \
    int __wrap_##name(const char *a, const char *b, size_t most); \
    int __wrap_##name(const char *a, const char *b, size_t most) \
    { \
        work += 1 + common(a, b, most); \
        return __real_##name(a, b, most); \
    }
COMPARE_SOME(strncmp)
COMPARE_SOME(strncasecmp)

#define SPAN(name) \
    size_t __real_##name(const char *text, const char *set); \
    size_t __wrap_##name(const char *text, const char *set); \
    size_t __wrap_##name(const char *text, const char *set) \
    { \
        size_t length = __real_##name(text, set); \
        work += 1 + length; \
        return length; \
    }
SPAN(strspn)
SPAN(strcspn)
/* clang-format on */

void *__real_memset(void *to, int byte, size_t length);
void *__wrap_memset(void *to, int byte, size_t length);
void *__wrap_memset(void *to, int byte, size_t length)
{
    work += length / 8;
    return __real_memset(to, byte, length);
}

int __real_memcmp(const void *a, const void *b, size_t length);
int __wrap_memcmp(const void *a, const void *b, size_t length);
int __wrap_memcmp(const void *a, const void *b, size_t length)
{
    work += 1 + length / 8;
    return __real_memcmp(a, b, length);
}

void *__real_memchr(const void *bytes, int byte, size_t length);
void *__wrap_memchr(const void *bytes, int byte, size_t length);
void *__wrap_memchr(const void *bytes, int byte, size_t length)
{
    const char *found = __real_memchr(bytes, byte, length);
    work += 1 + (found == NULL ? length : (size_t)(found - (const char *)bytes)) / 8;
    return (void *)(uintptr_t)found;
}

size_t __real_strlen(const char *text);
size_t __wrap_strlen(const char *text);
size_t __wrap_strlen(const char *text)
{
    size_t length = __real_strlen(text);
    work += 1 + length / 8;
    return length;
}

size_t __real_strnlen(const char *text, size_t most);
size_t __wrap_strnlen(const char *text, size_t most);
size_t __wrap_strnlen(const char *text, size_t most)
{
    size_t length = __real_strnlen(text, most);
    work += 1 + length / 8;
    return length;
}

char *__real_strchr(const char *text, int character);
char *__wrap_strchr(const char *text, int character);
char *__wrap_strchr(const char *text, int character)
{
    char *found = __real_strchr(text, character);
    work += 1 + (found == NULL ? __real_strlen(text) : (size_t)(found - text)) / 8;
    return found;
}

char *__real_strstr(const char *text, const char *part);
char *__wrap_strstr(const char *text, const char *part);
char *__wrap_strstr(const char *text, const char *part)
{
    char *found = __real_strstr(text, part);
    work += 1 + (found == NULL ? __real_strlen(text) : (size_t)(found - text)) / 8;
    return found;
}

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    work += size / 8; /* it may have to copy all */
    return __real_realloc(old, size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    work += count * size < 1 << 17 ? count * size / 8 : 1; /* the kernel gives large ones, as they are used */
    return __real_calloc(count, size);
}
