# The three kinds of target that the project has, with the flags that all of
# them share.

add_library(landwaiter_flags INTERFACE)
target_include_directories(landwaiter_flags INTERFACE ${CMAKE_SOURCE_DIR})
# gRPC 1.51 and abseil 20220623 come from Debian; their headers are not ours to
# warn about (they are SYSTEM includes).
target_compile_options(landwaiter_flags INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # Locks are checked by the compiler (absl::Mutex is annotated).
  target_compile_options(landwaiter_flags INTERFACE
    -Wthread-safety -Wno-c++20-designator -Wno-missing-field-initializers)
else()
  # A designated initialiser leaves the other members at their defaults.
  target_compile_options(landwaiter_flags INTERFACE
    -Wno-missing-field-initializers)
endif()
# Generated code is instrumented too, though it is not ours to warn about.
add_library(landwaiter_sanitizers INTERFACE)
if(LANDWAITER_SANITIZE)
  target_compile_options(landwaiter_sanitizers INTERFACE
    -fsanitize=${LANDWAITER_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(landwaiter_sanitizers INTERFACE
    -fsanitize=${LANDWAITER_SANITIZE})
endif()
if(LANDWAITER_FUZZ)
  target_compile_options(landwaiter_sanitizers INTERFACE
    -fsanitize=fuzzer-no-link)
endif()
target_link_libraries(landwaiter_flags INTERFACE landwaiter_sanitizers)

# TSan must be told of the locks of a library that is not instrumented.
if(LANDWAITER_SANITIZE MATCHES thread)
  add_library(landwaiter_tsan_mutex OBJECT
    ${CMAKE_SOURCE_DIR}/tests/support/tsan_mutex.cc)
  target_compile_options(landwaiter_tsan_mutex PRIVATE
    -fsanitize=${LANDWAITER_SANITIZE})
endif()

# What each executable has beside its own sources.
function(landwaiter_executable name)
  if(TARGET landwaiter_tsan_mutex)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:landwaiter_tsan_mutex>)
  endif()
endfunction()

function(landwaiter_link target)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE_DEPS" ${ARGN})
  target_link_libraries(${target} PUBLIC landwaiter_flags ${ARG_DEPS})
  if(ARG_PRIVATE_DEPS)
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE_DEPS})
  endif()
endfunction()

# landwaiter_library(NAME SRCS ... [DEPS ...] [PRIVATE_DEPS ...])
# PRIVATE_DEPS quarantines a third-party library: its headers are for the
# .cc files of this library alone.
function(landwaiter_library name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SRCS})
  landwaiter_link(${name} DEPS ${ARG_DEPS} PRIVATE_DEPS ${ARG_PRIVATE_DEPS})
endfunction()

# landwaiter_program(NAME SRCS ... DEPS ...): lands in build/<preset>/bin.
function(landwaiter_program name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  landwaiter_executable(${name})
  target_link_libraries(${name} PRIVATE landwaiter_flags ${ARG_DEPS})
endfunction()

# landwaiter_test(NAME SRCS ... DEPS ... [LABELS ...] [TIMEOUT seconds]
#                 [NO_MAIN])
# One executable and one CTest test. LABELS: concurrent (also run under TSan),
# e2e (needs the local cluster; run on release builds).
function(landwaiter_test name)
  if(NOT LANDWAITER_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "NO_MAIN" "TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  landwaiter_executable(${name})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/bin)
  target_link_libraries(${name} PRIVATE landwaiter_flags ${ARG_DEPS}
    GTest::gmock)
  if(ARG_NO_MAIN)
    target_link_libraries(${name} PRIVATE GTest::gtest)
  else()
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    ENVIRONMENT "LANDWAITER_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()
