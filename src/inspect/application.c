// SPDX-License-Identifier: Apache-2.0
#include "inspect/application.h"

#include "inspect/application_own.h"

#include <stddef.h>
#include <string.h>

const char *application_own_name(uint16_t application)
{
    static const char *const names[APPLICATION_OWN_COUNT] = {
#define APPLICATION(identifier, name) [APPLICATION_##identifier] = (name),
#include "inspect/applications.def"
#undef APPLICATION
    };
    return application < APPLICATION_OWN_COUNT ? names[application] : NULL;
}

/* Each start compares hundreds of names with dozens: mostly the first letter tells. */
static bool same_text(const char *one, const char *other)
{
    return one[0] == other[0] && strcmp(one, other) == 0;
}

uint16_t application_own(const char *ndpi_name)
{
    static const struct {
        const char *name;
        uint16_t application;
    } others[] = {
        {"ftp_control", APPLICATION_FTP}, {"pop3", APPLICATION_POP3},
        {"smbv1", APPLICATION_SMB},       {"smbv23", APPLICATION_SMB},
        {"dce_rpc", APPLICATION_DCERPC},  {"kerberos", APPLICATION_KERBEROS},
        {"vnc", APPLICATION_RFB},         {"postgresql", APPLICATION_POSTGRESQL},
        {"ipsec", APPLICATION_IKE},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (same_text(ndpi_name, others[i].name))
            return others[i].application;
    for (int i = 1; i < APPLICATION_OWN_COUNT; i++)
        if (i != APPLICATION_STRATUM && same_text(ndpi_name, application_own_name((uint16_t)i)))
            return (uint16_t)i;
    return APPLICATION_UNKNOWN;
}
