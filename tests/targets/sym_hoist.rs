fn side() -> i32 {
    3
}
fn main() {
    let a = side();
    let b = 7;
    {
        let inner = 4u8;
        println!("in");
    }
    let f = 2.5;
    println!("{}", a);
}
