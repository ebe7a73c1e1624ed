//! Who may call what: one table for the whole contract, read before anything else is looked at.
//!
//! An RPC of the contract that has no row here is denied to everybody.

use std::collections::HashMap;

use artisan_proto::FILE_DESCRIPTOR_SET;
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Who may call an RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone; credentials are not looked at, so that expired ones do no harm.
    Public,
    /// Anyone; credentials that are sent must be good.
    Anyone,
    /// The user that the request names.
    Myself,
    /// The user that the request names, and administrators.
    SelfOrAdmin,
    /// Administrators, by the roles that the database holds.
    Admin,
    /// Nobody.
    Nobody,
}

/// One RPC and its rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// `Service/Method`, without the package.
    pub rpc: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Whether services may call it too, for any user: by a certificate or a token of their own.
    pub services: bool,
    /// Whether passwords or tokens are in its messages, which are never compressed then: the length
    /// would tell of the secret beside text that somebody else chose (CRIME, BREACH).
    pub secret: bool,
    /// The name of its spans.
    pub span: &'static str,
}

const fn rule(rpc: &'static str, access: Access, span: &'static str) -> Rule {
    Rule { rpc, access, services: false, secret: false, span }
}

impl Rule {
    const fn or_services(self) -> Self {
        Self { services: true, ..self }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

/// The rule of each RPC.
pub const TABLE: &[Rule] = &[
    rule("UserService/CreateUser", Access::Anyone, "rpc.users.create").secret(),
    rule("UserService/GetUser", Access::SelfOrAdmin, "rpc.users.get").or_services(),
    rule("UserService/BatchGetUsers", Access::Admin, "rpc.users.batch_get").or_services(),
    rule("UserService/ListUsers", Access::Admin, "rpc.users.list"),
    rule("UserService/UpdateUser", Access::SelfOrAdmin, "rpc.users.update"),
    rule("UserService/DeleteUser", Access::SelfOrAdmin, "rpc.users.delete"),
    rule("UserService/UndeleteUser", Access::Admin, "rpc.users.undelete"),
    rule("UserService/ActivateUser", Access::Admin, "rpc.users.activate"),
    rule("UserService/DeactivateUser", Access::Admin, "rpc.users.deactivate"),
    rule("UserService/BatchCreateUsers", Access::Admin, "rpc.users.batch_create").secret(),
    rule("UserService/ExportUserData", Access::SelfOrAdmin, "rpc.users.export_data"),
    rule("UserService/EraseUser", Access::SelfOrAdmin, "rpc.users.erase"),
    rule("UserService/WatchUsers", Access::Admin, "rpc.users.watch").or_services(),
    rule("UserService/ListUserEvents", Access::SelfOrAdmin, "rpc.users.list_events"),
    rule("UserService/SetUserRoles", Access::Admin, "rpc.users.set_roles"),
    rule("UserService/RequestEmailVerification", Access::Myself, "rpc.users.request_verification"),
    rule("UserService/VerifyEmail", Access::Public, "rpc.users.verify_email").secret(),
    rule("AuthService/CreateSession", Access::Public, "rpc.sessions.create").secret(),
    rule("AuthService/RefreshSession", Access::Public, "rpc.sessions.refresh").secret(),
    rule("AuthService/ListSessions", Access::SelfOrAdmin, "rpc.sessions.list"),
    rule("AuthService/RevokeSession", Access::SelfOrAdmin, "rpc.sessions.revoke"),
    rule("AuthService/RevokeAllSessions", Access::SelfOrAdmin, "rpc.sessions.revoke_all"),
    rule("AuthService/ChangePassword", Access::Myself, "rpc.passwords.change").secret(),
    rule("AuthService/RequestPasswordReset", Access::Public, "rpc.passwords.request_reset"),
    rule("AuthService/ResetPassword", Access::Public, "rpc.passwords.reset").secret(),
    rule("AuthService/IntrospectToken", Access::Admin, "rpc.sessions.introspect")
        .or_services()
        .secret(),
    rule("AuthService/GetJwks", Access::Public, "rpc.jwks.get"),
    rule("SchemaService/GetSchemaStatus", Access::Admin, "rpc.schema.get_status"),
];

/// A method of the contract, as the layers see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) rule: Rule,
    /// Streams have no deadline of ours.
    pub(crate) is_stream: bool,
    /// The handler asks for the caller together with what it reads: one query for both.
    pub(crate) reads_caller: bool,
}

/// The RPC that is called most, by far.
const READS_CALLER: &str = "UserService/GetUser";

/// Every method of the contract, by its gRPC path.
#[derive(Debug)]
pub(crate) struct Methods(HashMap<String, Method>);

impl Methods {
    /// Reads the contract's descriptor and puts the table's rule to each of its methods.
    pub(crate) fn of_contract() -> Result<Self, prost::DecodeError> {
        let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET)?;
        let files = set.file.iter().filter(|file| file.package() == crate::error::DOMAIN);
        let services = files
            .flat_map(|file| file.service.iter().map(move |service| (file.package(), service)));
        let methods = services.flat_map(|(package, service)| {
            service.method.iter().map(move |method| {
                let rpc = format!("{}/{}", service.name(), method.name());
                let path = format!("/{package}.{rpc}");
                (path, Method::of(&rpc, method.server_streaming()))
            })
        });
        Ok(Self(methods.collect()))
    }

    /// The method at a path; `None` when it is not of the contract.
    pub(crate) fn find(&self, path: &str) -> Option<(&str, Method)> {
        self.0.get_key_value(path).map(|(path, method)| (path.as_str(), *method))
    }
}

impl Method {
    fn of(rpc: &str, is_stream: bool) -> Self {
        let rule = TABLE.iter().find(|rule| rule.rpc == rpc);
        let nobody = self::rule("", Access::Nobody, "rpc");
        let rule = rule.copied().unwrap_or(nobody);
        Self { rule, is_stream, reads_caller: rpc == READS_CALLER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_of_the_contract_has_a_rule_and_every_rule_an_rpc() {
        let methods = Methods::of_contract().unwrap();
        for (path, method) in &methods.0 {
            assert_ne!(method.rule.access, Access::Nobody, "{path} has no rule");
        }
        assert_eq!(methods.0.len(), TABLE.len());
    }

    #[test]
    fn rpc_without_a_rule_is_denied() {
        assert_eq!(Method::of("UserService/NoSuchThing", false).rule.access, Access::Nobody);
    }
}
