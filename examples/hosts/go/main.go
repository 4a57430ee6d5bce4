// A host in Go: audits a caseload, monitors a live event, and shows what an error looks like.
//
//	go run . policy.json cases.jsonl
package main

/*
#cgo pkg-config: duecare
#include <duecare/duecare.h>
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// Error is a failure of the library.
type Error struct {
	Status  string
	Message string
}

func (e *Error) Error() string { return e.Message }

func check(status C.duecare_status, raw *C.duecare_error) error {
	if status == C.DUECARE_STATUS_OK {
		return nil
	}
	defer C.duecare_error_free(raw)
	var length C.size_t
	message := C.duecare_error_get_message(raw, &length)
	return &Error{C.GoString(C.duecare_status_get_name(status)), C.GoStringN(message, C.int(length))}
}

// lend hands bytes to a call; the library copies what it keeps.
func lend(bytes []byte) (*C.char, C.size_t) {
	if len(bytes) == 0 {
		return nil, 0
	}
	return (*C.char)(unsafe.Pointer(&bytes[0])), C.size_t(len(bytes))
}

func text(get func(length *C.size_t) *C.char) (string, bool) {
	var length C.size_t
	found := get(&length)
	if found == nil {
		return "", false
	}
	return C.GoStringN(found, C.int(length)), true
}

// Policy is compiled and immutable; Close frees it.
type Policy struct{ raw *C.duecare_policy }

func compile(json []byte, name string) (*Policy, error) {
	var raw *C.duecare_policy
	var failure *C.duecare_error
	shown, shownLength := lend([]byte(name))
	document, length := lend(json)
	status := C.duecare_policy_compile(shown, shownLength, document, length, &raw, &failure)
	if err := check(status, failure); err != nil {
		return nil, err
	}
	return &Policy{raw}, nil
}

// Close frees the policy.
func (p *Policy) Close() { C.duecare_policy_free(p.raw) }

func instant(at C.int64_t) (string, error) {
	var into *C.duecare_text
	var failure *C.duecare_error
	if err := check(C.duecare_text_new(&into, &failure), failure); err != nil {
		return "", err
	}
	defer C.duecare_text_free(into)
	if err := check(C.duecare_instant_format(at, into, &failure), failure); err != nil {
		return "", err
	}
	out, _ := text(func(length *C.size_t) *C.char { return C.duecare_text_get(into, length) })
	return out, nil
}

func line(finding *C.duecare_finding) (string, error) {
	id, _ := text(func(length *C.size_t) *C.char { return C.duecare_finding_get_case_id(finding, length) })
	duty, _ := text(func(length *C.size_t) *C.char { return C.duecare_finding_get_duty_id(finding, length) })
	key, given := text(func(length *C.size_t) *C.char { return C.duecare_finding_get_key(finding, length) })
	if !given {
		key = "-"
	}
	verdict := C.GoString(C.duecare_verdict_get_name(C.duecare_finding_get_verdict(finding)))
	out := fmt.Sprintf("%s %s %s %s", id, duty, key, verdict)
	if due := C.duecare_finding_get_due_at(finding); due != C.DUECARE_INSTANT_NONE {
		shown, err := instant(due)
		if err != nil {
			return "", err
		}
		out += " due " + shown
	}
	return out, nil
}

func readCases(path string) (*C.duecare_caseload, error) {
	var caseload *C.duecare_caseload
	var failure *C.duecare_error
	if err := check(C.duecare_caseload_new(nil, &caseload, &failure), failure); err != nil {
		return nil, err
	}
	name, length := lend([]byte(path))
	if err := check(C.duecare_caseload_read_file(caseload, name, length, &failure), failure); err != nil {
		C.duecare_caseload_free(caseload)
		return nil, err
	}
	return caseload, nil
}

func audit(policy *Policy, cases string) error {
	caseload, err := readCases(cases)
	if err != nil {
		return err
	}
	defer C.duecare_caseload_free(caseload)
	for i := C.uint64_t(0); i < C.duecare_caseload_count_rejects(caseload); i++ {
		reason, _ := text(func(length *C.size_t) *C.char {
			return C.duecare_caseload_get_reject_reason(caseload, i, length)
		})
		fmt.Printf("rejected: line %d: %s\n", uint64(C.duecare_caseload_get_reject_line(caseload, i)), reason)
	}
	var result *C.duecare_result
	var finding *C.duecare_finding
	var failure *C.duecare_error
	if err := check(C.duecare_audit_run(policy.raw, caseload, nil, &result, &failure), failure); err != nil {
		return err
	}
	defer C.duecare_result_free(result)
	if err := check(C.duecare_finding_new(result, &finding, &failure), failure); err != nil {
		return err
	}
	defer C.duecare_finding_free(finding)
	for i := C.uint64_t(0); i < C.duecare_result_count_findings(result); i++ {
		if err := check(C.duecare_finding_at(finding, i, &failure), failure); err != nil {
			return err
		}
		out, err := line(finding)
		if err != nil {
			return err
		}
		fmt.Println(out)
	}
	return nil
}

// printChanges prints what a call to the monitor changed, a line each, and frees the list.
func printChanges(changes *C.duecare_changes) error {
	defer C.duecare_changes_free(changes)
	for i := C.uint64_t(0); i < C.duecare_changes_count(changes); i++ {
		id, _ := text(func(length *C.size_t) *C.char { return C.duecare_changes_get_case_id(changes, i, length) })
		duty, _ := text(func(length *C.size_t) *C.char { return C.duecare_changes_get_duty_id(changes, i, length) })
		key, given := text(func(length *C.size_t) *C.char { return C.duecare_changes_get_key(changes, i, length) })
		if !given {
			key = "-"
		}
		verdict := C.GoString(C.duecare_verdict_get_name(C.duecare_changes_get_verdict(changes, i)))
		fmt.Printf("now %s %s %s %s", id, duty, key, verdict)
		if due := C.duecare_changes_get_due_at(changes, i); due != C.DUECARE_INSTANT_NONE {
			shown, err := instant(due)
			if err != nil {
				return err
			}
			fmt.Print(" due ", shown)
		}
		fmt.Println()
	}
	return nil
}

// monitor is told that a child comes back, and then that 72 hours have passed.
func monitor(policy *Policy) error {
	options := C.duecare_monitor_options{
		flags: C.DUECARE_MONITOR_AS_OF,
		as_of: 1675245600000000, // 2023-02-01T10:00:00Z
	}
	options.struct_size = C.uint32_t(unsafe.Sizeof(options))
	var live *C.duecare_monitor
	var changes *C.duecare_changes
	var failure *C.duecare_error
	if err := check(C.duecare_monitor_new(policy.raw, &options, &live, &failure), failure); err != nil {
		return err
	}
	defer C.duecare_monitor_free(live)
	document, length := lend([]byte(`{"format":"duecare.case/1","id":"MC-3","persons":[{"id":"P7","born":"2012-05-06"}]}`))
	if err := check(C.duecare_monitor_push_document(live, document, length, &changes, &failure), failure); err != nil {
		return err
	}
	if err := printChanges(changes); err != nil {
		return err
	}
	id, idLength := lend([]byte("MC-3"))
	event, length := lend([]byte(`{"id":"e1","type":"missing.returned","occurred_at":"2023-02-01T08:00:00Z"}`))
	status := C.duecare_monitor_push_event(live, id, idLength, event, length, &changes, &failure)
	if err := check(status, failure); err != nil {
		return err
	}
	if err := printChanges(changes); err != nil {
		return err
	}
	next := C.duecare_monitor_get_next_due(live) + 1 // what happens when it is due is still in time
	if err := check(C.duecare_monitor_set_clock(live, next, next, &changes, &failure), failure); err != nil {
		return err
	}
	return printChanges(changes)
}

func run(policyPath, cases string) error {
	fmt.Println("duecare", C.GoString(C.duecare_version()))
	json, err := os.ReadFile(policyPath)
	if err != nil {
		return err
	}
	policy, err := compile(json, policyPath)
	if err != nil {
		return err
	}
	defer policy.Close()
	if err := audit(policy, cases); err != nil {
		return err
	}
	if err := monitor(policy); err != nil {
		return err
	}
	if _, err := compile([]byte(`{"format": "duecare.policy/1", "id": "broken"}`), "broken.json"); err != nil {
		if failure, ok := err.(*Error); ok {
			fmt.Printf("error %s: %s\n", failure.Status, failure.Message)
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: host policy.json cases.jsonl")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
