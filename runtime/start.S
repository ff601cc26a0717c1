// runtime/start.S - where the kernel enters `mountrun`: argv and envp off the stack.

#include "headers.S"
headers_end:

    .text
    .globl _start
    .type _start, %function
_start:
#if defined(__x86_64__)
    pop %rax
    mov %rsp, %rdi
    lea 8(%rsp,%rax,8), %rsi
    and $-16, %rsp
    call mountrun_main
    xchg %eax, %edi
    push $60
    pop %rax
    syscall
#elif defined(__aarch64__)
    mov x29, #0
    mov x30, #0
    ldr x2, [sp]
    add x0, sp, #8
    add x1, x0, x2, lsl #3
    add x1, x1, #8
    bl mountrun_main
    mov x8, #93
    svc 0
#endif
    .size _start, . - _start
