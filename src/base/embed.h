// For assembler files that carry a file as read-only bytes: what an object format calls such a section, how a
// name stays inside the library, and that no executable stack is asked for. Linux has ELF; Windows has PE, where
// only names of the export list leave a library.
#if defined(__ELF__)
#define EMBED_SECTION .section .rodata
#define EMBED_INSIDE(symbol) .hidden symbol
#define EMBED_END .section .note.GNU-stack, "", %progbits
#else
#define EMBED_SECTION .section .rdata, "dr"
#define EMBED_INSIDE(symbol)
#define EMBED_END
#endif
