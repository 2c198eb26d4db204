//! The limits of ratios, which `limits.tsv` has.

use std::collections::BTreeMap;

use crate::Result;

/// Lines with a ratio's name, a tab, and the most that it may be. The first is the tolerance.
const LIMITS: &str = include_str!("../limits.tsv");

/// An error if one of the ratios is above its limit by more than the tolerance, or has no limit.
pub(crate) fn check(ratios: &BTreeMap<String, f64>) -> Result<()> {
    let limits: BTreeMap<&str, f64> = LIMITS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (name, limit) = line.split_once('\t').ok_or_else(|| format!("limits.tsv: no tab in `{line}`"))?;
            Ok((name, limit.parse().map_err(|_| format!("limits.tsv: no number in `{line}`"))?))
        })
        .collect::<Result<_>>()?;
    let tolerance = limits.get("tolerance").ok_or("limits.tsv: no tolerance")?;
    let mut faults = 0;
    for (name, ratio) in ratios {
        let limit = limits.get(name.as_str()).copied();
        let met = limit.is_some_and(|limit| *ratio <= limit * (1.0 + tolerance));
        faults += usize::from(!met);
        let limit = limit.map_or("without a limit".to_owned(), |limit| format!("limit {limit:.2}"));
        println!("{} {name}: {ratio:.3}, {limit}", if met { "  " } else { "✗ " });
    }
    match faults {
        0 => Ok(()),
        faults => {
            Err(format!("{faults} of {} ratios are above their limits in benches/limits.tsv", ratios.len()).into())
        }
    }
}
