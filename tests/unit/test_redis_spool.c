// SPDX-License-Identifier: Apache-2.0
/*
 * The spool: what it promises when the sensor is killed, the file is torn, garbled or another's, the disk is
 * full.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "sink/redis/redis_spool.h"
#include "sink/redis/redis_spool_format.h"

enum { LARGE = 1 << 20, TEXT = 1024 };

static char directory[64], path[96], aside[128];
static struct redis_spool *spool;
static uint64_t lost[REDIS_CLASS_COUNT];

static struct redis_spool *open_spool(uint64_t max_bytes)
{
    struct error error;
    spool = redis_spool_open(path, max_bytes, &error);
    if (spool == NULL)
        fail_msg("%s", error.text);
    return spool;
}

static void close_spool(void)
{
    redis_spool_close(spool);
    spool = NULL;
}

static int begin(void **state)
{
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    snprintf(directory, sizeof directory, "/tmp/geophone-spool-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/sensor.spool", directory);
    snprintf(aside, sizeof aside, "%s.damaged", path);
    memset(lost, 0, sizeof lost);
    return 0;
}

static int end(void **state)
{
    (void)state;
    close_spool();
    unlink(path);
    unlink(aside);
    return rmdir(directory);
}

static uint64_t file_size(void)
{
    struct stat facts;
    return stat(path, &facts) == 0 ? (uint64_t)facts.st_size : 0;
}

/* One command, PING with the number, as long as `length` makes it. */
static struct redis_message *message(enum redis_class class, int number, size_t length)
{
    struct redis_message *made = malloc(sizeof *made + length + 64);
    assert_non_null(made);
    *made = (struct redis_message){
        .class = class, .type = class == REDIS_CLASS_ALERT ? EVENT_ALERT : EVENT_MINING, .commands = 1};
    int written = sprintf(made->bytes, "*2\r\n$4\r\nPING\r\n$%zu\r\n", length);
    memset(made->bytes + written, '.', length);
    memcpy(made->bytes + written, &number, sizeof number);
    memcpy(made->bytes + written + length, "\r\n", 2);
    made->length = (size_t)written + length + 2;
    return made;
}

static bool append_long(int number, size_t length)
{
    struct redis_message *made = message(REDIS_CLASS_ALERT, number, length);
    bool fits = redis_spool_append(spool, made);
    free(made);
    return fits;
}

static bool append(int number)
{
    return append_long(number, 16);
}

static int number_of(const struct redis_message *read)
{
    int number;
    const char *text = memchr(read->bytes + 14, '\n', read->length);
    memcpy(&number, text + 1, sizeof number);
    return number;
}

/* The number of the next record, which is done then; -1: none. */
static int take(void)
{
    struct redis_message *read = redis_spool_read(spool, lost);
    if (read == NULL)
        return -1;
    int number = number_of(read);
    redis_spool_done(spool, read->spooled);
    free(read);
    return number;
}

static void assert_holds(int from, int to)
{
    for (int i = from; i < to; i++)
        assert_int_equal(take(), i);
    assert_int_equal(take(), -1);
}

static void in_order_over_an_end(void **state)
{
    (void)state;
    open_spool(LARGE);
    for (int i = 0; i < 300; i++)
        assert_true(append(i));
    assert_int_equal(redis_spool_unread(spool, REDIS_CLASS_ALERT), 300);
    for (int i = 0; i < 100; i++)
        assert_int_equal(take(), i);
    redis_spool_commit(spool);
    close_spool();
    open_spool(LARGE);
    assert_int_equal(redis_spool_unread(spool, REDIS_CLASS_ALERT), 200);
    assert_true(append(300));
    assert_holds(100, 301);
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) { /* between a write and the acknowledgment, and with some of them acknowledged */
        open_spool(LARGE);
        for (int i = 0; i < 50; i++)
            append(i);
        for (int i = 0; i < 10; i++)
            take();
        redis_spool_commit(spool);
        for (int i = 0; i < 10; i++)
            take();
        raise(SIGKILL);
    }
    int status;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    open_spool(LARGE);
    assert_holds(10, 50); /* those that were done, but not noted as such, come again */
}

