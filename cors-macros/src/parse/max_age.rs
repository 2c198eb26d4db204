//! The value of `max_age`.

use cors_rules::MaxAge;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{BinOp, Expr, ExprLit, Lit, UnOp};

use super::argument::{Argument, Value};

#[derive(Clone)]
pub(crate) struct MaxAgeValue {
    pub(crate) value: MaxAge,
    pub(crate) tokens: TokenStream,
}

/// Reads `max_age = SECONDS`. The rules report a value that is wrong.
pub(crate) fn max_age(argument: &Argument) -> MaxAgeValue {
    let tokens = match &argument.value {
        Value::Assigned(tokens) | Value::Parenthesized(tokens) => tokens.clone(),
        Value::None => TokenStream::new(),
    };
    let value = match (&argument.value, syn::parse2::<Expr>(tokens)) {
        (Value::Assigned(_), Ok(expr)) => seconds(&expr),
        (Value::Parenthesized(_), Ok(expr)) => MaxAge::NotAnInteger(meant(&expr)),
        _ => MaxAge::NotAnInteger(None),
    };
    MaxAgeValue { value, tokens: argument.value_tokens() }
}

fn seconds(expr: &Expr) -> MaxAge {
    match expr {
        Expr::Group(group) => seconds(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if is_integer_suffix(int.suffix()) => {
            MaxAge::Seconds(int.base10_digits().parse().unwrap_or(u64::MAX))
        }
        Expr::Unary(unary)
            if matches!(unary.op, UnOp::Neg(_)) && matches!(seconds(&unary.expr), MaxAge::Seconds(_)) =>
        {
            MaxAge::Negative
        }
        expr => MaxAge::NotAnInteger(meant(expr)),
    }
}

/// Whether Rust takes this for the type of an integer: `600u32` is a number of seconds, and `10m` is not.
fn is_integer_suffix(suffix: &str) -> bool {
    let bits = |suffix: &str| matches!(suffix, "8" | "16" | "32" | "64" | "128" | "size");
    suffix.is_empty() || suffix.strip_prefix(['u', 'i']).is_some_and(bits)
}

/// The number of seconds that an expression of another kind seems to mean.
fn meant(expr: &Expr) -> Option<u64> {
    let whole =
        |number: f64| (number >= 0.0 && number.fract() == 0.0).then(|| format!("{number:.0}").parse().ok()).flatten();
    match expr {
        Expr::Group(group) => meant(&group.expr),
        Expr::Paren(paren) => meant(&paren.expr),
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Int(int) => {
                let unit = match int.suffix() {
                    "s" | "sec" | "secs" => 1,
                    "m" | "min" | "mins" => 60,
                    "h" => 3600,
                    "d" => 86_400,
                    suffix if is_integer_suffix(suffix) => 1,
                    _ => return None,
                };
                int.base10_digits().parse::<u64>().ok()?.checked_mul(unit)
            }
            Lit::Float(float) => float.base10_digits().parse().ok().and_then(whole),
            Lit::Str(text) => text.value().trim().parse().ok(),
            _ => None,
        },
        Expr::Binary(binary) if matches!(binary.op, BinOp::Mul(_)) => {
            meant(&binary.left)?.checked_mul(meant(&binary.right)?)
        }
        Expr::Call(call) => {
            let name = call.func.to_token_stream().to_string();
            let number = meant(call.args.first().filter(|_| call.args.len() == 1)?)?;
            let unit = [("secs", 1), ("seconds", 1), ("mins", 60), ("minutes", 60), ("hours", 3600), ("days", 86_400)]
                .into_iter()
                .find(|(unit, _)| name.ends_with(unit));
            number.checked_mul(unit?.1)
        }
        _ => None,
    }
}
