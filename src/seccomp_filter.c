// SPDX-License-Identifier: Apache-2.0
#include "seccomp_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_CONDITIONS = 2,
    SOCKET_TYPE = 0xf, /* SOCK_TYPE_MASK of linux/net.h; the rest are flags */
};

struct call {
    enum seccomp_need need;
    const char *name;
    struct scmp_arg_cmp conditions[MAX_CONDITIONS]; /* op 0: none */
};

bool seccomp_filter_possible(void)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    return false;
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
    return false;
#else
    return true;
#endif
#else
    return true;
#endif
}

static int add_call(scmp_filter_ctx filter, const struct call *call)
{
    unsigned count = 0;
    int number = seccomp_syscall_resolve_name(call->name);
    while (count < MAX_CONDITIONS && call->conditions[count].op != 0)
        count++;
    if (number == __NR_SCMP_ERROR)
        return 0; /* unknown to this version of the library */
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, count, call->conditions);
}

static int add_calls(scmp_filter_ctx filter, unsigned needs)
{
    const uint64_t own_process = (uint64_t)getpid();
#define OWN_PROCESS own_process
#define ANY                                                                                                  \
    {                                                                                                        \
        .op = _SCMP_CMP_MIN                                                                                  \
    }
#define EQUALS(n, value)                                                                                     \
    {                                                                                                        \
        .arg = (n), .op = SCMP_CMP_EQ, .datum_a = (uint64_t)(value)                                          \
    }
#define BITS(n, mask, value)                                                                                 \
    {                                                                                                        \
        .arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask), .datum_b = (value)                          \
    }
#define CALL(need, name, ...) {SECCOMP_##need, #name, {__VA_ARGS__}},
    const struct call calls[] = {
#include "seccomp_calls.def"
    };
#undef CALL
    int failure = 0;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && failure == 0; i++)
        if ((calls[i].need & needs) != 0)
            failure = add_call(filter, &calls[i]);
    /* so that the C library falls back on clone */
    return failure != 0 ? failure : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int set_attributes(scmp_filter_ctx filter)
{
    const struct {
        enum scmp_filter_attr attribute;
        uint32_t value;
    } wanted[] = {
        {SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM)},
        {SCMP_FLTATR_CTL_TSYNC, 1},    /* all threads */
        {SCMP_FLTATR_CTL_LOG, 1},      /* what is refused */
        {SCMP_FLTATR_CTL_OPTIMIZE, 2}, /* a tree, not a list: some steps for each call */
    };
    int failure = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && failure == 0; i++)
        failure = seccomp_attr_set(filter, wanted[i].attribute, wanted[i].value);
    return failure;
}

bool seccomp_filter_load(unsigned needs, bool only_log, struct error *error)
{
    if (!seccomp_filter_possible())
        return true;
    scmp_filter_ctx filter = seccomp_init(only_log ? SCMP_ACT_LOG : SCMP_ACT_ERRNO(EPERM));
    int failure = filter == NULL ? -ENOMEM : set_attributes(filter);
    if (failure == 0)
        failure = add_calls(filter, needs);
    if (failure == 0)
        failure = seccomp_load(filter);
    seccomp_release(filter);
    return failure == 0 ||
           error_set(error, STATUS_FAILED,
                     "cannot limit the system calls: %s; where the kernel or a container does not allow it, "
                     "set privileges.seccomp to no",
                     strerror(-failure));
}