static void what_is_done_early_waits_for_those_before(void **state)
{
    (void)state;
    open_spool(LARGE);
    for (int i = 0; i < 3; i++)
        append(i);
    struct redis_message *first = redis_spool_read(spool, lost), *second = redis_spool_read(spool, lost);
    redis_spool_done(spool, second->spooled);
    redis_spool_commit(spool);
    close_spool();
    open_spool(LARGE);
    assert_holds(0, 3);
    redis_spool_commit(spool);
    close_spool();
    open_spool(LARGE);
    assert_int_equal(take(), -1);
    free(first);
    free(second);
}

static void too_many_taken_wait(void **state)
{
    (void)state;
    struct redis_message *taken[400], *next;
    size_t count = 0;
    open_spool(LARGE);
    for (int i = 0; i < 400; i++)
        append(i);
    while ((next = redis_spool_read(spool, lost)) != NULL)
        taken[count++] = next;
    assert_in_range(count, 64, 399);
    for (size_t i = 0; i < count; i++) {
        redis_spool_done(spool, taken[i]->spooled);
        free(taken[i]);
    }
    assert_holds((int)count, 400);
}

/* Whatever byte a write was torn at: what is whole stays, and writing goes on behind it. */
static void torn_at_every_byte(void **state)
{
    (void)state;
    open_spool(LARGE);
    append(0);
    append(1);
    close_spool();
    uint64_t whole = file_size();
    open_spool(LARGE);
    append(2);
    close_spool();
    uint64_t size = file_size();
    for (uint64_t cut = size - 1; cut >= whole; cut--) {
        assert_int_equal(truncate(path, (off_t)cut), 0);
        open_spool(LARGE);
        assert_int_equal(redis_spool_unread(spool, REDIS_CLASS_ALERT), 2);
        close_spool();
        assert_int_equal(file_size(), whole);
        assert_int_equal(truncate(path, (off_t)size), 0); /* noughts, as after the end of a machine */
        open_spool(LARGE);
        assert_int_equal(redis_spool_unread(spool, REDIS_CLASS_ALERT), 2);
        assert_true(append(2));
        close_spool();
        assert_int_equal(file_size(), size);
    }
    open_spool(LARGE);
    assert_holds(0, 3);
}

static void flip(uint64_t position, uint8_t mask)
{
    uint8_t byte;
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, (off_t)position), 1);
    byte ^= mask;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)position), 1);
    close(fd);
}

static void garbled_at_every_byte(void **state)
{
    (void)state;
    open_spool(LARGE);
    append(0);
    append(1);
    close_spool();
    uint64_t size = file_size(), record = (size - SPOOL_PAGE_BYTES) / 2;
    for (uint64_t at = size - record; at < size; at++) {
        flip(at, 0x40);
        open_spool(LARGE);
        assert_int_equal(redis_spool_unread(spool, REDIS_CLASS_ALERT), 1);
        assert_true(append(1));
        close_spool();
    }
    flip(SPOOL_PAGE_BYTES + 9, 1);
    open_spool(LARGE);
    assert_int_equal(take(), -1);
}

/* While it runs: what cannot be read is lost and counted, what comes after is not. */
static void garbled_under_way(void **state)
{
    (void)state;
    open_spool(LARGE);
    for (int i = 0; i < 5; i++)
        append(i);
    uint64_t record = (file_size() - SPOOL_PAGE_BYTES) / 5;
    assert_int_equal(take(), 0);
    flip(SPOOL_PAGE_BYTES + 2 * record + 30, 1);
    log_set_level((enum log_level) - 1);
    assert_int_equal(take(), 1);
    assert_int_equal(take(), -1);
    assert_int_equal(lost[REDIS_CLASS_ALERT], 3);
    assert_true(append(5));
    assert_int_equal(take(), 5);
    redis_spool_commit(spool);
    append(6);
    close_spool();
    open_spool(LARGE);
    assert_holds(6, 7);
}

static void slots_take_turns(void **state)
{
    (void)state;
    open_spool(LARGE);
    for (int i = 0; i < 3; i++)
        append(i);
    take();
    redis_spool_commit(spool); /* into the second slot: the first still begins with 0 */
    close_spool();
    flip(SPOOL_SECOND_SLOT + 40, 1);
    open_spool(LARGE);
    assert_holds(0, 3);
}

/* Of a file that was begun anew the disk may know the length, but not the beginning. */
static void shorter_than_its_beginning(void **state)
{
    (void)state;
    open_spool(LARGE);
    for (int i = 0; i < 3; i++)
        append(i);
    assert_holds(0, 3);
    close_spool();
    assert_int_equal(truncate(path, SPOOL_PAGE_BYTES), 0);
    open_spool(LARGE);
    for (int i = 3; i < 8; i++)
        append(i);
    close_spool();
    open_spool(LARGE);
    assert_holds(3, 8);
}

