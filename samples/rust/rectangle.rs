// A method by value gets a copy of the rectangle, one by reference the address of the caller's.

#[derive(Clone, Copy)]
struct Rectangle {
    width: i32,
    height: i32,
}

impl Rectangle {
    fn area(&self) -> i32 {
        let product = self.width * self.height;
        product + 0
    }

    fn widen(&mut self, by: i32) {
        self.width += by;
    }

    fn doubled(self) -> i32 {
        let mut copy = self; // the caller's keeps its width
        copy.widen(self.width);
        copy.area()
    }
}

fn main() {
    let mut room = Rectangle { width: 3, height: 2 };
    let small = room.area();
    room.widen(4);
    let large = room.doubled();
    assert!(small == 6 && large == 28 && room.width == 7);
}
