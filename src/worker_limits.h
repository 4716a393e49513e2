// SPDX-License-Identifier: Apache-2.0
/*
 * What the settings allow one worker: its part of what all may have together.
 */
#ifndef WORKER_LIMITS_H
#define WORKER_LIMITS_H

#include "flow/flow_table.h"
#include "inspect/inspector.h"
#include "worker.h"

struct flow_limits worker_flow_limits(const struct worker_options *worker);
struct inspector_limits worker_inspector_limits(const struct worker_options *worker);

#endif
