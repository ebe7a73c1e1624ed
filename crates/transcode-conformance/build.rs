//! Generates what the tests look at, in the way of the contract's own build script.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use artisan_transcode::build::{Generator, Output};
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Where the vendored `google/api` files stand.
const CONTRACT: &str = "../../proto";

/// The messages of protobuf's own conformance suite, and what its runner speaks.
const SUITE: [&str; 3] = [
    "google/protobuf/test_messages_proto3.proto",
    "google/protobuf/test_messages_proto2.proto",
    "conformance/conformance.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["proto", "suite", "build.rs", "../../proto/google"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let output = generate(&["proto", CONTRACT], &["kitchen.proto"], "crate::kitchen", &out)?;
    fs::write(out.join("openapi.json"), output.openapi)?;
    generate(&["suite"], &SUITE, "crate::messages", &out.join("suite"))?;
    Ok(())
}

/// Writes the messages, their JSON and their descriptors into a folder.
fn generate(
    includes: &[&str],
    files: &[&str],
    module: &str,
    folder: &Path,
) -> Result<Output, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut compiler = protox::Compiler::new(includes)?;
    compiler.include_source_info(true).include_imports(true).open_files(files)?;
    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(folder.join("descriptors.bin"), &descriptors)?;

    let mut set = FileDescriptorSet::decode(descriptors.as_slice())?;
    set.file.retain(|file| file.package() != "google.api");
    let mut config = prost_build::Config::new();
    config.btree_map(["."]).out_dir(folder).include_file("messages.rs").compile_fds(set)?;

    let generator = Generator::new(&descriptors)?.module(module).skip_package("google.api");
    let output = generator.title("kitchen", "1").generate()?;
    fs::write(folder.join("transcode.rs"), &output.rust)?;
    Ok(output)
}
