// SPDX-License-Identifier: Apache-2.0
/*
 * A cluster of two nodes that are threads: where commands go, in which order answers come, and what is done
 * where a node is away. The second argument of a command, its key, tells the nodes what to say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "redis/redis_client.h"
#include "redis/redis_redirect.h"
#include "redis/redis_text.h"

static struct node {
    const char *name;
    int listener;
    unsigned port;
    pthread_t thread;
} nodes[2] = {{.name = "A"}, {.name = "B"}};

static unsigned dead_port;

static int listen_anywhere(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return listener;
}

/* "at-B...": is B's; "ask-B...": B has it once asked so; "dead...": a node has it that is away; "round...":
 * each says that the other has it. */
static void answer(const struct node *node, const char *key, bool asking, FILE *out)
{
    const struct node *other = &nodes[node == &nodes[0]];
    bool is_b = strcmp(node->name, "B") == 0;
    int slot = redis_slot(key, strlen(key));
    if (strncmp(key, "dead", 4) == 0)
        fprintf(out, "-MOVED %d 127.0.0.1:%u\r\n", slot, dead_port);
    else if (strncmp(key, "round", 5) == 0 || (strncmp(key, "at-B", 4) == 0 && !is_b) ||
             (strncmp(key, "ask-B", 5) == 0 && is_b && !asking))
        fprintf(out, "-MOVED %d 127.0.0.1:%u\r\n", slot, other->port);
    else if (strncmp(key, "ask-B", 5) == 0 && !is_b)
        fprintf(out, "-ASK %d :%u\r\n", slot, other->port); /* the same host */
    else
        fprintf(out, "+%s %s\r\n", node->name, key);
}

static bool converse(const struct node *node, FILE *in, FILE *out)
{
    char line[256], words[2][256] = {"", ""};
    bool asking = false;
    while (fgets(line, sizeof line, in) != NULL) {
        int count = atoi(line + 1);
        for (int i = 0; i < count; i++) {
            if (fgets(line, sizeof line, in) == NULL || fgets(line, sizeof line, in) == NULL)
                return false;
            line[strcspn(line, "\r")] = '\0';
            if (i < 2)
                memcpy(words[i], line, sizeof line);
        }
        if (strcmp(words[0], "QUIT") == 0)
            return true;
        if (strcmp(words[0], "GET") == 0)
            answer(node, words[1], asking, out);
        else
            fprintf(out, "+OK\r\n");
        asking = strcmp(words[0], "ASKING") == 0;
        fflush(out);
    }
    return false;
}

static void *serve(void *context)
{
    const struct node *node = context;
    for (bool quit = false; !quit;) {
        int client = accept(node->listener, NULL, NULL);
        FILE *in = fdopen(client, "r"), *out = fdopen(dup(client), "w");
        quit = converse(node, in, out);
        fclose(in);
        fclose(out);
    }
    return NULL;
}

static int begin(void **state)
{
    (void)state;
    close(listen_anywhere(&dead_port));
    for (int i = 0; i < 2; i++) {
        nodes[i].listener = listen_anywhere(&nodes[i].port);
        if (nodes[i].listener < 0 || pthread_create(&nodes[i].thread, NULL, serve, &nodes[i]) != 0)
            return 1;
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)nodes[i].port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int client = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(client, (struct sockaddr *)&address, sizeof address) != 0 ||
            send(client, "*1\r\n$4\r\nQUIT\r\n", 14, 0) != 14)
            return 1;
        pthread_join(nodes[i].thread, NULL);
        close(client);
        close(nodes[i].listener);
    }
    return 0;
}

static struct redis_client *connect_to_a(const char *home)
{
    char url[64];
    struct redis_login login = {.timeout_ms = 60000, .client_name = "test"};
    struct error error = {.text = ""};
    snprintf(url, sizeof url, "redis-cluster://127.0.0.1:%u", nodes[0].port);
    assert_true(redis_url_read(url, &login.url, &error));
    snprintf(login.home, sizeof login.home, "%s", home);
    struct redis_client *client = redis_client_connect(&login, &error);
    if (client == NULL)
        fail_msg("%s", error.text);
    return client;
}

static void send_gets(struct redis_client *client, const char *const *keys, size_t count)
{
    struct redis_text text = {0};
    for (size_t i = 0; i < count; i++) {
        redis_text_begin(&text, "GET");
        redis_text_put(&text, keys[i]);
        redis_text_end(&text);
    }
    assert_true(redis_client_send(client, text.bytes, text.length));
    redis_text_done(&text);
}

static void expect(struct redis_client *client, const char *said)
{
    const struct redis_value *value = NULL;
    struct error error = {.text = ""};
    if (redis_client_read(client, &value, &error) != REDIS_ANSWER_DONE)
        fail_msg("%s instead of %s", error.text, said);
    assert_string_equal(value->text, said);
}

static void answers_keep_their_order(void **state)
{
    static const char *const keys[] = {"one",   "at-B1",  "two",   "ask-B1", "at-B1",
                                       "at-B2", "ask-B2", "three", "at-B1"};
    static const char *const said[] = {"A one",   "B at-B1",  "A two",   "B ask-B1", "B at-B1",
                                       "B at-B2", "B ask-B2", "A three", "B at-B1"};
    (void)state;
    struct redis_client *client = connect_to_a("");
    for (int round = 0; round < 3; round++) { /* later, where keys are is known */
        send_gets(client, keys, sizeof keys / sizeof keys[0]);
        for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
            expect(client, said[i]);
    }
    redis_client_close(client);
}

static void a_node_that_does_not_matter_holds_nothing_up(void **state)
{
    static const char *const keys[] = {"{home}1", "dead", "{home}2"};
    struct error error = {.text = ""};
    (void)state;
    struct redis_client *client = connect_to_a("{home}");
    for (int round = 0; round < 2; round++) {
        send_gets(client, keys, 3);
        expect(client, "A {home}1");
        assert_int_equal(redis_client_receive(client, &error), REDIS_ANSWER_REFUSED);
        assert_non_null(strstr(error.text, "a node of the cluster is away"));
        expect(client, "A {home}2");
    }
    redis_client_close(client);
}

static void a_node_that_matters_ends_the_connection(void **state)
{
    static const char *const keys[] = {"one", "dead{home}", "two"};
    struct error error = {.text = ""};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct redis_client *client = connect_to_a(i == 0 ? "" : "{home}");
        send_gets(client, keys, 3);
        expect(client, "A one");
        assert_int_equal(redis_client_receive(client, &error), REDIS_ANSWER_LOST);
        redis_client_close(client);
    }
}

static void circles_are_left(void **state)
{
    static const char *const keys[] = {"round", "one"};
    struct error error = {.text = ""};
    (void)state;
    struct redis_client *client = connect_to_a("");
    send_gets(client, keys, 2);
    assert_int_equal(redis_client_receive(client, &error), REDIS_ANSWER_NOT_NOW);
    expect(client, "A one");
    redis_client_close(client);
}

static void closed_with_answers_outstanding(void **state)
{
    static const char *const keys[] = {"one", "at-B1", "two", "ask-B1"};
    (void)state;
    struct redis_client *client = connect_to_a("");
    send_gets(client, keys, 4);
    expect(client, "A one");
    redis_client_close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_keep_their_order),
        cmocka_unit_test(a_node_that_does_not_matter_holds_nothing_up),
        cmocka_unit_test(a_node_that_matters_ends_the_connection),
        cmocka_unit_test(circles_are_left),
        cmocka_unit_test(closed_with_answers_outstanding),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
