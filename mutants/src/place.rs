//! Writes mutants into a source: each behind a condition.

use std::collections::HashSet;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::{Mutant, Place, Result};

/// The function that tells whether a mutant is switched on, at the root of each package; and, if it is asked to, which ones are
/// reached.
pub(crate) const SWITCH: &str = r#"
#[doc(hidden)]
#[allow(dead_code)]
pub(crate) fn __mutant(id: usize) -> bool {
    use std::io::Write as _;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    static SWITCHED: LazyLock<usize> =
        LazyLock::new(|| std::env::var("CORS_MUTANT").ok().and_then(|id| id.parse().ok()).unwrap_or(usize::MAX));
    static REACHED: LazyLock<Option<std::fs::File>> = LazyLock::new(|| {
        let path = std::env::var_os("CORS_MUTANTS_REACHED")?;
        std::fs::OpenOptions::new().append(true).create(true).open(path).ok()
    });
    static SEEN: [AtomicBool; 10_000] = [const { AtomicBool::new(false) }; 10_000];
    if let Some(mut file) = REACHED.as_ref()
        && !SEEN[id].swap(true, Ordering::Relaxed)
    {
        let _ = file.write_all(format!("{id}\n").as_bytes());
    }
    *SWITCHED == id
}
"#;

/// One of the mutants of a file: its number among all, and the bytes that it replaces.
struct Placed<'m> {
    id: usize,
    start: usize,
    end: usize,
    mutant: &'m Mutant,
}

/// Writes the mutants of a file into its source. Returns the source, and those that are in it.
pub(crate) fn place(source: &str, mutants: &[(usize, &Mutant)]) -> Result<(String, HashSet<usize>)> {
    let placed = mutants.iter().map(|&(id, mutant)| {
        let (start, end) = (offset(source, mutant.span.start), offset(source, mutant.span.end));
        Placed { id, start, end, mutant }
    });
    let placed: Vec<_> = placed.collect();
    let file = syn::parse_file(source)?;
    let mut writer =
        Writer { source, mutants: &placed, in_constant: false, insertions: Vec::new(), written: HashSet::new() };
    writer.visit_file(&file);
    // What closes at a place stands before what opens there; of two that open there the longer is outside, and of two that
    // close there the shorter closes first.
    writer.insertions.sort_by_key(|insertion| match *insertion {
        Insertion { at, length, opens: false, .. } => (at, false, length),
        Insertion { at, length, opens: true, .. } => (at, true, usize::MAX - length),
    });
    let (mut output, mut at) = (String::new(), 0);
    for insertion in &writer.insertions {
        output += &source[at..insertion.at];
        output += &insertion.text;
        at = insertion.at;
    }
    output += &source[at..];
    Ok((output, writer.written))
}

fn offset(source: &str, Place { line, column }: Place) -> usize {
    let mut lines = source.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line - 1).map(str::len).sum();
    let line = lines.next().unwrap_or_default();
    before + line.char_indices().nth(column - 1).map_or(line.len(), |(index, _)| index)
}

fn bytes(node: &impl Spanned) -> (usize, usize) {
    let range = node.span().byte_range();
    (range.start, range.end)
}

/// A text that is written into the source: at a byte, around so many.
struct Insertion {
    at: usize,
    length: usize,
    opens: bool,
    text: String,
}

struct Writer<'m> {
    source: &'m str,
    mutants: &'m [Placed<'m>],
    /// No function can be asked there.
    in_constant: bool,
    insertions: Vec<Insertion>,
    written: HashSet<usize>,
}

