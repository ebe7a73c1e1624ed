include!(concat!(env!("OUT_DIR"), "/suite/transcode.rs"));
