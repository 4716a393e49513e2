// SPDX-License-Identifier: Apache-2.0
/*
 * Whether an agent string names mining software. It is free text that its user chooses: a match names the
 * device, its absence proves nothing.
 */
#ifndef INTEL_AGENTS_H
#define INTEL_AGENTS_H

#include <stdbool.h>

bool agent_is_miner(const char *agent);

struct software {
    char name[64];    /* "XMRig", "EWBF", "Antminer S21 Pro"; "" where the agent is "" */
    char version[48]; /* "6.26.0", "v2.13.1"; "" where there is none */
};

/* Splits "NAME/VERSION ...", "NAME VERSION", "NAME-VERSION" and "NAME/CHIP/VERSION". */
void agent_split(const char *agent, struct software *software);

#endif
