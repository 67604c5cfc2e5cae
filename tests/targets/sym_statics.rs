// Statics and thread-locals, one of each kind.
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicUsize, Ordering};

static GREETING: &str = "hi";
static mut COUNTER: u32 = 7;
thread_local! {
    static SEEN: Cell<u32> = const { Cell::new(3) };
    static NAMES: RefCell<Vec<u32>> = RefCell::new(vec![1]);
}
mod inner {
    use super::AtomicUsize;
    pub static LIMIT: AtomicUsize = AtomicUsize::new(4);
}

fn local() -> usize {
    static ONCE: AtomicUsize = AtomicUsize::new(9);
    ONCE.fetch_add(1, Ordering::SeqCst)
}

fn main() {
    unsafe { COUNTER += 1 };
    SEEN.with(|seen| seen.set(9));
    NAMES.with(|names| names.borrow_mut().push(4));
    println!("{} {} {}", GREETING, local(), inner::LIMIT.load(Ordering::SeqCst));
}
