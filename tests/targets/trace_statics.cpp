// Statics and thread-locals that change, in the executable and in a shared library, with two threads.
#include <pthread.h>

int bump();  // of the library

int counter = 1;
thread_local int mine = 10;
struct Node {
  int value;
};
static Node* kept = nullptr;

static void* work(void*) {
  mine += 5;
  bump();
  return nullptr;
}

int main() {
  counter = 2;
  kept = new Node{77};
  mine = 20;
  bump();
  pthread_t thread;
  pthread_create(&thread, nullptr, work, nullptr);
  pthread_join(thread, nullptr);
  counter = 3;
  delete kept;
  return 0;
}
