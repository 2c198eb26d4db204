//! Counts instructions and allocations, and compares the ratios with their limits.

use std::collections::BTreeMap;

use crate::applications::{Application, List, Way};
use crate::requests::{Ask, Kind};
use crate::table::{Table, count, more, times};
use crate::valgrind::{Valgrind, in_parallel};
use crate::{Result, chart, limits, page};

/// Where a name falls in a hash map moves a request by some hundred instructions: the mean of these counts.
const SEEDS: [u32; 4] = [1, 2, 3, 4];

/// What was counted, by kind.
type Counted = Vec<(Kind, f64)>;

pub(crate) fn full(write: bool) -> Result<()> {
    let Some(valgrind) = Valgrind::find()? else {
        return Err("there is no valgrind on this machine: `apt-get install valgrind` brings it".into());
    };
    let requests = requests(&valgrind, &Way::ALL, &SEEDS)?;
    let origins = many_origins(&valgrind, &[3, 1_000, 10_000], &SEEDS)?;
    let routes = many_routes(&valgrind, &[10, 1_000, 10_000], &SEEDS[..1])?;
    let text = [
        requests.table("instructions").to_string(),
        settings(&valgrind, &requests)?.to_string(),
        allocations(&valgrind)?.to_string(),
        origins_table(&origins, &requests).to_string(),
        routes.table.to_string(),
    ]
    .join("\n");
    println!("{text}");
    if write {
        page::write("instructions", &text)?;
        page::write_image("performance.svg", &chart::draw(&requests.bars()))?;
    }
    let mut ratios = requests.ratios();
    ratios.extend(origins_ratios(&origins, &requests));
    ratios.extend(routes.ratios);
    limits::check(&ratios)
}

pub(crate) fn short() -> Result<()> {
    let Some(valgrind) = Valgrind::find()? else {
        let said = "left out: there is no valgrind on this machine";
        if std::env::var_os("CORS_VALGRIND").is_some_and(|it| it == "required") {
            return Err(said.into());
        }
        println!("{said}");
        return Ok(());
    };
    let requests = requests(&valgrind, &[Way::Nothing, Way::ByHand, Way::Library], &SEEDS[..1])?;
    let origins = many_origins(&valgrind, &[3, 10_000], &SEEDS[..1])?;
    let routes = many_routes(&valgrind, &[10, 1_000], &SEEDS[..1])?;
    println!("{}", requests.table("instructions"));
    let mut ratios = requests.ratios();
    ratios.extend(origins_ratios(&origins, &requests));
    ratios.extend(routes.ratios);
    limits::check(&ratios)
}

/// Instructions of each kind, the mean of the seeds.
fn instructions(valgrind: &Valgrind, kinds: &[Kind], seeds: &[u32]) -> Result<Counted> {
    let runs: Vec<_> = kinds.iter().flat_map(|&kind| seeds.iter().map(move |&seed| (kind, seed))).collect();
    let counts = in_parallel(&runs, |&(kind, seed)| valgrind.instructions(kind, seed))?;
    let means = counts.chunks(seeds.len()).map(mean);
    Ok(kinds.iter().copied().zip(means).collect())
}

#[expect(clippy::cast_precision_loss, reason = "there are four of them")]
fn mean(counts: &[f64]) -> f64 {
    counts.iter().sum::<f64>() / counts.len() as f64
}

fn find(counted: &Counted, kind: Kind) -> f64 {
    counted.iter().find(|(known, _)| *known == kind).map_or(f64::NAN, |&(_, count)| count)
}

/// All requests to small applications.
struct Requests {
    ways: Vec<Way>,
    counted: Counted,
}

fn requests(valgrind: &Valgrind, ways: &[Way], seeds: &[u32]) -> Result<Requests> {
    let mut kinds = Vec::new();
    for browser in [false, true] {
        kinds.extend(Ask::ALL.into_iter().flat_map(|ask| ways.iter().map(move |&way| Kind::small(way, ask, browser))));
    }
    Ok(Requests { ways: ways.to_vec(), counted: instructions(valgrind, &kinds, seeds)? })
}

impl Requests {
    fn nothing(&self, ask: Ask, browser: bool) -> f64 {
        find(&self.counted, Kind::small(Way::Nothing, ask, browser))
    }