impl<'m> Writer<'m> {
    /// The mutants of a kind whose text begins at a byte.
    fn at(&self, genre: &str, start: usize) -> Vec<&'m Placed<'m>> {
        let is_here = |placed: &&Placed<'_>| {
            placed.mutant.genre == genre && placed.start == start && !self.written.contains(&placed.id)
        };
        if self.in_constant { Vec::new() } else { self.mutants.iter().filter(is_here).collect() }
    }

    fn insert(&mut self, at: usize, length: usize, opens: bool, text: String) {
        self.insertions.push(Insertion { at, length, opens, text });
    }

    /// Writes an expression as `(if … { mutated } else { … })`.
    fn choose(&mut self, (start, end): (usize, usize), mutants: &[(usize, String)]) {
        if mutants.is_empty() {
            return;
        }
        let choices = mutants.iter().map(|(id, text)| format!("if crate::__mutant({id}) {{ {text} }} else "));
        self.insert(start, end - start, true, format!("({}{{ ", choices.collect::<String>()));
        self.insert(end, end - start, false, " })".to_owned());
        self.written.extend(mutants.iter().map(|(id, _)| *id));
    }

    /// The text of an expression with each of the mutants.
    fn mutated(&self, (start, end): (usize, usize), mutants: &[&Placed<'_>]) -> Vec<(usize, String)> {
        let text = |placed: &&Placed<'_>| {
            let (before, after) = (&self.source[start..placed.start], &self.source[placed.end..end]);
            (placed.id, format!("{before}{}{after}", placed.mutant.replacement))
        };
        mutants.iter().map(text).collect()
    }

    /// Replaces a whole function where it begins.
    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let outside = std::mem::replace(&mut self.in_constant, signature.constness.is_some());
        if let Some(first) = block.stmts.first() {
            let mutants = self.at("FnValue", bytes(first).0);
            let text = mutants.iter().map(|placed| {
                format!(" if crate::__mutant({}) {{ return {}; }}", placed.id, placed.mutant.replacement)
            });
            let text: String = text.collect();
            self.written.extend(mutants.iter().map(|placed| placed.id));
            let open = block.brace_token.span.open().byte_range().end;
            self.insert(open, usize::MAX, true, text);
        }
        visit::visit_block(self, block);
        self.in_constant = outside;
    }

    fn constant(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = std::mem::replace(&mut self.in_constant, true);
        visit(self);
        self.in_constant = outside;
    }
}

