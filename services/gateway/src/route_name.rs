//! Names of spans: `http.users.create`.

use artisan_transcode::Route;

/// The name of a route's spans, made of the collection in its path and the verb in its RPC.
pub(crate) fn of(route: &Route) -> String {
    let path = collections(route.template);
    let noun = path.last().map_or("root", String::as_str);
    let kept: Vec<String> = words(route.rpc)
        .into_iter()
        .filter(|word| !path.iter().any(|noun| word == noun || format!("{word}s") == *noun))
        .collect();
    let verb = if kept.is_empty() { "call".to_owned() } else { kept.join("_") };
    format!("http.{noun}.{verb}")
}

/// The literal segments of a template, without version, variables and verb.
fn collections(template: &str) -> Vec<String> {
    let path = match template.rsplit_once('}') {
        // A colon behind the last variable begins the verb.
        Some((head, tail)) => format!("{head}/{}", tail.split(':').next().unwrap_or_default()),
        None => template.split(':').next().unwrap_or_default().to_owned(),
    };
    path.split(['/', '{', '}', '='])
        .filter(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('*'))
        .filter(|part| !is_version(part) && !is_field(part, template))
        .map(|part| snake(part.split('.').next().unwrap_or_default()))
        .collect()
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Names of fields stand behind an opening brace.
fn is_field(part: &str, template: &str) -> bool {
    template.contains(&format!("{{{part}=")) || template.contains(&format!("{{{part}}}"))
}

fn words(name: &str) -> Vec<String> {
    snake(name).split('_').map(str::to_owned).collect()
}

fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (index, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use artisan_proto::http::ROUTES;

    use super::of;

    #[test]
    fn names_tell_collection_and_verb() {
        for (rpc, name) in [
            ("CreateUser", "http.users.create"),
            ("GetUser", "http.users.get"),
            ("BatchGetUsers", "http.users.batch_get"),
            ("UpdateUser", "http.users.update"),
            ("ActivateUser", "http.users.activate"),
            ("ChangePassword", "http.users.change_password"),
            ("CreateSession", "http.sessions.create"),
            ("RefreshSession", "http.sessions.refresh"),
            ("RevokeSession", "http.sessions.revoke"),
            ("RevokeAllSessions", "http.sessions.revoke_all"),
            ("ListUserEvents", "http.events.list"),
            ("GetJwks", "http.jwks.get"),
            ("GetSchemaStatus", "http.schema.get_status"),
        ] {
            let route = ROUTES.iter().find(|route| route.rpc == rpc).unwrap();
            assert_eq!(of(route), name, "{}", route.template);
        }
    }
}
