// Blocks go in any order, and the place of one that is gone is given to the next that fits.

fn main() {
    let first = Box::new(1);
    let second = Box::new(2);
    let third = Box::new(3);
    drop(second); // the middle one goes first
    let fourth = Box::new(4); // and its place has a new tenant
    drop(first);
    assert!(*third + *fourth == 7);
}
