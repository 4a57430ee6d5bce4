//! A safe wrapper over `sys`: each object is freed once, each failure is an `Error`.

use crate::sys;
use std::ffi::CStr;
use std::os::raw::c_char;
use std::ptr;

#[derive(Debug)]
pub struct Error {
    pub status: String,
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for Error {}

/// The library's names are ASCII and live for ever.
fn name(raw: *const c_char) -> &'static str {
    unsafe { CStr::from_ptr(raw) }.to_str().unwrap_or("?")
}

/// Copies borrowed text; `None` where the field is null.
fn text(get: impl FnOnce(*mut usize) -> *const c_char) -> Option<String> {
    let mut length = 0;
    let raw = get(&mut length);
    if raw.is_null() {
        return None;
    }
    let bytes = unsafe { std::slice::from_raw_parts(raw.cast::<u8>(), length) };
    Some(String::from_utf8_lossy(bytes).into_owned())
}

fn check(call: impl FnOnce(*mut *mut sys::duecare_error) -> i32) -> Result<(), Error> {
    let mut raw = ptr::null_mut();
    let status = call(&mut raw);
    if status == 0 {
        return Ok(());
    }
    let message = text(|length| unsafe { sys::duecare_error_get_message(raw, length) }).unwrap_or_default();
    unsafe { sys::duecare_error_free(raw) };
    let status = name(unsafe { sys::duecare_status_get_name(status) }).to_owned();
    Err(Error { status, message })
}

macro_rules! handle {
    ($name:ident, $raw:ident, $free:ident) => {
        pub struct $name(*mut sys::$raw);
        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { sys::$free(self.0) }
            }
        }
    };
}
handle!(Text, duecare_text, duecare_text_free);
handle!(Policy, duecare_policy, duecare_policy_free);
handle!(Caseload, duecare_caseload, duecare_caseload_free);
handle!(ResultSet, duecare_result, duecare_result_free);
handle!(Reader, duecare_finding, duecare_finding_free);
handle!(Monitor, duecare_monitor, duecare_monitor_free);
handle!(Changes, duecare_changes, duecare_changes_free);

// A policy is immutable and takes part in calls as `const`: any number of threads may use it.
unsafe impl Send for Policy {}
unsafe impl Sync for Policy {}

pub fn version() -> &'static str {
    name(unsafe { sys::duecare_version() })
}

impl Policy {
    pub fn compile(json: &[u8], shown: &str) -> Result<Self, Error> {
        let mut raw = ptr::null_mut();
        check(|error| unsafe {
            sys::duecare_policy_compile(
                shown.as_ptr().cast(),
                shown.len(),
                json.as_ptr().cast(),
                json.len(),
                &mut raw,
                error,
            )
        })?;
        Ok(Self(raw))
    }
}

impl Caseload {
    pub fn read_file(path: &str) -> Result<Self, Error> {
        let mut raw = ptr::null_mut();
        check(|error| unsafe { sys::duecare_caseload_new(ptr::null(), &mut raw, error) })?;
        let caseload = Self(raw);
        check(|error| unsafe {
            sys::duecare_caseload_read_file(caseload.0, path.as_ptr().cast(), path.len(), error)
        })?;
        Ok(caseload)
    }

    /// Line and reason of each record that could not be taken.
    pub fn rejects(&self) -> impl Iterator<Item = (u64, String)> + '_ {
        let count = unsafe { sys::duecare_caseload_count_rejects(self.0) };
        (0..count).map(|i| {
            let reason = text(|length| unsafe { sys::duecare_caseload_get_reject_reason(self.0, i, length) });
            let line = unsafe { sys::duecare_caseload_get_reject_line(self.0, i) };
            (line, reason.unwrap_or_default())
        })
    }
}

pub struct Finding {
    pub case_id: String,
    pub duty_id: String,
    pub key: Option<String>,
    pub verdict: &'static str,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub due_at: Option<i64>,
}

