// SPDX-License-Identifier: Apache-2.0
#include "capture/fanout.h"

#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

enum { MAX_INSTRUCTIONS = 256 };

/* A load at SKF_NET_OFF + n reads byte n of the outermost IP header, whatever is before it. */
#define NETWORK ((uint32_t)SKF_NET_OFF)

/* Scratch memory: the numbers so far, and where the inner packet begins. */
enum { OUTER, INNER, BASE };

enum label {
    IPV6,
    UDP,
    VXLAN,
    GENEVE,
    INNER_ETHERNET,
    INNER_TAGGED,
    INNER_TYPE,
    INNER_IPV4,
    INNER_IPV6,
    DONE,
    MIX
};

/* The program as it is written: jumps go to labels, which must lie ahead. */
struct program {
    struct sock_filter code[MAX_INSTRUCTIONS];
    uint8_t jumps[MAX_INSTRUCTIONS];  /* label + 1 where the instruction jumps if true; 0: none */
    bool otherwise[MAX_INSTRUCTIONS]; /* it jumps if not true */
    uint16_t length;
};

static void emit(struct program *program, uint16_t code, uint32_t constant)
{
    assert(program->length < MAX_INSTRUCTIONS);
    program->code[program->length++] = (struct sock_filter){.code = code, .k = constant};
}

static void jump(struct program *program, uint16_t condition, uint32_t constant, enum label label,
                 bool otherwise)
{
    program->jumps[program->length] = (uint8_t)(label + 1);
    program->otherwise[program->length] = otherwise;
    emit(program, (uint16_t)(BPF_JMP | condition | BPF_K), constant);
}

#define JUMP_IF(value, label)     jump(program, BPF_JEQ, value, label, false)
#define JUMP_IF_NOT(value, label) jump(program, BPF_JEQ, value, label, true)
#define JUMP_IF_ANY(bits, label)  jump(program, BPF_JSET, bits, label, false)
#define GO_TO(label)              jump(program, BPF_JA, 0, label, false)

static void place(struct program *program, enum label label)
{
    for (uint16_t i = 0; i < program->length; i++) {
        struct sock_filter *at = &program->code[i];
        uint16_t distance = (uint16_t)(program->length - i - 1);
        if (program->jumps[i] != label + 1)
            continue;
        if (BPF_OP(at->code) == BPF_JA) {
            at->k = distance;
        } else {
            assert(distance <= UINT8_MAX);
            *(program->otherwise[i] ? &at->jf : &at->jt) = (uint8_t)distance;
        }
    }
}

/* number[to] ^= word at X + offset, where X is kept in `base` */
static void fold_word(struct program *program, uint32_t base, uint32_t offset, uint32_t to)
{
    emit(program, BPF_LDX | BPF_MEM, base);
    emit(program, BPF_LD | BPF_W | BPF_IND, offset);
    emit(program, BPF_LDX | BPF_MEM, to);
    emit(program, BPF_ALU | BPF_XOR | BPF_X, 0);
    emit(program, BPF_ST, to);
}

/* The words of two addresses that follow each other at BASE + offset. Exclusive or does not mind their order.
 */
static void fold_addresses(struct program *program, uint32_t offset, uint32_t words, uint32_t to)
{
    emit(program, BPF_LD | BPF_IMM, 0);
    emit(program, BPF_ST, to);
    for (uint32_t i = 0; i < words; i++)
        fold_word(program, BASE, NETWORK + offset + 4 * i, to);
}

static void set_base(struct program *program, uint32_t constant)
{
    emit(program, BPF_LD | BPF_IMM, constant);
    emit(program, BPF_ST, BASE);
}

static void add_to_base(struct program *program, uint32_t constant)
{
    emit(program, BPF_LD | BPF_MEM, BASE);
    emit(program, BPF_ALU | BPF_ADD | BPF_K, constant);
    emit(program, BPF_ST, BASE);
}

static void load_half(struct program *program, uint32_t offset) /* at BASE */
{
    emit(program, BPF_LDX | BPF_MEM, BASE);
    emit(program, BPF_LD | BPF_H | BPF_IND, NETWORK + offset);
}

/* The outer addresses are folded into OUTER, and BASE is set to the UDP header where one follows. */
static void read_outer(struct program *program)
{
    set_base(program, 0);
    emit(program, BPF_LD | BPF_B | BPF_ABS, NETWORK);
    emit(program, BPF_ALU | BPF_RSH | BPF_K, 4);
    JUMP_IF(6, IPV6);
    fold_addresses(program, 12, 2, OUTER);
    emit(program, BPF_LD | BPF_H | BPF_ABS, NETWORK + 6);
    JUMP_IF_ANY(0x3fff, DONE); /* a fragment */
    emit(program, BPF_LD | BPF_B | BPF_ABS, NETWORK + 9);
    JUMP_IF_NOT(17, DONE);
    emit(program, BPF_LD | BPF_B | BPF_ABS, NETWORK);
    emit(program, BPF_ALU | BPF_AND | BPF_K, 15);
    emit(program, BPF_ALU | BPF_LSH | BPF_K, 2);
    emit(program, BPF_ST, BASE);
    GO_TO(UDP);
    place(program, IPV6);
    fold_addresses(program, 8, 8, OUTER);
    emit(program, BPF_LD | BPF_B | BPF_ABS, NETWORK + 6);
    JUMP_IF_NOT(17, DONE);
    set_base(program, 40);
    place(program, UDP);
}

