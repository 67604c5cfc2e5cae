// A closure is a value that holds what it uses: a reference to it, or the thing itself.

fn call(closure: &dyn Fn(i32) -> i32) -> i32 {
    let result = closure(2);
    result + 0
}

fn main() {
    let base = 10;
    let add = |number| base + number; // a reference to base
    let text = String::from("heap");
    let count = move |number| text.len() as i32 + number; // the string itself: it has moved

    let mut calls = 0;
    let mut tick = || calls += 1; // a reference that may change it
    tick();
    tick();

    let boxed: Box<dyn Fn(i32) -> i32> = Box::new(move |number| base * number); // a closure on the heap
    let total = add(1) + call(&count) + boxed(3);
    assert!(calls == 2 && total == 47);
}
