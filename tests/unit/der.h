// SPDX-License-Identifier: Apache-2.0
/*
 * For tests: certificates in DER (ITU-T X.690), built from the inside outwards.
 */
#ifndef TESTS_UNIT_DER_H
#define TESTS_UNIT_DER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct der {
    uint8_t bytes[60000];
    size_t length;
};

/* Puts a tag and a length, always in three bytes, around what stands behind `from`. */
static inline void der_wrap(struct der *der, size_t from, uint8_t tag)
{
    size_t length = der->length - from;
    memmove(der->bytes + from + 4, der->bytes + from, length);
    const uint8_t head[4] = {tag, 0x82, (uint8_t)(length >> 8), (uint8_t)length};
    memcpy(der->bytes + from, head, sizeof head);
    der->length += sizeof head;
}

static inline void der_put(struct der *der, uint8_t tag, const void *value, size_t length)
{
    size_t from = der->length;
    memcpy(der->bytes + from, value, length);
    der->length += length;
    der_wrap(der, from, tag);
}

/* A name of one attribute of 2.5.4, in a string of that kind. */
static inline void der_name(struct der *der, uint8_t attribute, uint8_t tag, const char *value, size_t length)
{
    size_t from = der->length;
    der_put(der, 0x06, (const uint8_t[]){0x55, 0x04, attribute}, 3);
    der_put(der, tag, value, length);
    der_wrap(der, from, 0x30);
    der_wrap(der, from, 0x31);
    der_wrap(der, from, 0x30);
}

static inline void der_common_name(struct der *der, const char *name)
{
    der_name(der, 3, 0x0c, name, strlen(name));
}

/* `names` has a NUL behind each, and one more at the end; "" makes no extension. `padding`: bytes of key. */
static inline void der_certificate(struct der *der, const char *issuer, const char *subject,
                                   const char *names, size_t padding)
{
    static const uint8_t filler[20000];
    der->length = 0;
    der_put(der, 0x02, "\1", 1);
    der_put(der, 0x30, "", 0);
    der_common_name(der, issuer);
    der_put(der, 0x30, "", 0);
    der_common_name(der, subject);
    der_put(der, 0x30, filler, padding);
    if (names[0] != '\0') {
        size_t from = der->length;
        der_put(der, 0x06, "\x55\x1d\x11", 3);
        size_t list = der->length;
        for (; names[0] != '\0'; names += strlen(names) + 1)
            der_put(der, 0x82, names, strlen(names));
        der_put(der, 0x87, "\xc0\x00\x02\x07", 4);
        der_wrap(der, list, 0x30);
        der_wrap(der, list, 0x04);
        der_wrap(der, from, 0x30);
        der_wrap(der, from, 0x30);
        der_wrap(der, from, 0xa3);
    }
    der_wrap(der, 0, 0x30);
    der_put(der, 0x30, "", 0);
    der_put(der, 0x03, "\0", 1);
    der_wrap(der, 0, 0x30);
}

#endif
