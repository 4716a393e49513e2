// SPDX-License-Identifier: Apache-2.0
#include "protocol/x509.h"

#include "base/address.h"
#include "base/cursor.h"

#include <string.h>

/* ITU-T X.690, section 8.1.2, and X.680, section 8; context-specific ones as RFC 5280 numbers them. */
enum {
    TAG_BOOLEAN = 0x01,
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_OBJECT = 0x06,
    TAG_UTF8 = 0x0c,
    TAG_PRINTABLE = 0x13,
    TAG_T61 = 0x14,
    TAG_IA5 = 0x16,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_VERSION = 0xa0,
    TAG_ISSUER_ID = 0x81,
    TAG_SUBJECT_ID = 0x82,
    TAG_EXTENSIONS = 0xa3,
    TAG_DNS_NAME = 0x82, /* of GeneralName, RFC 5280, section 4.2.1.6 */
    TAG_IP_ADDRESS = 0x87,
};

/* ---- DER ---- */

struct element {
    uint8_t tag;
    struct cursor body;
};

/* The next element, of one byte of tag and a definite length; the cursor fails where there is none. */
static struct element take_element(struct cursor *cursor)
{
    enum { LONG_FORM = 0x80, MAX_LENGTH_BYTES = 4 };
    struct element element = {.tag = cursor_u8(cursor)};
    size_t length = cursor_u8(cursor);
    if ((length & LONG_FORM) != 0) {
        size_t count = length & ~(size_t)LONG_FORM;
        if (count == 0 || count > MAX_LENGTH_BYTES)
            cursor->failed = true;
        for (length = 0; count > 0 && !cursor_failed(cursor); count--)
            length = length << 8 | cursor_u8(cursor);
    }
    const uint8_t *bytes = cursor_take(cursor, length);
    element.body = cursor_of(bytes, bytes == NULL ? 0 : length);
    return element;
}

/* The body of the next element, which must be of that kind. */
static struct cursor take(struct cursor *cursor, uint8_t tag)
{
    struct element element = take_element(cursor);
    if (element.tag != tag) {
        cursor->failed = true;
        return cursor_of(NULL, 0);
    }
    return element.body;
}

static bool next_is(const struct cursor *cursor, uint8_t tag)
{
    return cursor_left(cursor) > 0 && cursor->at[0] == tag;
}

static void skip_if(struct cursor *cursor, uint8_t tag)
{
    if (next_is(cursor, tag))
        (void)take_element(cursor);
}

static bool same_bytes(const struct cursor *a, const struct cursor *b)
{
    return cursor_left(a) == cursor_left(b) &&
           (cursor_left(a) == 0 || memcmp(a->at, b->at, cursor_left(a)) == 0);
}

/* ---- hosts ---- */

static char host_character(uint8_t byte)
{
    uint8_t c = (uint8_t)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= ':') || c == '-' || c == '.' || c == '*' || c == '_';
    return (char)(plain ? c : '?');
}

static void add_host(struct x509_certificate *certificate, const void *bytes, size_t length)
{
    const uint8_t *name = bytes;
    if (length == 0)
        return;
    if (length >= X509_NAME_SIZE || length >= sizeof certificate->hosts - certificate->hosts_length) {
        certificate->hosts_left_out = true;
        return;
    }
    char *to = certificate->hosts + certificate->hosts_length;
    for (size_t i = 0; i < length; i++)
        to[i] = host_character(name[i]);
    to[length] = '\0';
    certificate->hosts_length += length + 1;
}

static void add_address(struct x509_certificate *certificate, const struct cursor *body)
{
    char text[ADDRESS_TEXT_SIZE];
    struct address address;
    if (cursor_left(body) == 4)
        address = address_from_ipv4(body->at);
    else if (cursor_left(body) == 16)
        memcpy(address.bytes, body->at, sizeof address.bytes);
    else
        return;
    address_format(&address, text);
    add_host(certificate, text, strlen(text));
}

static bool read_alternative_names(struct cursor octets, struct x509_certificate *certificate)
{
    struct cursor names = take(&octets, TAG_SEQUENCE);
    while (cursor_left(&names) > 0) {
        struct element name = take_element(&names);
        if (cursor_failed(&names))
            return false;
        if (name.tag == TAG_DNS_NAME)
            add_host(certificate, name.body.at, cursor_left(&name.body));
        else if (name.tag == TAG_IP_ADDRESS)
            add_address(certificate, &name.body);
    }
    return !cursor_failed(&octets); /* a list that is none is empty here */
}

static bool read_extensions(struct cursor outer, struct x509_certificate *certificate)
{
    static const uint8_t subject_alt_name[] = {0x55, 0x1d, 0x11}; /* 2.5.29.17 */
    const struct cursor wanted = cursor_of(subject_alt_name, sizeof subject_alt_name);
    struct cursor extensions = take(&outer, TAG_SEQUENCE);
    while (cursor_left(&extensions) > 0) {
        struct cursor extension = take(&extensions, TAG_SEQUENCE);
        struct cursor object = take(&extension, TAG_OBJECT);
        skip_if(&extension, TAG_BOOLEAN);
        struct cursor value = take(&extension, TAG_OCTETS);
        if (cursor_failed(&extensions) || cursor_failed(&extension))
            return false;
        if (same_bytes(&object, &wanted) && !read_alternative_names(value, certificate))
            return false;
    }
    return !cursor_failed(&outer);
}

