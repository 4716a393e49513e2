// SPDX-License-Identifier: Apache-2.0
// What reading a capture costs without libpcap: the file is mapped, and of each packet the first cache line
// is looked at. Files of this machine's byte order, as scripts/bench makes them.
#include "first-line.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { FILE_HEADER = 24, FRAME_HEADER = 16 };

int main(int argc, char **argv)
{
    struct stat file;
    int descriptor = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0 || fstat(descriptor, &file) != 0) {
        fputs("usage: map-loop CAPTURE\n", stderr);
        return 64;
    }
    const uint8_t *start = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) {
        perror("map-loop");
        return 66;
    }
    uint64_t packets = 0, bytes = 0, seen = 0;
    const uint8_t *at = start + FILE_HEADER, *end = start + file.st_size;
    while (end - at >= FRAME_HEADER) {
        uint32_t captured;
        memcpy(&captured, at + 8, sizeof captured);
        at += FRAME_HEADER;
        if (captured > (size_t)(end - at))
            break;
        seen ^= first_line(at, captured);
        packets++;
        bytes += captured;
        at += captured;
    }
    printf("%llu packets, %llu bytes, seen %llu\n", (unsigned long long)packets, (unsigned long long)bytes,
           (unsigned long long)seen);
    return 0;
}
