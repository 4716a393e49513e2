// SPDX-License-Identifier: Apache-2.0
/*
 * What a client of Redis makes of a server's answers, honest and hostile ones: the server is a thread that
 * says what it was told to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "redis/redis_client.h"
#include "redis/redis_text.h"

enum { LIMIT = 64 * 1024 };

static char folder[64];
static int listener = -1;

struct speech {
    const char *bytes;
    size_t length;
    bool stays; /* the connection is kept open until the client goes */
};

static void *speak(void *context)
{
    const struct speech *speech = context;
    char ignored[4096];
    int client = accept(listener, NULL, NULL);
    /* the answers to CLIENT SETNAME and PING come first */
    if (send(client, "+OK\r\n+PONG\r\n", 12, MSG_NOSIGNAL) == 12)
        for (size_t sent = 0; sent < speech->length;) {
            ssize_t now = send(client, speech->bytes + sent, speech->length - sent, MSG_NOSIGNAL);
            if (now <= 0)
                break;
            sent += (size_t)now;
        }
    if (!speech->stays)
        shutdown(client, SHUT_WR);
    while (recv(client, ignored, sizeof ignored, 0) > 0)
        continue;
    close(client);
    return NULL;
}

static int begin(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/geophone-client-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    return bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4) != 0;
}

static int end(void **state)
{
    char path[96];
    (void)state;
    snprintf(path, sizeof path, "%s/socket", folder);
    close(listener);
    unlink(path);
    return rmdir(folder);
}

static struct redis_client *connect_to(pthread_t *thread, struct speech *speech)
{
    char url[96];
    struct redis_login login = {.timeout_ms = 60000, .client_name = "test", .max_reply_bytes = LIMIT};
    struct error error = {.text = ""};
    snprintf(url, sizeof url, "unix://%s/socket", folder);
    assert_true(redis_url_read(url, &login.url, &error));
    assert_int_equal(pthread_create(thread, NULL, speak, speech), 0);
    struct redis_client *client = redis_client_connect(&login, &error);
    if (client == NULL)
        fail_msg("%s", error.text);
    return client;
}

static void leave(struct redis_client *client, pthread_t thread)
{
    redis_client_close(client);
    pthread_join(thread, NULL);
}

/* What one command is answered with, where the server says `bytes`. */
static enum redis_answer answer_to(const char *bytes, size_t length, struct error *error)
{
    static const char *const words[] = {"PING"};
    struct speech speech = {bytes, length, false};
    pthread_t thread;
    const struct redis_value *value = NULL;
    struct redis_client *client = connect_to(&thread, &speech);
    enum redis_answer answer = redis_client_ask(client, 1, words, NULL, &value, error);
    leave(client, thread);
    return answer;
}

static void tree(void **state)
{
    static const char said[] =
        "*4\r\n$3\r\na\0b\r\n:-42\r\n$-1\r\n*2\r\n$2\r\nid\r\n*2\r\n$4\r\nname\r\n+fine\r\n"
        "*0\r\n";
    static const char *const words[] = {"XRANGE", "a\0b"};
    static const size_t lengths[] = {6, 3};
    struct speech speech = {said, sizeof said - 1, false};
    struct error error;
    pthread_t thread;
    const struct redis_value *value = NULL;
    (void)state;
    struct redis_client *client = connect_to(&thread, &speech);
    assert_int_equal(redis_client_ask(client, 2, words, lengths, &value, &error), REDIS_ANSWER_DONE);
    assert_int_equal(value->type, REDIS_VALUE_LIST);
    assert_int_equal(value->count, 4);
    assert_int_equal(value->items[0].length, 3);
    assert_memory_equal(value->items[0].text, "a\0b", 4);
    assert_int_equal(value->items[1].number, -42);
    assert_int_equal(value->items[2].type, REDIS_VALUE_NONE);
    assert_string_equal(value->items[2].text, "");
    const struct redis_value *entry = &value->items[3];
    assert_string_equal(redis_value_find(&entry->items[1], "name")->text, "fine");
    assert_null(redis_value_find(&entry->items[1], "nam"));
    assert_null(redis_value_find(&entry->items[1], "fine"));
    assert_int_equal(redis_client_read(client, &value, &error), REDIS_ANSWER_DONE);
    assert_int_equal(value->type, REDIS_VALUE_LIST);
    assert_int_equal(value->count, 0);
    assert_int_equal(redis_client_read(client, &value, &error), REDIS_ANSWER_LOST);
    leave(client, thread);
}

