// SPDX-License-Identifier: Apache-2.0
/*
 * Whether an agent string names mining software. It is free text that its user chooses: a match names the device, its
 * absence proves nothing.
 */
#ifndef INTEL_AGENTS_H
#define INTEL_AGENTS_H

#include <stdbool.h>

bool agent_is_miner(const char *agent);

#endif