static void what_is_no_spool_is_put_aside(void **state)
{
    (void)state;
    char text[2 * SPOOL_PAGE_BYTES];
    memset(text, 'x', sizeof text);
    FILE *file = fopen(path, "w");
    fwrite(text, 1, sizeof text, file);
    fclose(file);
    open_spool(LARGE);
    assert_true(append(7));
    assert_int_equal(take(), 7);
    struct stat facts;
    assert_int_equal(stat(aside, &facts), 0);
    assert_int_equal(facts.st_size, sizeof text);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
}

static void a_first_page_that_was_never_whole(void **state)
{
    (void)state;
    for (off_t size = 0; size < SPOOL_PAGE_BYTES; size += 511) {
        close(open(path, O_CREAT | O_WRONLY, 0600));
        assert_int_equal(truncate(path, size), 0);
        open_spool(LARGE);
        assert_true(append(1));
        assert_holds(1, 2);
        close_spool();
        unlink(path);
    }
}

static void one_sensor_a_file(void **state)
{
    struct error error;
    (void)state;
    open_spool(LARGE);
    assert_null(redis_spool_open(path, LARGE, &error));
    assert_non_null(strstr(error.text, "another sensor"));
    close_spool();
    open_spool(LARGE);
}

static void links_lead_nowhere(void **state)
{
    struct error error;
    (void)state;
    char other[128];
    snprintf(other, sizeof other, "%s/other", directory);
    close(open(other, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(symlink(other, path), 0);
    assert_null(redis_spool_open(path, LARGE, &error));
    unlink(path);
    assert_int_equal(link(other, path), 0);
    assert_null(redis_spool_open(path, LARGE, &error));
    unlink(other);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_null(redis_spool_open(path, LARGE, &error));
    unlink(path);
    snprintf(other, sizeof other, "%s/no/such/place", directory);
    assert_null(redis_spool_open(other, LARGE, &error));
    assert_non_null(strstr(error.text, "No such file"));
}

static void wait_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static void bounded(void **state)
{
    enum { BOUND = 64 * 1024 };
    int count = 0;
    (void)state;
    log_set_level((enum log_level) - 1);
    open_spool(BOUND);
    while (append_long(count, TEXT))
        count++;
    assert_in_range(count, 50, 64);
    assert_true(file_size() <= BOUND);
    assert_holds(0, count);
    redis_spool_commit(spool);
    wait_ms(150); /* a write that failed is not tried again at once */
    assert_true(append_long(count, TEXT));
    assert_true(file_size() < 2 * SPOOL_PAGE_BYTES); /* begun anew */
    assert_holds(count, count + 1);
}

/* It never gets empty: the room of what is done comes back nevertheless. */
static void room_comes_back(void **state)
{
    struct error error;
    struct stat facts;
    int first = 0, next = 0;
    (void)state;
    log_set_level((enum log_level) - 1);
    open_spool(LARGE);
    assert_true(redis_spool_start(spool, &error));
    for (int turn = 0; turn < 2; turn++) {
        while (append_long(next, 8 * TEXT))
            next++;
        for (; first < next - 2; first++)
            assert_int_equal(take(), first);
        redis_spool_commit(spool);
        for (int looks = 0; turn == 0 && !append_long(next, 8 * TEXT); looks++) {
            assert_true(looks < 6000);
            wait_ms(10);
        }
        next += turn == 0;
    }
    assert_true(next > 200); /* 1 MiB takes 127 of them */
    assert_int_equal(stat(path, &facts), 0);
    assert_true(facts.st_size > LARGE);
    assert_true(facts.st_blocks * 512 < LARGE);
    close_spool();
    open_spool(LARGE);
    assert_holds(first, next);
}

static void full_disk(void **state)
{
    struct rlimit limit, before;
    (void)state;
    log_set_level((enum log_level) - 1);
    signal(SIGXFSZ, SIG_IGN);
    open_spool(LARGE);
    assert_true(append_long(0, TEXT));
    getrlimit(RLIMIT_FSIZE, &before);
    int next = 0;
    do {
        assert_true(++next < 20); /* more than once only where this process has to wait for a processor */
        limit = before;
        limit.rlim_cur = file_size() + TEXT / 2; /* the next is torn in the middle */
        setrlimit(RLIMIT_FSIZE, &limit);
        assert_false(append_long(next, TEXT));
        setrlimit(RLIMIT_FSIZE, &before);
    } while (append_long(next, TEXT)); /* not tried again at once */
    wait_ms(150);
    assert_true(append_long(next + 1, 16)); /* shorter than what lies behind it */
    close_spool();
    open_spool(LARGE);
    for (int i = 0; i < next; i++)
        assert_int_equal(take(), i);
    assert_int_equal(take(), next + 1);
    assert_int_equal(take(), -1);
}

/* What comes from the wire holds a record, and lies where the next one is looked for. */
static void records_in_records(void **state)
{
    (void)state;
    uint8_t secret[16] = {0}, forged[256];
    open_spool(LARGE);
    assert_true(append_long(0, sizeof forged));
    close_spool();
    struct redis_message *inner = message(REDIS_CLASS_ALERT, 99, 16);
    struct spool_record record = {2, REDIS_CLASS_ALERT, EVENT_ALERT, 1, inner->length};
    memcpy(forged + SPOOL_RECORD_BYTES, inner->bytes, inner->length);
    spool_record_write(&record, secret, forged);
    assert_true(spool_record_check(&record, secret, forged)); /* it would do but for the secret */
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, forged, SPOOL_RECORD_BYTES + inner->length),
                     SPOOL_RECORD_BYTES + inner->length);
    close(fd);
    free(inner);
    open_spool(LARGE);
    assert_holds(0, 1);
}

