// Assigning a reference copies the pointer, not what it points to: two pointers, one value.

use std::cell::Cell;

fn main() {
    let number = Box::new(Cell::new(1));
    let other = Cell::new(2);
    let a = &*number;
    let mut b = a; // another arrow to the same block
    b.set(9);
    let seen = a.get();
    b = &other; // this moves b's arrow alone
    let elsewhere = b.get();

    let x = 1;
    let mut y = x; // a value type is copied itself
    y += 8;
    assert!(seen == 9 && elsewhere == 2 && number.get() == 9 && x + y == 10);
}
