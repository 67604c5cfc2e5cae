// A move hands the ownership on: the block stays where it is, its owner changes.

fn consume(taken: Vec<i32>) -> i32 {
    let sum = taken[0] + taken[1] + taken[2];
    sum + 0
} // the third owner is the last: the block is freed here

fn make(first: i32) -> Vec<i32> {
    let mut made = vec![first, 20];
    made.push(30);
    made // moved out to the caller
}

fn main() {
    let v = make(10);
    let w = v; // v may not be used any more
    let length = w.len();
    let sum = consume(w);
    assert!(length == 3 && sum == 60);
}
