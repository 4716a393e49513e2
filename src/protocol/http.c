// SPDX-License-Identifier: Apache-2.0
#include "protocol/http.h"

#include "protocol/http_head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where a chunked body stands (RFC 9112, section 7.1). */
enum chunk_state {
    CHUNK_SIZE_FIRST, /* first digit of the size */
    CHUNK_SIZE,
    CHUNK_EXTENSION, /* to the end of the line */
    CHUNK_DATA,
    CHUNK_DATA_END,     /* the line end behind the data */
    CHUNK_TRAILER,      /* beginning of a trailer line */
    CHUNK_TRAILER_LINE, /* inside one */
};

static const uint64_t CHUNK_MAX = UINT64_C(1) << 60; /* one more digit still fits */

/* What a call of http_feed() works with. */
struct feed {
    struct http_parser *parser;
    const struct http_handler *handler;
    void *context;
};

/* RFC 9110, section 9.3; RFC 5789; RFC 4918 */
static const char *const methods[] = {"GET ",     "POST ",  "PUT ",   "HEAD ",    "DELETE ", "OPTIONS ",
                                      "CONNECT ", "PATCH ", "TRACE ", "PROPFIND", "REPORT ", "SEARCH "};

static int begins_response(const uint8_t *bytes, size_t length)
{
    static const char version[] = "HTTP/1.";
    size_t whole = sizeof version - 1, known = length < whole ? length : whole;
    if (length > 0 && bytes[0] != 'H')
        return 0;
    if (memcmp(bytes, version, known) != 0)
        return 0;
    if (length <= whole)
        return -1;
    return bytes[whole] >= '0' && bytes[whole] <= '9';
}

static int begins_request(const uint8_t *bytes, size_t length)
{
    if (length > 0 && (bytes[0] < 'A' || bytes[0] > 'Z')) /* most that is asked about is something else */
        return 0;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (length > 0 && bytes[0] != (uint8_t)methods[i][0])
            continue;
        size_t whole = strlen(methods[i]);
        if (memcmp(bytes, methods[i], length < whole ? length : whole) != 0)
            continue;
        /* no target begins with a brace (RFC 9112, section 3.2): that is how clients of NATS begin, CONNECT
         * {...} */
        return length < whole ? -1 : length == whole || bytes[whole] != '{';
    }
    return 0;
}

int http_begins(const uint8_t *bytes, size_t length, bool *is_request)
{
    int response = begins_response(bytes, length);
    *is_request = response == 0;
    return response != 0 ? response : begins_request(bytes, length);
}

/* As http_begins(), for the parser's direction: a first "H" may begin "HEAD" as well as "HTTP". */
static int begins_here(const struct http_parser *parser, const void *bytes, size_t length)
{
    return parser->requests ? begins_request(bytes, length) : begins_response(bytes, length);
}

static void drop_head(struct http_parser *parser)
{
    free(parser->head);
    parser->head = NULL;
    parser->head_length = 0;
}

/* Behind a gap, what looked like a head and is none is passed over as well. */
static void fail(struct http_parser *parser)
{
    drop_head(parser);
    parser->state = parser->lost ? HTTP_START : HTTP_FAULT;
}

static void hand_on(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    if (length > 0)
        feed->handler->body(feed->context, bytes, length);
}

static void end_message(const struct feed *feed)
{
    feed->parser->state = HTTP_START;
    feed->handler->message_end(feed->context);
}

static void begin_body(const struct feed *feed, const struct http_head *head)
{
    struct http_parser *parser = feed->parser;
    if (head->chunked) {
        parser->state = HTTP_BODY_CHUNKED;
        parser->chunk_state = CHUNK_SIZE_FIRST;
        parser->body_left = 0;
    } else if (head->has_content_length && head->content_length > 0) {
        parser->state = HTTP_BODY_LENGTH;
        parser->body_left = head->content_length;
    } else if (head->has_content_length || head->is_request) {
        end_message(feed);
    } else {
        parser->state = HTTP_BODY_UNTIL_CLOSE;
    }
}

/* RFC 9112, section 6.3: which messages have a body, and how long it is. */
static void after_head(const struct feed *feed, const struct http_head *head)
{
    struct http_parser *parser = feed->parser;
    bool interim = !head->is_request && head->status < 200;
    bool connected = parser->connect_expected && head->status / 100 == 2;
    bool bodiless = parser->no_body_expected || interim || head->status == 204 || head->status == 304;
    if (head->is_request) {
        parser->connect_expected = strcmp(head->method, "CONNECT") == 0 || head->upgrade[0] != '\0';
        begin_body(feed, head);
        return;
    }
    if (!interim)
        parser->no_body_expected = parser->connect_expected = false;
    if (head->status == 101 || connected)
        parser->state = HTTP_TUNNEL;
    else if (bodiless)
        end_message(feed);
    else
        begin_body(feed, head);
}

