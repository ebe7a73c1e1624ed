use artisan_proto::artisan::user::v1::{IntrospectTokenRequest, IntrospectTokenResponse};
use artisan_store::{SessionId, UserId};
use prost_types::Timestamp;
use zeroize::Zeroizing;

use super::Sessions;
use crate::convert::role_to_proto;
use crate::error::Error;
use crate::names::{session_name, user_name};
use crate::token::Bearer;

impl Sessions {
    /// Whether an access token is good now (RFC 7662, section 2.2). Of one that is not, whatever the
    /// reason, nothing else is said.
    pub(super) async fn introspect(
        &self,
        request: IntrospectTokenRequest,
    ) -> Result<IntrospectTokenResponse, Error> {
        let token = Zeroizing::new(request.token);
        if token.is_empty() {
            return Err(Error::field("token", "is required"));
        }
        let now = self.0.sources.now();
        let Ok(Bearer::User(claims)) = self.0.tokens.verify(&token, now.unix_timestamp()) else {
            return Ok(inactive());
        };
        let caller = self.0.store.find_caller(SessionId(claims.sid)).await?;
        let is_good = |caller: &artisan_store::Caller| {
            caller.session.user_id == UserId(claims.sub) && caller.is_live(now)
        };
        let Some(caller) = caller.filter(is_good) else {
            return Ok(inactive());
        };
        let seconds = |seconds| Some(Timestamp { seconds, nanos: 0 });
        Ok(IntrospectTokenResponse {
            active: Some(true),
            user: user_name(claims.sub),
            session: session_name(claims.sub, claims.sid),
            roles: caller.roles.iter().map(|role| role_to_proto(role).into()).collect(),
            issue_time: seconds(claims.iat),
            expire_time: seconds(claims.exp),
        })
    }
}

fn inactive() -> IntrospectTokenResponse {
    IntrospectTokenResponse { active: Some(false), ..IntrospectTokenResponse::default() }
}
