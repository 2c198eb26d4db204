use cors_runtime::cross_origin;

#[cross_origin(none)]
mod state {
    thread_local! {
        static COUNT: u8 = const { 0 };
    }

    macro_rules! one {
        () => {
            1
        };
    }

    pub fn next() -> u8 {
        COUNT.with(|count| *count + one!())
    }
}

fn main() {
    let _ = state::next();
}