static void errors_are_told_apart(void **state)
{
    static const struct {
        const char *said;
        enum redis_answer answer;
    } rows[] = {
        {"-OOM command not allowed\r\n", REDIS_ANSWER_FULL},
        {"-READONLY You can't write\r\n", REDIS_ANSWER_NOT_NOW},
        {"-LOADING Redis is loading\r\n", REDIS_ANSWER_NOT_NOW},
        {"-NOPERM no\r\n", REDIS_ANSWER_REFUSED},
        {"-ERR unknown command\r\n", REDIS_ANSWER_REFUSED},
        {"?what\r\n", REDIS_ANSWER_LOST},
        {"$99999999999999999999\r\n", REDIS_ANSWER_LOST},
        {"*-7\r\n", REDIS_ANSWER_LOST},
        {"", REDIS_ANSWER_LOST},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {.text = ""};
        assert_int_equal(answer_to(rows[i].said, strlen(rows[i].said), &error), rows[i].answer);
        assert_non_null(strstr(error.text, folder));
    }
}

static void too_much_is_given_up(void **state)
{
    char *large = malloc(LIMIT + 64);
    char deep[REDIS_MAX_DEPTH * 4 + 16] = "", within[sizeof deep] = "";
    struct error error = {.text = ""};
    (void)state;
    memset(large, 'x', LIMIT + 64);
    memcpy(large, "$65600\r\n", 8);
    assert_int_equal(answer_to(large, LIMIT + 64, &error), REDIS_ANSWER_LOST);
    assert_non_null(strstr(error.text, "more than 65536 bytes"));
    assert_int_equal(answer_to("*2000000000\r\n", 13, &error), REDIS_ANSWER_LOST);
    assert_non_null(strstr(error.text, "more than 65536 bytes"));
    for (int i = 0; i < REDIS_MAX_DEPTH; i++)
        strcat(deep, "*1\r\n");
    strcpy(within, deep + 4);
    strcat(within, ":1\r\n");
    strcat(deep, ":1\r\n");
    assert_int_equal(answer_to(within, strlen(within), &error), REDIS_ANSWER_DONE);
    assert_int_equal(answer_to(deep, strlen(deep), &error), REDIS_ANSWER_LOST);
    free(large);
}

static void cut_anywhere(void **state)
{
    static const char said[] = "*3\r\n$3\r\nabc\r\n*1\r\n:5\r\n-ERR x\r\n";
    struct error error;
    (void)state;
    for (size_t length = 0; length < sizeof said - 1; length++)
        assert_int_equal(answer_to(said, length, &error), REDIS_ANSWER_LOST);
    assert_int_equal(answer_to(said, sizeof said - 1, &error), REDIS_ANSWER_DONE);
}

static void waiting_ends(void **state)
{
    static const char said[] = "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\nring\r\n*3\r\n$7\r\nmess";
    struct speech speech = {said, sizeof said - 1, true};
    struct error error;
    pthread_t thread;
    const struct redis_value *value = NULL;
    (void)state;
    struct redis_client *client = connect_to(&thread, &speech);
    assert_int_equal(redis_client_wait(client, 2000, &value, &error), REDIS_ANSWER_DONE);
    assert_string_equal(value->items[2].text, "ring");
    assert_int_equal(redis_client_wait(client, 20, &value, &error), REDIS_ANSWER_NOTHING);
    assert_int_equal(redis_client_wait(client, 20, &value, &error), REDIS_ANSWER_NOTHING);
    leave(client, thread);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree),
        cmocka_unit_test(errors_are_told_apart),
        cmocka_unit_test(too_much_is_given_up),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(waiting_ends),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
