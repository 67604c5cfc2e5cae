// What a debug info reader has to get right of Rust: each thing once.
use std::num::NonZeroU128;

trait Speak {
    fn speak(&self) -> usize;
}
struct Cat {
    name: String,
}
struct Dog(u32);
impl Speak for Cat {
    fn speak(&self) -> usize {
        self.name.len()
    }
}
impl Speak for Dog {
    fn speak(&self) -> usize {
        self.0 as usize
    }
}
impl Cat {
    fn new(name: &str) -> Cat {
        Cat { name: name.to_string() }
    }
}
#[derive(Debug)]
enum Shape {
    Circle(f64),
    Rect { w: f64, h: f64 },
    Empty,
}
#[repr(i16)]
#[derive(Debug)]
enum Negative {
    A(u8) = -2,
    B = 200,
    C = -300,
}
#[derive(Debug, Clone, Copy)]
enum Plain {
    X = 3,
    Y = 9,
}
#[cfg_attr(wide_enums, repr(u128))]
#[cfg_attr(not(wide_enums), repr(u64))]
#[derive(Debug, Clone, Copy)]
enum Huge {
    Small = 1,
    Large = 1 << if cfg!(wide_enums) { 100 } else { 60 },
}
enum Never {}
struct Point<T> {
    x: T,
    y: T,
}
mod inner {
    pub mod deep {
        pub fn go(x: i32) -> i32 {
            let y = x + 1;
            println!("{}", y);
            y
        }
    }
}
fn show<T: Speak>(t: &T) -> usize {
    let s = t.speak();
    println!("{}", s);
    s
}
fn main() {
    let cat = Cat::new("Tom");
    let dog = Dog(5);
    let shapes = [Shape::Rect { w: 1.0, h: 2.0 }, Shape::Empty, Shape::Circle(1.0)];
    let letter = Some('x');
    let niche = NonZeroU128::new(5);
    let negative = [Negative::A(1), Negative::B, Negative::C];
    let plain = (Plain::X, Plain::Y);
    let huge = (Huge::Small, Huge::Large);
    let sure: Result<u8, Never> = Ok(3);
    let point = Point { x: 1u16, y: 2 };
    let boxed: Box<dyn Speak> = Box::new(Dog(7));
    let owned: Option<Box<i32>> = Some(Box::new(3));
    let numbers = vec![1, 2, 3];
    let add = |k: i32| k + dog.0 as i32;
    for n in numbers.iter() {
        println!("{}", n);
    }
    println!("{} {} {:?} {:?} {:?}", show(&cat), show(&dog), shapes, letter, niche);
    println!("{:?} {:?} {:?} {}", negative, plain, huge, sure.is_ok());
    println!("{} {} {} {:?}", point.x + point.y, add(4), boxed.speak(), owned);
    println!("{}", inner::deep::go(3));
}
