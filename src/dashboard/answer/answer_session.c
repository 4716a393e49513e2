// SPDX-License-Identifier: Apache-2.0
/*
 * The cookie that stands for the token in browsers, whose EventSource cannot send headers of its own.
 */
#include "dashboard/access.h"
#include "dashboard/answer/answers.h"

#include <stdio.h>

/* The server has checked the token already. */
void answer_login(const struct request *request, const struct model *model, struct answer *answer)
{
    (void)model;
    bool is_needed = request->access->token[0] != '\0';
    if (is_needed)
        snprintf(answer->cookie, sizeof answer->cookie,
                 ACCESS_COOKIE_NAME "=%s; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict",
                 request->access->cookie);
    json_object(&answer->json, NULL);
    json_boolean(&answer->json, "token_needed", is_needed);
    json_boolean(&answer->json, "logged_in", true);
    json_object_end(&answer->json);
}

void answer_logout(const struct request *request, const struct model *model, struct answer *answer)
{
    (void)model;
    snprintf(answer->cookie, sizeof answer->cookie,
             ACCESS_COOKIE_NAME "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    json_object(&answer->json, NULL);
    json_boolean(&answer->json, "token_needed", request->access->token[0] != '\0');
    json_boolean(&answer->json, "logged_in", false);
    json_object_end(&answer->json);
}
