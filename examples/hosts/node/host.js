// A host in Node.js with koffi: audits a caseload, monitors a live event, and shows what an error looks like.
//
//     node host.js policy.json cases.jsonl
'use strict';

const fs = require('node:fs');
const koffi = require('koffi');

const library = koffi.load(process.env.DUECARE_LIBRARY ?? 'libduecare.so.0');
const declare = (prototype) => library.func(prototype);
const INSTANT_NONE = -(2n ** 63n);

koffi.struct('duecare_monitor_options', {
  struct_size: 'uint32_t', flags: 'uint32_t', as_of: 'int64_t', known_at: 'int64_t',
});
const MONITOR_AS_OF = 1;

const D = {
  version: declare('const char *duecare_version()'),
  statusName: declare('const char *duecare_status_get_name(int32_t status)'),
  verdictName: declare('const char *duecare_verdict_get_name(int32_t verdict)'),
  errorMessage: declare('const char *duecare_error_get_message(void *error, _Out_ size_t *length)'),
  errorFree: declare('void duecare_error_free(void *error)'),
  textNew: declare('int32_t duecare_text_new(_Out_ void **text, _Out_ void **error)'),
  textGet: declare('const char *duecare_text_get(void *text, _Out_ size_t *length)'),
  textFree: declare('void duecare_text_free(void *text)'),
  policyCompile: declare(
    'int32_t duecare_policy_compile(const char *name, size_t name_length, const char *json, size_t length, ' +
      '_Out_ void **policy, _Out_ void **error)'),
  policyFree: declare('void duecare_policy_free(void *policy)'),
  caseloadNew: declare('int32_t duecare_caseload_new(void *options, _Out_ void **caseload, _Out_ void **error)'),
  caseloadReadFile: declare(
    'int32_t duecare_caseload_read_file(void *caseload, const char *path, size_t length, _Out_ void **error)'),
  countRejects: declare('uint64_t duecare_caseload_count_rejects(void *caseload)'),
  rejectLine: declare('uint64_t duecare_caseload_get_reject_line(void *caseload, uint64_t index)'),
  rejectReason: declare(
    'const char *duecare_caseload_get_reject_reason(void *caseload, uint64_t index, _Out_ size_t *length)'),
  caseloadFree: declare('void duecare_caseload_free(void *caseload)'),
  auditRun: declare(
    'int32_t duecare_audit_run(void *policy, void *caseload, void *options, _Out_ void **result, _Out_ void **error)'),
  countFindings: declare('uint64_t duecare_result_count_findings(void *result)'),
  resultFree: declare('void duecare_result_free(void *result)'),
  findingNew: declare('int32_t duecare_finding_new(void *result, _Out_ void **finding, _Out_ void **error)'),
  findingAt: declare('int32_t duecare_finding_at(void *finding, uint64_t index, _Out_ void **error)'),
  findingCase: declare('const char *duecare_finding_get_case_id(void *finding, _Out_ size_t *length)'),
  findingDuty: declare('const char *duecare_finding_get_duty_id(void *finding, _Out_ size_t *length)'),
  findingKey: declare('const char *duecare_finding_get_key(void *finding, _Out_ size_t *length)'),
  findingVerdict: declare('int32_t duecare_finding_get_verdict(void *finding)'),
  findingDue: declare('int64_t duecare_finding_get_due_at(void *finding)'),
  findingFree: declare('void duecare_finding_free(void *finding)'),
  monitorNew: declare(
    'int32_t duecare_monitor_new(void *policy, duecare_monitor_options *options, _Out_ void **monitor, ' +
      '_Out_ void **error)'),
  pushDocument: declare(
    'int32_t duecare_monitor_push_document(void *monitor, const char *json, size_t length, _Out_ void **changes, ' +
      '_Out_ void **error)'),
  pushEvent: declare(
    'int32_t duecare_monitor_push_event(void *monitor, const char *case_id, size_t case_id_length, ' +
      'const char *json, size_t length, _Out_ void **changes, _Out_ void **error)'),
  setClock: declare(
    'int32_t duecare_monitor_set_clock(void *monitor, int64_t as_of, int64_t known_at, _Out_ void **changes, ' +
      '_Out_ void **error)'),
  nextDue: declare('int64_t duecare_monitor_get_next_due(void *monitor)'),
  monitorFree: declare('void duecare_monitor_free(void *monitor)'),
  countChanges: declare('uint64_t duecare_changes_count(void *changes)'),
  changeCase: declare('const char *duecare_changes_get_case_id(void *changes, uint64_t index, _Out_ size_t *length)'),
  changeDuty: declare('const char *duecare_changes_get_duty_id(void *changes, uint64_t index, _Out_ size_t *length)'),
  changeKey: declare('const char *duecare_changes_get_key(void *changes, uint64_t index, _Out_ size_t *length)'),
  changeVerdict: declare('int32_t duecare_changes_get_verdict(void *changes, uint64_t index)'),
  changeDue: declare('int64_t duecare_changes_get_due_at(void *changes, uint64_t index)'),
  changesFree: declare('void duecare_changes_free(void *changes)'),
  instantFormat: declare('int32_t duecare_instant_format(int64_t instant, void *text, _Out_ void **error)'),
};

