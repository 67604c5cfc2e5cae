// A block with several owners counts them, and goes when the last one goes. A weak pointer does not count.

use std::rc::Rc;
use std::sync::Arc;

fn main() {
    let first = Rc::new(5);
    let second = Rc::clone(&first); // two owners
    let watching = Rc::downgrade(&first);
    let sum = *first + *second;
    drop(second); // one owner
    let still = watching.upgrade().is_some();
    drop(first); // none: the 5 is gone, the counts stay for the weak pointer
    let gone = watching.upgrade().is_none();

    let across = Arc::new(6); // counted so that threads may share it
    let threads = Arc::clone(&across);
    let total = sum + *threads;
    assert!(still && gone && total == 16);
}
