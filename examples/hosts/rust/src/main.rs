//! A host in Rust: audits a caseload, shows what is not in order and what an error looks like.
//!
//!     cargo run -- policy.json cases.jsonl

mod duecare;
mod sys;

use std::error::Error;

fn run(policy_path: &str, cases: &str) -> Result<(), Box<dyn Error>> {
    println!("duecare {}", duecare::version());
    let policy = duecare::Policy::compile(&std::fs::read(policy_path)?, policy_path)?;
    let caseload = duecare::Caseload::read_file(cases)?;
    for (line, reason) in caseload.rejects() {
        println!("rejected: line {line}: {reason}");
    }
    for finding in duecare::audit(&policy, &caseload)? {
        let key = finding.key.as_deref().unwrap_or("-");
        print!(
            "{} {} {key} {}",
            finding.case_id, finding.duty_id, finding.verdict
        );
        if let Some(due) = finding.due_at {
            print!(" due {}", duecare::format_instant(due)?);
        }
        println!();
    }
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
