// One local for each type of Rust's standard library that situ knows, all alive when `stop` is called.
// --cfg since_1_80: with types that older libraries lack.
#![allow(warnings)]
use std::borrow::Cow;
#[cfg(since_1_80)]
use std::cell::{LazyCell, OnceCell};
use std::cell::{Cell, RefCell, UnsafeCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CString, OsStr, OsString};
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::num::{NonZeroU128, NonZeroU32, Wrapping};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::ptr::NonNull;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, AtomicI8, AtomicPtr, AtomicU64};
use std::sync::{mpsc, Arc, Mutex, RwLock};
#[cfg(since_1_80)]
use std::sync::{LazyLock, OnceLock};
use std::time::{Duration, Instant};

trait Speak {
    fn speak(&self) -> u32;
}
struct Dog {
    age: u32,
    name: &'static str,
}
impl Speak for Dog {
    fn speak(&self) -> u32 {
        self.age
    }
}
struct Cat(u8);
impl Speak for Cat {
    fn speak(&self) -> u32 {
        u32::from(self.0)
    }
}

#[derive(Clone, Copy)]
struct Point {
    x: i32,
    y: i32,
}
struct Marker;
struct Typed<T> {
    id: u16,
    of: PhantomData<T>,
}
union Either {
    word: u32,
    bytes: [u8; 4],
}
#[derive(Clone, Copy)]
enum Signed {
    Low = -300,
    High = 200,
}
enum Shape {
    Unit,
    Circle(f64),
    Square { side: i32 },
}
enum Nested {
    One(bool),
    Two,
    Three,
}
enum Solo {
    Only(u8),
}
enum Never {}

static COUNT: AtomicU64 = AtomicU64::new(7);
static mut TABLE: [u16; 3] = [1, 2, 3];
const GREETING: &str = "hello";

fn add_one(n: i32) -> i32 {
    n + 1
}

#[inline(never)]
fn stop() -> u64 {
    COUNT.load(std::sync::atomic::Ordering::SeqCst)
}

// Its arguments live until here.
#[inline(never)]
fn keep<T>(_: T) {}

fn pointers() {
    let boxed: Box<i32> = Box::new(5);
    let boxed_slice: Box<[i32]> = vec![1, 2, 3].into_boxed_slice();
    let boxed_str: Box<str> = "boxed".into();
    let boxed_dyn: Box<dyn Speak> = Box::new(Dog { age: 3, name: "Rex" });
    let cat = Cat(9);
    let ref_dyn: &dyn Speak = &cat;
    let rc = Rc::new(17);
    let rc2 = Rc::clone(&rc);
    let weak: Weak<i32> = Rc::downgrade(&rc);
    let weak_new: Weak<i32> = Weak::new();
    let rc_str: Rc<str> = Rc::from("shared");
    let rc_slice: Rc<[u8]> = Rc::from(vec![7u8, 8, 9]);
    let rc_dyn: Rc<dyn Speak> = Rc::new(Cat(4));
    let arc = Arc::new(Mutex::new(vec![1, 2]));
    let arc_weak = Arc::downgrade(&arc);
    let arc_str: Arc<str> = Arc::from("atomic");
    let number = 42;
    let reference = &number;
    let raw: *const i32 = &number;
    let non_null = NonNull::from(&number);
    let function: fn(i32) -> i32 = add_one;
    let item = add_one;
    let pinned = Box::pin(6u8);
    let pin_ref = Pin::new(&number);
    let slice = &boxed_slice[1..];
    let text: &str = &boxed_str[1..3];
    let null: *const u8 = std::ptr::null();
    let no_box: Option<Box<i32>> = None;
    let some_box = Some(Box::new(8));
    let zero_sized = Box::new(Marker);
    let list_of_boxes = vec![Box::new(1), Box::new(2)];
    stop();
    keep((&rc2, &weak, &arc_weak, raw, non_null, function, item, pin_ref, slice, text, null));
}

