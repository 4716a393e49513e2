// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/advice.h"

#include "dashboard/model/sensor_view.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_SIZE = 1024 };

__attribute__((format(printf, 3, 4))) static void advise(struct json_writer *json, const char *why,
                                                         const char *format, ...)
{
    char what[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    json_object(json, NULL);
    json_string(json, "what", what);
    json_string(json, "why", why);
    json_object_end(json);
}

static void advise_machine(const struct incident_view *incident, struct json_writer *json)
{
    const char *instance = incident_view_text(incident, INCIDENT_INSTANCE),
               *name = incident_view_text(incident, INCIDENT_INSTANCE_NAME),
               *account = incident_view_text(incident, INCIDENT_ACCOUNT),
               *miner = incident_view_text(incident, INCIDENT_MINER_IP);
    if (instance[0] != '\0') {
        advise(json,
               "An image of memory and disk tells how the miner came in; a machine that is only stopped "
               "loses its memory.",
               "Take a snapshot of %s%s%s%s, then isolate it in a security group without ways out.", instance,
               name[0] != '\0' ? " (" : "", name, name[0] != '\0' ? ")" : "");
        advise(json,
               "Mining in a cloud account often begins with a stolen key, and the key opens more than one "
               "machine.",
               "Look through the audit log%s%s for who started or changed %s, and revoke keys and roles that "
               "it shows.",
               account[0] != '\0' ? " of account " : "", account, instance);
    } else {
        advise(json, "What runs there, under whose name and since when shows how it came in.",
               "Find the machine %s and look for the process that holds the connection to %s, for its "
               "parent, and for cron, "
               "systemd units and start-up scripts that bring it back.",
               miner, incident_view_text(incident, INCIDENT_POOL));
    }
}

static void advise_network(const struct incident_view *incident, struct json_writer *json)
{
    const char *pool = incident_view_text(incident, INCIDENT_POOL),
               *address = incident_view_text(incident, INCIDENT_POOL_IP),
               *carrier = incident_view_text(incident, INCIDENT_CARRIER);
    if (pool[0] == '\0' && address[0] == '\0')
        return;
    advise(json,
           "Without its pool a miner earns nothing; other machines that are refused there show themselves.",
           "Block %s%s%s%s at the border, and watch who else asks for it.", pool,
           address[0] != '\0' && pool[0] != '\0' ? " (" : "", address,
           address[0] != '\0' && pool[0] != '\0' ? ")" : "");
    if (carrier[0] != '\0')
        advise(json, "What carries the mining hides it from rules that look at addresses only.",
               "Close the way that carries it (%s), or ask who set it up.", carrier);
}

void advice_write(const struct incident_view *incident, size_t relatives, struct json_writer *json)
{
    json_array(json, "advice");
    if (incident->is_sanctioned) {
        advise(json, "It is on the allow list.", "Nothing, as long as this is still wanted: %s%s%s.",
               incident_view_text(incident, INCIDENT_SANCTIONED_REASON),
               incident_view_text(incident, INCIDENT_SANCTIONED_UNTIL)[0] != '\0' ? ", until " : "",
               incident_view_text(incident, INCIDENT_SANCTIONED_UNTIL));
        json_array_end(json);
        return;
    }
    if (incident->is_contact)
        advise(json, "A name that was looked up, or a connection that was tried, is no mining yet.",
               "Ask who uses %s, and why it turns to %s; wait for more evidence before anything is stopped.",
               incident_view_text(incident, INCIDENT_MINER_IP), incident_view_text(incident, INCIDENT_POOL));
    else
        advise_machine(incident, json);
    if (!incident->is_contact && strcmp(incident_view_text(incident, INCIDENT_VERDICT), "suspected") == 0)
        advise(json, "The evidence is suggestive, not conclusive.",
               "Confirm it on the machine before anything is stopped: processor load, and the program that "
               "connects.");
    advise_network(incident, json);
    if (relatives > 0)
        advise(json,
               "The same wallet or the same way of naming workers means the same hand; one that is left over "
               "comes back.",
               "Deal with the %zu related incident%s below together with this one.", relatives,
               relatives == 1 ? "" : "s");
    if (!incident->is_contact)
        advise(json, "Where it is known and wanted it should not raise alarms.",
               "If this is allowed mining, add a row to local-allowed.tsv on sensor %s.",
               incident->sensor->name);
    json_array_end(json);
}
