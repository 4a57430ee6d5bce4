# libduecare.a: the objects of the shared library and of all modules, linked into one object in which the
# functions of duecare.h alone are global. Boost and our own C++ names stay inside, so that a host may link
# another Boost, or two libraries that carry this one.
if(NOT DUECARE_STATIC)
  return()
endif()

file(STRINGS ${DUECARE_MAP} names REGEX "^ *duecare_[a-z0-9_]+;$")
list(TRANSFORM names REPLACE "[ ;]" "")
string(REPLACE ";" "\n" names "${names}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/static/names.txt CONTENT "${names}\n" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${DUECARE_MAP})

get_property(modules GLOBAL PROPERTY DUECARE_MODULES)
set(objects $<TARGET_OBJECTS:duecare>)
foreach(module IN LISTS modules)
  list(APPEND objects $<TARGET_OBJECTS:duecare_${module}>)
endforeach()
set(object ${PROJECT_BINARY_DIR}/static/duecare.o)
add_custom_command(OUTPUT ${object}
  COMMAND ${CMAKE_COMMAND} -D CXX=${CMAKE_CXX_COMPILER} -D NM=${CMAKE_NM} -D OBJCOPY=${CMAKE_OBJCOPY}
    -D NAMES=${PROJECT_BINARY_DIR}/static/names.txt -D OBJECT=${object} "-DOBJECTS=${objects}" "-DOPTIONS=${DUECARE_MEMORY_OPTIONS}"
    -P ${PROJECT_SOURCE_DIR}/capi/packaging/link_static.cmake
  DEPENDS ${objects} ${PROJECT_BINARY_DIR}/static/names.txt capi/packaging/link_static.cmake
  COMMENT "Linking the object of libduecare.a" VERBATIM)
add_library(duecare_static STATIC ${object})
add_library(duecare::static ALIAS duecare_static)
target_include_directories(duecare_static INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_definitions(duecare_static INTERFACE DUECARE_STATIC)

# What a program that links it needs besides. C programs are linked as C: the C++ runtime is named here.
set(runtime ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_ITEM runtime ${CMAKE_C_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_DUPLICATES runtime)
target_link_libraries(duecare_static INTERFACE
  ZLIB::ZLIB ${DUECARE_ZSTD_LIBRARY} nettle Threads::Threads ${runtime})
if(DUECARE_STORE)
  target_link_libraries(duecare_static INTERFACE SQLite::SQLite3)
  list(PREPEND runtime sqlite3)
  set(DUECARE_FIND_SQLITE "find_dependency(SQLite3)")
endif()
if(DUECARE_SIGNATURES)
  target_link_libraries(duecare_static INTERFACE OpenSSL::Crypto)
  list(PREPEND runtime crypto)
  set(DUECARE_FIND_OPENSSL "find_dependency(OpenSSL 3 COMPONENTS Crypto)")
endif()
set_target_properties(duecare_static PROPERTIES
  OUTPUT_NAME duecare EXPORT_NAME static LINKER_LANGUAGE C)
list(TRANSFORM runtime PREPEND "-l")
list(JOIN runtime " " runtime)
if(DUECARE_ZSTD)
  string(PREPEND runtime "-lzstd ")
  set(DUECARE_FIND_ZSTD "find_dependency(zstd)")
endif()
set(DUECARE_LIBS_PRIVATE "-lz -lnettle ${runtime} -pthread")
