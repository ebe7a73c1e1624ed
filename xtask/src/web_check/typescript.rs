//! The types are those of the document, and the client that uses them works.

use std::fs::read_to_string;

use super::platform::Platform;
use super::programs::{node, of_packages, packages};
use crate::command::{capture, run};
use crate::failure::{Doing as _, Failure};

pub(super) fn check() -> Result<(), Failure> {
    let platform = Platform::start()?;
    let folder = packages("clients/typescript")?;
    let document = platform.document()?;
    let fresh = document.with_file_name("api.d.ts");
    let mut command = of_packages(&folder, "openapi-typescript");
    capture(command.arg(&document).arg("--output").arg(&fresh))?;
    let types = folder.join("src/api.d.ts");
    let read = |path| read_to_string(path).doing("reading the types");
    if read(&fresh)? != read(&types)? {
        std::fs::copy(&fresh, &types).doing("writing the types")?;
        let hint =
            "clients/typescript/src/api.d.ts was not that of the contract; it is now: commit it";
        return Err(Failure::new(hint));
    }
    capture(&mut of_packages(&folder, "tsc"))?;
    let mut command = node(&folder)?;
    command.args(["--test", "build/test/client.test.js"]);
    run(platform.tell(&mut command))
}
