// Assigning a value makes a second one: two places, and changing one leaves the other alone.

#[derive(Clone, Copy)]
struct Point {
    x: i32,
    y: i32,
}

fn main() {
    let a = 5;
    let mut b = a;
    b += 1;
    let p = Point { x: 1, y: 2 };
    let mut q = p;
    q.x = 9;
    assert!(a + p.x + p.y == 8 && b + q.x + q.y == 17);
}
