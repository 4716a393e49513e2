// SPDX-License-Identifier: Apache-2.0
#include "sink/summary/summary_tunnel.h"

#include "base/text.h"
#include "sink/eve/eve_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_OUTER = 3 };

/* Abbreviations are written large, "6in4" is not. */
static void add_type(char *text, const char *type)
{
    size_t length = strlen(text);
    bool is_abbreviation = !isdigit((unsigned char)type[0]);
    for (; *type != '\0' && length + 1 < SUMMARY_TUNNEL_SIZE; type++)
        text[length++] = (char)(is_abbreviation ? toupper((unsigned char)*type) : *type);
    text[length] = '\0';
}

static void add(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(char *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append(text, SUMMARY_TUNNEL_SIZE, strlen(text), format, arguments);
    va_end(arguments);
}

const char *summary_tunnel(const struct flow_record *flow, char text[static SUMMARY_TUNNEL_SIZE])
{
    const struct tunnel *tunnel = eve_tunnel_of(flow);
    char address[ADDRESS_TEXT_SIZE];
    text[0] = '\0';
    if (tunnel == NULL)
        return text;
    const struct tunnel_level *level = tunnel_innermost(tunnel);
    add_type(text, level->type);
    if (level->identifier_kind == TUNNEL_VNI)
        add(text, " %" PRIu32, level->identifier);
    else if (level->identifier_kind != TUNNEL_NO_IDENTIFIER)
        add(text, " %s %" PRIu32, tunnel_identifier_name(level->identifier_kind), level->identifier);
    if (level->ip_version != 0)
        add(text, " from %s", address_format(&level->source, address));
    for (uint32_t outer = 1; outer < tunnel->depth && outer <= MAX_OUTER; outer++) {
        add(text, "%s", outer == 1 ? ", in " : " in ");
        add_type(text, tunnel->levels[tunnel->depth - 1 - outer].type);
    }
    if (tunnel->depth > MAX_OUTER + 1)
        add(text, " in %" PRIu32 " more", tunnel->depth - MAX_OUTER - 1);
    return text;
}
