# enishi_room(<name> [SOURCES ...] [PUBLIC libs...] [PRIVATE libs...]): static library enishi_<name>, alias enishi::<name>.
# Includes are written from the folder that holds the room: #include "core/ids.h".
function(enishi_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(enishi_${name} STATIC ${ROOM_SOURCES})
  add_library(enishi::${name} ALIAS enishi_${name})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH parent)
  file(GLOB_RECURSE headers ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  target_sources(enishi_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${parent} FILES ${headers})
  set_target_properties(enishi_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(enishi_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE} enishi_warnings)
endfunction()

# enishi_test(<name> SOURCES ... LIBS ... [LABELS ...] [TIMEOUT s]): a GoogleTest program, one ctest entry.
function(enishi_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBS;LABELS;ARGS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/server ${PROJECT_SOURCE_DIR}/clients)
  target_link_libraries(${name} PRIVATE ${TEST_LIBS} GTest::gtest GTest::gmock GTest::gtest_main enishi_warnings)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} ${TEST_ARGS})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT}
    ENVIRONMENT "ENISHI_BIN=${CMAKE_BINARY_DIR};ENISHI_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
