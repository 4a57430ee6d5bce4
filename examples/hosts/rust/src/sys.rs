//! The declarations of duecare.h that this host needs, as they stand there.
#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

macro_rules! opaque {
    ($($name:ident),*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
}
opaque!(
    duecare_error,
    duecare_text,
    duecare_policy,
    duecare_caseload,
    duecare_result,
    duecare_finding,
    duecare_monitor,
    duecare_changes
);

#[repr(C)]
pub struct duecare_monitor_options {
    pub struct_size: u32,
    pub flags: u32,
    pub as_of: i64,
    pub known_at: i64,
}
pub const DUECARE_MONITOR_AS_OF: u32 = 1;

pub const DUECARE_INSTANT_NONE: i64 = i64::MIN;

extern "C" {
    pub fn duecare_version() -> *const c_char;
    pub fn duecare_status_get_name(status: i32) -> *const c_char;
    pub fn duecare_verdict_get_name(verdict: i32) -> *const c_char;

    pub fn duecare_error_get_message(error: *const duecare_error, length: *mut usize) -> *const c_char;
    pub fn duecare_error_free(error: *mut duecare_error);

    pub fn duecare_text_new(text: *mut *mut duecare_text, error: *mut *mut duecare_error) -> i32;
    pub fn duecare_text_get(text: *const duecare_text, length: *mut usize) -> *const c_char;
    pub fn duecare_text_free(text: *mut duecare_text);

    pub fn duecare_policy_compile(
        name: *const c_char,
        name_length: usize,
        json: *const c_char,
        json_length: usize,
        policy: *mut *mut duecare_policy,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_policy_free(policy: *mut duecare_policy);

    pub fn duecare_caseload_new(
        options: *const c_void,
        caseload: *mut *mut duecare_caseload,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_caseload_read_file(
        caseload: *mut duecare_caseload,
        path: *const c_char,
        length: usize,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_caseload_count_rejects(caseload: *const duecare_caseload) -> u64;
    pub fn duecare_caseload_get_reject_line(caseload: *const duecare_caseload, index: u64) -> u64;
    pub fn duecare_caseload_get_reject_reason(
        caseload: *const duecare_caseload,
        index: u64,
        length: *mut usize,
    ) -> *const c_char;
    pub fn duecare_caseload_free(caseload: *mut duecare_caseload);

    pub fn duecare_audit_run(
        policy: *const duecare_policy,
        caseload: *const duecare_caseload,
        options: *const c_void,
        result: *mut *mut duecare_result,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_result_count_findings(result: *const duecare_result) -> u64;
    pub fn duecare_result_free(result: *mut duecare_result);

    pub fn duecare_finding_new(
        result: *const duecare_result,
        finding: *mut *mut duecare_finding,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_finding_at(
        finding: *mut duecare_finding,
        index: u64,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_finding_get_case_id(finding: *const duecare_finding, length: *mut usize) -> *const c_char;
    pub fn duecare_finding_get_duty_id(finding: *const duecare_finding, length: *mut usize) -> *const c_char;
    pub fn duecare_finding_get_key(finding: *const duecare_finding, length: *mut usize) -> *const c_char;
    pub fn duecare_finding_get_verdict(finding: *const duecare_finding) -> i32;
    pub fn duecare_finding_get_due_at(finding: *const duecare_finding) -> i64;
    pub fn duecare_finding_free(finding: *mut duecare_finding);

    pub fn duecare_monitor_new(
        policy: *const duecare_policy,
        options: *const duecare_monitor_options,
        monitor: *mut *mut duecare_monitor,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_monitor_push_document(
        monitor: *mut duecare_monitor,
        json: *const c_char,
        json_length: usize,
        changes: *mut *mut duecare_changes,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_monitor_push_event(
        monitor: *mut duecare_monitor,
        case_id: *const c_char,
        case_id_length: usize,
        json: *const c_char,
        json_length: usize,
        changes: *mut *mut duecare_changes,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_monitor_set_clock(
        monitor: *mut duecare_monitor,
        as_of: i64,
        known_at: i64,
        changes: *mut *mut duecare_changes,
        error: *mut *mut duecare_error,
    ) -> i32;
    pub fn duecare_monitor_get_next_due(monitor: *const duecare_monitor) -> i64;
    pub fn duecare_monitor_free(monitor: *mut duecare_monitor);

    pub fn duecare_changes_count(changes: *const duecare_changes) -> u64;
    pub fn duecare_changes_get_case_id(
        changes: *const duecare_changes,
        index: u64,
        length: *mut usize,
    ) -> *const c_char;
    pub fn duecare_changes_get_duty_id(
        changes: *const duecare_changes,
        index: u64,
        length: *mut usize,
    ) -> *const c_char;
    pub fn duecare_changes_get_key(
        changes: *const duecare_changes,
        index: u64,
        length: *mut usize,
    ) -> *const c_char;
    pub fn duecare_changes_get_verdict(changes: *const duecare_changes, index: u64) -> i32;
    pub fn duecare_changes_get_due_at(changes: *const duecare_changes, index: u64) -> i64;
    pub fn duecare_changes_free(changes: *mut duecare_changes);

    pub fn duecare_instant_format(
        instant: i64,
        text: *mut duecare_text,
        error: *mut *mut duecare_error,
    ) -> i32;
}
