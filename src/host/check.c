// SPDX-License-Identifier: Apache-2.0
#include "host/check.h"

#include "base/text.h"

#include <ctype.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_FINDINGS = 32, PATH_SIZE = 512 };

void check_tell(struct check_host *host, enum check_verdict verdict, const char *format, ...)
{
    if (host->count == host->size) {
        size_t size = host->size == 0 ? FIRST_FINDINGS : 2 * host->size;
        struct check_finding *more = realloc(host->findings, size * sizeof *more);
        host->failed = host->failed || more == NULL;
        if (more == NULL)
            return;
        host->findings = more;
        host->size = size;
    }
    struct check_finding *finding = &host->findings[host->count++];
    *finding = (struct check_finding){.check = host->check, .verdict = verdict};
    text_copy(finding->interface, sizeof finding->interface, host->interface);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

void check_mend(struct check_host *host, const char *format, ...)
{
    if (host->count == 0)
        return;
    struct check_finding *finding = &host->findings[host->count - 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->mend, sizeof finding->mend, format, arguments);
    va_end(arguments);
}

__attribute__((format(printf, 4, 0))) static bool
read_file(const struct check_host *host, char *text, size_t size, const char *format, va_list arguments)
{
    const char *root = host->options->root != NULL ? host->options->root : "";
    char name[PATH_SIZE], path[2 * PATH_SIZE];
    vsnprintf(name, sizeof name, format, arguments);
    snprintf(path, sizeof path, "%s%s", root, name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    bool fine = !ferror(file);
    fclose(file);
    return fine;
}

bool check_read_file(const struct check_host *host, char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool read = read_file(host, text, size, format, arguments);
    va_end(arguments);
    return read;
}

/* Decimal digits, and then the end of a word. */
static bool read_digits(const char *text, uint64_t *number)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0' || isspace((unsigned char)*end);
}

bool check_read_number(const struct check_host *host, uint64_t *number, const char *format, ...)
{
    char text[64];
    va_list arguments;
    va_start(arguments, format);
    bool read = read_file(host, text, sizeof text, format, arguments);
    va_end(arguments);
    return read && read_digits(text, number);
}

bool check_find_number(const char *text, const char *word, uint64_t *number)
{
    size_t length = strlen(word);
    for (const char *line = text; line != NULL && *line != '\0';) {
        if (strncmp(line, word, length) == 0)
            return read_digits(line + length + strspn(line + length, " \t"), number);
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return false;
}

bool check_ask_interface(const struct check_host *host, unsigned long what, struct ifreq *request)
{
    text_copy(request->ifr_name, sizeof request->ifr_name, host->interface);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool answered = ioctl(fd, what, request) == 0;
    close(fd);
    return answered;
}

bool check_ask_driver(const struct check_host *host, void *command)
{
    struct ifreq request = {.ifr_data = command};
    return check_ask_interface(host, SIOCETHTOOL, &request);
}
