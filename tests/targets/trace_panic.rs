// A panic leaves three frames, each with something to drop, and is caught.
struct Noisy<'a>(&'a std::cell::Cell<i32>);

impl Drop for Noisy<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

fn fails(n: i32, dropped: &std::cell::Cell<i32>) -> i32 {
    let _guard = Noisy(dropped);
    if n == 0 {
        std::panic::resume_unwind(Box::new(7));
    }
    fails(n - 1, dropped) + 1
}

fn main() {
    let dropped = std::cell::Cell::new(0);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fails(2, &dropped)));
    assert!(caught.is_err());
    assert!(dropped.get() == 3);
}