fn cells() {
    let cell = Cell::new(5);
    let ref_cell = RefCell::new(6);
    let shared_cell = RefCell::new(vec![1, 2]);
    let first = shared_cell.borrow();
    let second = shared_cell.borrow();
    let mut_cell = RefCell::new(String::from("text"));
    let mut guard = mut_cell.borrow_mut();
    let unsafe_cell = UnsafeCell::new(1u8);
    let mutex = Mutex::new(3);
    let locked = Mutex::new(4);
    let lock_guard = locked.lock().unwrap();
    let poisoned = Arc::new(Mutex::new(5));
    let inside = Arc::clone(&poisoned);
    let thread = std::thread::spawn(move || {
        let _held = inside.lock();
        std::panic::resume_unwind(Box::new(0));
    });
    let _ = thread.join();
    let rw = RwLock::new("rw");
    let rw_read = RwLock::new(1.5);
    let read_guard = rw_read.read().unwrap();
    let read_guard2 = rw_read.read().unwrap();
    let rw_write = RwLock::new(2.5);
    let write_guard = rw_write.write().unwrap();
    let atomic = AtomicU64::new(11);
    let atomic_bool = AtomicBool::new(true);
    let atomic_i8 = AtomicI8::new(-3);
    let atomic_ptr = AtomicPtr::new(std::ptr::null_mut::<i32>());
    #[cfg(since_1_80)]
    let once_empty: OnceCell<i32> = OnceCell::new();
    #[cfg(since_1_80)]
    let once_full = OnceCell::from(String::from("once"));
    #[cfg(since_1_80)]
    let once_lock_empty: OnceLock<i32> = OnceLock::new();
    #[cfg(since_1_80)]
    let once_lock = OnceLock::from(12);
    #[cfg(since_1_80)]
    let lazy_cell: LazyCell<i32> = LazyCell::new(|| 13);
    #[cfg(since_1_80)]
    let lazy_lock: LazyLock<i32> = LazyLock::new(|| 14);
    #[cfg(since_1_80)]
    let forced: LazyLock<i32> = LazyLock::new(|| 15);
    #[cfg(since_1_80)]
    let _ = *forced;
    stop();
    keep((&first, &second, &guard, &read_guard, &read_guard2, &write_guard, &lock_guard));
}

fn sequences() {
    let vec = vec![1, 2, 3];
    let empty_vec: Vec<i32> = Vec::new();
    let long_vec: Vec<u16> = (0..100).collect();
    let vec_zst = vec![(), (), ()];
    let vec_vec = vec![vec![1], vec![], vec![2, 3]];
    let mut deque: VecDeque<i32> = VecDeque::with_capacity(4);
    deque.extend([1, 2, 3]);
    deque.pop_front();
    deque.pop_front();
    deque.extend([4, 5]);
    let empty_deque: VecDeque<u8> = VecDeque::new();
    let string = String::from("héllo");
    let empty_string = String::new();
    let os_string = OsString::from("os");
    let path_buf = PathBuf::from("/tmp/x");
    let c_string = CString::new("c text").unwrap();
    let c_str = c_string.as_c_str();
    let path: &Path = Path::new("/usr");
    let os_str: &OsStr = OsStr::new("osstr");
    let cow_borrowed: Cow<str> = Cow::Borrowed("borrowed");
    let cow_owned: Cow<str> = Cow::Owned(String::from("owned"));
    let cow_slice: Cow<[i32]> = Cow::Owned(vec![1, 2]);
    let list: LinkedList<i32> = LinkedList::from([1, 2, 3]);
    let empty_list: LinkedList<i32> = LinkedList::new();
    let heap: BinaryHeap<i32> = BinaryHeap::from(vec![1, 5, 2]);
    let array = [1u8, 2, 3];
    let array2 = [[1, 2], [3, 4]];
    let slice = &array[1..];
    let strs = ["a", "b"];
    let mut iter = vec.iter();
    iter.next();
    let mut into_iter = vec![10, 20, 30].into_iter();
    into_iter.next();
    stop();
    keep((iter, into_iter));
}

