//! Draws the chart of docs/performance.md.

use std::fmt::Write as _;

use crate::table::count;

/// Bars that are compared with each other.
#[derive(Clone)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) bars: Vec<(&'static str, f64)>,
}

const WIDTH: f64 = 760.0;
/// Where bars begin, and how much room the number after the longest one needs.
const LEFT: f64 = 190.0;
const NUMBER: f64 = 80.0;
const BAR: f64 = 18.0;
const GAP: f64 = 18.0;
const TOP: f64 = 64.0;

// Two sets of colours, of which the viewer's system chooses one. In both, text has a contrast of 4.5 or more to white
// and to the dark backgrounds of code hosts, and the bars one of 3.
const STYLE: &str = "text{font:14px system-ui,sans-serif;fill:#1f2328}.small{font-size:12px;fill:#59636e}\
.end{text-anchor:end}.strong{font-weight:600}.axis{stroke:#818b98;stroke-width:1}\
.c0{fill:#8250df}.c1{fill:#bc4c00}.c2{fill:#0969da}\
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}.axis{stroke:#656c76}\
.c0{fill:#ab7df8}.c1{fill:#db6d28}.c2{fill:#4493f8}}";

pub(crate) fn draw(groups: &[Group]) -> String {
    let bars = groups.iter().flat_map(|group| &group.bars);
    let most = bars.map(|&(_, value)| value).fold(1.0, f64::max);
    let mut y = TOP;
    let mut body = String::new();
    for group in groups {
        #[expect(clippy::cast_precision_loss, reason = "there are three bars")]
        let height = group.bars.len() as f64 * BAR;
        let _ = writeln!(
            body,
            r#"<text class="end" x="{:.0}" y="{:.0}">{}</text>"#,
            LEFT - 12.0,
            y + height / 2.0 + 5.0,
            group.title
        );
        for (at, (name, value)) in group.bars.iter().enumerate() {
            let width = (value.max(0.0) / most * (WIDTH - LEFT - NUMBER)).max(1.0);
            let strong = if at + 1 == group.bars.len() { " strong" } else { "" };
            let number = count(*value);
            let _ = writeln!(
                body,
                "<rect class=\"c{at}\" x=\"{LEFT}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"{}\"><title>{}, {name}: {number}</title></rect>\n\
                 <text class=\"small{strong}\" x=\"{:.0}\" y=\"{:.0}\">{number}</text>",
                BAR - 3.0,
                group.title,
                LEFT + width + 6.0,
                y + BAR - 6.0
            );
            y += BAR;
        }
        y += GAP;
    }
    let mut legend = String::new();
    let mut x = LEFT;
    for (at, (name, _)) in groups.first().map_or(&[][..], |group| &group.bars).iter().enumerate() {
        let _ = writeln!(
            legend,
            r#"<rect class="c{at}" x="{x:.0}" y="34" width="12" height="12"/><text class="small" x="{:.0}" y="45">{name}</text>"#,
            x + 18.0
        );
        x += 150.0;
    }
    let height = y;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" height=\"{height:.0}\" role=\"img\" \
         aria-label=\"Instructions that CORS adds to a request\">\n<style>{STYLE}</style>\n\
         <text class=\"strong\" x=\"{LEFT}\" y=\"20\">Instructions that CORS adds to a request of a browser</text>\n{legend}\
         <line class=\"axis\" x1=\"{LEFT}\" y1=\"{:.0}\" x2=\"{LEFT}\" y2=\"{:.0}\"/>\n{body}</svg>\n",
        TOP - 6.0,
        y - GAP + 4.0
    )
}
