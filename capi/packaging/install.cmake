# What is installed: component `library` is all that a program needs to run, `development` what it takes to
# build one, `static` the archive. The tree may be moved as a whole.
include(CMakePackageConfigHelpers)
set(DUECARE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/duecare)
install(TARGETS duecare EXPORT duecareTargets
  RUNTIME COMPONENT library
  LIBRARY COMPONENT library NAMELINK_COMPONENT development
  ARCHIVE COMPONENT development)
install(DIRECTORY include/duecare DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT duecareTargets NAMESPACE duecare:: DESTINATION ${DUECARE_CMAKE_DIR} COMPONENT development)
if(DUECARE_STATIC)
  install(TARGETS duecare_static EXPORT duecareStaticTargets COMPONENT static)
  install(EXPORT duecareStaticTargets NAMESPACE duecare:: DESTINATION ${DUECARE_CMAKE_DIR} COMPONENT static)
endif()

configure_package_config_file(capi/packaging/duecareConfig.cmake.in duecareConfig.cmake
  INSTALL_DESTINATION ${DUECARE_CMAKE_DIR})
write_basic_package_version_file(duecareConfigVersion.cmake COMPATIBILITY SameMinorVersion)
# duecare.pc finds its tree from where it stands itself.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
  BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig OUTPUT_VARIABLE DUECARE_PREFIX_FROM_PC)
configure_file(capi/packaging/duecare.pc.in duecare.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/duecareConfig.cmake ${PROJECT_BINARY_DIR}/duecareConfigVersion.cmake
  DESTINATION ${DUECARE_CMAKE_DIR} COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/duecare.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
