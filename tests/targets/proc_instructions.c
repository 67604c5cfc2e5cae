/* Many kinds of instructions, each of which must do the same from its copy as in its place. */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((used)) static uint64_t table[4] = {11, 22, 33, 44};
__attribute__((used)) static uint64_t global_counter = 5;

__attribute__((noinline)) uint64_t twice(uint64_t x) {
  return 2 * x;
}
__attribute__((used)) static uint64_t (*volatile through_memory)(uint64_t) = twice;

uint64_t kinds(uint64_t seed);
__asm__(
    ".text\n.globl kinds\n.type kinds,@function\nkinds:\n"
    "  endbr64\n  push %rbp\n  mov %rsp,%rbp\n  push %rbx\n  push %r12\n  sub $0x40,%rsp\n"
    "  nop\n  nopw 0x0(%rax,%rax,1)\n  xchg %ax,%ax\n"
    "  mov %rdi,%rbx\n"
    "  lea table(%rip),%rax\n  mov table+8(%rip),%rcx\n  add %rcx,%rbx\n"
    "  addq $3,global_counter(%rip)\n  cmpq $7,global_counter(%rip)\n  setb %dl\n  movzbl %dl,%edx\n"
    "  add %rdx,%rbx\n  imul $3,table+16(%rip),%r8\n  add %r8,%rbx\n"
    "  movdqu table(%rip),%xmm0\n  paddq %xmm0,%xmm0\n  movq %xmm0,%r9\n  add %r9,%rbx\n"
    /* relative branches, taken and not, short and near */
    "  test %rbx,%rbx\n  jz 1f\n  inc %rbx\n1:  cmp $-1,%rbx\n  ja 2f\n  add $9,%rbx\n2:\n"
    "  .byte 0x0f,0x85\n  .long 3f-.-4\n  dec %rbx\n3:  jmp 4f\n  ud2\n4:  .byte 0xe9\n  .long 5f-.-4\n  "
    "ud2\n5:\n"
    "  mov $4,%ecx\n6:  add %rcx,%rbx\n  loop 6b\n  jrcxz 7f\n  ud2\n7:  mov $1,%ecx\n  jrcxz 8f\n  inc "
    "%rbx\n8:\n"
    "  mov $3,%ecx\n  xor %eax,%eax\n9:  inc %eax\n  cmp $2,%eax\n  loopne 9b\n  add %rax,%rbx\n"
    /* calls: relative, register, memory relative to rip, memory relative to the stack */
    "  mov %rbx,%rdi\n  call twice\n  add %rax,%rbx\n"
    "  lea twice(%rip),%r12\n  mov $5,%edi\n  call *%r12\n  add %rax,%rbx\n"
    "  mov $6,%edi\n  call *through_memory(%rip)\n  add %rax,%rbx\n"
    "  mov %r12,0x10(%rsp)\n  mov $7,%edi\n  call *0x10(%rsp)\n  add %rax,%rbx\n"
    "  lea 0x10(%rsp),%rax\n  mov $8,%edi\n  call *(%rax)\n  add %rax,%rbx\n"
    /* jumps through a register and through memory */
    "  lea 10f(%rip),%rax\n  jmp *%rax\n  ud2\n10: lea 11f(%rip),%rax\n  mov %rax,(%rsp)\n  jmp *(%rsp)\n  "
    "ud2\n11:\n"
    /* flags across a call's copy, pushes, string instructions, locked and atomic ones */
    "  stc\n  call 12f\n12: pop %rax\n  adc $0,%rbx\n  pushf\n  pop %rax\n  and $0xd5,%eax\n  add %rax,%rbx\n"
    "  push $0x1234\n  pop %rax\n  add %rax,%rbx\n  push table(%rip)\n  pop %rax\n  add %rax,%rbx\n"
    "  cld\n  mov %rsp,%rdi\n  mov $4,%ecx\n  mov $0x77,%eax\n  rep stosq\n  mov 0x18(%rsp),%rax\n  add "
    "%rax,%rbx\n"
    "  mov $1,%eax\n  lock xadd %rax,global_counter(%rip)\n  add %rax,%rbx\n"
    "  mov %rbx,%rax\n  lock cmpxchg %rbx,0x8(%rsp)\n  cpuid\n  xor %eax,%eax\n"
    "  mov $39,%eax\n  syscall\n  test %rax,%rax\n  setg %al\n  movzbl %al,%eax\n  add 0x10(%rsp),%rax\n"
    "  mov table+24(%rip),%rax\n  lea 0x40(%rsp),%rsp\n  pop %r12\n  pop %rbx\n  leave\n  ret\n"
    ".size kinds,.-kinds\n");

static int by_value(const void* a, const void* b) {
  const int x = *(const int*)a, y = *(const int*)b;
  return (x > y) - (x < y);
}

__attribute__((noinline)) unsigned classify(unsigned value) {
  switch (value % 9) {
    case 0:
      return 3;
    case 1:
      return value + 1;
    case 2:
      return value * 7;
    case 3:
      return value ^ 0x55;
    case 4:
      return value << 2;
    case 5:
      return value / 3;
    case 6:
      return value % 11;
    case 7:
      return ~value;
    default:
      return 1;
  }
}

__attribute__((noinline)) double blend(double a, double b, int steps) {
  double sum = 0;
  for (int i = 0; i < steps; ++i) sum += a / (i + 1) - b * i;
  return sum;
}

static jmp_buf back;
__attribute__((noinline)) void deep(int depth) {
  if (depth == 0) longjmp(back, 42);
  deep(depth - 1);
}

int main(void) {
  uint64_t sum = 0;
  for (uint64_t seed = 0; seed < 3; ++seed) sum = sum * 31 + kinds(seed);
  int numbers[50];
  unsigned state = 12345;
  for (int i = 0; i < 50; ++i) numbers[i] = (int)((state = state * 1103515245u + 12345u) >> 16) % 1000;
  qsort(numbers, 50, sizeof numbers[0], by_value);
  unsigned classes = 0;
  for (unsigned i = 0; i < 40; ++i) classes = classes * 5 + classify(i * 37);
  const int jumped = setjmp(back);
  if (jumped == 0) deep(5);
  char text[64];
  snprintf(text, sizeof text, "%d-%d-%s", numbers[0], numbers[49], "text");
  printf("%lu %lu %u %.6f %d %s %zu\n", (unsigned long)sum, (unsigned long)global_counter, classes,
         blend(3.5, 0.25, 20), jumped, text, strlen(text));
  return 0;
}
