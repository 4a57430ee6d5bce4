# Each call of operator new and operator delete in the library goes to capi/allocation.cpp. Linkers of ELF and of
# MinGW can do that; elsewhere a context has neither an allocator nor a budget. What the C++ library has compiled
# itself allocates and frees past that, and may not hand memory to us: in C++20 it has no string compiled, and
# tests/capi/symbols_test.py looks that none is asked of it. A block that comes from there all the same is told by
# its missing mark; the sanitizers find it.
if(APPLE OR MSVC)
  set_property(SOURCE capi/context.cpp capi/library.cpp
    APPEND PROPERTY COMPILE_DEFINITIONS DUECARE_WITHOUT_MEMORY)
  set(DUECARE_MEMORY_SOURCES "")
  set(DUECARE_MEMORY_OPTIONS "")
  return()
endif()
set(DUECARE_MEMORY_SOURCES capi/allocation.cpp)
set(size m)
if(WIN32)
  set(size y)
endif()
set(DUECARE_MEMORY_OPTIONS "")
foreach(array w a)
  foreach(more "" RKSt9nothrow_t St11align_val_t St11align_val_tRKSt9nothrow_t)
    list(APPEND DUECARE_MEMORY_OPTIONS -Wl,--wrap=_Zn${array}${size}${more})
  endforeach()
endforeach()
foreach(array l a)
  foreach(more "" ${size} St11align_val_t ${size}St11align_val_t RKSt9nothrow_t St11align_val_tRKSt9nothrow_t)
    list(APPEND DUECARE_MEMORY_OPTIONS -Wl,--wrap=_Zd${array}Pv${more})
  endforeach()
endforeach()
