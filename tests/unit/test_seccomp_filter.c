// SPDX-License-Identifier: Apache-2.0
/* The filter is loaded in a child, where one call is tried: its errno is the child's exit status. */
#include "seccomp_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_LOADED = 250, CRASHED = 251 };

static char file[128];
static pid_t parent;

/* 0, or errno */
static int outcome(long result)
{
    return result < 0 ? errno : 0;
}

static int after_filter(unsigned needs, bool only_log, int (*attempt)(void))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error;
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        _exit(seccomp_filter_load(needs, only_log, &error) ? attempt() : NOT_LOADED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : CRASHED;
}

/* ---- attempts ---- */

static int packet_socket(void)
{
    return outcome(socket(AF_PACKET, SOCK_RAW, 0));
}

/* Needs no right to be told that there is no such type, so that a refusal is the filter's. */
static int packet_socket_of_no_type(void)
{
    return outcome(socket(AF_PACKET, 15, 0));
}

static int raw_socket(void)
{
    return outcome(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int tcp_socket(void)
{
    return outcome(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int route_socket(void)
{
    return outcome(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int audit_socket(void)
{
    return outcome(socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT));
}

static int execute(void)
{
    char program[] = "true", *const words[] = {program, NULL};
    return outcome(execve("/bin/true", words, words + 1));
}

static int new_process(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return outcome(child);
}

static int trace(void)
{
    return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int read_others(void)
{
    char byte;
    struct iovec mine = {&byte, 1}, theirs = {file, 1};
    return outcome(process_vm_readv(parent, &mine, 1, &theirs, 1, 0));
}

static int signal_others(void)
{
    return outcome(kill(parent, 0));
}

static int signal_parents_thread(void)
{
    return outcome(syscall(SYS_tgkill, parent, parent, 0));
}

static int new_namespace(void)
{
    return outcome(unshare(CLONE_NEWUSER));
}

static int write_elsewhere(void)
{
    return outcome(open(file, O_WRONLY));
}

static int write_and_read(void)
{
    return outcome(open(file, O_RDWR | O_APPEND));
}

static int cut_short(void)
{
    return outcome(open(file, O_WRONLY | O_CREAT | O_APPEND | O_TRUNC, 0600));
}

static int write_beside(void)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    return outcome(fd < 0 || fsync(fd) != 0 || rename(file, file) != 0 ? -1 : 0);
}

static int append(void)
{
    return outcome(open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0640));
}

static int read_file(void)
{
    return outcome(open(file, O_RDONLY | O_CLOEXEC));
}

static int remove_file(void)
{
    return outcome(unlink(file));
}

static int move_file(void)
{
    return outcome(rename(file, "/tmp/elsewhere"));
}

static int change_mode(void)
{
    return outcome(chmod(file, 0777));
}

static int map_code(void)
{
    int protection = PROT_READ | PROT_WRITE | PROT_EXEC;
    return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int make_code(void)
{
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? CRASHED : outcome(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

static void *nothing(void *context)
{
    return context;
}

static int new_thread(void)
{
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, nothing, NULL);
    return failure != 0 ? failure : pthread_join(thread, NULL);
}

static void *try_in_thread(void *result)
{
    *(int *)result = packet_socket();
    return NULL;
}

static int packet_socket_in_thread(void)
{
    int result = 0;
    pthread_t thread;
    return pthread_create(&thread, NULL, try_in_thread, &result) == 0 && pthread_join(thread, NULL) == 0
               ? result
               : CRASHED;
}

static int look_up(void)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_flags = AI_ADDRCONFIG, .ai_socktype = SOCK_STREAM};
    int failure = getaddrinfo("localhost", "6379", &hints, &found);
    if (failure == 0)
        freeaddrinfo(found);
    return failure != 0;
}

static int old_program(void) /* of another processor: int 0x80 on x86-64 is getpid of i386 */
{
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
    return result == -EPERM ? EPERM : 0;
#else
    return EPERM;
#endif
}

/* All that is done to a file that was opened before; on success the file is left as it was. */
static int spool(void)
{
    static int fd = -1;
    if (fd < 0)
        return outcome(fd = memfd_create("spool", MFD_CLOEXEC));
    bool fine = pwrite(fd, "x", 1, 8192) == 1 && fdatasync(fd) == 0 &&
                fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0 &&
                ftruncate(fd, 0) == 0;
    return outcome(fine ? 0 : -1);
}

/* ---- what is asserted of them ---- */

enum { ALL = SECCOMP_ALWAYS | SECCOMP_APPENDS | SECCOMP_REPLACES | SECCOMP_CONNECTS };

static void need_filter(void)
{
    if (!seccomp_filter_possible())
        skip();
}

static void refused_whatever_is_needed(void **state)
{
    static const struct {
        const char *name;
        int (*attempt)(void);
    } attempts[] = {
        {"AF_PACKET", packet_socket},
        {"AF_PACKET of no type", packet_socket_of_no_type},
        {"raw socket", raw_socket},
        {"audit", audit_socket},
        {"execve", execute},
        {"fork", new_process},
        {"ptrace", trace},
        {"process_vm_readv", read_others},
        {"kill", signal_others},
        {"tgkill", signal_parents_thread},
        {"unshare", new_namespace},
        {"O_WRONLY", write_elsewhere},
        {"O_RDWR", write_and_read},
        {"unlink", remove_file},
        {"chmod", change_mode},
        {"W and X", map_code},
        {"mprotect", make_code},
        {"thread", packet_socket_in_thread},
        {"int 0x80", old_program},
    };
    (void)state;
    need_filter();
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        int result = after_filter(ALL, false, attempts[i].attempt);
        if (result != EPERM)
            fail_msg("%s: %s", attempts[i].name, strerror(result));
    }
}

/* Each of these must be possible without the filter, or its refusal would mean nothing. */
static void possible_without_filter(void **state)
{
    (void)state;
    int (*const attempts[])(void) = {new_process, signal_others, write_elsewhere, write_and_read,
                                     change_mode, map_code,      make_code,       tcp_socket};
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
        assert_int_equal(attempts[i](), 0);
    assert_int_equal(packet_socket_of_no_type(), EINVAL);
}

static void allowed_where_needed(void **state)
{
    (void)state;
    need_filter();
    assert_int_equal(spool(), 0); /* opens it */
    assert_int_equal(after_filter(SECCOMP_ALWAYS, false, new_thread), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS, false, read_file), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_APPENDS, false, append), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_REPLACES, false, write_beside), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_SPOOLS, false, spool), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_CONNECTS, false, tcp_socket), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_CONNECTS, false, route_socket), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_CONNECTS, false, look_up), 0);
}

