/* A small policy and caseload that the C programs share. */
#ifndef DUECARE_TESTS_FIXTURE_H
#define DUECARE_TESTS_FIXTURE_H

static const char k_policy[] =
    "{\"format\": \"duecare.policy/1\", \"id\": \"example\", \"version\": \"1.2.3\", \"title\": "
    "\"Example\",\n"
    " \"time_zone\": \"Europe/London\",\n"
    " \"duties\": [\n"
    "  {\"id\": \"return-interview\", \"title\": \"Talk with a child who has come back\", \"area\": "
    "\"missing\",\n"
    "   \"severity\": \"high\", \"source\": {\"title\": \"Example handbook\", \"section\": \"1\",\n"
    "   \"url\": \"https://example.org/handbook\", \"status\": \"illustrative\"},\n"
    "   \"on\": {\"event\": \"missing.returned\"}, \"per\": \"subject\",\n"
    "   \"require\": {\"event\": \"interview.return_home\"}, \"within\": \"72 hours\"}]}\n";

/* Of the children P1 and P2, one is spoken to in time and one not at all; line 2 is no JSON. */
static const char k_caseload[] =
    "{\"format\":\"duecare.case/"
    "1\",\"id\":\"MC-1\",\"colour\":\"red\",\"persons\":[{\"id\":\"P1\"},{\"id\":\"P2\"}],"
    "\"events\":[{\"id\":\"e1\",\"type\":\"missing.returned\",\"occurred_at\":\"2023-01-10T08:00:00Z\"},"
    "{\"id\":\"e2\",\"type\":\"interview.return_home\",\"occurred_at\":\"2023-01-12T16:30:00Z\","
    "\"subjects\":[\"P1\"]}]}\n"
    "{\"format\":\"duecare.case/1\",\"id\":\n"
    "{\"format\":\"duecare.case/1\",\"id\":\"MC-2\",\"events\":[{\"id\":\"e1\",\"type\":\"case.opened\","
    "\"occurred_at\":\"2023-01-20T00:00:00Z\"}]}";

#endif
