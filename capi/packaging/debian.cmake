# Debian packages: `cpack -G DEB` in a build folder; they install below /usr whatever prefix it has. Who publishes
# them says who they are:
# cpack -G DEB -D CPACK_DEBIAN_PACKAGE_MAINTAINER="Name <address>".
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME duecare)
set(CPACK_PACKAGE_CONTACT "duecare maintainers <duecare@example.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_ALL library development)
if(DUECARE_STATIC)
  list(APPEND CPACK_COMPONENTS_ALL static)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(runtime libduecare${DUECARE_ABI_VERSION})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${runtime})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
# A program built against a later 0.x may call what an earlier one does not have.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libduecare-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "${runtime} (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "zlib1g-dev, libzstd-dev, nettle-dev, libsqlite3-dev, libssl-dev")

set(about "duecare replays the histories of child-protection cases against a policy of duties
and says which were met, late, missed, pending or cannot be assessed, each with its
evidence.")
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "supervision audit of case histories - shared library
${about}")
set(CPACK_DEBIAN_DEV_DESCRIPTION "supervision audit of case histories - development files
${about}
.
Headers, static library, files for CMake and pkg-config. To link the static library
takes the development files of zlib, Zstandard, Nettle, SQLite and OpenSSL.")

include(CPack)
cpack_add_component_group(runtime)
cpack_add_component_group(dev)
cpack_add_component(library GROUP runtime)
cpack_add_component(development GROUP dev DEPENDS library)
if(DUECARE_STATIC)
  cpack_add_component(static GROUP dev)
endif()

install(FILES capi/packaging/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${runtime} COMPONENT library)
install(FILES capi/packaging/copyright
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libduecare-dev COMPONENT development)