pub fn audit(policy: &Policy, caseload: &Caseload) -> Result<Vec<Finding>, Error> {
    let mut raw = ptr::null_mut();
    check(|error| unsafe { sys::duecare_audit_run(policy.0, caseload.0, ptr::null(), &mut raw, error) })?;
    let result = ResultSet(raw);
    let mut raw = ptr::null_mut();
    check(|error| unsafe { sys::duecare_finding_new(result.0, &mut raw, error) })?;
    let reader = Reader(raw);
    let count = unsafe { sys::duecare_result_count_findings(result.0) };
    (0..count)
        .map(|index| {
            check(|error| unsafe { sys::duecare_finding_at(reader.0, index, error) })?;
            let due = unsafe { sys::duecare_finding_get_due_at(reader.0) };
            Ok(Finding {
                case_id: text(|n| unsafe { sys::duecare_finding_get_case_id(reader.0, n) })
                    .unwrap_or_default(),
                duty_id: text(|n| unsafe { sys::duecare_finding_get_duty_id(reader.0, n) })
                    .unwrap_or_default(),
                key: text(|n| unsafe { sys::duecare_finding_get_key(reader.0, n) }),
                verdict: name(unsafe {
                    sys::duecare_verdict_get_name(sys::duecare_finding_get_verdict(reader.0))
                }),
                due_at: (due != sys::DUECARE_INSTANT_NONE).then_some(due),
            })
        })
        .collect()
}

impl Monitor {
    /// `as_of`: microseconds since 1970-01-01T00:00:00Z.
    pub fn new(policy: &Policy, as_of: i64) -> Result<Self, Error> {
        let options = sys::duecare_monitor_options {
            struct_size: std::mem::size_of::<sys::duecare_monitor_options>() as u32,
            flags: sys::DUECARE_MONITOR_AS_OF,
            as_of,
            known_at: 0,
        };
        let mut raw = ptr::null_mut();
        check(|error| unsafe { sys::duecare_monitor_new(policy.0, &options, &mut raw, error) })?;
        Ok(Self(raw))
    }

    pub fn push_document(&mut self, json: &str) -> Result<Changes, Error> {
        let mut raw = ptr::null_mut();
        check(|error| unsafe {
            sys::duecare_monitor_push_document(self.0, json.as_ptr().cast(), json.len(), &mut raw, error)
        })?;
        Ok(Changes(raw))
    }

    pub fn push_event(&mut self, case_id: &str, json: &str) -> Result<Changes, Error> {
        let mut raw = ptr::null_mut();
        check(|error| unsafe {
            sys::duecare_monitor_push_event(
                self.0,
                case_id.as_ptr().cast(),
                case_id.len(),
                json.as_ptr().cast(),
                json.len(),
                &mut raw,
                error,
            )
        })?;
        Ok(Changes(raw))
    }

    pub fn set_clock(&mut self, now: i64) -> Result<Changes, Error> {
        let mut raw = ptr::null_mut();
        check(|error| unsafe { sys::duecare_monitor_set_clock(self.0, now, now, &mut raw, error) })?;
        Ok(Changes(raw))
    }

    pub fn next_due(&self) -> Option<i64> {
        let due = unsafe { sys::duecare_monitor_get_next_due(self.0) };
        (due != sys::DUECARE_INSTANT_NONE).then_some(due)
    }
}

impl Changes {
    /// What has become of each obligation that changed.
    pub fn iter(&self) -> impl Iterator<Item = Finding> + '_ {
        let count = unsafe { sys::duecare_changes_count(self.0) };
        (0..count).map(|i| {
            let due = unsafe { sys::duecare_changes_get_due_at(self.0, i) };
            Finding {
                case_id: text(|n| unsafe { sys::duecare_changes_get_case_id(self.0, i, n) })
                    .unwrap_or_default(),
                duty_id: text(|n| unsafe { sys::duecare_changes_get_duty_id(self.0, i, n) })
                    .unwrap_or_default(),
                key: text(|n| unsafe { sys::duecare_changes_get_key(self.0, i, n) }),
                verdict: name(unsafe {
                    sys::duecare_verdict_get_name(sys::duecare_changes_get_verdict(self.0, i))
                }),
                due_at: (due != sys::DUECARE_INSTANT_NONE).then_some(due),
            }
        })
    }
}

pub fn format_instant(instant: i64) -> Result<String, Error> {
    let mut raw = ptr::null_mut();
    check(|error| unsafe { sys::duecare_text_new(&mut raw, error) })?;
    let into = Text(raw);
    check(|error| unsafe { sys::duecare_instant_format(instant, into.0, error) })?;
    Ok(text(|length| unsafe { sys::duecare_text_get(into.0, length) }).unwrap_or_default())
}
