//! A text is found among many where it is, and nothing else is; and no search is long.

use cors_rules::table::{find, table};

/// Texts that are alike, as those of one list are.
fn origins(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| match number % 3 {
            0 => format!("https://tenant-{number}.example.com"),
            1 => format!("https://{number}.eu.partners.example.org:8443"),
            _ => format!("http+app://{number}"),
        })
        .collect()
}

#[test]
fn each_text_is_found_where_it_is() {
    for (count, seed) in (0..40).chain([1_000]).flat_map(|count| [(count, 0), (count, u64::MAX), (count, 42)]) {
        let texts = origins(count);
        let table = table(&texts, seed);
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(find(&texts, &table, seed, text.as_bytes()), Some(index), "{text}, of {count}");
            for other in [&text[1..], &text[..text.len() - 1], &text.to_uppercase(), &format!("{text}0")] {
                let known = texts.iter().any(|text| text == other);
                assert_eq!(find(&texts, &table, seed, other.as_bytes()).is_some(), known, "{other}, of {count}");
            }
        }
        for other in [&b""[..], b"\xff\xfe", b"https://tenant-1000.example.com", b"null"] {
            assert_eq!(find(&texts, &table, seed, other), None);
        }
    }
}

#[test]
fn a_table_of_other_texts_finds_nothing_that_is_not_there() {
    let (texts, others) = (origins(20), origins(400));
    for table in [table(&others, 0), table(&texts, 1), vec![1; 7], vec![u32::MAX; 3]] {
        for text in &others {
            let found = find(&texts, &table, 0, text.as_bytes());
            assert!(found.is_none_or(|index| texts[index] == *text));
        }
    }
}

/// The longest search is as long as the entries that stand one after the other. In a table with as many entries at random places
/// the longest row has about 60 of them.
#[test]
fn the_hashes_of_texts_that_are_alike_are_spread() {
    let alike: [fn(usize) -> String; 5] = [
        |number| format!("https://tenant-{number}.example.com"),
        |number| format!("https://{number:08}.example.com"),
        |number| format!("https://example.com:{}", number + 1),
        |number| format!("https://{}.com", "a".repeat(number % 200 + 1) + &(number / 200).to_string()),
        |number| format!("{:b}", number + (1 << 20)),
    ];
    for text in alike {
        let texts: Vec<_> = (0..10_000).map(text).collect();
        assert!(table(&texts, 0).len() > texts.len(), "there is a table");
        for seed in [0, 1, 0x9e37_79b9_7f4a_7c15, u64::MAX] {
            let table = table(&texts, seed);
            let longest = table.split(|entry| *entry == 0).map(<[u32]>::len).max();
            assert!(longest < Some(120), "{longest:?} of {}, seed {seed}", texts[0]);
        }
    }
}
