// Calls within calls stack up. When they have returned, the next call uses the place they had.

fn square(side: i32) -> i32 {
    let across = side;
    let down = side + 0;
    across * down
}

fn cube(edge: i32) -> i32 {
    let area = square(edge);
    area * edge
}

fn outline(side: i32) -> i32 {
    let corner = side + side;
    corner + corner
}

fn main() {
    let edge = 3;
    let volume = cube(edge); // main, cube and square at once
    let length = outline(edge); // outline lies where cube lay
    assert!(volume + length == 39);
}