/* With the right checksum, but not what a sensor writes. */
static void commands_are_commands(void **state)
{
    static const struct {
        const char *commands;
        unsigned count;
        bool is_right;
    } cases[] = {
        {"*1\r\n$4\r\nPING\r\n", 1, true},
        {"*1\r\n$4\r\nPING\r\n*1\r\n$0\r\n\r\n", 2, true},
        {"*1\r\n$4\r\nPING\r\n", 2, false},
        {"*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n", 1, false},
        {"*1\r\n$5\r\nPING\r\n", 1, false},
        {"*1\r\n$3\r\nPING\r\n", 1, false},
        {"*2\r\n$4\r\nPING\r\n", 1, false},
        {"*0\r\n", 1, false},
        {"*-1\r\n", 1, false},
        {"*1\r\n$-1\r\n", 1, false},
        {"*1\r\n$99999999999\r\nPING\r\n", 1, false},
        {"PING\r\n", 1, false},
        {"*1\r\n$4\r\nPING\r", 1, false},
        {"*1\r\n$4\r", 1, false},
        {"*", 1, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t secret[16] = {1};
        struct spool_record record = {1, REDIS_CLASS_ALERT, EVENT_ALERT, cases[i].count,
                                      strlen(cases[i].commands)};
        uint8_t *bytes = malloc(SPOOL_RECORD_BYTES + record.length); /* a sanitizer minds its end */
        memcpy(bytes + SPOOL_RECORD_BYTES, cases[i].commands, record.length);
        spool_record_write(&record, secret, bytes);
        struct spool_record read;
        assert_true(spool_record_peek(&read, bytes));
        if (spool_record_check(&read, secret, bytes) != cases[i].is_right)
            fail_msg("%u of \"%s\"", cases[i].count, cases[i].commands);
        free(bytes);
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(in_order_over_an_end),
        WITH_FOLDER(killed_at_any_moment),
        WITH_FOLDER(what_is_done_early_waits_for_those_before),
        WITH_FOLDER(too_many_taken_wait),
        WITH_FOLDER(torn_at_every_byte),
        WITH_FOLDER(garbled_at_every_byte),
        WITH_FOLDER(garbled_under_way),
        WITH_FOLDER(slots_take_turns),
        WITH_FOLDER(shorter_than_its_beginning),
        WITH_FOLDER(what_is_no_spool_is_put_aside),
        WITH_FOLDER(a_first_page_that_was_never_whole),
        WITH_FOLDER(one_sensor_a_file),
        WITH_FOLDER(links_lead_nowhere),
        WITH_FOLDER(bounded),
        WITH_FOLDER(room_comes_back),
        WITH_FOLDER(full_disk),
        WITH_FOLDER(records_in_records),
        WITH_FOLDER(commands_are_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
