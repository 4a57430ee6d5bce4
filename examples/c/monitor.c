/* A monitor in C: events come as they happen, and a supervisor sees what falls due.
 *
 *     monitor policy.json
 *
 * Its clock is what the host says; a real one would take the machine's. */
#include <duecare/duecare.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with what the library has to say about a failure. */
static void demand(duecare_status status, duecare_error** error) {
    if (status == DUECARE_STATUS_OK) return;
    fprintf(stderr, "%s\n", duecare_error_get_text(*error, NULL));
    duecare_error_free(*error);
    exit(2);
}

static duecare_policy* compile(const char* path) {
    static char json[1 << 20];
    duecare_error* error = NULL;
    duecare_policy* policy = NULL;
    FILE* file = fopen(path, "rb");
    size_t length;
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    length = fread(json, 1, sizeof json, file);
    fclose(file);
    demand(duecare_policy_compile(path, strlen(path), json, length, &policy, &error), &error);
    return policy;
}

/* Prints what changed, and frees it. */
static void tell(const char* when, duecare_changes* changes) {
    uint64_t i;
    printf("%s\n", when);
    for (i = 0; i < duecare_changes_count(changes); ++i) {
        const char* key = duecare_changes_get_key(changes, i, NULL);
        printf("  %s %s: %s%s\n", duecare_changes_get_duty_id(changes, i, NULL), key == NULL ? "-" : key,
               duecare_verdict_get_name(duecare_changes_get_verdict(changes, i)),
               (duecare_changes_get_what(changes, i) & DUECARE_CHANGE_OPENED) != 0 ? " (new)" : "");
    }
    duecare_changes_free(changes);
}

static void push(duecare_monitor* monitor, const char* when, const char* event) {
    duecare_error* error = NULL;
    duecare_changes* changes = NULL;
    demand(duecare_monitor_push_event(monitor, "MC-1", 4, event, strlen(event), &changes, &error), &error);
    tell(when, changes);
}

static int64_t instant(const char* text) {
    duecare_error* error = NULL;
    int64_t micros = 0;
    demand(duecare_instant_parse(text, strlen(text), &micros, &error), &error);
    return micros;
}

int main(int argc, char** argv) {
    static const char k_case[] =
        "{\"format\": \"duecare.case/1\", \"id\": \"MC-1\", \"persons\": [{\"id\": \"P1\", \"born\": "
        "\"2012\"}]}";
    duecare_error* error = NULL;
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    duecare_monitor* monitor = NULL;
    duecare_changes* changes = NULL;
    duecare_text* text = NULL;
    duecare_policy* policy;
    const char* bytes;
    size_t length;
    int64_t next;
    if (argc != 2) {
        fprintf(stderr, "usage: monitor policy.json\n");
        return 2;
    }
    policy = compile(argv[1]);
    options.flags = DUECARE_MONITOR_AS_OF;
    options.as_of = instant("2023-01-10T09:00:00Z");
    demand(duecare_monitor_new(policy, &options, &monitor, &error), &error);
    demand(duecare_monitor_push_document(monitor, k_case, sizeof k_case - 1, &changes, &error), &error);
    duecare_changes_free(changes);

    push(monitor, "a child has come back",
         "{\"id\": \"e1\", \"type\": \"missing.returned\", \"occurred_at\": \"2023-01-10T08:00:00Z\"}");

    /* The host's timer: wake up when the next thing has fallen due. */
    next = duecare_monitor_get_next_due(monitor);
    demand(duecare_monitor_set_clock(monitor, next + 1, next + 1, &changes, &error), &error);
    tell("time has passed", changes);

    push(monitor, "an entry made late",
         "{\"id\": \"e2\", \"type\": \"interview.return_home\", \"occurred_at\": \"2023-01-12T16:30:00Z\"}");

    /* A restart: the snapshot is all that has to be kept. */
    demand(duecare_text_new(&text, &error), &error);
    demand(duecare_monitor_snapshot(monitor, text, &error), &error);
    duecare_monitor_free(monitor);
    bytes = duecare_text_get(text, &length);
    demand(duecare_monitor_restore(policy, bytes, length, &monitor, &error), &error);
    push(monitor, "after a restart, the entry is withdrawn",
         "{\"id\": \"e3\", \"type\": \"interview.return_home\", \"occurred_at\": \"2023-01-12T16:30:00Z\","
         " \"replaces\": \"e2\", \"withdrawn\": true}");

    duecare_text_free(text);
    duecare_monitor_free(monitor);
    duecare_policy_free(policy);
    return 0;
}
