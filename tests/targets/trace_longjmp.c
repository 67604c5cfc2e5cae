/* A jump over three frames that lands right behind the call, on its line. */
#include <setjmp.h>

static jmp_buf landing;

int jumper(int n) {
  if (n == 0) longjmp(landing, 7);
  return jumper(n - 1);
}

int jump(void) {
  int landed = setjmp(landing) == 0 ? jumper(2) : 7;
  return landed;
}

int main(void) {
  int landed = jump();
  return landed == 7 ? 0 : 1;
}
