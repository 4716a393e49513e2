// SPDX-License-Identifier: Apache-2.0
#include "protocol/tls.h"

#include "base/cursor.h"
#include "base/digest.h"
#include "base/json_writer.h"
#include "base/siphash.h"
#include "base/text.h"

#include <string.h>

/* RFC 8446, section 4.2 */
enum {
    EXTENSION_SERVER_NAME = 0,
    EXTENSION_GROUPS = 10,
    EXTENSION_POINT_FORMATS = 11,
    EXTENSION_SIGNATURES = 13,
    EXTENSION_ALPN = 16,
    EXTENSION_VERSIONS = 43,
    NAME_TYPE_HOST = 0, /* RFC 6066, section 3 */
};

/* More of anything is no client that wants to be understood: it gets no fingerprint. The longest list of real
 * clients has about 150 ciphers. */
enum { LIST_MAX = 512, WORD = sizeof(uint64_t) / sizeof(uint16_t) };
_Static_assert(LIST_MAX % WORD == 0, "a list may be filled up to a whole word");

struct list {
    uint16_t values[LIST_MAX];
    size_t count;
    bool overflow;
};

/* What the fingerprints are made of, in wire order, without GREASE. */
struct features {
    struct list ciphers, extensions, groups, point_formats, signatures;
    uint16_t legacy_version;
    uint8_t alpn_first, alpn_last;
    bool has_name, has_alpn;
};

/* RFC 8701: values that a client sprinkles in so that servers stay tolerant. */
static bool is_grease(uint16_t value)
{
    return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void add(struct list *list, uint16_t value)
{
    if (is_grease(value))
        return;
    if (list->count == LIST_MAX)
        list->overflow = true;
    else
        list->values[list->count++] = value;
}

static void clear_list(struct list *list)
{
    list->count = 0;
    list->overflow = false;
}

/* Nothing is read yet. The lists' 5 KiB of values stay as they are: they would be cleared for each hello. */
static void clear_features(struct features *features)
{
    clear_list(&features->ciphers);
    clear_list(&features->extensions);
    clear_list(&features->groups);
    clear_list(&features->point_formats);
    clear_list(&features->signatures);
    features->legacy_version = 0;
    features->alpn_first = features->alpn_last = 0;
    features->has_name = features->has_alpn = false;
}

static struct cursor vector(struct cursor *cursor, size_t length)
{
    const uint8_t *bytes = cursor_take(cursor, length);
    return cursor_of(bytes, bytes == NULL ? 0 : length);
}

static void add_all(struct list *list, struct cursor cursor)
{
    while (cursor_left(&cursor) >= 2)
        add(list, cursor_u16_be(&cursor));
}

static void read_server_name(struct cursor cursor, struct tls_client_hello *hello)
{
    struct cursor names = vector(&cursor, cursor_u16_be(&cursor));
    uint8_t type = cursor_u8(&names);
    struct cursor name = vector(&names, cursor_u16_be(&names));
    size_t length = cursor_left(&name);
    if (cursor_failed(&names) || type != NAME_TYPE_HOST)
        return;
    if (length >= sizeof hello->server_name)
        length = sizeof hello->server_name - 1;
    for (size_t i = 0; i < length; i++) {
        char c = (char)name.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        hello->server_name[i] = (char)(plain ? c : '?');
    }
    hello->server_name[length] = '\0';
}

static void read_alpn(struct cursor cursor, struct features *features, struct tls_client_hello *hello)
{
    struct cursor protocols = vector(&cursor, cursor_u16_be(&cursor));
    struct cursor first = vector(&protocols, cursor_u8(&protocols));
    size_t length = cursor_left(&first);
    if (length == 0)
        return;
    features->has_alpn = true;
    features->alpn_first = first.at[0];
    features->alpn_last = first.at[length - 1];
    if (length >= sizeof hello->alpn)
        length = sizeof hello->alpn - 1;
    for (size_t i = 0; i < length; i++)
        hello->alpn[i] = (char)(first.at[i] > 0x20 && first.at[i] < 0x7f ? first.at[i] : '?');
    hello->alpn[length] = '\0';
}

static void read_versions(struct cursor cursor, struct tls_client_hello *hello)
{
    struct cursor versions = vector(&cursor, cursor_u8(&cursor));
    uint16_t highest = 0;
    while (cursor_left(&versions) >= 2) {
        uint16_t version = cursor_u16_be(&versions);
        if (!is_grease(version) && version > highest)
            highest = version;
    }
    if (highest != 0)
        hello->version = highest;
}

/* A field inside an extension that does not fit makes the extension empty, not the hello wrong. */
static void read_extension(uint16_t type, struct cursor body, struct features *features,
                           struct tls_client_hello *hello)
{
    switch (type) {
    case EXTENSION_SERVER_NAME:
        features->has_name = true;
        read_server_name(body, hello);
        break;
    case EXTENSION_GROUPS:
        add_all(&features->groups, vector(&body, cursor_u16_be(&body)));
        break;
    case EXTENSION_POINT_FORMATS:
        for (struct cursor formats = vector(&body, cursor_u8(&body)); cursor_left(&formats) > 0;)
            add(&features->point_formats, cursor_u8(&formats));
        break;
    case EXTENSION_SIGNATURES:
        add_all(&features->signatures, vector(&body, cursor_u16_be(&body)));
        break;
    case EXTENSION_ALPN:
        read_alpn(body, features, hello);
        break;
    case EXTENSION_VERSIONS:
        read_versions(body, hello);
        break;
    default:
        break;
    }
}

static bool read_extensions(struct cursor cursor, struct features *features, struct tls_client_hello *hello)
{
    while (cursor_left(&cursor) > 0) {
        uint16_t type = cursor_u16_be(&cursor);
        struct cursor body = vector(&cursor, cursor_u16_be(&cursor));
        if (cursor_failed(&cursor))
            return false;
        add(&features->extensions, type);
        if (!is_grease(type))
            read_extension(type, body, features, hello);
    }
    return true;
}

static bool read_hello(struct cursor cursor, struct features *features, struct tls_client_hello *hello)
{
    features->legacy_version = hello->version = cursor_u16_be(&cursor);
    cursor_skip(&cursor, 32);                  /* random */
    (void)vector(&cursor, cursor_u8(&cursor)); /* session */
    struct cursor ciphers = vector(&cursor, cursor_u16_be(&cursor));
    (void)vector(&cursor, cursor_u8(&cursor)); /* compression */
    add_all(&features->ciphers, ciphers);
    if (cursor_failed(&cursor) || features->legacy_version >> 8 != 3)
        return false;
    if (cursor_left(&cursor) == 0) /* before RFC 3546 there were no extensions */
        return true;
    struct cursor extensions = vector(&cursor, cursor_u16_be(&cursor));
    return !cursor_failed(&cursor) && read_extensions(extensions, features, hello);
}

/* Text that a fingerprint is the digest of: JA3 joins decimals with '-', JA4 four hexadecimal digits with
 * ','; large enough for five full lists of "65535-". */
struct text {
    char bytes[5 * LIST_MAX * 6 + JSON_DIGITS];
    size_t length;
};

static void put_character(struct text *text, char character)
{
    text->bytes[text->length++] = character;
}

static void put_hexadecimal(struct text *text, uint16_t value)
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned shift = 16; shift > 0;)
        put_character(text, digits[value >> (shift -= 4) & 15]);
}

