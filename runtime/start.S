// runtime/start.S - the ELF headers of `mountrun`, and where the kernel enters it: argv and envp off
// the stack. The linker's headers come with a section table, which is 200 bytes and of no use.

#if defined(__x86_64__)
#define MACHINE 62
#elif defined(__aarch64__)
#define MACHINE 183
#endif

    .section .head, "a"
    // Elf64_Ehdr
    .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0   // 64 bits, little-endian
    .quad 0
    .short 2, MACHINE                       // ET_EXEC
    .long 1
    .quad _start, 64, 0                     // where the program headers begin; no sections
    .long 0
    .short 64, 56, 2, 64, 0, 0              // two program headers
    // PT_LOAD of the whole file, read and executed
    .long 1, 5
    .quad 0, image, image, image_size, image_size, 0x10000
    // PT_GNU_STACK, read and written
    .long 0x6474e551, 6
    .quad 0, 0, 0, 0, 0, 16

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
    .section .note.GNU-stack, "", %progbits
