//! A policy with a name, for handlers of Rocket and as a layer of tower: a list of the configuration and a function name more
//! origins.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::{Origin, cross_origin};

pub struct Partners;

impl ::cors_runtime::__private::NamedPolicy for Partners {
    const POLICY: &'static ::cors_runtime::__private::Policy = {
        use ::cors_runtime::__private as __cors;
        &__cors::policy(__cors::PolicyParts {
            origins: __cors::Origins::Listed {
                exact: &["https://app.example.com"],
                patterns: &[],
            },
            lists: &["partners"],
            checks: &["is_tenant"],
            credentials: true,
            ..__cors::PolicyParts::EMPTY
        })
    };
}

::cors_runtime::__private::adapters! {
    Partners, lists : true, rocket : { use ::cors_runtime::__private as __cors;
    __cors::rocket::Sources { lists :
    ::core::option::Option::Some(__cors::rocket::ReadLists::BY_THE_RULES), checks : &
    [__cors::rocket::Check { name : "is_tenant", key : || { const _ : () =
    __cors::is_function(& is_tenant); __cors::type_of(& is_tenant) }, ask : | origin,
    request | __cors::CheckFunction::ask(is_tenant, origin, request), fits : ||
    __cors::rocket::fits(& is_tenant) }] } }, tower : { use ::cors_runtime::__private as
    __cors; & [__cors::tower::Check { name : "is_tenant", ask : | origin, request |
    __cors::CheckFunction::ask(is_tenant, origin, request), fits : ||
    __cors::tower::fits(& is_tenant) }] }
}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::{origins as _, credentials as _};
};

async fn is_tenant<T>(origin: &Origin<'_>, _: &T) -> bool {
    origin.is_subdomain_of("tenants.example.com")
}
