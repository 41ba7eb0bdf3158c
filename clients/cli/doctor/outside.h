// A place as somebody sees it from outside: name, socket, TLS, and plain answers over HTTP. The doctor's own eyes: no
// library stands between that would hide what was answered.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/doctor/finding.h"
#include "cpp/links.h"
#include "cpp/tls_client.h"

namespace enishi::cli {

/// What was answered to one request: the status line and fields, and a little of the body.
struct Answered {
  unsigned status = 0;                                      ///< 0: nothing that is HTTP
  std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case
  std::string body;
  std::string trouble;  ///< why there is no answer
  /// Empty: there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

/// Blocking, each step at most `patience`. Owner: one thread.
class Outside {
 public:
  using Patience = std::chrono::milliseconds;
  Outside(client::Origin origin, Patience patience);
  ~Outside();
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  /// Looks the name up. False: there is no such name.
  [[nodiscard]] bool resolve(Findings& findings);
  /// Tries every address that was found. False: none answers.
  [[nodiscard]] bool connect(Findings& findings);
  /// For https: version, chain, name, days left. False: nothing can be asked there.
  [[nodiscard]] bool secure(Findings& findings);
  /// A connection of its own for one request; `more` holds further header lines, each ended by CRLF.
  [[nodiscard]] Answered ask(std::string_view path, const std::string& more = "Connection: close\r\n") const;

 private:
  struct Address {
    std::string bytes;  // a sockaddr
    std::string text;
  };
  class Wire;
  [[nodiscard]] std::unique_ptr<Wire> open(std::string& trouble) const;

  const client::Origin origin_;
  const Patience patience_;
  std::vector<Address> addresses_;  // after connect(): the one that answers first
  std::unique_ptr<client::TlsTrust> trust_;
};

}  // namespace enishi::cli
