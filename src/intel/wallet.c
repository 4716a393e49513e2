// SPDX-License-Identifier: Apache-2.0
#include "intel/wallet.h"

#include "intel/wallet_kind.h"

#include <ctype.h>
#include <string.h>

typedef bool wallet_kind(const char *text, size_t run, struct wallet_match *match);

/* Proofs first: a kind without a checksum may only take what no other kind claims. */
static wallet_kind *const kinds[] = {
    wallet_cryptonote, wallet_bech32,   wallet_cashaddr, wallet_conflux,     wallet_ethereum,
    wallet_ergo,       wallet_alephium, wallet_nimiq,    wallet_hexadecimal, wallet_base58check,
};

enum { MAX_PREFIXES = 3, MAX_PREFIX = 15 };

/* What may follow a wallet ("Grammar" in docs/dialects.md). */
static bool is_end(char c)
{
    return c == '\0' || strchr("./+:;,@=-_# |", c) != NULL;
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

size_t wallet_run(const char *text)
{
    size_t run = 0;
    while (is_alphanumeric(text[run]))
        run++;
    return run;
}

bool wallet_is_mixed(const char *text, size_t length)
{
    bool digit = false, upper = false, lower = false;
    for (size_t i = 0; i < length; i++) {
        digit |= isdigit((unsigned char)text[i]) != 0;
        upper |= isupper((unsigned char)text[i]) != 0;
        lower |= islower((unsigned char)text[i]) != 0;
    }
    return digit && upper && lower;
}

/* The best that a kind says of what stands at `text`. */
static bool find_kind(const char *text, struct wallet_match *best)
{
    size_t run = wallet_run(text);
    *best = (struct wallet_match){WALLET_NONE, 0, "", NULL};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && best->proof != WALLET_CHECKSUM; i++) {
        struct wallet_match match;
        if (kinds[i](text, run, &match) && is_end(text[match.length]) &&
            match.length < sizeof((struct wallet *)0)->address && match.proof > best->proof)
            *best = match;
    }
    return best->proof != WALLET_NONE;
}

/* What follows "XMR:", "solo:" (unMineable, solo pools) or "30@" (a difficulty); NULL where there is no such
 * thing. */
static const char *after_prefix(const char *text)
{
    size_t run = wallet_run(text), digits = strspn(text, "0123456789");
    if (run == 0 || run > MAX_PREFIX)
        return NULL;
    return text[run] == ':' || (digits == run && text[run] == '@') ? text + run + 1 : NULL;
}

static void copy(char *to, size_t size, const char *from, size_t length)
{
    length = length < size ? length : size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

/* Nimiq's spaces go, so that one wallet has one spelling. */
static void copy_address(struct wallet *wallet, const char *text, size_t length)
{
    size_t written = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ')
            wallet->address[written++] = text[i];
    wallet->address[written] = '\0';
}

static void set_worker(struct wallet *wallet, const char *text)
{
    copy(wallet->worker, sizeof wallet->worker, text, strcspn(text, "/#;,+= \t"));
}

/* What is no worker's name though it stands in its place: a payment id, or a difficulty before the name.
 * Returns its length, 0 where the name begins. A number alone is a difficulty in the CryptoNote world only
 * ("WALLET.5000"): other miners number their machines. */
static size_t not_a_worker(const char *text, bool cryptonote)
{
    size_t run = wallet_run(text), digits = strspn(text, "0123456789");
    if (run == 64 && strspn(text, "0123456789abcdefABCDEF") >= 64)
        return run;
    bool ends = text[run] == '\0' || strchr("./+#;", text[run]) != NULL;
    return cryptonote && ends && digits == run && digits >= 4 && text[0] != '0' ? run : 0;
}

/* `rest` follows the wallet and begins with a separator ("Grammar" in docs/dialects.md). What follows ':',
 * ';' or ',' may be a password. */
static void read_rest(const char *rest, bool cryptonote, struct wallet *wallet)
{
    for (int part = 0; part < 4; part++) {
        const char *text = rest + 1;
        size_t skipped;
        switch (*rest) {
        case '+':
        case '=': /* difficulty */
            rest = text + strspn(text, "0123456789");
            break;
        case '.':
            skipped = not_a_worker(text, cryptonote);
            if (skipped == 0) {
                set_worker(wallet, text);
                return;
            }
            rest = text + skipped;
            break;
        case '/':
            if (memchr(text, '@', strcspn(text, "/")) == NULL) /* else a mail address */
                set_worker(wallet, text);
            return;
        case '@':
        case '-':
        case '_':
        case '|':
        case ' ':
            set_worker(wallet, text);
            return;
        default:
            return;
        }
    }
}

/* "account.worker"; a dot behind an '@' is one of a mail address. */
static void read_account(const char *login, struct wallet *wallet)
{
    size_t name = strcspn(login, ".@;/");
    if (login[name] == '.')
        set_worker(wallet, login + name + 1);
}

/* Proxies that switch pools take "stratum+tcp://pool:port;user;password". */
static const char *user_of(const char *login)
{
    const char *user = strncmp(login, "stratum", 7) == 0 ? strchr(login, ';') : NULL;
    login = user == NULL ? login : user + 1;
    return login + strspn(login, " \t");
}

void wallet_read(const char *login, struct wallet *wallet)
{
    memset(wallet, 0, sizeof *wallet);
    const char *user = user_of(login), *at = user;
    struct wallet_match match;
    for (int prefixes = 0; at != NULL && prefixes <= MAX_PREFIXES; prefixes++, at = after_prefix(at))
        if (find_kind(at, &match)) {
            wallet->proof = match.proof;
            wallet->kind = match.kind;
            copy(wallet->coin, sizeof wallet->coin, match.coin, strlen(match.coin));
            copy_address(wallet, at, match.length);
            size_t run = wallet_run(at);
            read_rest(at + match.length, run >= 95 && run <= 110, wallet);
            return;
        }
    read_account(user, wallet);
}
