# Toolchain of the preset `windows`: Debian's mingw-w64 for 64 bits, with POSIX threads (std::thread).
# Packages: g++-mingw-w64-x86-64-posix libz-mingw-w64-dev libboost1.81-dev.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

set(prefix /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH ${prefix})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ZLIB_INCLUDE_DIR ${prefix}/include CACHE PATH "")
set(ZLIB_LIBRARY ${prefix}/lib/libz.a CACHE FILEPATH "")

# Of Boost only headers are used, and those are of no platform. They stand beside the headers of Linux, which
# must not be seen: so a folder that has a link to Boost alone.
set(headers ${CMAKE_BINARY_DIR}/headers)
if(NOT EXISTS ${headers}/boost)
  file(MAKE_DIRECTORY ${headers})
  file(CREATE_LINK /usr/include/boost ${headers}/boost SYMBOLIC)
endif()
set(Boost_NO_BOOST_CMAKE ON)
set(Boost_INCLUDE_DIR ${headers} CACHE PATH "")
