// runtime/start.S - where the kernel enters `mountrun`: argv and envp off the stack.

    .text
    .globl _start
    .type _start, %function
_start:
#if defined(__x86_64__)
    xor %ebp, %ebp
    mov (%rsp), %rax
    lea 8(%rsp), %rdi
    lea 16(%rsp,%rax,8), %rsi
    and $-16, %rsp
    call mountrun_main
    mov %eax, %edi
    mov $231, %eax
    syscall
    hlt
#elif defined(__aarch64__)
    mov x29, #0
    mov x30, #0
    ldr x2, [sp]
    add x0, sp, #8
    add x1, x0, x2, lsl #3
    add x1, x1, #8
    bl mountrun_main
    mov x8, #94
    svc 0
#endif
    .size _start, . - _start
    .section .note.GNU-stack, "", %progbits
