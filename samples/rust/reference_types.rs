// Assigning a reference copies the pointer, not what it points to: two pointers, one value.

use std::cell::Cell;

fn main() {
    let number = Box::new(Cell::new(1));
    let a = &*number;
    let b = a; // another arrow to the same block
    b.set(9);
    let seen = a.get();

    let x = 1;
    let mut y = x; // a value type is copied itself
    y += 8;
    assert!(seen == 9 && number.get() == 9 && x + y == 10);
}
