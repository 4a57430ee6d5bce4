/* Reference values through the C ABI alone: golden ROWS, where each line of ROWS holds a method, its inputs,
 * a name, a number and a tolerance, with tabs between them (tests/capi/prepare_golden.py). */
#include <duecare/duecare.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[1 << 16];

/* The number behind "name": in one flat JSON object; of an array, its first. */
static int number_of(const char* json, const char* name, double* out) {
    char key[128];
    const char* at;
    char* end = NULL;
    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(json, key);
    if (at == NULL) return 0;
    at += strlen(key);
    while (*at == '[') ++at;
    *out = strtod(at, &end);
    return end != at;
}

/* 1 if the row is as expected. */
static int check_row(duecare_text* text) {
    const char* method = strtok(line, "\t");
    const char* inputs = strtok(NULL, "\t");
    const char* name = strtok(NULL, "\t");
    const char* expected = strtok(NULL, "\t");
    const char* tolerance = strtok(NULL, "\t\n");
    duecare_error* error = NULL;
    double got = 0;
    if (tolerance == NULL) {
        printf("a row has fewer than five fields\n");
        return 0;
    }
    if (duecare_estimate_calculate(method, strlen(method), inputs, strlen(inputs), text, &error) !=
        DUECARE_STATUS_OK) {
        printf("%s: %s\n", method, duecare_error_get_text(error, NULL));
        duecare_error_free(error);
        return 0;
    }
    if (!number_of(duecare_text_get(text, NULL), name, &got)) {
        printf("%s gives no number %s: %s\n", method, name, duecare_text_get(text, NULL));
        return 0;
    }
    /* What the expected number loses when it is read, on top. */
    if (fabs(got - strtod(expected, NULL)) <= strtod(tolerance, NULL) + 1e-15 * fabs(got)) return 1;
    printf("%s %s %s: expected %s, got %.17g\n", method, inputs, name, expected, got);
    return 0;
}

/* As Windows starts a thread: the older floating-point unit computes with 53 bits. The runtime of mingw-w64
 * has changed that for this program, other hosts leave it. */
static void begin_as_a_host(void) {
#if defined(_WIN32)
    const unsigned short control = 0x27f;
    __asm__ volatile("fldcw %0" : : "m"(control));
#endif
}

int main(int argc, char** argv) {
    FILE* file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    duecare_text* text = NULL;
    int passed = 0;
    int failed = 0;
    begin_as_a_host();
    if (file == NULL || duecare_text_new(&text, NULL) != DUECARE_STATUS_OK) return 2;
    while (fgets(line, sizeof line, file) != NULL) {
        if (check_row(text)) {
            ++passed;
        } else {
            ++failed;
        }
    }
    fclose(file);
    duecare_text_free(text);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}
