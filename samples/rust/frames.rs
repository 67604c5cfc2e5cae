fn bar(j: i32) {
    let k = 20;
}

fn main() {
    let x = 5;
    bar(x);
}
