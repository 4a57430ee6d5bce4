// The zone bundle that pack_zones.py wrote, as read-only bytes of the library.
// DUECARE_ZONE_BUNDLE is the path of the bundle, set by the build.
    .section .rodata
    .globl duecare_zone_bundle
    .hidden duecare_zone_bundle
    .type duecare_zone_bundle, %object
    .balign 16
duecare_zone_bundle:
    .incbin DUECARE_ZONE_BUNDLE
.Lend:
    .size duecare_zone_bundle, .Lend - duecare_zone_bundle

    .globl duecare_zone_bundle_size
    .hidden duecare_zone_bundle_size
    .type duecare_zone_bundle_size, %object
    .balign 8
duecare_zone_bundle_size:
    .quad .Lend - duecare_zone_bundle
    .size duecare_zone_bundle_size, 8

    .section .note.GNU-stack, "", %progbits
