// A slice borrows a part: a pointer to its first element, and how many there are.

fn sum(part: &[i32]) -> i32 {
    let mut total = 0;
    for number in part {
        total += number;
    }
    total
}

fn main() {
    let text = String::from("stack and heap");
    let word = &text[10..]; // "heap", in the string's block
    let literal = "static"; // in the program's read-only data

    let numbers = vec![1, 2, 3, 4, 5];
    let middle = &numbers[1..4];
    let row = [10, 20, 30, 40];
    let tail = &row[2..]; // in this frame

    let both = sum(middle) + sum(tail);
    assert!(both == 79 && word.len() + literal.len() == 10);
}
