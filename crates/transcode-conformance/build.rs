//! Generates what the tests look at, in the way of the contract's own build script.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use artisan_transcode::build::Generator;
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Where the vendored `google/api` files stand.
const CONTRACT: &str = "../../proto";

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["proto", "build.rs", "../../proto/google"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut compiler = protox::Compiler::new(["proto", CONTRACT])?;
    compiler.include_source_info(true).include_imports(true).open_files(["kitchen.proto"])?;
    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), &descriptors)?;

    let mut set = FileDescriptorSet::decode(descriptors.as_slice())?;
    set.file.retain(|file| file.package() != "google.api");
    prost_build::Config::new().include_file("messages.rs").compile_fds(set)?;

    let output = Generator::new(&descriptors)?
        .module("crate::kitchen")
        .skip_package("google.api")
        .title("kitchen", "1")
        .generate()?;
    fs::write(out.join("transcode.rs"), output.rust)?;
    fs::write(out.join("openapi.json"), output.openapi)?;
    Ok(())
}
