// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_head.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

struct text {
    const char *at;
    size_t length;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct text trim_end(struct text text)
{
    while (text.length > 0 && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

static struct text trim(struct text text)
{
    while (text.length > 0 && is_blank(text.at[0])) {
        text.at++;
        text.length--;
    }
    return trim_end(text);
}

static bool is_word(struct text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0;
}

static void copy(char *to, size_t size, struct text from)
{
    size_t length = from.length < size ? from.length : size - 1;
    memcpy(to, from.at, length);
    to[length] = '\0';
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* Takes what stands before the next `separator` (or all) off the beginning of `text`. */
static struct text split(struct text *text, char separator)
{
    const char *found = text->length == 0 ? NULL : memchr(text->at, separator, text->length);
    struct text part = {text->at, found == NULL ? text->length : (size_t)(found - text->at)};
    size_t used = part.length + (found != NULL);
    text->at += used;
    text->length -= used;
    return part;
}

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = memchr(digits, c, sizeof digits - 1);
    return found == NULL ? -1 : (int)(found - digits);
}

/* "Basic QWxhZGRpbjpvcGVu": the user name before the colon (RFC 7617, section 2), not the password. */
static bool read_authorization(struct http_head *head, struct text value)
{
    struct text scheme = split(&value, ' ');
    size_t length = 0;
    uint32_t bits = 0;
    unsigned count = 0;
    if (!is_word(scheme, "Basic"))
        return true;
    value = trim(value);
    for (size_t i = 0; i < value.length && length < sizeof head->authorization_user - 1; i++) {
        int digit = base64_digit(value.at[i]);
        if (digit < 0)
            break;
        bits = (bits << 6 | (uint32_t)digit) & 0xffff;
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        char c = (char)(bits >> count & 0xff);
        if (c == ':')
            break;
        head->authorization_user[length++] = c;
    }
    head->authorization_user[length] = '\0';
    return true;
}

/* Digits that fit, and the same each time (RFC 9112, section 6.3). */
static bool read_content_length(struct http_head *head, struct text value)
{
    uint64_t number = 0;
    for (size_t i = 0; i < value.length; i++) {
        int digit = digit_of(value.at[i]);
        if (digit < 0 || number > (UINT64_MAX - 9) / 10)
            return false;
        number = number * 10 + (uint64_t)digit;
    }
    if (value.length == 0 || (head->has_content_length && head->content_length != number))
        return false;
    head->has_content_length = true;
    head->content_length = number;
    return true;
}

/* RFC 9110, section 8.4.1; one coding upon another is not undone */
static void add_coding(struct http_head *head, struct text coding)
{
    bool known = is_word(coding, "gzip") || is_word(coding, "x-gzip") || is_word(coding, "deflate");
    head->deflated = known && !head->compressed;
    head->compressed = true;
}

/* "gzip, chunked": the framing is chunked where that is the last of the codings. */
static bool read_transfer_encoding(struct http_head *head, struct text value)
{
    while (value.length > 0) {
        struct text coding = trim(split(&value, ','));
        head->chunked = is_word(coding, "chunked");
        if (!head->chunked && !is_word(coding, "identity"))
            add_coding(head, coding);
    }
    return true;
}

static bool read_content_encoding(struct http_head *head, struct text value)
{
    if (value.length > 0 && !is_word(value, "identity"))
        add_coding(head, value);
    return true;
}

static bool read_upgrade(struct http_head *head, struct text value)
{
    copy(head->upgrade, sizeof head->upgrade, value);
    for (char *c = head->upgrade; *c != '\0'; c++)
        *c = lower(*c);
    return true;
}

static bool read_hashrate(struct http_head *head, struct text value)
{
    double number = 0;
    for (size_t i = 0; i < value.length && i < 30 && digit_of(value.at[i]) >= 0; i++)
        number = number * 10 + digit_of(value.at[i]);
    head->x_mining_hashrate = number;
    return true;
}

#define TEXT(field) offsetof(struct http_head, field), sizeof((struct http_head *)NULL)->field

#define NAME(text) text, sizeof(text) - 1

/* One row a header field: how it is read (false: unusable), where its text goes, whether it means mining. */
static const struct field {
    const char *name;
    size_t length; /* of the name */
    bool (*read)(struct http_head *head, struct text value);
    size_t offset, size;
    uint32_t mining;
} fields[] = {
    {NAME("Host"), NULL, TEXT(host), 0},
    {NAME("User-Agent"), NULL, TEXT(user_agent), 0},
    {NAME("Content-Type"), NULL, TEXT(content_type), 0},
    {NAME("Authorization"), read_authorization, 0, 0, 0},
    {NAME("Content-Length"), read_content_length, 0, 0, 0},
    {NAME("Transfer-Encoding"), read_transfer_encoding, 0, 0, 0},
    {NAME("Content-Encoding"), read_content_encoding, 0, 0, 0},
    {NAME("Upgrade"), read_upgrade, 0, 0, 0},
    {NAME("X-Mining-Extensions"), NULL, 0, 0, HTTP_X_MINING_EXTENSIONS},
    {NAME("X-Mining-Hashrate"), read_hashrate, 0, 0, HTTP_X_MINING_HASHRATE},
    {NAME("X-Roll-NTime"), NULL, 0, 0, HTTP_X_ROLL_NTIME},
    {NAME("X-Stratum"), NULL, TEXT(x_stratum), HTTP_X_STRATUM},
    {NAME("X-Long-Polling"), NULL, 0, 0, HTTP_X_LONG_POLLING},
    {NAME("X-Is-P2Pool"), NULL, 0, 0, HTTP_X_IS_P2POOL},
    {NAME("X-Reject-Reason"), NULL, TEXT(x_reject_reason), HTTP_X_REJECT_REASON},
    {NAME("X-Hash-Difficulty"), NULL, 0, 0, HTTP_X_HASH_DIFFICULTY},
};

enum { FIELDS = sizeof fields / sizeof fields[0], LONGEST_NAME = 32 };

/* By the length of a name, and by its first letter: which rows have such a one, a bit each. Most fields of a
 * head are settled so. */
static uint16_t rows_of_length[LONGEST_NAME + 1], rows_of_letter[32];
_Static_assert(FIELDS <= 16, "each row has its bit");

static uint16_t *rows_that_begin(char c)
{
    return &rows_of_letter[c & 0x1f]; /* of either case */
}

static void list_rows(void)
{
    for (size_t row = 0; row < FIELDS; row++) {
        rows_of_length[fields[row].length] |= (uint16_t)(1u << row);
        *rows_that_begin(fields[row].name[0]) |= (uint16_t)(1u << row);
    }
}

static const struct field *find_field(struct text name)
{
    unsigned left = name.length > 0 && name.length <= LONGEST_NAME
                        ? rows_of_length[name.length] & *rows_that_begin(name.at[0])
                        : 0;
    for (; left != 0; left &= left - 1) {
        const struct field *field = &fields[__builtin_ctz(left)];
        if (strncasecmp(name.at, field->name, name.length) == 0)
            return field;
    }
    return NULL;
}

static bool read_field(struct http_head *head, struct text line)
{
    const char *colon = is_blank(line.at[0]) ? NULL : memchr(line.at, ':', line.length);
    if (colon == NULL)
        return true;
    size_t before = (size_t)(colon - line.at);
    const struct field *field = find_field(trim_end((struct text){line.at, before}));
    if (field == NULL)
        return true;
    struct text value = trim((struct text){colon + 1, line.length - before - 1});
    head->mining_headers |= field->mining;
    if (field->size > 0)
        copy((char *)head + field->offset, field->size, value);
    return field->read == NULL || field->read(head, value);
}

static const char version[] = "HTTP/1.";
enum { VERSION_LENGTH = sizeof version }; /* with its last digit */

static bool read_version(struct http_head *head, struct text text)
{
    if (text.length != VERSION_LENGTH || memcmp(text.at, version, VERSION_LENGTH - 1) != 0 ||
        digit_of(text.at[VERSION_LENGTH - 1]) < 0)
        return false;
    head->version_minor = text.at[VERSION_LENGTH - 1] != '0';
    return true;
}

/* "POST /json_rpc HTTP/1.1"; a target with blanks in it, which some clients send, is taken as it stands. */
static bool read_request_line(struct http_head *head, struct text line)
{
    struct text method = split(&line, ' ');
    line = trim(line);
    if (line.length < VERSION_LENGTH + 2 || line.at[line.length - VERSION_LENGTH - 1] != ' ')
        return false;
    size_t target = line.length - VERSION_LENGTH - 1;
    copy(head->method, sizeof head->method, method);
    copy(head->target, sizeof head->target, trim((struct text){line.at, target}));
    return read_version(head, (struct text){line.at + target + 1, VERSION_LENGTH});
}

/* "HTTP/1.1 200 OK"; the reason is often missing */
static bool read_status_line(struct http_head *head, struct text line)
{
    bool good = read_version(head, split(&line, ' '));
    struct text reason = trim(line);
    struct text status = split(&reason, ' ');
    head->connected = is_word(trim(reason), "Connection established");
    for (size_t i = 0; i < status.length && i < 4; i++) {
        if (digit_of(status.at[i]) < 0)
            return false;
        head->status = (uint16_t)(head->status * 10 + digit_of(status.at[i]));
    }
    return good && status.length == 3 && head->status >= 100;
}

/* Nothing is read yet. The texts' other bytes stay as they are: to clear them took a tenth of the time. */
static void begin_head(struct http_head *head, bool is_request)
{
    memset(head, 0, offsetof(struct http_head, method));
    head->is_request = is_request;
    head->method[0] = head->target[0] = head->host[0] = head->user_agent[0] = head->authorization_user[0] =
        head->content_type[0] = head->upgrade[0] = head->x_stratum[0] = head->x_reject_reason[0] = '\0';
}

/* The next line without its LF; false where there is no LF. */
static bool take_line(struct text *rest, struct text *line)
{
    const char *end = memchr(rest->at, '\n', rest->length);
    if (end == NULL)
        return false;
    *line = (struct text){rest->at, (size_t)(end - rest->at)};
    rest->at = end + 1;
    rest->length -= line->length + 1;
    return true;
}

static bool is_empty(struct text line)
{
    return line.length == 0 || (line.length == 1 && line.at[0] == '\r');
}

enum http_head_result http_head_read(const char *text, size_t length, bool is_request, struct http_head *head,
                                     size_t *used)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, list_rows);
    struct text rest = {text, length}, line;
    bool length_usable = true;
    if (!take_line(&rest, &line))
        return HTTP_HEAD_MORE;
    begin_head(head, is_request);
    line = trim(line);
    bool good = is_request ? read_request_line(head, line) : read_status_line(head, line);
    for (;;) {
        if (!take_line(&rest, &line))
            return HTTP_HEAD_MORE;
        if (is_empty(line))
            break;
        if (good && !read_field(head, line))
            length_usable = false;
    }
    *used = length - rest.length;
    if (head->chunked) /* RFC 9112, section 6.3: it overrides the length */
        head->has_content_length = false;
    return !good ? HTTP_HEAD_BAD : length_usable || head->chunked ? HTTP_HEAD_GOOD : HTTP_HEAD_BAD_LENGTH;
}
