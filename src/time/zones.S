// The zone bundle that pack_zones.py wrote, as read-only bytes of the library.
// DUECARE_ZONE_BUNDLE is the path of the bundle, set by the build.
#include "base/embed.inc"

    EMBED_SECTION
    .globl duecare_zone_bundle
    EMBED_INSIDE(duecare_zone_bundle)
    .balign 16
duecare_zone_bundle:
    .incbin DUECARE_ZONE_BUNDLE
.Lend:

    .globl duecare_zone_bundle_size
    EMBED_INSIDE(duecare_zone_bundle_size)
    .balign 8
duecare_zone_bundle_size:
    .quad .Lend - duecare_zone_bundle

    EMBED_END
