// SPDX-License-Identifier: Apache-2.0
/*
 * The handlers of routes.def, declared from it. Each stands in the file answer_<what>.c.
 */
#ifndef DASHBOARD_ANSWER_ANSWERS_H
#define DASHBOARD_ANSWER_ANSWERS_H

#include "dashboard/answer/answer.h"

#define STREAM                            answers_no_handler /* declares nothing that is used */
#define ROUTE(path, match, handler, need) answer_handler handler;
#include "dashboard/routes.def"
#undef ROUTE
#undef STREAM

#endif
