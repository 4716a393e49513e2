// SPDX-License-Identifier: Apache-2.0
/*
 * A small file that is always whole: what is written takes the place of what was there in one step.
 */
#ifndef HEALTH_HEALTH_FILE_H
#define HEALTH_HEALTH_FILE_H

#include "base/error.h"

bool health_file_write(const char *path, const char *text, struct error *error);

#endif
