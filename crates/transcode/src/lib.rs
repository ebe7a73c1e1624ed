//! `google.api.http` and ProtoJSON for gRPC services, generated at build time.
//!
//! A build script feeds the descriptors of a contract to the generator (feature `build`), which
//! writes three things: the JSON mapping of every message, a table of HTTP routes with the code that
//! binds a request and renders a response, and an `OpenAPI` 3.1 document. This crate is also what
//! the generated code calls at run time: no descriptor is looked at then.
//!
//! A server that transcodes needs [`RouteTable::find`], [`Route::bind`] and [`Route::render`]; what
//! lies between them (the call, headers, status codes) is its own.

mod bind;
mod captures;
mod error;
mod fields;
mod location;
mod pattern;
mod percent;
mod render;
mod route;
mod seen;
mod table;
mod wire;

#[cfg(feature = "build")]
pub mod build;
pub mod json;
pub mod template;

pub use captures::Captures;
pub use error::{BindError, RenderError, Violation};
pub use pattern::{Capture, Pattern, Segment};
pub use route::{Inputs, ReadText, Route};
pub use table::{Lookup, RouteTable};

/// What generated code is made of. Not for people.
pub mod generated {
    pub use crate::bind::{Binding, Body, bind};
    pub use crate::fields::{FieldInfo, Fields, MessageInfo, Presence, Shape, Special, Wire};
    pub use crate::json::any::AnyType;
    pub use crate::json::codec::{
        Bool, Bytes, Codec, Double, Enum, EnumInfo, Float, Int32, Int64, Msg, Null, ProtoEnum,
        Text, UInt32, UInt64,
    };
    pub use crate::json::field;
    pub use crate::json::object::{merge_object, write_object};
    pub use crate::json::structs::Free;
    pub use crate::json::to_wire::read_other;
    pub use crate::json::{
        JsonReader, JsonWriter, ParamError, ProtoJson, ReadError, Types, WriteError,
    };
    pub use crate::location::{etag, location};
    pub use crate::render::{render, render_with};
    pub use crate::{BindError, Capture, Inputs, Pattern, RenderError, Route, Segment};
}
