// Rust between two int3s: boxes, a growing vector, a map, a closure, formatting.
use std::collections::BTreeMap;

#[inline(never)]
fn bar(j: i32) -> i32 {
    let k = 20;
    j + k
}

#[inline(never)]
fn take(v: Vec<i32>) -> usize {
    v.iter().map(|x| bar(*x) as usize).sum()
}

fn main() {
    unsafe { std::arch::asm!("int3") };
    let x = Box::new(5);
    let mut v = Vec::new();
    for i in 0..10 {
        v.push(bar(i + *x));
    }
    let mut counts = BTreeMap::new();
    for word in ["one", "two", "two"] {
        *counts.entry(word.to_string()).or_insert(0) += 1;
    }
    let text = format!("{} {:?}", take(v), counts);
    let length = std::hint::black_box(text).len();
    unsafe { std::arch::asm!("int3") };
    std::process::exit((length == 0) as i32);
}
