//! Tests of the attribute as a function on tokens.
