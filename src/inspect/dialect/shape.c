// SPDX-License-Identifier: Apache-2.0
#include "inspect/dialect/shape.h"

#include "intel/wallet.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_text(const struct json_reader *json, uint8_t value)
{
    return json_is(json, value, JSON_STRING) && json_length(json, value) > 0;
}

static bool is_decimal(const struct json_reader *json, uint8_t value)
{
    const char *text = json_text(json, value);
    return is_text(json, value) && strspn(text, "0123456789") == json_length(json, value);
}

static bool value_is(const struct json_reader *json, uint8_t value, char kind)
{
    switch (kind) {
    case 's':
        return is_text(json, value);
    case 'e':
        return json_is(json, value, JSON_STRING) && json_length(json, value) == 0;
    case 'j':
        return is_text(json, value) || json_is(json, value, JSON_NUMBER);
    case 'd':
        return is_decimal(json, value);
    case 'h':
        return json_is_bare_hex(json, value, 64, 64);
    case 'H':
        return json_is_prefixed_hex(json, value, 64, 64);
    case 'x':
        return json_is_hex(json, value, 64, 64);
    case '4':
        return json_is_bare_hex(json, value, 8, 8);
    case 'a':
        return json_is_hex(json, value, 1, UINT32_MAX);
    case 'n':
        return json_is(json, value, JSON_NUMBER);
    case 'b':
        return json_is(json, value, JSON_TRUE) || json_is(json, value, JSON_FALSE);
    case 'l':
        return json_is(json, value, JSON_ARRAY);
    default:
        return value != JSON_NONE;
    }
}

bool shape_is(const struct rpc *rpc, const char *shape)
{
    uint16_t count = (uint16_t)strlen(shape);
    if (!json_is(rpc->json, rpc->parameters, JSON_ARRAY) || json_length(rpc->json, rpc->parameters) != count)
        return false;
    for (uint16_t i = 0; i < count; i++)
        if (!value_is(rpc->json, dialect_parameter(rpc, i), shape[i]))
            return false;
    return true;
}

bool shape_is_bare(const struct rpc *rpc)
{
    return rpc->result == JSON_NONE && json_length(rpc->json, rpc->parameters) == 0;
}

uint8_t shape_member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->parameters, name);
}

uint8_t shape_outer_member(const struct rpc *rpc, const char *name)
{
    return json_member(rpc->json, rpc->message, name);
}

bool shape_begins(const struct json_reader *json, uint8_t value, const char *start)
{
    return json_is(json, value, JSON_STRING) && strncmp(json_text(json, value), start, strlen(start)) == 0;
}

bool shape_is_wallet(const struct rpc *rpc, uint16_t position, const char *start, const char *coin)
{
    const char *user = dialect_parameter_text(rpc, position);
    struct wallet wallet;
    if (strncasecmp(user, start, strlen(start)) != 0) /* checksums cost more than this */
        return false;
    wallet_read(user, &wallet);
    return wallet.proof == WALLET_CHECKSUM && strcmp(wallet.coin, coin) == 0 &&
           strncmp(user, wallet.address, strlen(wallet.address)) == 0;
}

bool shape_text_is_address(const char *user, const char *start, size_t low, size_t high, bool hexadecimal)
{
    if (strncmp(user, start, strlen(start)) != 0)
        return false;
    user += strlen(start);
    size_t run = 0;
    while (isalnum((unsigned char)user[run]))
        run++;
    return run >= low && run <= high && strchr("./+,;@#=", user[run]) != NULL && /* NUL is found too */
           (!hexadecimal || strspn(user, "0123456789abcdefABCDEF") >= run);
}

bool shape_is_address(const struct rpc *rpc, uint16_t position, const char *start, size_t low, size_t high)
{
    return shape_text_is_address(dialect_parameter_text(rpc, position), start, low, high, false);
}

bool shape_time_is_near(const struct rpc *rpc, uint64_t milliseconds)
{
    return dialect_time_is_near(rpc, milliseconds / 1000);
}

void shape_prove_time(struct session *session, const struct rpc *rpc, uint64_t milliseconds)
{
    static const char words[] = "block time in the job is that of the packet";
    struct conversation *conversation = &session->conversation;
    if (!shape_time_is_near(rpc, milliseconds))
        return;
    session_state(session, FACT_JOB_PROVEN);
    session->changed |= conversation_set(conversation->job_proof, sizeof conversation->job_proof, words);
}

uint64_t shape_number(const char *hexadecimal, size_t count, bool high_last)
{
    uint64_t number = 0;
    if (strnlen(hexadecimal, count) < count) /* not kept whole */
        return 0;
    for (size_t byte = 0; byte < count / 2 && byte < sizeof number; byte++) {
        const char *at = hexadecimal + 2 * (high_last ? count / 2 - 1 - byte : byte);
        const char digits[3] = {at[0], at[1], '\0'};
        number = number << 8 | strtoul(digits, NULL, 16);
    }
    return number;
}

uint64_t shape_number_at(const struct rpc *rpc, uint8_t value, size_t at, bool high_last)
{
    const char *text = json_text(rpc->json, value);
    text += strncmp(text, "0x", 2) == 0 ? 2 : 0;
    return strlen(text) >= 2 * at ? shape_number(text + 2 * at, 16, high_last) : 0;
}
