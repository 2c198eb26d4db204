//! Where the instructions of requests go, by function, beside the fairing that was written by hand.

use crate::Result;
use crate::applications::Way;
use crate::requests::{Ask, Kind};
use crate::table::count;
use crate::valgrind::{Valgrind, in_parallel};

/// Lines of each list.
const TOP: usize = 20;

pub(crate) fn print() -> Result<()> {
    let Some(valgrind) = Valgrind::find()? else {
        return Err("there is no valgrind on this machine: `apt-get install valgrind` brings it".into());
    };
    println!("Instructions of one request that its application without CORS does not take, and in all.");
    for ask in Ask::ALL {
        for inclusive in [true, false] {
            let ways = [Way::Nothing, Way::ByHand, Way::Library];
            let work = |&way: &Way| valgrind.functions(Kind::small(way, ask, false), inclusive);
            let functions = in_parallel(&ways, work)?;
            let nothing = &functions[0];
            for (way, functions) in ways.iter().zip(&functions).skip(1) {
                let callees = if inclusive { "with the functions that it calls" } else { "by itself" };
                println!("\n{}, {}, each function {callees}", ask.name(), way.title());
                let added = |name: &str, each: f64| {
                    each - nothing.iter().find(|(known, _)| known == name).map_or(0.0, |&(_, without)| without)
                };
                let mut rows: Vec<_> = functions.iter().map(|(name, each)| (added(name, *each), *each, name)).collect();
                rows.sort_by(|a, b| b.0.total_cmp(&a.0));
                // What every run passes before the first request says nothing.
                let rows = rows.into_iter().filter(|(.., name)| !FRAME.iter().any(|part| name.contains(part)));
                for (more, each, name) in rows.take(TOP).filter(|(more, ..)| *more >= 20.0) {
                    println!("{:>8} {:>8}  {name}", count(more), count(each));
                }
            }
        }
    }
    Ok(())
}

const FRAME: [&str; 11] = [
    "main",
    "lang_start",
    "block_on",
    "enter_runtime",
    "LocalKey",
    "CoreGuard",
    "PROGRAM",
    "Context::enter",
    "short_backtrace",
    "0x0",
    "benches::repeat",
];
