// Every thread has a stack of its own; the heap is one for all of them.

use std::sync::Arc;
use std::thread;

fn work(shared: Arc<[i32; 3]>, gift: Box<i32>) -> i32 {
    let sum = shared[0] + shared[1] + shared[2];
    let total = sum + *gift;
    total + 0
} // this thread frees the gift that the other one allocated

fn main() {
    let shared = Arc::new([1, 2, 3]);
    let lent = Arc::clone(&shared);
    let gift = Box::new(4);
    let worker = thread::spawn(move || work(lent, gift));
    let total = worker.join().unwrap();
    assert!(total == 10 && shared[0] == 1);
}
