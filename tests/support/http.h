// Plain HTTP/1.1 requests with bytes of the test's own choice.
#pragma once

#include <cstdint>
#include <string>

namespace enishi::test {

/// Sends `request` as it stands to 127.0.0.1:`port` and returns everything that comes until the peer closes, at most
/// 10 s. Empty: nobody listens.
[[nodiscard]] std::string exchange_tcp(std::uint16_t port, const std::string& request);
/// The same over a Unix socket, whatever the length of its path.
[[nodiscard]] std::string exchange_unix(const std::string& path, const std::string& request);
/// GET with a Host of ours and "Connection: close".
[[nodiscard]] std::string get_request(const std::string& target, const std::string& host = "127.0.0.1");
/// The number in the status line; 0: there is none.
[[nodiscard]] int status_of(const std::string& response);
/// What comes after the head.
[[nodiscard]] std::string body_of(const std::string& response);

}  // namespace enishi::test
