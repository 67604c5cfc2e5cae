// Collections keep their elements on the heap, each in its own way: one run, a ring, a tree, a table.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::BuildHasherDefault;

type Unseeded = BuildHasherDefault<DefaultHasher>; // the same table in every run

fn main() {
    let words = vec![String::from("stack"), String::from("heap")]; // a block that points at blocks
    let grid = vec![vec![1, 2], vec![3, 4]];

    let mut queue = VecDeque::with_capacity(4);
    queue.push_back(2);
    queue.push_back(3);
    queue.push_front(1); // at the far end of its block

    let mut ages = BTreeMap::new();
    ages.insert(36, 'a');
    ages.insert(17, 'b');

    let mut lengths: HashMap<&str, i32, Unseeded> = HashMap::default();
    lengths.insert("four", 4);
    lengths.insert("three", 5);

    let elements = words.len() + grid.len() + queue.len() + ages.len() + lengths.len();
    assert!(elements == 11 && grid[1][0] == queue[2] && ages[&17] == 'b');
}
