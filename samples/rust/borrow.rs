// A reference borrows: it reaches into the caller's frame or into the heap, and owns nothing.

fn add_one(number: &mut i32) {
    *number += 1;
}

fn longer(left: &String, right: &String) -> usize {
    let lengths = [left.len(), right.len()];
    lengths[0].max(lengths[1])
}

fn main() {
    let mut count = 5;
    add_one(&mut count); // number points at count, in this frame

    let boxed = Box::new(7);
    let inside: &i32 = &boxed; // into the heap, past the owner
    let owner: &Box<i32> = &boxed; // at the owner
    let sum = *inside + **owner;

    let short = String::from("stack");
    let long = String::from("and heap");
    let length = longer(&short, &long);
    assert!(count == 6 && sum == 14 && length == 8);
}
