// runtime/packed.S - a packed `mountrun`: its headers, where the kernel enters it, and what is
// unpacked. PACKED is a file that pack/main.cc has written.

#include "headers.S"
    // PT_LOAD, read and written, of nothing: zero pages for the image
    .long 1, 6
    .quad 0, unpacked, unpacked, 0
unpacked_room:
    .incbin PACKED, 0, 8
    .quad 0x10000
headers_end:
    .globl unpacked_room

    .text
    .globl _start
    .type _start, %function
_start:
    call unpack_image
    jmp *unpacked + 24                      // e_entry: the image begins with its own headers
    .size _start, . - _start

    .section .rodata.packed, "a"
    .globl packed
packed:
    .incbin PACKED, 8