/// Whether `let` stands in a condition, which cannot be put in parentheses.
fn has_let(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Writer<'_> {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constant(|writer| visit::visit_item_const(writer, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.constant(|writer| visit::visit_impl_item_const(writer, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.constant(|writer| visit::visit_item_static(writer, item));
    }

    fn visit_type(&mut self, ty: &'ast syn::Type) {
        self.constant(|writer| visit::visit_type(writer, ty));
    }

    fn visit_pat(&mut self, pat: &'ast syn::Pat) {
        self.constant(|writer| visit::visit_pat(writer, pat));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
    }

    fn visit_expr_binary(&mut self, expr: &'ast syn::ExprBinary) {
        visit::visit_expr_binary(self, expr);
        if !has_let(&expr.left) && !has_let(&expr.right) {
            let mutants = self.at("BinaryOperator", bytes(&expr.op).0);
            self.choose(bytes(expr), &self.mutated(bytes(expr), &mutants));
        }
    }

    fn visit_expr_unary(&mut self, expr: &'ast syn::ExprUnary) {
        visit::visit_expr_unary(self, expr);
        let mutants = self.at("UnaryOperator", bytes(&expr.op).0);
        self.choose(bytes(expr), &self.mutated(bytes(expr), &mutants));
    }

    fn visit_expr_struct(&mut self, expr: &'ast syn::ExprStruct) {
        visit::visit_expr_struct(self, expr);
        let mutants: Vec<_> = expr.fields.iter().flat_map(|field| self.at("StructField", bytes(field).0)).collect();
        self.choose(bytes(expr), &self.mutated(bytes(expr), &mutants));
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        visit::visit_arm(self, arm);
        let guard = arm.guard.as_ref().map(|(_, guard)| bytes(&**guard));
        if let Some((start, end)) = guard {
            let mutants = self.at("MatchArmGuard", start).into_iter();
            let choices: Vec<_> = mutants.map(|placed| (placed.id, placed.mutant.replacement.clone())).collect();
            self.choose((start, end), &choices);
        }
        let Some(placed) = self.at("MatchArm", bytes(arm).0).into_iter().next() else { return };
        self.written.insert(placed.id);
        match guard {
            Some((start, end)) => {
                let length = end - start + 1;
                self.insert(start, length, true, format!("!crate::__mutant({}) && (", placed.id));
                self.insert(end, length, false, ")".to_owned());
            }
            None => self.insert(bytes(&arm.pat).1, 0, false, format!(" if !crate::__mutant({})", placed.id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mutant, place};
    use crate::{Place, Span};

    /// The mutant that writes this in the place of the first of these texts.
    fn mutant(source: &str, genre: &str, text: &str, replacement: &str) -> Mutant {
        let start = source.find(text).expect("the text");
        let place = |at: usize| Place {
            line: source[..at].matches('\n').count() + 1,
            column: source[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        };
        Mutant {
            name: text.to_owned(),
            package: "p".to_owned(),
            file: "p/src/lib.rs".into(),
            genre: genre.to_owned(),
            replacement: replacement.to_owned(),
            span: Span { start: place(start), end: place(start + text.len()) },
        }
    }

    fn placed(source: &str, mutants: &[(&str, &str, &str)]) -> (String, usize) {
        let mutants: Vec<_> =
            mutants.iter().map(|(genre, text, replacement)| mutant(source, genre, text, replacement)).collect();
        let numbered: Vec<_> = mutants.iter().enumerate().collect();
        let (output, written) = place(source, &numbered).expect("Rust");
        syn::parse_file(&output).expect("still Rust");
        (output, written.len())
    }

    #[test]
    fn each_kind_stands_behind_its_condition() {
        for (source, genre, text, replacement, expected) in [
            ("fn f() -> u8 { 1 }", "FnValue", "1", "0", "fn f() -> u8 { if crate::__mutant(0) { return 0; } 1 }"),
            (
                "fn f() { é(a < b) }",
                "BinaryOperator",
                "<",
                "<=",
                "fn f() { é((if crate::__mutant(0) { a <= b } else { a < b })) }",
            ),
            ("fn f() { !a }", "UnaryOperator", "!", "", "fn f() { (if crate::__mutant(0) { a } else { !a }) }"),
            (
                "fn f() { S { a: 1, ..b } }",
                "StructField",
                "a: 1, ",
                "",
                "fn f() { (if crate::__mutant(0) { S { ..b } } else { S { a: 1, ..b } }) }",
            ),
            (
                "fn f() { match a { 1 => {}\n _ => {} } }",
                "MatchArm",
                "1 => {}",
                "",
                "fn f() { match a { 1 if !crate::__mutant(0) => {}\n _ => {} } }",
            ),
            (
                "fn f() { match a { x if b => {} _ => {} } }",
                "MatchArmGuard",
                "b",
                "true",
                "fn f() { match a { x if (if crate::__mutant(0) { true } else { b }) => {} _ => {} } }",
            ),
        ] {
            assert_eq!(placed(source, &[(genre, text, replacement)]), (expected.to_owned(), 1), "{genre}");
        }
    }

    #[test]
    fn several_stand_in_each_other() {
        let source = "fn f() -> bool { a + b < c }";
        let (output, count) = placed(
            source,
            &[("BinaryOperator", "<", ">"), ("BinaryOperator", "+", "-"), ("FnValue", "a + b < c", "true")],
        );
        let expected = "fn f() -> bool { if crate::__mutant(2) { return true; } \
            (if crate::__mutant(0) { a + b > c } else { (if crate::__mutant(1) { a - b } else { a + b }) < c }) }";
        assert_eq!((output.as_str(), count), (expected, 3));
    }

    #[test]
    fn nothing_is_asked_in_constants_and_patterns() {
        let mutants = [("BinaryOperator", "+", "-")];
        for source in
            ["const A: u8 = 1 + 2;", "const fn f() -> u8 { 1 + 2 }", "static A: u8 = 1 + 2;", "type A = [u8; 1 + 2];"]
        {
            assert_eq!(placed(source, &mutants), (source.to_owned(), 0));
        }
        let source = "fn f() { if let A = a && b {} }";
        assert_eq!(placed(source, &[("BinaryOperator", "&&", "||")]), (source.to_owned(), 0));
    }
}