static void refused_where_not_needed(void **state)
{
    const unsigned without_replacing = SECCOMP_ALWAYS | SECCOMP_APPENDS | SECCOMP_CONNECTS;
    (void)state;
    need_filter();
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_CONNECTS, false, append), EPERM);
    assert_int_equal(spool(), 0);
    assert_int_equal(after_filter(without_replacing, false, spool), EPERM);
    assert_int_equal(after_filter(without_replacing, false, write_beside), EPERM);
    assert_int_equal(after_filter(without_replacing, false, move_file), EPERM);
    assert_int_equal(after_filter(without_replacing, false, cut_short), EPERM);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_APPENDS, false, tcp_socket), EPERM);
    assert_int_equal(after_filter(SECCOMP_ALWAYS | SECCOMP_APPENDS, false, route_socket), EPERM);
}

static void only_logged(void **state)
{
    (void)state;
    need_filter();
    assert_int_equal(after_filter(SECCOMP_ALWAYS, true, write_elsewhere), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS, true, tcp_socket), 0);
    assert_int_equal(after_filter(SECCOMP_ALWAYS, true, new_thread), 0);
}

/* The filter is for threads that run already, too. */
static pthread_barrier_t barrier;

static void *wait_and_try(void *result)
{
    pthread_barrier_wait(&barrier);
    return try_in_thread(result);
}

static int older_thread(void)
{
    int result = 0;
    pthread_t thread;
    struct error error;
    pthread_barrier_init(&barrier, NULL, 2);
    if (pthread_create(&thread, NULL, wait_and_try, &result) != 0 ||
        !seccomp_filter_load(SECCOMP_ALWAYS | SECCOMP_CONNECTS, false, &error))
        return CRASHED;
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    return result;
}

static void older_threads_too(void **state)
{
    int status;
    (void)state;
    need_filter();
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        _exit(older_thread());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EPERM);
}

static int make_file(void **state)
{
    (void)state;
    parent = getpid();
    snprintf(file, sizeof file, "/tmp/geophone-seccomp-XXXXXX");
    int fd = mkstemp(file);
    return fd < 0 ? -1 : close(fd);
}

static int delete_file(void **state)
{
    (void)state;
    return unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_whatever_is_needed),
        cmocka_unit_test(possible_without_filter),
        cmocka_unit_test(allowed_where_needed),
        cmocka_unit_test(refused_where_not_needed),
        cmocka_unit_test(only_logged),
        cmocka_unit_test(older_threads_too),
    };
    return cmocka_run_group_tests(tests, make_file, delete_file);
}