/* Written by hand: with snprintf() for each value, fingerprints took most of the time that a handshake takes.
 */
static void put_decimals(struct text *text, const struct list *list)
{
    char *at = text->bytes + text->length;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            *at++ = '-';
        at = json_digits(at, list->values[i]);
    }
    text->length = (size_t)(at - text->bytes);
}

static void put_hexadecimals(struct text *text, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            put_character(text, ',');
        put_hexadecimal(text, list->values[i]);
    }
}

/* ---- digests that are known ---- */

void tls_digests_init(struct tls_digests *digests)
{
    uint8_t secret[16];
    memset(digests, 0, sizeof *digests);
    siphash_make_secret(secret);
    memcpy(digests->secret, secret, sizeof secret);
}

static void absorb(struct siphash_state *state, struct list *list)
{
    siphash_absorb(state, list->count);
    for (size_t i = list->count; i % WORD != 0; i++)
        list->values[i] = 0;
    for (size_t i = 0; i < list->count; i += WORD) {
        uint64_t word;
        memcpy(&word, list->values + i, sizeof word);
        siphash_absorb(state, word);
    }
}

/* What `kind` of digest it is, and of which lists; never 0. */
static uint64_t hash_of(const struct tls_digests *digests, uint32_t kind, struct list *const lists[],
                        size_t count)
{
    struct siphash_state state = siphash_begin(digests->secret[0], digests->secret[1]);
    siphash_absorb(&state, kind);
    for (size_t i = 0; i < count; i++)
        absorb(&state, lists[i]);
    return siphash_end(&state) | 1;
}

static struct tls_digest *place_of(struct tls_digests *digests, uint64_t hash)
{
    return &digests->kept[(hash >> 32) % TLS_DIGESTS];
}

/* The digest of `text` of which so many digits are wanted. */
static const char *keep_digest(struct tls_digest *place, uint64_t hash, enum digest digest,
                               const struct text *text, size_t digits)
{
    place->hash = hash;
    digest_hex(digest, text->bytes, text->length, place->digits, digits);
    return place->digits;
}

/* ---- fingerprints ---- */

