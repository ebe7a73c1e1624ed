//! What the runner of protobuf's own conformance suite talks to: it reads messages in one form and
//! writes them in another.

mod messages;

use std::io::{self, Read, Write};

use artisan_transcode::json::{self, JsonReader, ProtoJson, ReadError};
use prost::Message;

use messages::conformance::conformance_request::Payload;
use messages::conformance::conformance_response::Result as Answer;
use messages::conformance::{
    ConformanceRequest, ConformanceResponse, FailureSet, TestCategory, WireFormat,
};
use messages::http::TYPES;
use messages::protobuf_test_messages::proto2::TestAllTypesProto2;
use messages::protobuf_test_messages::proto3::TestAllTypesProto3;

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(bytes) = read(&mut input)? {
        let request = ConformanceRequest::decode(bytes.as_slice()).map_err(io::Error::other)?;
        let response = ConformanceResponse { result: Some(answer(&request)) };
        write(&response.encode_to_vec(), &mut output)?;
    }
    Ok(())
}

/// A frame of the runner: its length as four bytes, the least first, and so many bytes.
fn read(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

fn write(bytes: &[u8], output: &mut impl Write) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

fn answer(request: &ConformanceRequest) -> Answer {
    match request.message_type.as_str() {
        // The runner's first question: which tests are known to fail. Its own list says so.
        "conformance.FailureSet" => Answer::ProtobufPayload(FailureSet::default().encode_to_vec()),
        "protobuf_test_messages.proto3.TestAllTypesProto3" => {
            converted::<TestAllTypesProto3>(request)
        }
        "protobuf_test_messages.proto2.TestAllTypesProto2" => {
            converted::<TestAllTypesProto2>(request)
        }
        // Neither protox nor prost-build reads editions.
        other => Answer::Skipped(format!("{other} is not generated")),
    }
}

fn converted<M: Message + ProtoJson + Default>(request: &ConformanceRequest) -> Answer {
    let output = request.requested_output_format();
    let message = match &request.payload {
        // What stays binary is prost's affair alone.
        Some(Payload::ProtobufPayload(_)) if output == WireFormat::Protobuf => {
            return Answer::Skipped("no JSON in it".to_owned());
        }
        Some(Payload::ProtobufPayload(bytes)) => {
            M::decode(bytes.as_slice()).map_err(|error| error.to_string())
        }
        Some(Payload::JsonPayload(text)) => from_json(text, request.test_category()),
        Some(Payload::JspbPayload(_) | Payload::TextPayload(_)) | None => {
            return Answer::Skipped("neither binary nor JSON".to_owned());
        }
    };
    match message {
        Ok(message) => checked::<M>(request, in_form(&message, output)),
        Err(error) => Answer::ParseError(error),
    }
}

/// The answer, unless the way without a decoded message leads to another one.
fn checked<M: Message + Default>(request: &ConformanceRequest, answer: Answer) -> Answer {
    let known = TYPES.iter().find(|known| known.name() == request.message_type);
    let is_same = match (known, &request.payload, &answer) {
        (Some(known), Some(Payload::ProtobufPayload(bytes)), Answer::JsonPayload(json)) => {
            let mut rendered = Vec::new();
            known.render(bytes, TYPES, &mut rendered).is_ok() && has_same_members(&rendered, json)
        }
        (Some(known), Some(Payload::JsonPayload(text)), Answer::ProtobufPayload(bytes)) => {
            let read = reader(text, request.test_category())
                .and_then(|mut reader| known.read(&mut reader))
                .map(|read| M::decode(read.as_slice()).map(|message| message.encode_to_vec()));
            matches!(read, Ok(Ok(read)) if read == *bytes)
        }
        _ => true,
    };
    if is_same { answer } else { Answer::RuntimeError("the short way leads elsewhere".to_owned()) }
}

/// Whether two objects say the same, be the order of their members another.
fn has_same_members(one: &[u8], other: &str) -> bool {
    let parsed = |bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok();
    parsed(one).is_some_and(|one| Some(one) == parsed(other.as_bytes()))
}

fn from_json<M: ProtoJson + Default>(text: &str, category: TestCategory) -> Result<M, String> {
    let mut message = M::default();
    let read = reader(text, category).and_then(|mut reader| {
        message.merge_json(&mut reader)?;
        reader.finish()
    });
    read.map(|()| message).map_err(|error| error.to_string())
}

fn reader(text: &str, category: TestCategory) -> Result<JsonReader<'_>, ReadError> {
    let reader = JsonReader::new(text.as_bytes(), TYPES)?;
    let ignores = category == TestCategory::JsonIgnoreUnknownParsingTest;
    Ok(if ignores { reader.ignoring_unknown() } else { reader })
}

fn in_form<M: Message + ProtoJson>(message: &M, form: WireFormat) -> Answer {
    match form {
        WireFormat::Protobuf => Answer::ProtobufPayload(message.encode_to_vec()),
        WireFormat::Json => {
            let written = json::to_vec(message, TYPES).map_err(|error| error.to_string());
            let text = written
                .and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string()));
            text.map_or_else(Answer::SerializeError, Answer::JsonPayload)
        }
        WireFormat::Jspb | WireFormat::TextFormat | WireFormat::Unspecified => {
            Answer::Skipped("neither binary nor JSON is asked for".to_owned())
        }
    }
}
