find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
# Module mode: Debian 12 has no protobuf CMake configuration; the newer ones are found as well.
find_package(Protobuf REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

# Asio and Beast are compiled once (runtime/asio.cc, transport/beast.cc); the definitions hang on the target, so that no
# two files disagree about them.
add_library(enishi_asio INTERFACE)
target_link_libraries(enishi_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(enishi_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
