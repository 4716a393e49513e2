// SPDX-License-Identifier: Apache-2.0
#include "intel/agents.h"

#include <string.h>

bool agent_is_miner(const char *agent)
{
    /* parts of the names that miners, their firmware and proxies give themselves */
    static const char *const parts[] = {"miner",  "mining",    "axe",       "xmr",      "stak",     "hash",
                                        "bm13",   "rigel",     "t-rex",     "ewbf",     "claymore", "eth1.0",
                                        "octa",   "phoenix",   "excavator", "bitmain",  "bitdsk",   "wildrig",
                                        "lolmin", "powerplay", "miniz",     "nicehash", "antmin"};
    char lower[257];
    size_t length = strnlen(agent, sizeof lower - 1);
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)(agent[i] >= 'A' && agent[i] <= 'Z' ? agent[i] | 0x20 : agent[i]);
    lower[length] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(lower, parts[i]) != NULL)
            return true;
    return false;
}

/* ---- name and version ---- */

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* "6.26.0", "v2.13.1" */
static bool begins_version(const char *text)
{
    return is_digit(text[0]) || ((text[0] == 'v' || text[0] == 'V') && is_digit(text[1]));
}

static void copy_part(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size)
        length = size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

/* Where the name ends: at the first slash, else in front of a version behind a blank or a hyphen. */
static size_t name_length(const char *agent)
{
    size_t slash = strcspn(agent, "/|");
    if (agent[slash] != '\0')
        return slash;
    for (size_t i = 1; agent[i - 1] != '\0'; i++)
        if ((agent[i] == ' ' || agent[i] == '-') && begins_version(agent + i + 1))
            return i;
    return strlen(agent);
}

/* "Thu Mar 27 15:00:36 CST 2025": what Antminers send for a version is the day their firmware was made. */
static bool begins_date(const char *text)
{
    static const char days[] = "Mon Tue Wed Thu Fri Sat Sun";
    char day[4] = "";
    if (strnlen(text, 5) < 5 || text[3] != ' ')
        return false;
    memcpy(day, text, 3);
    return strstr(days, day) != NULL && text[4] >= 'A' && text[4] <= 'Z';
}

/* Braiins OS puts its own release in front: "2026-02-13-0-db69f9bc-26.01-plus;bosminer-plus-tuner
 * 0.9.0-db69f9bc". */
static const char *behind_release(const char *agent)
{
    const char *rest = strchr(agent, ';');
    return is_digit(agent[0]) && rest != NULL && rest[1] != '\0' ? rest + 1 : agent;
}

void agent_split(const char *agent, struct software *software)
{
    *software = (struct software){0};
    agent = behind_release(agent);
    size_t length = name_length(agent);
    copy_part(software->name, sizeof software->name, agent, length);
    if (agent[length] == '/' && begins_date(agent + length + 1)) {
        copy_part(software->version, sizeof software->version, agent + length + 1,
                  strlen(agent + length + 1));
        return;
    }
    for (const char *at = agent + length; *at != '\0'; at++)
        if (strchr("/ -|", *at) != NULL && begins_version(at + 1)) {
            copy_part(software->version, sizeof software->version, at + 1, strcspn(at + 1, " /|();,"));
            return;
        }
}
