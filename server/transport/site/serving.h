// What is said to a browser that asks for a file. Sans I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "transport/http/head.h"
#include "transport/site/site.h"

namespace enishi::transport {

/// The fields that stand in every answer of this port, beside those of http::plain_response: what a page from here may
/// load (its own files, pictures it made itself, its own socket) and do (use the camera), and that no other site may
/// frame, open or embed it. `origins`: what people dial; browsers that do not count the socket of a page's own origin
/// as 'self' (Safari before 15.4) are told it in words.
[[nodiscard]] std::string browser_fields(const std::vector<std::string>& origins);

/// An answer whose body lies in the site.
struct FileAnswer {
  std::string head;
  std::string_view body;  ///< empty for HEAD and 304; valid while the site lives
};
/// 200, or 304 where If-None-Match names what would be sent. `fields`: browser_fields(). `stays`: whether the
/// connection is said to stay open.
[[nodiscard]] FileAnswer file_answer(const SiteFile& file, const http::Request& request, std::string_view fields,
                                     bool stays);

/// The page for what is not there, and for "/" where no web client is installed.
[[nodiscard]] std::string_view nothing_here_page() noexcept;
[[nodiscard]] std::string_view no_client_page() noexcept;

}  // namespace enishi::transport
