// What changes its size lives on the heap: the block is enlarged where it is, or left for a larger one.

fn main() {
    let mut numbers: Vec<i32> = Vec::with_capacity(2);
    numbers.push(10);
    numbers.push(20);
    let neighbour = Box::new(7); // behind the numbers' block
    numbers.push(30); // no room left
    numbers.extend([40, 50, 60, 70, 80, 90]);

    let mut text = String::from("in");
    text.push_str(" its own place");
    text.push_str(", which is what in situ means");

    let mut big = vec![0u8; 200 * 1024]; // too big for the heap's own area: a mapping of its own
    big.reserve_exact(400 * 1024);
    big[0] = *neighbour;

    assert!(numbers.len() == 9 && text.len() == 45 && big.len() == 200 * 1024);
}
