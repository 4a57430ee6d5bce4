# duecare.dll: one file that needs nothing but what Windows has. Its export list is made from symbols.txt, and
# stands as duecare.def beside the import library, for linkers that make their own (lib /def:duecare.def).
set(symbols ${PROJECT_SOURCE_DIR}/capi/symbols.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${symbols})
file(STRINGS ${symbols} lines REGEX "^[a-z]")
list(TRANSFORM lines REPLACE " .*" "")
list(JOIN lines "\n    " lines)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/duecare.def
  CONTENT "LIBRARY duecare.dll\nEXPORTS\n    ${lines}\n")

enable_language(RC)
configure_file(${PROJECT_SOURCE_DIR}/capi/windows/duecare.rc.in duecare.rc @ONLY)
target_sources(duecare PRIVATE ${PROJECT_BINARY_DIR}/duecare.def ${PROJECT_BINARY_DIR}/duecare.rc)
set_target_properties(duecare PROPERTIES PREFIX "" IMPORT_PREFIX "lib")
# capi includes headers of modules that include Boost, whose folder no compiler for Windows knows by itself.
target_include_directories(duecare SYSTEM PRIVATE ${Boost_INCLUDE_DIRS})
# The runtime of the compiler goes in: a host may have another, or another version of it.
target_link_options(duecare PRIVATE -static)

# Reading the headers of Boost takes most of the time of a build.
set(precompiled $<$<COMPILE_LANGUAGE:CXX>:${PROJECT_SOURCE_DIR}/capi/windows/precompiled.hpp>)
target_precompile_headers(duecare_base PRIVATE ${precompiled})
get_property(modules GLOBAL PROPERTY DUECARE_MODULES)
list(REMOVE_ITEM modules base)
list(TRANSFORM modules PREPEND duecare_)
foreach(target IN LISTS modules ITEMS duecare)
  target_precompile_headers(${target} REUSE_FROM duecare_base)
endforeach()
# Defines what the other headers of Boost.JSON would then find defined.
set_source_files_properties(src/base/boost_json.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
# The preset lets warnings be: with little optimisation GCC 12 sees some that are none, and the other files are
# held to them on Linux.
set_source_files_properties(src/base/digest_bcrypt.cpp src/base/system_windows.cpp
  PROPERTIES COMPILE_OPTIONS -Werror)

include(GNUInstallDirs)
install(FILES ${PROJECT_BINARY_DIR}/duecare.def DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