/* The head with its empty line; gives its length, 0 while the empty line is not there. */
static size_t take_head(const struct feed *feed, const char *text, size_t length)
{
    struct http_head head;
    size_t used;
    enum http_head_result result = http_head_read(text, length, feed->parser->requests, &head, &used);
    if (result == HTTP_HEAD_MORE)
        return 0;
    drop_head(feed->parser);
    if (result == HTTP_HEAD_BAD) {
        fail(feed->parser);
        return used;
    }
    feed->parser->lost = false;
    feed->handler->head(feed->context, &head);
    if (result == HTTP_HEAD_BAD_LENGTH) /* what follows cannot be told apart */
        fail(feed->parser);
    else
        after_head(feed, &head);
    return used;
}

/* The length of the head with its empty line, looked for from `from`; 0 while the empty line is not there. */
static size_t head_end(const char *text, size_t from, size_t length)
{
    const char *end = text + length, *line = text + from;
    while ((line = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        line++;
        if (end - line >= 1 && line[0] == '\n')
            return (size_t)(line + 1 - text);
        if (end - line >= 2 && line[0] == '\r' && line[1] == '\n')
            return (size_t)(line + 2 - text);
    }
    return 0;
}

/* The buffer's size is a function of what it holds, so that it need not be kept. */
static size_t buffer_size(size_t held)
{
    size_t size = 512;
    while (size < held)
        size *= 2;
    return size;
}

static bool keep(struct http_parser *parser, const uint8_t *bytes, size_t length)
{
    size_t held = parser->head_length + length;
    if (parser->head == NULL || buffer_size(held) != buffer_size(parser->head_length)) {
        char *head = realloc(parser->head, buffer_size(held));
        if (head == NULL)
            return false;
        parser->head = head;
    }
    memcpy(parser->head + parser->head_length, bytes, length);
    parser->head_length = (uint32_t)held;
    return true;
}

/* What began is no HTTP: a tunnel where one may begin, else a fault. */
static void give_up_head(const struct feed *feed)
{
    struct http_parser *parser = feed->parser;
    if (!parser->requests || !parser->connect_expected) {
        fail(parser);
        return;
    }
    parser->state = HTTP_TUNNEL;
    hand_on(feed, (const uint8_t *)parser->head, parser->head_length);
    drop_head(parser);
}

static size_t feed_head(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    struct http_parser *parser = feed->parser;
    size_t held = parser->head_length, room = HTTP_MAX_HEAD - held;
    size_t kept = length < room ? length : room;
    if (held == 0) {
        if (begins_here(parser, bytes, length) == 0) {
            give_up_head(feed);
            return 0;
        }
        size_t used = take_head(feed, (const char *)bytes, kept);
        if (used > 0)
            return used; /* all of it in one piece, as it nearly always is: no copy */
    }
    if (kept == 0) {
        fail(parser);
        return 0;
    }
    if (!keep(parser, bytes, kept)) {
        parser->lost = false; /* no memory: this direction ends here */
        fail(parser);
        return kept;
    }
    if (held == 0)
        return kept; /* it has been looked at */
    if (begins_here(parser, parser->head, parser->head_length) == 0) {
        give_up_head(feed);
        return kept;
    }
    size_t end = head_end(parser->head, held < 2 ? 0 : held - 2, parser->head_length);
    if (end == 0)
        return kept;
    (void)take_head(feed, parser->head, end);
    return end - held;
}

/* Behind a gap: the next place where a head may begin. A head whose first 8 bytes are split over two pieces
 * is missed. */
static size_t feed_lost(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((i == 0 || bytes[i - 1] == '\n' || bytes[i - 1] == '}') &&
            begins_here(feed->parser, bytes + i, length - i) == 1) {
            feed->parser->state = HTTP_HEAD;
            return i;
        }
    return length;
}

static size_t feed_start(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    size_t used = 0;
    if (feed->parser->lost)
        return feed_lost(feed, bytes, length);
    if (!feed->parser->connect_expected) /* empty lines before a request line: RFC 9112, section 2.2 */
        while (used < length && (bytes[used] == '\r' || bytes[used] == '\n'))
            used++;
    if (used < length)
        feed->parser->state = HTTP_HEAD;
    return used;
}

/* Hands on what is here of `body_left`. */
static size_t feed_counted(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    size_t used = length < feed->parser->body_left ? length : (size_t)feed->parser->body_left;
    feed->parser->body_left -= used;
    hand_on(feed, bytes, used);
    return used;
}

static size_t feed_length(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    size_t used = feed_counted(feed, bytes, length);
    if (feed->parser->body_left == 0)
        end_message(feed);
    return used;
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static void end_size_line(struct http_parser *parser)
{
    parser->chunk_state = parser->body_left == 0 ? CHUNK_TRAILER : CHUNK_DATA;
}

static void feed_size(struct http_parser *parser, uint8_t byte)
{
    int digit = hex_digit(byte);
    bool first = parser->chunk_state == CHUNK_SIZE_FIRST;
    if (digit >= 0 && parser->body_left < CHUNK_MAX) {
        parser->body_left = parser->body_left << 4 | (uint64_t)digit;
        parser->chunk_state = CHUNK_SIZE;
    } else if (!first && byte == '\n') {
        end_size_line(parser);
    } else if (!first && (byte == ';' || byte == ' ' || byte == '\t' || byte == '\r')) {
        parser->chunk_state = CHUNK_EXTENSION;
    } else {
        fail(parser);
    }
}

/* One byte of a chunk's framing. */
static void feed_framing(const struct feed *feed, uint8_t byte)
{
    struct http_parser *parser = feed->parser;
    switch ((enum chunk_state)parser->chunk_state) {
    case CHUNK_SIZE_FIRST:
    case CHUNK_SIZE:
        feed_size(parser, byte);
        break;
    case CHUNK_EXTENSION:
        if (byte == '\n')
            end_size_line(parser);
        break;
    case CHUNK_DATA:
        break;
    case CHUNK_DATA_END:
        if (byte == '\n')
            parser->chunk_state = CHUNK_SIZE_FIRST;
        else if (byte != '\r')
            fail(parser);
        break;
    case CHUNK_TRAILER:
        if (byte == '\n')
            end_message(feed);
        else if (byte != '\r')
            parser->chunk_state = CHUNK_TRAILER_LINE;
        break;
    case CHUNK_TRAILER_LINE:
        if (byte == '\n')
            parser->chunk_state = CHUNK_TRAILER;
        break;
    }
}

static size_t feed_chunked(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    if (feed->parser->chunk_state != CHUNK_DATA) {
        feed_framing(feed, bytes[0]);
        return 1;
    }
    size_t used = feed_counted(feed, bytes, length);
    if (feed->parser->body_left == 0)
        feed->parser->chunk_state = CHUNK_DATA_END;
    return used;
}

static size_t feed_rest(const struct feed *feed, const uint8_t *bytes, size_t length)
{
    hand_on(feed, bytes, length);
    return length;
}

bool http_feed(struct http_parser *parser, const struct http_handler *handler, void *context,
               const uint8_t *bytes, size_t length)
{
    static size_t (*const steps[])(const struct feed *, const uint8_t *, size_t) = {
        [HTTP_START] = feed_start,           [HTTP_HEAD] = feed_head,
        [HTTP_BODY_LENGTH] = feed_length,    [HTTP_BODY_CHUNKED] = feed_chunked,
        [HTTP_BODY_UNTIL_CLOSE] = feed_rest, [HTTP_TUNNEL] = feed_rest,
    };
    struct feed feed = {parser, handler, context};
    while (length > 0 &&
           parser->state != HTTP_FAULT) { /* each step takes bytes or changes the state forwards */
        size_t used = steps[parser->state](&feed, bytes, length);
        bytes += used;
        length -= used;
    }
    return parser->state != HTTP_FAULT;
}

void http_gap(struct http_parser *parser, uint32_t missing)
{
    bool chunk = parser->state == HTTP_BODY_CHUNKED && parser->chunk_state == CHUNK_DATA;
    if (parser->state == HTTP_FAULT || parser->state == HTTP_BODY_UNTIL_CLOSE || parser->state == HTTP_TUNNEL)
        return;
    if ((chunk || parser->state == HTTP_BODY_LENGTH) && missing > 0 && missing <= parser->body_left) {
        parser->body_left -= missing;
        if (parser->body_left == 0 && chunk)
            parser->chunk_state = CHUNK_DATA_END;
        else if (parser->body_left == 0)
            parser->state = HTTP_START;
        return;
    }
    drop_head(parser);
    parser->lost = true;
    parser->state = HTTP_START;
}

void http_parser_done(struct http_parser *parser)
{
    drop_head(parser);
}
