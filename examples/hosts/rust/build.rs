// Where the library is installed: DUECARE_LIB_DIR, else what the linker knows.
fn main() {
    println!("cargo:rerun-if-env-changed=DUECARE_LIB_DIR");
    if let Ok(folder) = std::env::var("DUECARE_LIB_DIR") {
        println!("cargo:rustc-link-search=native={folder}");
    }
    println!("cargo:rustc-link-lib=dylib=duecare");
}
