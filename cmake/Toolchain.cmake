set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Binaries stand where the README names them: build/<preset>/enishid.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

set(ENISHI_SANITIZE "" CACHE STRING "address (with undefined) or thread; empty for none")
option(ENISHI_PLANTED_BUGS "Compile the planted bugs in; tests/property chooses one by name. Never for a release" OFF)

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(ENISHI_CCACHE ccache)
  if(ENISHI_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${ENISHI_CCACHE})
  endif()
endif()
find_program(ENISHI_MOLD mold)
if(ENISHI_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
# Files that include Beast take up to 1.5 GB each; one at a time is enough for two cores.
set_property(GLOBAL APPEND PROPERTY JOB_POOLS heavy=1)

# Warnings are errors on our own targets only; generated and third-party code is SYSTEM.
add_library(enishi_warnings INTERFACE)
target_compile_options(enishi_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)

if(ENISHI_SANITIZE STREQUAL "address")
  # Without the checks that multiply Beast's compile time and say nothing about our memory.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr,null,alignment,object-size
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(ENISHI_SANITIZE STREQUAL "thread")
  # Asio's fences are not understood by TSan; GCC says so with a warning.
  add_compile_options(-fsanitize=thread -Wno-tsan -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
else()
  add_compile_options($<$<CONFIG:Release>:-D_FORTIFY_SOURCE=3> $<$<CONFIG:Release>:-fstack-protector-strong>)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
add_compile_definitions(_GLIBCXX_ASSERTIONS)
