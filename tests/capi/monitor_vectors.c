/* Walks the conformance vectors through a monitor, as prepare_vectors.py has written the steps: events in a
   random order, documents in pieces, steps of the clock, restarts from snapshots. Underway what the monitor
   lists is held against an audit of what it has; in the end its findings are those of the vector, as bytes.

   Arguments: the folder of the prepared vectors; how many walks of each at most, all without it. */
#include "vectors.h"

struct walk {
    duecare_policy* policy;
    duecare_monitor* monitor;
    const char* name;
};

/* The next field of a line, which is cut off. */
static char* field(char** line) {
    char* begin = *line;
    char* tab = strchr(begin, '\t');
    *line = tab == NULL ? begin + strlen(begin) : tab + 1;
    if (tab != NULL) *tab = '\0';
    return begin;
}

static int64_t read_instant(const struct walk* w, const char* text) {
    duecare_error* error = NULL;
    int64_t instant = 0;
    demand(duecare_policy_parse_instant(w->policy, text, strlen(text), DUECARE_DAY_END, &instant, &error),
           &error, w->name);
    return instant;
}

/* ---- What is compared: all that an obligation and a finding both tell ---- */

static void put_common(struct buffer* b, const char* const texts[7], const int64_t numbers[7]) {
    int i;
    for (i = 0; i < 7; ++i) {
        put_string(b, texts[i], texts[i] == NULL ? 0 : strlen(texts[i]));
        put(b, " ");
        put_integer(b, numbers[i]);
        put(b, " ");
    }
    put(b, "\n");
}

static void put_listed(struct buffer* b, const duecare_changes* c, uint64_t i) {
    const char* const texts[7] = {
        duecare_changes_get_case_id(c, i, NULL),      duecare_changes_get_duty_id(c, i, NULL),
        duecare_changes_get_key(c, i, NULL),          duecare_changes_get_trigger_event(c, i, NULL),
        duecare_changes_get_ending_event(c, i, NULL), duecare_changes_get_reason(c, i, NULL),
        duecare_changes_get_owner(c, i, NULL)};
    const int64_t numbers[7] = {
        duecare_changes_get_verdict(c, i),         duecare_changes_get_opened_at(c, i),
        duecare_changes_get_due_at(c, i),          duecare_changes_get_ended_at(c, i),
        duecare_changes_get_overdue_seconds(c, i), duecare_changes_get_elapsed_seconds(c, i),
        (int64_t)duecare_changes_get_flags(c, i)};
    put_common(b, texts, numbers);
}

static void put_audited(struct buffer* b, const duecare_finding* f) {
    const char* const texts[7] = {
        duecare_finding_get_case_id(f, NULL),      duecare_finding_get_duty_id(f, NULL),
        duecare_finding_get_key(f, NULL),          duecare_finding_get_trigger_event(f, NULL),
        duecare_finding_get_ending_event(f, NULL), duecare_finding_get_reason(f, NULL),
        duecare_finding_get_owner(f, NULL)};
    const int64_t numbers[7] = {
        duecare_finding_get_verdict(f),         duecare_finding_get_opened_at(f),
        duecare_finding_get_due_at(f),          duecare_finding_get_ended_at(f),
        duecare_finding_get_overdue_seconds(f), duecare_finding_get_elapsed_seconds(f),
        (int64_t)duecare_finding_get_flags(f)};
    put_common(b, texts, numbers);
}

static int by_bytes(const void* left, const void* right) {
    return strcmp(*(const char* const*)left, *(const char* const*)right);
}

/* Sorts the lines of a text, in place. */
static void sort_lines(struct buffer* text, size_t count) {
    struct buffer sorted = {NULL, 0, 0};
    char** lines = (char**)malloc((count + 1) * sizeof *lines);
    char* at = text->data;
    size_t i;
    if (lines == NULL) abort();
    for (i = 0; i < count; ++i) {
        lines[i] = at;
        at = strchr(at, '\n');
        *at++ = '\0';
    }
    qsort(lines, count, sizeof *lines, by_bytes);
    put(&sorted, "");
    for (i = 0; i < count; ++i) {
        put(&sorted, lines[i]);
        put(&sorted, "\n");
    }
    free(lines);
    free(text->data);
    *text = sorted;
}