    /// How many more instructions than without CORS.
    fn added(&self, way: Way, ask: Ask, browser: bool) -> f64 {
        find(&self.counted, Kind::small(way, ask, browser)) - self.nothing(ask, browser)
    }

    fn ratio(&self, ask: Ask, browser: bool) -> f64 {
        self.added(Way::Library, ask, browser) / self.added(Way::ByHand, ask, browser)
    }

    fn table(&self, what: &str) -> Table {
        let others = self.ways.iter().filter(|way| **way != Way::Nothing);
        let mut head = vec![what.to_owned(), "without CORS".to_owned()];
        head.extend(others.clone().map(|way| way.title().to_owned()));
        head.push("this library / by hand".to_owned());
        let mut table = Table::new(head);
        for browser in [false, true] {
            for ask in Ask::ALL {
                let mut row = vec![row_title(ask, browser), count(self.nothing(ask, browser))];
                row.extend(others.clone().map(|&way| more(self.added(way, ask, browser))));
                row.push(times(self.ratio(ask, browser)));
                table.row(row);
            }
        }
        table
    }

    fn ratios(&self) -> BTreeMap<String, f64> {
        let kinds = [false, true].into_iter().flat_map(|browser| Ask::ALL.map(|ask| (ask, browser)));
        kinds
            .map(|(ask, browser)| {
                let headers = if browser { "browser" } else { "bare" };
                (format!("{} {headers}: library / by hand", ask.name()), self.ratio(ask, browser))
            })
            .collect()
    }

    /// What the chart shows: for each request what each way adds, with a browser's headers.
    fn bars(&self) -> Vec<chart::Group> {
        let ways = [Way::ByHand, Way::RocketCors, Way::Library];
        let bars = |ask| ways.map(|way| (way.title(), self.added(way, ask, true))).to_vec();
        Ask::ALL.map(|ask| chart::Group { title: ask.title().replace('`', ""), bars: bars(ask) }).to_vec()
    }
}

/// What the settings of the fairing add.
fn settings(valgrind: &Valgrind, requests: &Requests) -> Result<Table> {
    let ways = [Way::Library, Way::Hooked, Way::Protected, Way::OwnOrigins];
    let asks = [Ask::NoOrigin, Ask::Allowed, Ask::Refused];
    let rows = [false, true].into_iter().flat_map(|browser| asks.map(|ask| (ask, browser)));
    let rows: Vec<_> = rows.collect();
    let kinds: Vec<_> =
        rows.iter().flat_map(|&(ask, browser)| ways.map(|way| Kind::small(way, ask, browser))).collect();
    let counted = instructions(valgrind, &kinds, &SEEDS)?;
    let mut head = vec!["instructions".to_owned()];
    head.extend(ways.map(|way| way.title().to_owned()));
    let mut table = Table::new(head);
    for (ask, browser) in rows {
        let mut row = vec![row_title(ask, browser)];
        let added = |way| find(&counted, Kind::small(way, ask, browser)) - requests.nothing(ask, browser);
        row.extend(ways.map(|way| more(added(way))));
        table.row(row);
    }
    Ok(table)
}

fn row_title(ask: Ask, browser: bool) -> String {
    format!("{}{}", ask.title(), if browser { ", a browser's" } else { "" })
}

/// Allocations of a request, and their bytes.
fn allocations(valgrind: &Valgrind) -> Result<Table> {
    let kinds: Vec<_> = Ask::ALL.into_iter().flat_map(|ask| Way::ALL.map(|way| Kind::small(way, ask, true))).collect();
    let counted = in_parallel(&kinds, |&kind| valgrind.allocations(kind))?;
    let mut head = vec!["allocations (bytes), with a browser's headers".to_owned()];
    head.extend(Way::ALL.map(|way| way.title().to_owned()));
    let mut table = Table::new(head);
    for (ask, counts) in Ask::ALL.into_iter().zip(counted.chunks(Way::ALL.len())) {
        let mut row = vec![ask.title().to_owned()];
        row.extend(counts.iter().map(|&[blocks, bytes]| format!("{} ({})", count(blocks), count(bytes))));
        table.row(row);
    }
    Ok(table)
}

