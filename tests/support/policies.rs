//! A named policy that another crate refers to.

use cors_runtime::cross_origin;

/// The policy of a crate that is shared by several applications.
#[cross_origin(origins = ["https://app.example.com"], credentials)]
pub struct Company;