static duecare_result* audit_of(const struct walk* w) {
    duecare_error* error = NULL;
    duecare_result* result = NULL;
    demand(duecare_monitor_audit(w->monitor, NULL, 0, DUECARE_VERDICTS_ALL, &result, &error), &error,
           w->name);
    return result;
}

static void list_all(const struct walk* w, struct buffer* into) {
    duecare_error* error = NULL;
    duecare_changes* listed = NULL;
    duecare_monitor_query query = DUECARE_MONITOR_QUERY_INIT;
    uint64_t i;
    query.verdicts = DUECARE_VERDICTS_ALL;
    demand(duecare_monitor_list(w->monitor, &query, &listed, &error), &error, w->name);
    put(into, "");
    for (i = 0; i < duecare_changes_count(listed); ++i) put_listed(into, listed, i);
    sort_lines(into, (size_t)duecare_changes_count(listed));
    duecare_changes_free(listed);
}

/* What the monitor has worked out step by step, against an audit of all that it has. */
static int lists_what_an_audit_finds(const struct walk* w, const duecare_result* result) {
    duecare_error* error = NULL;
    duecare_finding* finding = NULL;
    struct buffer listed = {NULL, 0, 0};
    struct buffer audited = {NULL, 0, 0};
    const uint64_t count = duecare_result_count_findings(result);
    uint64_t i;
    int same;
    list_all(w, &listed);
    put(&audited, "");
    demand(duecare_finding_new(result, &finding, &error), &error, w->name);
    for (i = 0; i < count; ++i) {
        demand(duecare_finding_at(finding, i, &error), &error, w->name);
        put_audited(&audited, finding);
    }
    sort_lines(&audited, (size_t)count);
    same = strcmp(listed.data, audited.data) == 0;
    if (!same) fprintf(stderr, "  audited:\n%s  listed:\n%s", audited.data, listed.data);
    duecare_finding_free(finding);
    free(listed.data);
    free(audited.data);
    return same;
}

static int finds_what_the_vector_says(const duecare_result* result, const char* folder) {
    duecare_error* error = NULL;
    duecare_finding* finding = NULL;
    struct buffer found = {NULL, 0, 0};
    struct buffer expected = {NULL, 0, 0};
    uint64_t i;
    int same;
    put(&found, "");
    demand(duecare_finding_new(result, &finding, &error), &error, folder);
    for (i = 0; i < duecare_result_count_findings(result); ++i) {
        demand(duecare_finding_at(finding, i, &error), &error, folder);
        put_finding(&found, finding);
        put(&found, "\n");
    }
    read_whole(folder, "expected.jsonl", &expected);
    same = strcmp(found.data, expected.data) == 0;
    if (!same) fprintf(stderr, "  expected:\n%s  got:\n%s", expected.data, found.data);
    duecare_finding_free(finding);
    free(found.data);
    free(expected.data);
    return same;
}

/* ---- Steps ---- */

static int restart(struct walk* w) {
    duecare_error* error = NULL;
    duecare_monitor* again = NULL;
    struct buffer before = {NULL, 0, 0};
    struct buffer after = {NULL, 0, 0};
    const char* bytes;
    size_t length = 0;
    int same;
    list_all(w, &before);
    demand(duecare_monitor_snapshot(w->monitor, g_text, &error), &error, w->name);
    bytes = duecare_text_get(g_text, &length);
    demand(duecare_monitor_restore(w->policy, bytes, length, &again, &error), &error, w->name);
    duecare_monitor_free(w->monitor);
    w->monitor = again;
    list_all(w, &after);
    same = strcmp(before.data, after.data) == 0;
    if (!same) fprintf(stderr, "  before the restart:\n%s  after:\n%s", before.data, after.data);
    free(before.data);
    free(after.data);
    return same;
}