fn maps() {
    let mut hash_map: HashMap<i32, &str> = HashMap::new();
    hash_map.insert(1, "one");
    hash_map.insert(2, "two");
    hash_map.insert(3, "three");
    hash_map.remove(&2);
    let empty_map: HashMap<String, i32> = HashMap::new();
    let words: HashMap<String, Vec<u8>> = HashMap::from([(String::from("k"), vec![1, 2])]);
    let big_map: HashMap<u32, u32> = (0..100).map(|i| (i, i * 2)).collect();
    let hash_set: HashSet<char> = HashSet::from(['a']);
    let tree: BTreeMap<i32, char> = BTreeMap::from([(3, 'c'), (1, 'a'), (2, 'b')]);
    let empty_tree: BTreeMap<i32, char> = BTreeMap::new();
    let mut big_tree: BTreeMap<u32, u32> = BTreeMap::new();
    for i in 0..100 {
        big_tree.insert(i, i * i);
    }
    let tree_set: BTreeSet<&str> = BTreeSet::from(["y", "x"]);
    let tree_words: BTreeMap<String, Vec<i32>> = BTreeMap::from([(String::from("a"), vec![1])]);
    let nested: HashMap<u8, HashMap<u8, u8>> = HashMap::from([(1, HashMap::from([(2, 3)]))]);
    stop();
}

fn scalars() {
    let wide = u128::MAX;
    let wide_signed = i128::MIN;
    let character = 'é';
    let tuple = (1, 2.5, 'x');
    let single = (1,);
    let unit = ();
    let nested_tuple = ((1, 2), "in");
    let range = 0..5;
    let inclusive = 1..=3;
    let range_from = 2..;
    let range_to = ..4;
    let range_to_inclusive = ..=6;
    let full = ..;
    let duration = Duration::from_millis(1500);
    let short = Duration::from_nanos(1_250);
    let instant = Instant::now();
    let system = std::time::UNIX_EPOCH;
    let non_zero = NonZeroU32::new(5).unwrap();
    let non_zero_wide = NonZeroU128::new(1 << 100).unwrap();
    let maybe_non_zero = NonZeroU32::new(0);
    let union_value = Either { word: 0x0102_0304 };
    let marker = Marker;
    let typed = Typed::<String> { id: 3, of: PhantomData };
    let manual = ManuallyDrop::new(Point { x: 1, y: 2 });
    let maybe = MaybeUninit::new(9u64);
    let wrapping = Wrapping(200u8);
    let ordering = Ordering::Less;
    let reverse = Reverse(3);
    let point = Point { x: 3, y: 4 };
    let low = Signed::Low;
    let high = Signed::High;
    let unit_shape = Shape::Unit;
    let circle = Shape::Circle(1.5);
    let square = Shape::Square { side: 2 };
    let one = Nested::One(true);
    let two = Nested::Two;
    let nested_option = Some(Some(false));
    let inner_none: Option<Option<bool>> = Some(None);
    let solo = Solo::Only(1);
    let fine: Result<u8, Never> = Ok(3);
    let error: Result<u8, String> = Err(String::from("bad"));
    let none: Option<i32> = None;
    let some = Some(7);
    let some_char = Some('q');
    let no_string: Option<String> = None;
    let cap = 5;
    let other = String::from("captured");
    let by_ref = || cap + other.len();
    let moved = String::from("moved");
    let by_move = move || moved.len() + cap;
    let no_capture = |n: i32| n + 1;
    let boxed_closure: Box<dyn Fn(i32) -> i32> = Box::new(move |n| n + cap as i32);
    let (sender, receiver) = mpsc::channel::<i32>();
    let handle = std::thread::spawn(|| 5);
    let thread_id = std::thread::current().id();
    stop();
    let _ = handle.join();
    keep((by_ref(), by_move(), no_capture(1), boxed_closure(1), &sender, &receiver, unit, full));
    keep(unsafe { TABLE[0] });
}

fn main() {
    pointers();
    cells();
    sequences();
    maps();
    scalars();
}
