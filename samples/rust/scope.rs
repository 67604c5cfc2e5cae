// What a variable owns is dropped where its scope ends, the last declared first.

fn hold(number: i32) -> i32 {
    let held = Box::new(number);
    let twice = *held * 2;
    twice + 0
} // held

fn main() {
    let outer = Box::new(1);
    {
        let inner = Box::new(2);
        let both = *outer + *inner;
        assert!(both == 3);
    } // inner
    let mut again = Box::new(3);
    assert!(*again == 3);
    again = Box::new(4); // what it owned before goes
    let twice = hold(5);
    drop(again); // before its scope ends
    assert!(twice == 10);
} // outer