class DuecareError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// Calls a fallible function; its last parameter is the error.
function check(call, ...values) {
  const error = [null];
  const status = call(...values, error);
  if (status === 0) return;
  const message = D.errorMessage(error[0], [0]);
  D.errorFree(error[0]);
  throw new DuecareError(D.statusName(status), message);
}

// Objects are freed by whoever made them: use(made, free, body) frees after body, whatever happens.
function use(handle, free, body) {
  try {
    return body(handle);
  } finally {
    free(handle);
  }
}

function make(call, ...values) {
  const out = [null];
  check(call, ...values, out);
  return out[0];
}

const compile = (json, name) =>
  make(D.policyCompile, name, Buffer.byteLength(name), json, Buffer.byteLength(json));

const instantText = (instant) =>
  use(make(D.textNew), D.textFree, (text) => {
    check(D.instantFormat, instant, text);
    return D.textGet(text, [0]);
  });

function line(finding) {
  const due = BigInt(D.findingDue(finding));
  const words = [
    D.findingCase(finding, [0]),
    D.findingDuty(finding, [0]),
    D.findingKey(finding, [0]) ?? '-',
    D.verdictName(D.findingVerdict(finding)),
  ];
  if (due !== INSTANT_NONE) words.push('due', instantText(due));
  return words.join(' ');
}

function audit(policy, cases) {
  use(make(D.caseloadNew, null), D.caseloadFree, (caseload) => {
    check(D.caseloadReadFile, caseload, cases, Buffer.byteLength(cases));
    for (let i = 0; i < Number(D.countRejects(caseload)); ++i)
      console.log(`rejected: line ${D.rejectLine(caseload, i)}: ${D.rejectReason(caseload, i, [0])}`);
    use(make(D.auditRun, policy, caseload, null), D.resultFree, (result) =>
      use(make(D.findingNew, result), D.findingFree, (finding) => {
        for (let i = 0; i < Number(D.countFindings(result)); ++i) {
          check(D.findingAt, finding, i);
          console.log(line(finding));
        }
      }));
  });
}

// What a call to the monitor changed, a line each; frees the list.
function printChanges(made) {
  use(made, D.changesFree, (changes) => {
    for (let i = 0; i < Number(D.countChanges(changes)); ++i) {
      const due = BigInt(D.changeDue(changes, i));
      const words = [
        'now',
        D.changeCase(changes, i, [0]),
        D.changeDuty(changes, i, [0]),
        D.changeKey(changes, i, [0]) ?? '-',
        D.verdictName(D.changeVerdict(changes, i)),
      ];
      if (due !== INSTANT_NONE) words.push('due', instantText(due));
      console.log(words.join(' '));
    }
  });
}

// A child comes back, and then 72 hours pass.
function monitor(policy) {
  const options = {
    struct_size: koffi.sizeof('duecare_monitor_options'),
    flags: MONITOR_AS_OF,
    as_of: 1675245600000000n, // 2023-02-01T10:00:00Z
    known_at: 0n,
  };
  use(make(D.monitorNew, policy, options), D.monitorFree, (live) => {
    const document = '{"format":"duecare.case/1","id":"MC-3","persons":[{"id":"P7","born":"2012-05-06"}]}';
    printChanges(make(D.pushDocument, live, document, Buffer.byteLength(document)));
    const event = '{"id":"e1","type":"missing.returned","occurred_at":"2023-02-01T08:00:00Z"}';
    printChanges(make(D.pushEvent, live, 'MC-3', 4, event, Buffer.byteLength(event)));
    const next = BigInt(D.nextDue(live)) + 1n; // what happens when it is due is still in time
    printChanges(make(D.setClock, live, next, next));
  });
}

function main(policyPath, cases) {
  console.log(`duecare ${D.version()}`);
  use(compile(fs.readFileSync(policyPath, 'utf8'), policyPath), D.policyFree, (policy) => {
    audit(policy, cases);
    monitor(policy);
  });
  try {
    compile('{"format": "duecare.policy/1", "id": "broken"}', 'broken.json');
  } catch (error) {
    console.log(`error ${error.status}: ${error.message}`);
  }
}

if (process.argv.length !== 4) {
  console.error('usage: node host.js policy.json cases.jsonl');
  process.exit(2);
}
main(process.argv[2], process.argv[3]);
