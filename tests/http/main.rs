//! What an application with `#[cross_origin]` answers, over real HTTP.
//!
//! | file | what is tested |
//! |---|---|
//! | `actual`, `origins`, `configuration` | requests of pages, and the origins that policies name |
//! | `preflights`, `guards`, `mirroring` | preflights, which the policy of the handler that would get the request answers |
//! | `enforce`, `unasked` | requests of other origins that are turned away |
//! | `own_origins`, `protect_all` | whose page it is, and the names of the application; routes without a policy; what is only reported |
//! | `peers` | what the test suites of other protections against cross-site writes ask |
//! | `proxy` | the application's own form behind nginx |
//! | `fall_through`, `random_tables` | writes that may run a route without a policy; random tables of routes |
//! | `launch`, `applications` | what a launch needs, and in which order; several applications in one process |
//! | `hand_made` | routes and handlers that are written by hand |
//! | `fairings` | other response fairings, in every order |
//! | `hostile` | bad input, on purpose and at random |

mod actual;
mod applications;
mod configuration;
mod enforce;
mod fairings;
mod fall_through;
mod guards;
mod hand_made;
mod hostile;
mod launch;
mod mirroring;
mod origins;
mod own_origins;
mod peers;
mod preflights;
mod protect_all;
mod proxy;
mod random_tables;
mod unasked;
