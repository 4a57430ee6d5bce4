# duecare.dll: one file that needs nothing but what Windows has. Its export list is made from symbols.txt, and
# stands as duecare.def beside the import library, for linkers that make their own (lib /def:duecare.def).
set(symbols ${PROJECT_SOURCE_DIR}/capi/symbols.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${symbols})
file(STRINGS ${symbols} lines REGEX "^[a-z]")
list(TRANSFORM lines REPLACE " .*" "")
list(JOIN lines "\n    " lines)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/duecare.def CONTENT "LIBRARY duecare.dll\nEXPORTS\n    ${lines}\n")

enable_language(RC)
configure_file(${PROJECT_SOURCE_DIR}/capi/windows/duecare.rc.in duecare.rc @ONLY)
target_sources(duecare PRIVATE ${PROJECT_BINARY_DIR}/duecare.def ${PROJECT_BINARY_DIR}/duecare.rc)
set_target_properties(duecare PROPERTIES PREFIX "" IMPORT_PREFIX "lib")
# The runtime of the compiler goes in: a host may have another, or another version of it.
target_link_options(duecare PRIVATE -static)