static void set_clock(struct walk* w, int64_t as_of, int64_t known_at) {
    duecare_error* error = NULL;
    duecare_changes* changes = NULL;
    demand(duecare_monitor_set_clock(w->monitor, as_of, known_at, &changes, &error), &error, w->name);
    duecare_changes_free(changes);
}

static int step(struct walk* w, char* line) {
    duecare_error* error = NULL;
    duecare_changes* changes = NULL;
    const char what = *field(&line);
    if (what == 'D') {
        demand(duecare_monitor_push_document(w->monitor, line, strlen(line), &changes, &error), &error, line);
    } else if (what == 'E') {
        const char* id = field(&line);
        demand(duecare_monitor_push_event(w->monitor, id, strlen(id), line, strlen(line), &changes, &error),
               &error, line);
    } else if (what == 'C') {
        int64_t at[2];
        int i;
        for (i = 0; i < 2; ++i) {
            at[i] = read_instant(w, field(&line));
            at[i] += INT64_C(1000000) * strtoll(field(&line), NULL, 10);
        }
        set_clock(w, at[0], at[1]);
    } else if (what == 'S') {
        return restart(w);
    } else {
        duecare_result* result = audit_of(w);
        const int same = lists_what_an_audit_finds(w, result);
        duecare_result_free(result);
        return same;
    }
    duecare_changes_free(changes);
    return 1;
}

static int run(const char* folder, const char* steps) {
    struct walk w;
    duecare_error* error = NULL;
    duecare_result* result = NULL;
    struct buffer text = {NULL, 0, 0};
    struct buffer lines = {NULL, 0, 0};
    duecare_monitor_options options = DUECARE_MONITOR_OPTIONS_INIT;
    const struct meta meta = read_meta(folder, &text);
    char* line;
    char* next;
    int same = 1;
    int64_t known_at;
    w.name = folder;
    w.monitor = NULL;
    w.policy = compile(folder);
    options.flags = DUECARE_MONITOR_AS_OF;
    options.as_of = read_instant(&w, meta.as_of);
    known_at = meta.known_at[0] != '\0' ? read_instant(&w, meta.known_at) : options.as_of;
    demand(duecare_monitor_new(w.policy, &options, &w.monitor, &error), &error, folder);
    read_whole(folder, steps, &lines);
    for (line = lines.data; *line != '\0'; line = next) {
        char* end = strchr(line, '\n');
        *end = '\0';
        next = end + 1;
        same &= step(&w, line);
    }
    set_clock(&w, options.as_of, known_at);
    result = audit_of(&w);
    same &= lists_what_an_audit_finds(&w, result) && finds_what_the_vector_says(result, folder);
    duecare_result_free(result);
    duecare_monitor_free(w.monitor);
    duecare_policy_free(w.policy);
    free(lines.data);
    free(text.data);
    return same;
}

int main(int argc, char** argv) {
    duecare_error* error = NULL;
    struct buffer names = {NULL, 0, 0};
    char* name;
    int walks = 0;
    int failed = 0;
    int most = 1 << 20;
    if (argc != 2 && argc != 3) return 2;
    if (argc == 3) most = atoi(argv[2]);
    demand(duecare_text_new(&g_text, &error), &error, "text");
    read_whole(argv[1], "index", &names);
    for (name = strtok(names.data, "\n"); name != NULL; name = strtok(NULL, "\n")) {
        char folder[1024];
        char steps[32];
        int seed;
        snprintf(folder, sizeof folder, "%s/%s", argv[1], name);
        for (seed = 1;
             snprintf(steps, sizeof steps, "monitor%d", seed), seed <= most && exists(folder, steps);
             ++seed) {
            ++walks;
            if (run(folder, steps)) continue;
            fprintf(stderr, "FAILED %s %s\n", name, steps);
            ++failed;
        }
    }
    printf("%d walks, %d failed\n", walks, failed);
    duecare_text_free(g_text);
    free(names.data);
    return walks == 0 || failed != 0;
}
