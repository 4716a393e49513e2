// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <stdio.h>

bool error_set(struct error *error, enum exit_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        error->status = status;
    }
    return false;
}
