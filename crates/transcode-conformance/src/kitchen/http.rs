include!(concat!(env!("OUT_DIR"), "/transcode.rs"));

pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));
