// Values whose size is known lie on the stack, each as large as its type says.

fn main() {
    let byte: u8 = 200;
    let whole: i32 = -7;
    let wide: i64 = 1 << 40;
    let huge: u128 = 1 << 100;
    let single: f32 = 0.5;
    let double: f64 = 2.75;
    let yes: bool = true;
    let letter: char = 'ß';
    let pair: (i32, bool) = (1, false);
    let row: [u16; 4] = [1, 2, 3, 4];

    let sizes = [
        std::mem::size_of_val(&byte),
        std::mem::size_of_val(&whole),
        std::mem::size_of_val(&wide),
        std::mem::size_of_val(&huge),
        std::mem::size_of_val(&single),
        std::mem::size_of_val(&double),
        std::mem::size_of_val(&yes),
        std::mem::size_of_val(&letter),
        std::mem::size_of_val(&pair),
        std::mem::size_of_val(&row),
    ];
    assert!(sizes == [1, 4, 8, 16, 4, 8, 1, 4, 8, 8]);
}
