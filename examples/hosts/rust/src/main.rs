//! A host in Rust: audits a caseload, monitors a live event, and shows what an error looks like.
//!
//!     cargo run -- policy.json cases.jsonl

mod duecare;
mod sys;

use std::error::Error;

fn print_finding(finding: &duecare::Finding) -> Result<(), Box<dyn Error>> {
    let key = finding.key.as_deref().unwrap_or("-");
    print!(
        "{} {} {key} {}",
        finding.case_id, finding.duty_id, finding.verdict
    );
    if let Some(due) = finding.due_at {
        print!(" due {}", duecare::format_instant(due)?);
    }
    println!();
    Ok(())
}

fn print_changes(changes: &duecare::Changes) -> Result<(), Box<dyn Error>> {
    for change in changes.iter() {
        print!("now ");
        print_finding(&change)?;
    }
    Ok(())
}

/// A child comes back, and then 72 hours pass.
fn monitor(policy: &duecare::Policy) -> Result<(), Box<dyn Error>> {
    let mut live = duecare::Monitor::new(policy, 1_675_245_600_000_000)?; // 2023-02-01T10:00:00Z
    let document = r#"{"format":"duecare.case/1","id":"MC-3","persons":[{"id":"P7","born":"2012-05-06"}]}"#;
    print_changes(&live.push_document(document)?)?;
    let event = r#"{"id":"e1","type":"missing.returned","occurred_at":"2023-02-01T08:00:00Z"}"#;
    print_changes(&live.push_event("MC-3", event)?)?;
    if let Some(due) = live.next_due() {
        // What happens when it is due is still in time.
        print_changes(&live.set_clock(due + 1)?)?;
    }
    Ok(())
}

fn run(policy_path: &str, cases: &str) -> Result<(), Box<dyn Error>> {
    println!("duecare {}", duecare::version());
    let policy = duecare::Policy::compile(&std::fs::read(policy_path)?, policy_path)?;
    let caseload = duecare::Caseload::read_file(cases)?;
    for (line, reason) in caseload.rejects() {
        println!("rejected: line {line}: {reason}");
    }
    for finding in duecare::audit(&policy, &caseload)? {
        print_finding(&finding)?;
    }
    monitor(&policy)?;
    let broken = br#"{"format": "duecare.policy/1", "id": "broken"}"#;
    if let Err(error) = duecare::Policy::compile(broken, "broken.json") {
        println!("error {}: {error}", error.status);
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (policy, cases) = match arguments.as_slice() {
        [_, policy, cases] => (policy, cases),
        _ => {
            eprintln!("usage: duecare-host policy.json cases.jsonl");
            std::process::exit(2);
        }
    };
    if let Err(error) = run(policy, cases) {
        eprintln!("{error}");
        std::process::exit(2);
    }
}
