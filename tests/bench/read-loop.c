// SPDX-License-Identifier: Apache-2.0
// The least a program can do with a capture: take each packet from libpcap and look at its first cache line.
// What other programs cost is told as a multiple of this (scripts/bench).
#include "first-line.h"

#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];
    if (argc != 2) {
        fputs("usage: read-loop CAPTURE\n", stderr);
        return 64;
    }
    pcap_t *capture = pcap_open_offline(argv[1], error);
    if (!capture) {
        fprintf(stderr, "read-loop: %s\n", error);
        return 66;
    }
    uint64_t packets = 0, bytes = 0, seen = 0;
    struct pcap_pkthdr *header;
    const u_char *data;
    int status;
    while ((status = pcap_next_ex(capture, &header, &data)) == 1) {
        packets++;
        bytes += header->caplen;
        seen ^= first_line(data, header->caplen);
    }
    if (status == PCAP_ERROR)
        fprintf(stderr, "read-loop: %s\n", pcap_geterr(capture));
    pcap_close(capture);
    printf("%llu packets, %llu bytes, seen %llu\n", (unsigned long long)packets, (unsigned long long)bytes,
           (unsigned long long)seen);
    return status == PCAP_ERROR ? 1 : 0;
}