/* salesforce/ja3, README: version,ciphers,extensions,groups,point formats; decimal, joined by '-'. */
static const char *ja3_of(struct features *features, struct tls_digests *digests, struct text *text)
{
    struct list *const lists[] = {&features->ciphers, &features->extensions, &features->groups,
                                  &features->point_formats};
    uint64_t hash = hash_of(digests, features->legacy_version, lists, sizeof lists / sizeof lists[0]);
    struct tls_digest *place = place_of(digests, hash);
    if (place->hash == hash)
        return place->digits;
    text->length = (size_t)(json_digits(text->bytes, features->legacy_version) - text->bytes);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        put_character(text, ',');
        put_decimals(text, lists[i]);
    }
    return keep_digest(place, hash, DIGEST_MD5, text, 32);
}

/* Shell's sort with Ciura's gaps: the lists are short, and qsort() would call a function for each two values.
 */
static void sort(struct list *list)
{
    static const uint16_t gaps[] = {132, 57, 23, 10, 4, 1};
    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++)
        for (size_t next = gaps[i], at; next < list->count; next++) {
            uint16_t value = list->values[next];
            for (at = next; at >= gaps[i] && list->values[at - gaps[i]] > value; at -= gaps[i])
                list->values[at] = list->values[at - gaps[i]];
            list->values[at] = value;
        }
}

/* The first 12 digits of the SHA-256 of a list, which is sorted for it, and, for the extensions, of the
 * signature algorithms behind it. */
static const char *ja4_part_of(struct list *list, struct list *signatures, struct tls_digests *digests,
                               struct text *text)
{
    enum { KIND = UINT16_MAX + 1 }; /* those of JA3 are versions */
    struct list *const lists[] = {list, signatures};
    size_t count = signatures != NULL && signatures->count > 0 ? 2 : 1;
    if (list->count == 0 && count == 1)
        return "000000000000";
    sort(list);
    uint64_t hash = hash_of(digests, KIND, lists, count);
    struct tls_digest *place = place_of(digests, hash);
    if (place->hash == hash)
        return place->digits;
    text->length = 0;
    put_hexadecimals(text, list);
    if (count == 2) {
        put_character(text, '_');
        put_hexadecimals(text, signatures);
    }
    return keep_digest(place, hash, DIGEST_SHA256, text, 12);
}

static const char *ja4_version(uint16_t version)
{
    switch (version) {
    case 0x0304:
        return "13";
    case 0x0303:
        return "12";
    case 0x0302:
        return "11";
    case 0x0301:
        return "10";
    case 0x0300:
        return "s3";
    default:
        return "00";
    }
}

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* First and last character of the first protocol, or of its hexadecimal form where one of them is no letter
 * or digit. */
static void write_ja4_alpn(const struct features *features, char text[static 3])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t first = features->alpn_first, last = features->alpn_last;
    bool readable = is_alphanumeric(first) && is_alphanumeric(last);
    text[0] = (char)(!features->has_alpn ? '0' : readable ? first : hex[first >> 4]);
    text[1] = (char)(!features->has_alpn ? '0' : readable ? last : hex[last & 15]);
    text[2] = '\0';
}

static char *put_two_digits(char *at, size_t count)
{
    *at++ = (char)('0' + (count > 99 ? 99 : count) / 10);
    *at++ = (char)('0' + (count > 99 ? 99 : count) % 10);
    return at;
}

/* FoxIO-LLC/ja4, technical_details/JA4.md: "t13d1516h2_8daaf6152771_e5627efa2ab1"; sorts the ciphers */
static void write_ja4(struct features *features, struct tls_digests *digests, struct text *text,
                      struct tls_client_hello *hello)
{
    struct list others;
    clear_list(&others);
    for (size_t i = 0; i < features->extensions.count; i++) {
        uint16_t type = features->extensions.values[i];
        if (type != EXTENSION_SERVER_NAME && type != EXTENSION_ALPN)
            add(&others, type);
    }
    char *at = hello->ja4;
    *at++ = 't';
    at = stpcpy(at, ja4_version(hello->version));
    *at++ = features->has_name ? 'd' : 'i';
    at = put_two_digits(at, features->ciphers.count);
    at = put_two_digits(at, features->extensions.count);
    write_ja4_alpn(features, at);
    at = stpcpy(at + 2, "_");
    at = stpcpy(at, ja4_part_of(&features->ciphers, NULL, digests, text));
    at = stpcpy(at, "_");
    (void)stpcpy(at, ja4_part_of(&others, &features->signatures, digests, text));
}

static void write_fingerprints(struct features *features, struct tls_digests *digests,
                               struct tls_client_hello *hello)
{
    struct text text;
    if (features->ciphers.overflow || features->extensions.overflow || features->groups.overflow ||
        features->point_formats.overflow || features->signatures.overflow)
        return;
    text_copy(hello->ja3, sizeof hello->ja3, ja3_of(features, digests, &text));
    write_ja4(features, digests, &text, hello);
}

bool tls_read_client_hello(const uint8_t *body, size_t length, struct tls_digests *digests,
                           struct tls_client_hello *hello)
{
    struct features features;
    clear_features(&features);
    memset(hello, 0, sizeof *hello);
    if (!read_hello(cursor_of(body, length), &features, hello))
        return false;
    write_fingerprints(&features, digests, hello);
    return true;
}
