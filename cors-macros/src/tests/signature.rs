//! The function whose signature Rocket reads: dropped when Rocket has read it, and an error where something else has.

use proc_macro2::TokenStream;

use crate::expand::rocket::signature_only;

#[test]
fn a_function_that_rocket_has_not_taken_is_an_error() {
    for (function, name) in [
        ("fn user() where {}", Some("user")),
        ("async fn user(id: u64) -> String where {}", Some("user")),
        ("pub fn r#try() where {}", Some("try")),
        // As Rocket writes it out again.
        ("fn user() {}", None),
        ("async fn user(id: u64) -> String {}", None),
        ("fn user<T>() where T: Guard {}", None),
        ("fn user() -> where_ {}", None),
        ("where {}", None),
        ("where", None),
        ("", None),
    ] {
        let output = signature_only(&function.parse::<TokenStream>().expect("tokens")).to_string();
        let says = name.map(|name| format!("the route attribute of `{name}` is not Rocket's"));
        match says {
            Some(says) => assert!(output.contains("panic") && output.contains(&says), "{function}: {output}"),
            None => assert_eq!(output, "", "{function}"),
        }
    }
}