/* ---- distinguished names ---- */

/* RFC 4519: the attributes of 2.5.4 that are written out, by their last number. */
static const char *attribute_name(const struct cursor *object)
{
    if (cursor_left(object) != 3 || object->at[0] != 0x55 || object->at[1] != 0x04)
        return NULL;
    switch (object->at[2]) {
    case 3:
        return "CN";
    case 6:
        return "C";
    case 7:
        return "L";
    case 8:
        return "ST";
    case 10:
        return "O";
    case 11:
        return "OU";
    default:
        return NULL;
    }
}

struct text {
    char *bytes;
    size_t size, length;
};

static void put(struct text *text, char c)
{
    if (text->length + 1 < text->size) {
        text->bytes[text->length++] = c;
        text->bytes[text->length] = '\0';
    }
}

static void put_all(struct text *text, const char *from)
{
    for (; *from != '\0'; from++)
        put(text, *from);
}

/* A comma in a value gets a backslash (RFC 4514, section 2.4), so that no value looks like two. */
static void put_attribute(struct text *text, const char *name, const struct cursor *value)
{
    if (text->length > 0)
        put_all(text, ", ");
    put_all(text, name);
    put(text, '=');
    for (const uint8_t *at = value->at; at < value->end; at++) {
        if (*at == ',' || *at == '\\' || *at == '+')
            put(text, '\\');
        put(text, (char)(*at < 0x20 || *at == 0x7f ? '?' : *at));
    }
}

static bool is_text(uint8_t tag)
{
    return tag == TAG_UTF8 || tag == TAG_PRINTABLE || tag == TAG_T61 || tag == TAG_IA5;
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { object, value }; *common_name is its last CN, as the most specific.
 */
static bool read_name(struct cursor name, char *to, size_t size, struct cursor *common_name)
{
    struct text text = {to, size, 0};
    to[0] = '\0';
    while (cursor_left(&name) > 0) {
        struct cursor set = take(&name, TAG_SET);
        while (cursor_left(&set) > 0) {
            struct cursor pair = take(&set, TAG_SEQUENCE);
            struct cursor object = take(&pair, TAG_OBJECT);
            struct element value = take_element(&pair);
            if (cursor_failed(&pair))
                return false;
            const char *attribute = attribute_name(&object);
            if (attribute == NULL || !is_text(value.tag))
                continue;
            put_attribute(&text, attribute, &value.body);
            if (strcmp(attribute, "CN") == 0)
                *common_name = value.body;
        }
        if (cursor_failed(&set) || cursor_failed(&name))
            return false;
    }
    return true;
}

/* ---- the certificate ---- */

/* RFC 5280, section 4.1: TBSCertificate */
static bool read_content(struct cursor content, struct x509_certificate *certificate)
{
    struct cursor common_name = cursor_of(NULL, 0), ignored = common_name;
    skip_if(&content, TAG_VERSION);
    (void)take(&content, TAG_INTEGER);  /* serial number */
    (void)take(&content, TAG_SEQUENCE); /* algorithm of the signature */
    struct cursor issuer = take(&content, TAG_SEQUENCE);
    (void)take(&content, TAG_SEQUENCE); /* validity */
    struct cursor subject = take(&content, TAG_SEQUENCE);
    (void)take(&content, TAG_SEQUENCE); /* public key */
    skip_if(&content, TAG_ISSUER_ID);
    skip_if(&content, TAG_SUBJECT_ID);
    if (cursor_failed(&content))
        return false;
    if (!read_name(issuer, certificate->issuer, sizeof certificate->issuer, &ignored) ||
        !read_name(subject, certificate->subject, sizeof certificate->subject, &common_name))
        return false;
    certificate->self_signed = same_bytes(&issuer, &subject);
    if (next_is(&content, TAG_EXTENSIONS) && !read_extensions(take(&content, TAG_EXTENSIONS), certificate))
        return false;
    if (certificate->hosts_length == 0 && !certificate->hosts_left_out)
        add_host(certificate, common_name.at, cursor_left(&common_name));
    return !cursor_failed(&content);
}

bool x509_read(const uint8_t *bytes, size_t length, struct x509_certificate *certificate)
{
    struct cursor cursor = cursor_of(bytes, length);
    struct cursor body = take(&cursor, TAG_SEQUENCE);
    struct cursor content = take(&body, TAG_SEQUENCE);
    certificate->hosts_length = 0;
    certificate->hosts_left_out = false;
    return !cursor_failed(&cursor) && !cursor_failed(&body) && read_content(content, certificate);
}
