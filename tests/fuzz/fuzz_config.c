// SPDX-License-Identifier: Apache-2.0
/*
 * The configuration file: any bytes either are read or give an error that says where; what is then in force
 * can be printed and set again.
 */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set_each_line(struct config *config, char *dump)
{
    struct error error;
    for (char *line; (line = strsep(&dump, "\n")) != NULL && *line != '\0';) {
        char *equals = strstr(line, " = ");
        if (equals == NULL)
            abort();
        *equals = '\0';
        config_set(config, line, equals + 3, &error); /* a path with a comma may be refused, never crash */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config;
    struct error error = {.text = ""};
    if (!config_init(&config, &error))
        return 0;
    if (!config_read_text(&config, (const char *)data, size, "fuzz.yaml", &error) &&
        strncmp(error.text, "fuzz.yaml: line ", 16) != 0)
        abort();
    char *dump = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&dump, &length);
    if (stream != NULL) {
        config_dump(&config, stream);
        fclose(stream);
        set_each_line(&config, dump);
        free(dump);
    }
    config_done(&config);
    return 0;
}