/* BASE goes from the UDP header to what the tunnel carries. Ports: RFC 7348, flannel, RFC 8926. */
static void enter_tunnel(struct program *program)
{
    load_half(program, 2);
    JUMP_IF(4789, VXLAN);
    JUMP_IF(8472, VXLAN);
    JUMP_IF(6081, GENEVE);
    GO_TO(DONE);
    place(program, GENEVE);
    load_half(program, 8 + 2); /* protocol type */
    emit(program, BPF_ST, INNER);
    emit(program, BPF_LD | BPF_B | BPF_IND, NETWORK + 8);
    emit(program, BPF_ALU | BPF_AND | BPF_K, 0x3f);
    emit(program, BPF_ALU | BPF_LSH | BPF_K, 2);
    emit(program, BPF_ALU | BPF_ADD | BPF_X, 0);
    emit(program, BPF_ALU | BPF_ADD | BPF_K, 16);
    emit(program, BPF_ST, BASE);
    emit(program, BPF_LD | BPF_MEM, INNER);
    JUMP_IF(0x6558, INNER_ETHERNET);
    GO_TO(INNER_TYPE);
    place(program, VXLAN);
    add_to_base(program, 16);
    place(program, INNER_ETHERNET);
}

/* At BASE stands an Ethernet header, or where the jump is to INNER_TYPE an IP header of the type in the
 * accumulator. */
static void read_inner(struct program *program)
{
    load_half(program, 12);
    JUMP_IF_NOT(0x8100, INNER_TAGGED);
    add_to_base(program, 4);
    load_half(program, 12);
    place(program, INNER_TAGGED);
    emit(program, BPF_MISC | BPF_TAX, 0);
    emit(program, BPF_LD | BPF_MEM, BASE);
    emit(program, BPF_ALU | BPF_ADD | BPF_K, 14);
    emit(program, BPF_ST, BASE);
    emit(program, BPF_MISC | BPF_TXA, 0);
    place(program, INNER_TYPE);
    JUMP_IF(0x86dd, INNER_IPV6);
    JUMP_IF_NOT(0x0800, DONE);
    fold_addresses(program, 12, 2, INNER);
    GO_TO(MIX);
    place(program, INNER_IPV6);
    fold_addresses(program, 8, 8, INNER);
    GO_TO(MIX);
}

/* `members` is 0 where the kernel takes the number modulo the members itself. */
static void write_program(struct program *program, uint32_t members)
{
    *program = (struct program){.length = 0};
    read_outer(program);
    enter_tunnel(program);
    read_inner(program);
    place(program, DONE);
    emit(program, BPF_LD | BPF_MEM, OUTER);
    emit(program, BPF_ST, INNER);
    place(program, MIX);
    for (uint32_t shift = 16; shift > 2; shift /= 2) { /* the upper bits count too */
        emit(program, BPF_LDX | BPF_MEM, INNER);
        emit(program, BPF_LD | BPF_MEM, INNER);
        emit(program, BPF_ALU | BPF_RSH | BPF_K, shift);
        emit(program, BPF_ALU | BPF_XOR | BPF_X, 0);
        emit(program, BPF_ST, INNER);
    }
    if (members != 0)
        emit(program, BPF_ALU | BPF_MOD | BPF_K, members);
    emit(program, BPF_RET | BPF_A, 0);
}

static bool failed(const char *what, const char *name, struct error *error)
{
    return error_set(error, STATUS_FAILED,
                     "cannot have the packets of %s between several workers (%s: %s); set "
                     "capture.threads to 1",
                     name, what, strerror(errno));
}

bool fanout_join_packets(int fd, uint16_t group, const char *name, struct error *error)
{
    struct program program;
    write_program(&program, 0);
    struct sock_fprog code = {.len = program.length, .filter = program.code};
    int how = group | (PACKET_FANOUT_CBPF | PACKET_FANOUT_FLAG_DEFRAG) << 16;
    if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &how, sizeof how) != 0)
        return failed("PACKET_FANOUT", name, error);
    if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &code, sizeof code) != 0)
        return failed("PACKET_FANOUT_DATA", name, error);
    return true;
}

bool fanout_join_datagrams(int fd, uint32_t members, const char *name, struct error *error)
{
    struct program program;
    write_program(&program, members);
    struct sock_fprog code = {.len = program.length, .filter = program.code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &code, sizeof code) == 0 ||
           failed("SO_ATTACH_REUSEPORT_CBPF", name, error);
}
