// What a value costs, in cycles: on the stack, allocated and freed, on the heap where no cache has it, behind a pointer.
// The numbers go to standard error. Traced, they say what stopping costs: run it alone, or `situ cost`.

use std::arch::x86_64::{_mm_clflush, _mm_lfence, _mm_mfence, _rdtsc};

fn now() -> u64 {
    unsafe { (_mm_lfence(), _rdtsc(), _mm_lfence()).1 }
}

fn best(prepare: impl Fn(), measured: impl Fn()) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..8 {
        prepare();
        let start = now();
        measured();
        least = least.min(now() - start);
    }
    least
}

fn read<T>(place: &T) {
    unsafe { std::ptr::read_volatile(place as *const T as *const u8) };
}

fn forget<T>(place: &T) {
    unsafe { (_mm_clflush(place as *const T as *const u8), _mm_mfence()) }; // out of every cache
}

struct Pointing {
    here: [i32; 64], // larger than a cache line
    there: Box<[i32; 64]>,
}

fn follow(pointing: &Pointing) -> &[i32; 64] {
    &pointing.there
}

fn main() {
    let local = 5;
    let pointing = Box::new(Pointing { here: [5; 64], there: Box::new([5; 64]) });
    let stack = best(|| (), || read(&local));
    let pair = best(|| (), || read(&*Box::new(5)));
    let cold = best(|| forget(&pointing.here), || read(&pointing.here));
    let chased = best(|| { forget(follow(&pointing)); forget(&pointing.there) }, || read(follow(&pointing)));
    eprintln!("cycles: stack {stack}, allocate and free {pair}, cold {cold}, behind a cold pointer {chased}");
}
