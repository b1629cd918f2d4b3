// An app server on libstrophe, an XMPP library that nobody here wrote: what
// Tests/Interop/python/appserver.py does, with the same arguments, lines and exit code.

#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strophe.h>

#define GCM "google:mobile:data"

struct app_server {
    char **requests;
    const char *late;
    json_t *unanswered;
    json_t *held;
    bool is_draining;
    const char *failure;
};

static void report(const char *event, json_t *frame) {
    json_t *line = json_pack("{s:s}", "event", event);
    if (frame) json_object_update(line, frame);
    json_dumpf(line, stdout, JSON_COMPACT);
    puts("");
    fflush(stdout);
    json_decref(line);
}

static void post(xmpp_conn_t *connection, json_t *frame) {
    xmpp_ctx_t *context = xmpp_conn_get_context(connection);
    xmpp_stanza_t *message = xmpp_message_new(context, NULL, NULL, "");
    xmpp_stanza_t *gcm = xmpp_stanza_new(context);
    xmpp_stanza_t *text = xmpp_stanza_new(context);
    char *json = json_dumps(frame, JSON_COMPACT);
    xmpp_stanza_set_name(gcm, "gcm");
    xmpp_stanza_set_ns(gcm, GCM);
    xmpp_stanza_set_text(text, json);
    xmpp_stanza_add_child(gcm, text);
    xmpp_stanza_add_child(message, gcm);
    xmpp_send(connection, message);
    free(json);
    xmpp_stanza_release(text);
    xmpp_stanza_release(gcm);
    xmpp_stanza_release(message);
    json_decref(frame);
}

static void acknowledge(xmpp_conn_t *connection, json_t *frame) {
    post(connection, json_pack("{s:O, s:O, s:s}", "to", json_object_get(frame, "from"),
                               "message_id", json_object_get(frame, "message_id"),
                               "message_type", "ack"));
}

static const char *member(json_t *frame, const char *name) {
    const char *value = json_string_value(json_object_get(frame, name));
    return value ? value : "";
}

static void send_request(xmpp_conn_t *connection, struct app_server *server, const char *json) {
    json_t *request = json_loads(json, 0, NULL);
    json_object_set_new(server->unanswered, member(request, "message_id"), json_true());
    post(connection, request);
}

static void drain(xmpp_conn_t *connection, struct app_server *server) {
    server->is_draining = true;
    if (server->late) send_request(connection, server, server->late);
    size_t index;
    json_t *frame;
    json_array_foreach(server->held, index, frame) acknowledge(connection, frame);
}

static int receive(xmpp_conn_t *connection, xmpp_stanza_t *stanza, void *context) {
    struct app_server *server = context;
    xmpp_stanza_t *gcm = xmpp_stanza_get_child_by_ns(stanza, GCM);
    char *text = gcm ? xmpp_stanza_get_text(gcm) : NULL;
    json_t *frame = text ? json_loads(text, 0, NULL) : NULL;
    const char *type = xmpp_stanza_get_type(stanza);
    const char *kind = member(frame, "message_type");
    if (!*kind) kind = "upstream";
    if (!frame || (type && strcmp(type, "error") == 0)) kind = "error";
    report(kind, frame);
    if (strcmp(kind, "upstream") == 0 || strcmp(kind, "receipt") == 0) {
        if (json_object_get(json_object_get(frame, "data"), "hold")) {
            json_array_append(server->held, frame);
        } else {
            acknowledge(connection, frame);
        }
    } else if (strcmp(kind, "ack") == 0 || strcmp(kind, "nack") == 0) {
        json_object_del(server->unanswered, member(frame, "message_id"));
    } else if (strcmp(member(frame, "control_type"), "CONNECTION_DRAINING") == 0) {
        drain(connection, server);
    }
    json_decref(frame);
    xmpp_free(xmpp_conn_get_context(connection), text);
    return 1; // Called again for the next one.
}

static void begin(xmpp_conn_t *connection, struct app_server *server) {
    xmpp_handler_add(connection, receive, NULL, "message", NULL, server);
    report("connected", NULL);
    for (char **request = server->requests; *request; request++) {
        send_request(connection, server, *request);
    }
}

static void connection_changed(xmpp_conn_t *connection, xmpp_conn_event_t event, int error,
                               xmpp_stream_error_t *stream_error, void *context) {
    struct app_server *server = context;
    if (event == XMPP_CONN_CONNECT) {
        begin(connection, server);
        return;
    }
    if (!server->is_draining) {
        server->failure = "disconnected without draining";
    } else if (json_object_size(server->unanswered) > 0) {
        server->failure = "a request had no answer";
    } else {
        server->failure = error || stream_error ? "the stream broke" : NULL;
    }
    xmpp_stop(xmpp_conn_get_context(connection));
}

int main(int count, char **arguments) {
    static const struct option options[] = {
        {"host", required_argument, NULL, 'h'},    {"port", required_argument, NULL, 'p'},
        {"ca", required_argument, NULL, 'c'},      {"sender-id", required_argument, NULL, 's'},
        {"api-key", required_argument, NULL, 'k'}, {"late", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    const char *values[128] = {0};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == '?') return 64;
        values[option] = optarg;
    }
    for (const struct option *option = options; option->name; option++) {
        if (values[option->val] || option->val == 'l') continue;
        fprintf(stderr, "--%s is missing\n", option->name);
        return 64;
    }
    struct app_server server = {
        .requests = arguments + optind, .late = values['l'],
        .unanswered = json_object(), .held = json_array(), .failure = "no connection",
    };
    char login[64];
    snprintf(login, sizeof login, "%s@gcm.googleapis.com", values['s']);
    // OpenSSL's own variable: libstrophe has a call for it since 0.12 only.
    setenv("SSL_CERT_FILE", values['c'], 1);

    xmpp_initialize();
    xmpp_ctx_t *context = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_WARN));
    xmpp_conn_t *connection = xmpp_conn_new(context);
    // TLS from the first byte. It verifies the chain, and the JID's domain whatever the address is.
    xmpp_conn_set_flags(connection, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_jid(connection, login);
    xmpp_conn_set_pass(connection, values['k']);
    if (xmpp_connect_client(connection, values['h'], (unsigned short)atoi(values['p']),
                            connection_changed, &server) == XMPP_EOK) {
        xmpp_run(context);
    }
    xmpp_conn_release(connection);
    xmpp_ctx_free(context);
    xmpp_shutdown();
    json_decref(server.unanswered);
    json_decref(server.held);
    if (server.failure) fprintf(stderr, "%s\n", server.failure);
    return server.failure ? 1 : 0;
}
