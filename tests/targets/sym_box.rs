fn main() {
    let x = Box::new(5);
    let y = 34;
}
