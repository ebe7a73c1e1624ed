//! Generates the contract once more for the comparison of codecs (feature `codec`): with pbjson.
#![cfg_attr(
    not(feature = "codec"),
    expect(clippy::unnecessary_wraps, reason = "nothing is generated, so that nothing fails")
)]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codec")]
    pbjson::generate()?;
    Ok(())
}

#[cfg(feature = "codec")]
mod pbjson {
    use std::error::Error;
    use std::fs::{self, OpenOptions};
    use std::io::Write as _;
    use std::path::PathBuf;

    const WELL_KNOWN: (&str, &str) = (".google.protobuf", "::pbjson_types");
    const PACKAGES: [&str; 2] = [".artisan.user.v1", ".google.rpc"];

    /// Messages by prost, and behind each package what pbjson makes of it.
    pub(super) fn generate() -> Result<(), Box<dyn Error>> {
        let out = PathBuf::from(std::env::var("OUT_DIR")?);
        let mut set = descriptors()?;
        set.file.retain(|file| file.package() != "google.api");
        let mut config = prost_build::Config::new();
        config.compile_well_known_types().extern_path(WELL_KNOWN.0, WELL_KNOWN.1);
        config.include_file("contract.rs").compile_fds(set.clone())?;
        let mut builder = pbjson_build::Builder::new();
        builder.extern_path(WELL_KNOWN.0, WELL_KNOWN.1);
        for file in set.file {
            builder.register_file_descriptor(file);
        }
        builder.build(&PACKAGES)?;
        for package in PACKAGES.map(|package| package.trim_start_matches('.')) {
            let code = fs::read(out.join(format!("{package}.serde.rs")))?;
            let path = out.join(format!("{package}.rs"));
            OpenOptions::new().append(true).open(path)?.write_all(&code)?;
        }
        Ok(())
    }

    fn descriptors() -> Result<prost_types::FileDescriptorSet, Box<dyn Error>> {
        println!("cargo::rerun-if-changed=../proto/artisan");
        let files = ["artisan/user/v1/user_service.proto"];
        Ok(protox::compile(files, ["../proto"])?)
    }
}
