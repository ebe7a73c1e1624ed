use artisan_proto::artisan::user::v1 as ours;
use artisan_proto::http::{ROUTES, TYPES};
use artisan_transcode::json::{ProtoJson, from_slice, to_vec};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::generated::artisan::user::v1 as theirs;
use crate::sample::Sample;

type Run<'a> = Box<dyn Fn() -> Result<Vec<u8>> + 'a>;

/// One way to do a task.
pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    pub(crate) run: Run<'a>,
}

/// What is to be done with a message.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Render,
    Write,
    Read,
}

pub(crate) const TASKS: [Task; 3] = [
    Task { name: "encoded to JSON", kind: Kind::Render },
    Task { name: "message to JSON", kind: Kind::Write },
    Task { name: "JSON to encoded", kind: Kind::Read },
];

/// Whether an answer is the sample: JSON has more than one form for it, of which all are read.
pub(crate) fn is_right(sample: &Sample, task: &Task, answer: &[u8]) -> Result<bool> {
    let encoded = match task.kind {
        Kind::Read => answer.to_vec(),
        Kind::Render | Kind::Write if sample.message.ends_with(".User") => {
            from_slice::<ours::User>(answer, TYPES)?.encode_to_vec()
        }
        Kind::Render | Kind::Write => {
            from_slice::<ours::ListUsersResponse>(answer, TYPES)?.encode_to_vec()
        }
    };
    Ok(encoded == sample.wire)
}

/// Ours first.
pub(crate) fn all<'a>(sample: &'a Sample, task: &Task) -> Result<Vec<Contestant<'a>>> {
    if sample.message.ends_with(".User") {
        of::<ours::User, theirs::User>(sample, task, "GetUser")
    } else {
        of::<ours::ListUsersResponse, theirs::ListUsersResponse>(sample, task, "ListUsers")
    }
}

fn of<'a, O, P>(sample: &'a Sample, task: &Task, rpc: &str) -> Result<Vec<Contestant<'a>>>
where
    O: Message + ProtoJson + Default + 'static,
    P: Message + Serialize + DeserializeOwned + Default + 'static,
{
    let runs = [
        ("artisan-transcode", own::<O>(sample, task, rpc)?),
        ("prost and pbjson", pbjson::<P>(sample, task)?),
        ("prost-reflect", reflected(sample, task)?),
    ];
    Ok(runs.into_iter().map(|(name, run)| Contestant { name, run }).collect())
}

fn own<'a, M>(sample: &'a Sample, task: &Task, rpc: &str) -> Result<Run<'a>>
where
    M: Message + ProtoJson + Default + 'static,
{
    let message = M::decode(sample.wire.as_slice())?;
    let render = ROUTES.iter().find(|route| route.rpc == rpc).ok_or("no such route")?.render;
    Ok(match task.kind {
        Kind::Render => Box::new(move || {
            // As large as the gateway's.
            let mut out = Vec::with_capacity(sample.wire.len() * 2 + 64);
            render(&sample.wire, &mut out)?;
            Ok(out)
        }),
        Kind::Write => Box::new(move || Ok(to_vec(&message, TYPES)?)),
        Kind::Read => Box::new(|| Ok(from_slice::<M>(&sample.json, TYPES)?.encode_to_vec())),
    })
}

fn pbjson<'a, M>(sample: &'a Sample, task: &Task) -> Result<Run<'a>>
where
    M: Message + Serialize + DeserializeOwned + Default + 'static,
{
    let message = M::decode(sample.wire.as_slice())?;
    Ok(match task.kind {
        Kind::Render => Box::new(|| Ok(serde_json::to_vec(&M::decode(sample.wire.as_slice())?)?)),
        Kind::Write => Box::new(move || Ok(serde_json::to_vec(&message)?)),
        Kind::Read => Box::new(|| Ok(serde_json::from_slice::<M>(&sample.json)?.encode_to_vec())),
    })
}

fn reflected<'a>(sample: &'a Sample, task: &Task) -> Result<Run<'a>> {
    let pool = DescriptorPool::decode(artisan_proto::FILE_DESCRIPTOR_SET)?;
    let kind = pool.get_message_by_name(sample.message).ok_or("no such message")?;
    let decode =
        |kind: &MessageDescriptor| DynamicMessage::decode(kind.clone(), sample.wire.as_slice());
    let message = decode(&kind)?;
    Ok(match task.kind {
        Kind::Render => Box::new(move || Ok(serde_json::to_vec(&decode(&kind)?)?)),
        Kind::Write => Box::new(move || Ok(serde_json::to_vec(&message)?)),
        Kind::Read => Box::new(move || {
            let mut reader = serde_json::Deserializer::from_slice(&sample.json);
            Ok(DynamicMessage::deserialize(kind.clone(), &mut reader)?.encode_to_vec())
        }),
    })
}
