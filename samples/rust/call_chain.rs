// Calls three deep below main, references to callers' locals, and two boxes: who points at whom?

fn add(part: &i32) -> i32 {
    let extra = 100;
    let sum = *part + extra;
    sum + 0
}

fn middle(far: &i32, near: &i32) -> i32 {
    let five = Box::new(5);
    let lent = &*five;
    let sum = add(lent); // part points into the heap
    sum + *far + *near
} // five

fn outer(given: &i32) -> i32 {
    let ten = 10;
    let lent = &ten;
    let first = add(lent); // part points into this frame
    let second = middle(given, lent); // far points two frames up
    first + second
}

fn main() {
    let three = 3;
    let twenty = Box::new(20);
    let lent = &three;
    let sum = outer(lent);
    assert!(sum + *twenty == 248);
}
