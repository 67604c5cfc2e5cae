// An enum is as large as its largest variant, and says which one it is; where a value is impossible, no tag is needed.

enum Shape {
    Dot,
    Circle(f64),
    Rectangle { width: i32, height: i32 },
    Name(Box<i32>),
}

fn size(shape: &Shape) -> i32 {
    match shape {
        Shape::Dot => 0,
        Shape::Circle(radius) => *radius as i32,
        Shape::Rectangle { width, height } => width * height,
        Shape::Name(number) => **number,
    }
}

fn main() {
    let dot = Shape::Dot;
    let circle = Shape::Circle(1.5);
    let rectangle = Shape::Rectangle { width: 3, height: 2 };
    let name = Shape::Name(Box::new(7)); // a variant on the stack that owns a block
    let total = size(&dot) + size(&circle) + size(&rectangle) + size(&name);

    let some: Option<i32> = Some(5);
    let none: Option<i32> = None;
    let boxed: Option<Box<i32>> = Some(Box::new(8)); // no larger than the box: None is the null pointer
    let failed: Result<i32, String> = Err(String::from("no"));
    assert!(total == 14 && some.is_some() && none.is_none() && boxed.is_some() && failed.is_err());
}
