// SPDX-License-Identifier: Apache-2.0
#include "help.h"

#include "base/terminal.h"

enum { HELP_COLUMN = 28, HELP_WIDTH = 79 };

void help_print_row(const struct help_row *row, FILE *stream)
{
    if (row->group != NULL)
        fprintf(stream, "\n%s:\n", row->group);
    int column = row->letter != '\0' ? fprintf(stream, "  -%c, --%s", row->letter, row->name)
                                     : fprintf(stream, "      --%s", row->name);
    if (row->value != NULL)
        column += fprintf(stream, row->value_is_optional ? "[=%s]" : " %s", row->value);
    terminal_print_wrapped(row->help, column, HELP_COLUMN, HELP_WIDTH, stream);
}

void help_print_usage(FILE *stream)
{
    fputs("geophone finds cryptocurrency mining in network traffic.\n"
          "\n"
          "Usage: geophone -r FILE... [OPTION]... [EXPRESSION]\n"
          "       geophone -i IFACE... [OPTION]... [EXPRESSION]\n"
          "       geophone --listen TUNNEL:PORT... [OPTION]... [EXPRESSION]\n"
          "\n"
          "EXPRESSION is a BPF filter (pcap-filter(7)) on packets without their tunnels.\n",
          stream);
}

void help_print_examples(FILE *stream)
{
    fputs("\n"
          "Examples:\n"
          "  geophone -r capture.pcap                who mines in a capture\n"
          "  geophone -r captures/ tcp port 3333     a directory, one port only\n"
          "  geophone -r capture.pcap --report out.html   one page to pass on\n"
          "  zcat big.pcap.gz | geophone -r - --json events as JSON Lines\n"
          "  geophone --listen vxlan:4789 --json      what a cloud mirror sends\n"
          "  geophone -i eth1 --redis unix:///run/redis/redis.sock\n"
          "  geophone -T -c geophone.yaml            is the configuration right?\n"
          "\n"
          "geophone(8) describes everything.\n",
          stream);
}
