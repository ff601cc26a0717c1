// runtime/headers.S - the ELF headers of `mountrun`, for start.S and packed.S: who includes it may
// add program headers, up to `headers_end`. The linker's own come with a section table, which is
// 200 bytes and of no use.

#if defined(__x86_64__)
#define MACHINE 62
#elif defined(__aarch64__)
#define MACHINE 183
#endif

    .section .note.GNU-stack, "", %progbits
    .section .head, "a"
    // Elf64_Ehdr
    .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0   // 64 bits, little-endian
    .quad 0
    .short 2, MACHINE                       // ET_EXEC
    .long 1
    .quad _start, 64, 0                     // where the program headers begin; no sections
    .long 0
    .short 64, 56, (headers_end - headers) / 56, 64, 0, 0
headers:
    // PT_GNU_STACK, read and written
    .long 0x6474e551, 6
    .quad 0, 0, 0, 0, 0, 16
    // PT_LOAD of the whole file, read and executed
    .long 1, 5
    .quad 0, image, image, image_size, image_size, 0x10000
