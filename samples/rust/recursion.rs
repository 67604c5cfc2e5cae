// A function that calls itself has a frame for each call. A type that contains itself needs a pointer.

fn factorial(n: i32) -> i32 {
    if n < 2 {
        return 1;
    }
    let rest = factorial(n - 1);
    n * rest
}

struct Node {
    value: i32,
    next: Option<Box<Node>>,
}

fn sum(node: &Node) -> i32 {
    let mut total = node.value;
    if let Some(next) = &node.next {
        total += sum(next);
    }
    total
}

fn main() {
    let product = factorial(4);
    let last = Node { value: 3, next: None };
    let second = Node { value: 2, next: Some(Box::new(last)) };
    let list = Node { value: 1, next: Some(Box::new(second)) };
    let total = sum(&list);
    assert!(product == 24 && total == 6);
} // one node drops the next
