//! Compiles the contract with protox, without protoc: one set of descriptors, comments and options
//! kept, serves the gRPC code, the HTTP routes, the `OpenAPI` document and reflection.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use artisan_transcode::build::Generator;
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Methods that ask for no credentials: "anyone" in the contract.
const PUBLIC: [&str; 7] = [
    "artisan.user.v1.UserService.CreateUser",
    "artisan.user.v1.UserService.VerifyEmail",
    "artisan.user.v1.AuthService.CreateSession",
    "artisan.user.v1.AuthService.RefreshSession",
    "artisan.user.v1.AuthService.RequestPasswordReset",
    "artisan.user.v1.AuthService.ResetPassword",
    "artisan.user.v1.AuthService.GetJwks",
];

/// What the OpenAPI document begins with.
const DESCRIPTION: &str = "Accounts of a marketplace for artisans: users, their sessions and what happened to them.\n\n\
     Bodies are ProtoJSON. Errors are problem details (RFC 9457): decide on `reason`. Sign in by \
     `POST /v1/sessions`, and send the access token as `Authorization: Bearer …`. A `PATCH` without \
     `updateMask` changes the keys that its body has.";

/// What one cannot see in a line, or end it by: control characters.
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";
/// White space that is no control character.
const SPACE: &str = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// The formats that the comments name, as patterns.
fn formats() -> [(&'static str, String); 6] {
    let name = format!("[^{CONTROL}]*[^{CONTROL}{SPACE}][^{CONTROL}]*");
    // The service knows the digits and letters of all scripts, but not every reader of patterns does: what is
    // beyond ASCII may be any of them.
    let password =
        [r"[0-9\u0080-\uffff]", r"[a-z\u0080-\uffff]", r"[A-Z\u0080-\uffff]", "[^0-9A-Za-z]"];
    let password = password.map(|class| format!(r"(?=[\s\S]*{class})")).concat();
    let order = r"^\s*(?:(?:create_time|createTime|email)(?:\s+(?:asc|desc))?)?\s*$";
    [
        ("line", format!("^[^{CONTROL}]*$")),
        ("prose", r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$".to_owned()),
        ("name", format!("^{name}$")),
        ("name-if-any", format!("^(?:{name})?$")),
        ("new-password", format!("^{password}")),
        ("order", order.to_owned()),
    ]
}

/// Messages that hold passwords, tokens or e-mail addresses: their `Debug` is written by hand, in `src/redacted.rs`.
const SECRET: [&str; 14] = [
    ".artisan.user.v1.User",
    ".artisan.user.v1.CreateSessionRequest",
    ".artisan.user.v1.SessionTokens",
    ".artisan.user.v1.SessionChallenge",
    ".artisan.user.v1.RefreshSessionRequest",
    ".artisan.user.v1.ChangePasswordRequest",
    ".artisan.user.v1.ResetPasswordRequest",
    ".artisan.user.v1.IntrospectTokenRequest",
    ".artisan.user.v1.VerifyEmailRequest",
    ".artisan.user.v1.BatchCreateUsersRequest.Item",
    ".artisan.user.v1.RequestPasswordResetRequest",
    ".artisan.user.v1.ExportUserDataResponse",
    ".artisan.user.v1.ListUsersRequest",
    ".artisan.user.v1.WatchUsersRequest",
];

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["artisan", "google", "build.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let descriptors = compile()?;
    fs::write(out.join("descriptors.bin"), &descriptors)?;
    generate_grpc(&descriptors)?;
    let mut generator = Generator::new(&descriptors)?;
    for (name, pattern) in formats() {
        generator = generator.format(name, &pattern);
    }
    let output = generator
        .module("crate::generated")
        .skip_package("google.api")
        .public_methods(&PUBLIC)
        .title("artisan-platform", env!("CARGO_PKG_VERSION"))
        .description(DESCRIPTION)
        .license("MIT OR Apache-2.0")
        .contact("artisan-platform")
        .generate()?;
    fs::write(out.join("transcode.rs"), output.rust)?;
    fs::write(out.join("openapi.json"), output.openapi)?;
    Ok(())
}

/// The encoded descriptors of the contract and all that it imports.
fn compile() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut files = Vec::new();
    proto_files(Path::new("artisan"), &mut files)?;
    files.sort();
    // Not imported, but what the details of an error hold.
    files.push(PathBuf::from("google/rpc/error_details.proto"));
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_source_info(true).include_imports(true).open_files(files)?;
    Ok(compiler.encode_file_descriptor_set())
}

fn proto_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            proto_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    Ok(())
}

/// Messages, servers and clients. The options' own messages are of no use at run time.
fn generate_grpc(descriptors: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut set = FileDescriptorSet::decode(descriptors)?;
    set.file.retain(|file| file.package() != "google.api");
    let mut config = prost_build::Config::new();
    config.btree_map(["."]);
    config.skip_debug(SECRET);
    // What is nested in a message is skipped with it, and holds no secret.
    for nested in ["State", "Role", "profile"] {
        config.type_attribute(format!(".artisan.user.v1.User.{nested}"), "#[derive(Debug)]");
    }
    tonic_prost_build::configure()
        .include_file("messages.rs")
        .emit_rerun_if_changed(false)
        .compile_fds_with_config(set, config)?;
    Ok(())
}