/// An allowed GET, and a granted preflight, to policies with many origins.
fn many_origins(valgrind: &Valgrind, sizes: &[u32], seeds: &[u32]) -> Result<Counted> {
    let lists = sizes.iter().flat_map(|&size| [List::Literals(size), List::Configured(size)]);
    let kinds: Vec<_> = lists.flat_map(|list| [Ask::Allowed, Ask::Granted].map(|ask| with_list(list, ask))).collect();
    instructions(valgrind, &kinds, seeds)
}

fn with_list(list: List, ask: Ask) -> Kind {
    Kind { application: Application { list, ..Application::small(Way::Library) }, ask, browser: false }
}

fn origins_table(counted: &Counted, requests: &Requests) -> Table {
    let head =
        ["origins of the policy", "GET, literals", "GET, configured", "preflight, literals", "preflight, configured"];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    for size in [3, 1_000, 10_000] {
        let mut row = vec![count(f64::from(size))];
        for ask in [Ask::Allowed, Ask::Granted] {
            let added = |list| find(counted, with_list(list, ask)) - requests.nothing(ask, false);
            row.extend([List::Literals(size), List::Configured(size)].map(|list| more(added(list))));
        }
        table.row(row);
    }
    table
}

fn origins_ratios(counted: &Counted, requests: &Requests) -> BTreeMap<String, f64> {
    let mut ratios = BTreeMap::new();
    for ask in [Ask::Allowed, Ask::Granted] {
        let added = |list| find(counted, with_list(list, ask)) - requests.nothing(ask, false);
        let few = added(List::Literals(3));
        let name = ask.name();
        ratios.insert(format!("{name}: 10,000 origins / 3"), added(List::Literals(10_000)) / few);
        ratios.insert(
            format!("{name}: 10,000 configured / 3"),
            added(List::Configured(10_000)) / added(List::Configured(3)),
        );
        ratios.insert(format!("{name}: configured / literals"), added(List::Configured(3)) / few);
    }
    ratios
}

/// Preflights and launches of applications with many routes.
struct Routes {
    table: Table,
    ratios: BTreeMap<String, f64>,
}

fn many_routes(valgrind: &Valgrind, sizes: &[u32], seeds: &[u32]) -> Result<Routes> {
    let ways = [Way::Nothing, Way::ByHand, Way::Library];
    let kind = |way, routes| Kind {
        application: Application { routes, ..Application::small(way) },
        ask: Ask::Granted,
        browser: false,
    };
    let kinds: Vec<_> = sizes.iter().flat_map(|&size| ways.map(|way| kind(way, size))).collect();
    let preflights = instructions(valgrind, &kinds, seeds)?;
    let launches = in_parallel(&kinds, |&kind| Ok((kind, valgrind.launch(kind, seeds[0])?)))?;
    let added = |way, size| find(&preflights, kind(way, size)) - find(&preflights, kind(Way::Nothing, size));
    let launch = |way, size| find(&launches, kind(way, size));

    let head = [
        "routes",
        "preflight, by hand",
        "preflight, this library",
        "launch without CORS",
        "launch with this library",
        "launch with / without",
        "ms without",
        "ms with",
    ];
    let mut table = Table::new(head.map(str::to_owned).to_vec());
    let mut ratios = BTreeMap::new();
    for &size in sizes {
        let ratio = launch(Way::Library, size) / launch(Way::Nothing, size);
        table.row(vec![
            count(f64::from(size)),
            more(added(Way::ByHand, size)),
            more(added(Way::Library, size)),
            count(launch(Way::Nothing, size)),
            count(launch(Way::Library, size)),
            times(ratio),
            format!("{:.1}", valgrind.launch_time(kind(Way::Nothing, size))?),
            format!("{:.1}", valgrind.launch_time(kind(Way::Library, size))?),
        ]);
        ratios.insert(format!("launch of {} routes: with / without", count(f64::from(size))), ratio);
        if size > sizes[0] {
            let name = format!("preflight-granted: {} routes / 10", count(f64::from(size)));
            ratios.insert(name, added(Way::Library, size) / added(Way::Library, sizes[0]));
        }
    }
    Ok(Routes { table, ratios })
}
