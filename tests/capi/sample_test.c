/* Frames, draws and manifests through C. */
#include "check.h"

#define BAD DUECARE_STATUS_INVALID_ARGUMENT
#define SEED "31415926535897932384", 20
#define TEXT(literal) literal, sizeof(literal) - 1

static duecare_error* error;

static const char* const k_srs = "{\"format\": \"duecare.sample-plan/1\", \"design\": \"srs\", \"n\": 5}";

/* CASE-0001 to CASE-0020. */
static duecare_frame* make_frame(void) {
    duecare_frame* frame = NULL;
    char id[16];
    int i;
    CHECK_OK(duecare_frame_new(&frame, &error));
    for (i = 1; i <= 20; ++i) {
        const int length = snprintf(id, sizeof id, "CASE-%04d", i);
        CHECK_OK(duecare_frame_push(frame, id, (size_t)length, i <= 8 ? "north" : "south", 5,
                                    DUECARE_SIZE_NONE, &error));
    }
    CHECK_OK(duecare_frame_finish(frame, &error));
    CHECK_OK(duecare_frame_finish(frame, &error));
    return frame;
}

static void tickets(void) {
    static const unsigned char expected[4] = {0x5f, 0x20, 0x3d, 0x21};
    static const int64_t offsets[3] = {0, 9, 18};
    static const int64_t backwards[3] = {0, 9, 8};
    uint8_t one[32] = {0};
    uint8_t two[64] = {0};
    CHECK_OK(duecare_ticket_compute(SEED, TEXT("CASE-0001"), one, &error));
    CHECK(memcmp(one, expected, 4) == 0);
    CHECK_OK(duecare_ticket_compute_many(SEED, 2, "CASE-0001CASE-0002", offsets, two, &error));
    CHECK(memcmp(one, two, 32) == 0 && memcmp(two, two + 32, 32) != 0);
    CHECK_OK(duecare_ticket_compute_many(SEED, 0, NULL, NULL, NULL, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute(TEXT("1 2"), TEXT("a"), one, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute(SEED, TEXT("#start"), one, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute(SEED, TEXT("a"), NULL, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute(NULL, 3, TEXT("a"), one, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute_many(SEED, 2, "ab", NULL, two, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute_many(SEED, 2, NULL, offsets, two, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute_many(SEED, 2, "CASE-0001", backwards, two, &error));
    CHECK_FAILS(BAD, duecare_ticket_compute_many(SEED, 2, "CASE-0001CASE-0002", offsets, NULL, &error));
}

static void frames(void) {
    static const int64_t offsets[4] = {0, 1, 2, 3};
    static const int64_t strata[4] = {0, 1, 1, 2};
    static const int64_t sizes[3] = {3, DUECARE_SIZE_NONE, 0};
    static const int64_t negative[3] = {3, 4, -1};
    duecare_frame* frame = NULL;
    duecare_frame* other = NULL;
    duecare_text* text = NULL;
    size_t length = 0;
    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_frame_new(&frame, &error));
    CHECK_OK(duecare_frame_new(&other, &error));
    CHECK_FAILS(BAD, duecare_frame_push_many(frame, 3, "abc", offsets, "xy", strata, negative, &error));
    CHECK(duecare_frame_count_units(frame) == 0 && duecare_frame_count_strata(frame) == 0);
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_frame_export_canonical(frame, text, &error));
    CHECK_OK(duecare_frame_push_many(frame, 3, "bac", offsets, "xy", strata, sizes, &error));
    CHECK_FAILS(BAD, duecare_frame_push_frame(frame, frame, NULL, 0, NULL, 0, &error));
    CHECK_OK(duecare_frame_push_frame(other, frame, TEXT("f/"), TEXT("F "), &error));
    CHECK(strcmp(duecare_frame_get_digest(frame, &length), "") == 0 && length == 0);
    CHECK_OK(duecare_frame_finish(frame, &error));
    CHECK_OK(duecare_frame_export_canonical(frame, text, &error));
    CHECK(strcmp(duecare_text_get(text, NULL), "a\t\t\nb\tx\t3\nc\ty\t0\n") == 0);
    CHECK(duecare_frame_count_units(frame) == 3 && duecare_frame_count_strata(frame) == 3);
    CHECK(strcmp(duecare_frame_get_stratum_name(frame, 2, &length), "y") == 0 && length == 1);
    CHECK(duecare_frame_get_stratum_name(frame, 3, &length) == NULL);
    CHECK(duecare_frame_get_stratum_count(frame, 0) == 1 && duecare_frame_get_stratum_count(frame, 3) == 0);
    CHECK(duecare_frame_get_digest(frame, &length) != NULL && length == 64);
    CHECK(duecare_frame_get_order_digest(frame, &length) != NULL && length == 64);
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE,
                duecare_frame_push(frame, TEXT("d"), NULL, 0, DUECARE_SIZE_NONE, &error));
    CHECK_OK(duecare_frame_push(other, TEXT("f/a"), NULL, 0, DUECARE_SIZE_NONE, &error));
    CHECK_FAILS(BAD, duecare_frame_finish(other, &error));
    CHECK_FAILS(BAD, duecare_frame_push(other, NULL, 0, NULL, 0, DUECARE_SIZE_NONE, &error));
    CHECK_FAILS(BAD, duecare_frame_push(NULL, TEXT("d"), NULL, 0, DUECARE_SIZE_NONE, &error));
    CHECK_FAILS(BAD, duecare_frame_push_many(NULL, 0, NULL, NULL, NULL, NULL, NULL, &error));
    CHECK_FAILS(BAD, duecare_frame_push_frame(frame, NULL, NULL, 0, NULL, 0, &error));
    CHECK_FAILS(BAD, duecare_frame_finish(NULL, &error));
    CHECK_FAILS(BAD, duecare_frame_new(NULL, &error));
    CHECK_FAILS(BAD, duecare_frame_export_canonical(NULL, text, &error));
    CHECK_FAILS(BAD, duecare_frame_export_canonical(frame, NULL, &error));
    CHECK(duecare_frame_count_units(NULL) == 0 && duecare_frame_count_strata(NULL) == 0);
    CHECK(duecare_frame_get_digest(NULL, NULL) == NULL && duecare_frame_get_order_digest(NULL, NULL) == NULL);
    duecare_frame_free(frame);
    duecare_frame_free(other);
    duecare_text_free(text);
    duecare_frame_free(NULL);
}

static void samples(void) {
    duecare_frame* frame = make_frame();
    duecare_frame* open = NULL;
    duecare_sample* sample = NULL;
    duecare_sample* again = NULL;
    duecare_text* manifest = NULL;
    duecare_text* second = NULL;
    duecare_text* differences = NULL;
    uint64_t count = 9;
    size_t length = 0;
    CHECK_OK(duecare_text_new(&manifest, &error));
    CHECK_OK(duecare_text_new(&second, &error));
    CHECK_OK(duecare_text_new(&differences, &error));
    CHECK_OK(duecare_frame_new(&open, &error));
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE,
                duecare_sample_draw(open, k_srs, strlen(k_srs), SEED, NULL, 0, &sample, &error));
    CHECK_FAILS(BAD, duecare_sample_draw(frame, TEXT("{}"), SEED, NULL, 0, &sample, &error));
    CHECK_FAILS(BAD, duecare_sample_draw(NULL, k_srs, strlen(k_srs), SEED, NULL, 0, &sample, &error));
    CHECK_FAILS(BAD, duecare_sample_draw(frame, k_srs, strlen(k_srs), SEED, NULL, 0, NULL, &error));
    CHECK_FAILS(BAD, duecare_sample_draw(frame, k_srs, strlen(k_srs), TEXT(""), NULL, 0, &sample, &error));
    CHECK(sample == NULL);
    CHECK_OK(duecare_sample_draw(frame, k_srs, strlen(k_srs), SEED, TEXT("dice"), &sample, &error));
    CHECK(duecare_sample_count_units(sample) == 5 && duecare_sample_count_groups(sample) == 1);
    CHECK(strcmp(duecare_sample_get_unit_id(sample, 0, &length), "CASE-0006") == 0 && length == 9);
    CHECK(strcmp(duecare_sample_get_unit_stratum(sample, 0, NULL), "north") == 0);
    CHECK(duecare_sample_get_unit_ticket(sample, 4, &length) != NULL && length == 64);
    CHECK(duecare_sample_get_unit_rank(sample, 4) == 5 && duecare_sample_get_unit_rank(sample, 5) == 0);
    CHECK(duecare_sample_get_unit_pi(sample, 0) == 0.25 && duecare_sample_get_unit_pi(sample, 5) == 0);
    CHECK(strcmp(duecare_sample_get_group_next_id(sample, 0, &length), "CASE-0001") == 0 && length == 9);
    CHECK(duecare_sample_get_group_next_id(sample, 1, NULL) == NULL);

    CHECK_FAILS(BAD, duecare_sample_extend(sample, TEXT("{\"n\": 21}"), TEXT("more"), &error));
    CHECK_FAILS(BAD, duecare_sample_extend(NULL, TEXT("{\"n\": 8}"), TEXT("more"), &error));
    CHECK_FAILS(BAD, duecare_sample_replace(sample, TEXT("CASE-0001"), TEXT("duplicate"), &error));
    CHECK_FAILS(BAD, duecare_sample_replace(NULL, TEXT("CASE-0001"), TEXT("duplicate"), &error));
    CHECK(duecare_sample_count_units(sample) == 5);
    CHECK_OK(duecare_sample_replace(sample, TEXT("CASE-0005"), TEXT("duplicate"), &error));
    CHECK_OK(duecare_sample_extend(sample, TEXT("{\"n\": 8}"), TEXT("planned"), &error));
    CHECK(duecare_sample_count_units(sample) == 9);
    CHECK(duecare_sample_get_unit_flags(sample, 1) == DUECARE_UNIT_OUT_OF_SCOPE);
    CHECK(duecare_sample_get_unit_flags(sample, 99) == 0);
    CHECK(duecare_sample_get_unit_stage(sample, 5) == 0 && duecare_sample_get_unit_stage(sample, 8) == 1);

    CHECK_OK(duecare_sample_export_manifest(sample, manifest, &error));
    CHECK_OK(duecare_sample_derive(frame, duecare_text_get(manifest, NULL),
                                   strlen(duecare_text_get(manifest, NULL)), &again, &error));
    CHECK_OK(duecare_sample_export_manifest(again, second, &error));
    CHECK(strcmp(duecare_text_get(manifest, NULL), duecare_text_get(second, NULL)) == 0);
    CHECK_OK(duecare_sample_verify(frame, duecare_text_get(manifest, NULL),
                                   strlen(duecare_text_get(manifest, NULL)), &count, differences, &error));
    CHECK(count == 0 && strcmp(duecare_text_get(differences, NULL), "[]\n") == 0);
    duecare_frame_free(frame); /* the samples keep it */
    CHECK_OK(duecare_sample_export_manifest(again, second, &error));

    duecare_sample_free(again);
    CHECK_FAILS(DUECARE_STATUS_INVALID_STATE, duecare_sample_derive(open, TEXT("{}"), &again, &error));
    CHECK_FAILS(BAD, duecare_sample_derive(NULL, TEXT("{}"), &again, &error));
    CHECK(again == NULL);
    CHECK_FAILS(BAD, duecare_sample_verify(NULL, TEXT("{}"), &count, differences, &error));
    CHECK_FAILS(BAD, duecare_sample_verify(open, TEXT("{}"), NULL, differences, &error));
    CHECK_FAILS(BAD, duecare_sample_export_manifest(NULL, second, &error));
    CHECK_FAILS(BAD, duecare_sample_export_manifest(sample, NULL, &error));
    CHECK(duecare_sample_count_units(NULL) == 0 && duecare_sample_get_unit_id(NULL, 0, NULL) == NULL);
    duecare_sample_free(sample);
    duecare_sample_free(NULL);
    duecare_frame_free(open);
    duecare_text_free(manifest);
    duecare_text_free(second);
    duecare_text_free(differences);
}

static int near(double a, double b) {
    return a - b < 1e-11 && b - a < 1e-11;
}

static void methods(void) {
    static const char k_inputs[] = "{\"sizes\": [3, 1, 0], \"n\": 1}";
    duecare_text* text = NULL;
    CHECK_OK(duecare_text_new(&text, &error));
    CHECK_OK(duecare_estimate_calculate(TEXT("inclusion_probabilities"), k_inputs, sizeof k_inputs - 1, text,
                                        &error));
    CHECK(strstr(duecare_text_get(text, NULL), "[7.5E-1,2.5E-1,0E0]") != NULL);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND,
                duecare_estimate_calculate(TEXT("inclusion"), k_inputs, sizeof k_inputs - 1, text, &error));
    CHECK_FAILS(BAD, duecare_estimate_calculate(TEXT("ticket_draw"), TEXT("{}"), text, &error));
    CHECK_FAILS(BAD, duecare_estimate_calculate(TEXT("ticket_draw"), TEXT("["), text, &error));
    CHECK_FAILS(BAD, duecare_estimate_calculate(NULL, 1, TEXT("{}"), text, &error));
    CHECK_FAILS(BAD, duecare_estimate_calculate(TEXT("ticket_draw"), TEXT("{}"), NULL, &error));
    CHECK(duecare_estimate_count_methods() >= 50);
    CHECK_OK(duecare_estimate_export_method(0, text, &error));
    CHECK(strstr(duecare_text_get(text, NULL), "{\"name\":\"aalen_johansen\",\"parameters\":[") != NULL);
    CHECK_FAILS(DUECARE_STATUS_NOT_FOUND, duecare_estimate_export_method(9999, text, &error));
    duecare_text_free(text);
}

/* Where x is 0 or n the bound is a power: 1 - 0.025^(1/10), 0.025^(1/10), 1 - 0.05^(1/10). */
static void bounds(void) {
    static const uint64_t k_x[] = {0, 5, 10, 0};
    static const uint64_t k_n[] = {10, 20, 10, 0};
    static const uint64_t k_more[] = {0, 21, 10, 0};
    double low[4], high[4];
    CHECK_OK(duecare_estimate_proportion_bounds(k_x, k_n, 4, 0.95, DUECARE_SIDE_TWO, low, high, &error));
    CHECK(low[0] == 0 && near(high[0], 0.308497107818761));
    CHECK(near(low[1], 0.0865714691014) && near(high[1], 0.491045871708));
    CHECK(near(low[2], 0.691502892181239) && high[2] == 1);
    CHECK(low[3] == 0 && high[3] == 1);
    CHECK_OK(duecare_estimate_proportion_bounds(k_x, k_n, 4, 0.95, DUECARE_SIDE_UPPER, low, high, &error));
    CHECK(low[1] == 0 && near(high[0], 0.258865550893052));
    CHECK_OK(duecare_estimate_proportion_bounds(NULL, NULL, 0, 0.95, DUECARE_SIDE_TWO, NULL, NULL, &error));
    CHECK_FAILS(BAD, duecare_estimate_proportion_bounds(k_more, k_n, 4, 0.95, 0, low, high, &error));
    CHECK_FAILS(BAD, duecare_estimate_proportion_bounds(k_x, k_n, 4, 1.0, 0, low, high, &error));
    CHECK_FAILS(BAD, duecare_estimate_proportion_bounds(k_x, k_n, 4, 0.95, 3, low, high, &error));
    CHECK_FAILS(BAD, duecare_estimate_proportion_bounds(k_x, NULL, 4, 0.95, 0, low, high, &error));
    CHECK_FAILS(BAD, duecare_estimate_proportion_bounds(k_x, k_n, UINT64_MAX, 0.95, 0, low, high, &error));
}

int main(void) {
    methods();
    bounds();
    tickets();
    frames();
    samples();
    return finish("sample_test");
}
