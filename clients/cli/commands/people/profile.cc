// profile and picture.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "cli/commands/joining.h"
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/people.h"
#include "cli/show/text.h"
#include "core/limits.h"
#include "core/text.h"
#include "cpp/requests.h"
#include "cpp/view/picture.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kFileBytesMax = 16 * 1024 * 1024;  // what is read before it is said to be too large
constexpr std::size_t kGroupsAsked = 50;                 // for the picture of one who is not tied

Outcome<std::string> bytes_of(const std::string& file) {
  if (file == "-") return read_input(kFileBytesMax);
  std::ifstream stream(file, std::ios::binary);
  std::string bytes;
  if (stream) bytes.assign(std::istreambuf_iterator<char>(stream), {});
  if (!stream && bytes.empty()) return usage_failure("the file " + file + " cannot be read");
  return bytes;
}

/// The picture as it is to be sent: nothing of the camera in it, and as the server will take it.
Outcome<std::string> picture_in(const std::string& file) {
  const auto bytes = bytes_of(file);
  if (!bytes) return bytes.error();
  if (!core::is_picture(*bytes)) return refusal(core::Errc::bad_request, "this is no PNG, JPEG or WebP picture");
  auto bare = client::bare_picture(*bytes);
  if (!bare) return refusal(core::Errc::bad_request, "this picture is broken: it ends in the middle");
  constexpr auto kMax = core::Limits{}.picture_bytes_max;
  if (bare->size() > kMax)
    return refusal(core::Errc::body_too_large, "this picture has " + std::to_string(bare->size()) + " bytes, " +
                                                   std::to_string(kMax) +
                                                   " are allowed: make it smaller (256 pixels a side are plenty)");
  return *std::move(bare);
}

Outcome<v1::Person> self_of(Profile& profile) {
  auto self = profile.replica().self();
  if (!self) return profile_failure(self.error());
  self->set_handle(profile.identity().handle);
  return *self;
}

/// Asks for what the options name, and waits until this device holds it.
Outcome<void> change(Context& context, Visit& visit, Profile& profile, const std::optional<std::string>& picture) {
  const auto& options = context.options;
  auto wanted = self_of(profile);
  if (!wanted) return wanted.error();
  if (!options.name.empty()) wanted->set_name(options.name);
  if (options.hue) wanted->set_hue(*options.hue);
  if (!options.name.empty() || options.hue) {
    const auto answer = visit.ask(client::requests::set_profile(wanted->name(), wanted->hue()));
    if (!answer) return answer.error();
  }
  if (picture) {
    const auto id = client::picture_id_of(*picture);
    wanted->set_picture_id(picture->empty() ? std::string() : std::string(id.view()));
    const auto answer = visit.ask(client::requests::set_picture(*picture));
    if (!answer) return answer.error();
  }
  visit.wait([&] {
    const auto self = self_of(profile);
    return !self || (self->name() == wanted->name() && self->hue() == wanted->hue() &&
                     self->picture_id() == wanted->picture_id());
  });
  return {};
}

void print_profile(Context& context, const Profile& profile, const v1::Person& self) {
  Record record;
  record.add("handle", self.handle());
  add_shown(record, self);
  record.add("device", profile.identity().device_name);
  const auto hue = hue_cell(self.hue());
  context.printer.print(record, "@" + self.handle() + "  " + safe_line(self.name()) + "\nhue      " +
                                    (hue.empty() ? "none chosen" : hue) + "\npicture  " +
                                    (self.picture_id().empty() ? "none" : client::to_hex(self.picture_id())) +
                                    "\ndevice   " + safe_line(profile.identity().device_name));
}

/// RFC 4648, section 4.
std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text.push_back(at + i > bytes.size() ? '=' : kLetters[group >> (18U - 6U * i) & 63U]);
  }
  return text;
}

/// By the tie; else by a group that both are in.
Outcome<v1::Picture> fetch_picture(Visit& visit, Profile& profile, const std::string& handle) {
  const auto is_missing = [](const Outcome<v1::ServerFrame>& answer) {
    return !answer && answer.error().code == core::name_of(core::Errc::not_found);
  };
  auto answer = visit.ask(client::requests::picture_fetch(handle));
  if (is_missing(answer)) {
    const auto views = profile.replica().conversations();
    if (!views) return profile_failure(views.error());
    std::size_t asked = 0;
    for (const auto& view : *views) {
      if (view.kind != v1::CONVERSATION_KIND_GROUP || !is_missing(answer) || ++asked > kGroupsAsked) continue;
      answer = visit.ask(client::requests::picture_fetch(handle, view.id));
    }
  }
  if (!answer) return answer.error();
  return answer->picture();
}

}  // namespace

Outcome<void> run_profile(Context& context) {
  const auto& options = context.options;
  if (!options.name.empty())
    if (const auto good = check_name(options.name, core::Limits{}.name_bytes_max, "a name"); !good) return good.error();
  std::optional<std::string> picture;
  if (options.picture) {
    auto read = options.picture->empty() ? Outcome<std::string>(std::string()) : picture_in(*options.picture);
    if (!read) return read.error();
    picture = *std::move(read);
  }
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto arrived = visit.arrive();
  const bool changes = !options.name.empty() || options.hue || picture;
  if (!arrived && (changes || arrived.error().exit != Exit::unreachable)) return arrived.error();
  if (changes)
    if (const auto done = change(context, visit, *profile, picture); !done) return done.error();
  const auto self = self_of(*profile);
  if (!self) return self.error();
  print_profile(context, *profile, *self);
  return arrived;
}

Outcome<void> run_picture(Context& context) {
  const auto& out = context.options.out;
  const auto handle = handle_of(context.options.handle);
  if (!handle) return handle.error();
  if (!context.options.json && out.empty() && ::isatty(STDOUT_FILENO) == 1)
    return usage_failure("a terminal shows no pictures: name a file with --out FILE");
  auto profile = Profile::open(context.options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  if (const auto arrived = visit.arrive(); !arrived) return arrived.error();
  const auto picture = fetch_picture(visit, *profile, *handle);
  if (!picture) return picture.error();
  const auto& bytes = picture->picture();
  if (out.empty() && !context.options.json) {
    context.printer.text(bytes);
    return {};
  }
  Record record;
  record.add("handle", *handle).add("picture", client::to_hex(picture->picture_id()));
  record.add("bytes", static_cast<std::uint64_t>(bytes.size()));
  if (out.empty()) {
    record.add("data", base64(bytes));
  } else {
    std::ofstream file(out, std::ios::binary | std::ios::trunc);
    if (!file || !file.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush())
      return usage_failure("the file " + out + " cannot be written");
    record.add("out", out);
  }
  context.printer.print(record, "@" + *handle + ": " + std::to_string(bytes.size()) + " bytes in " + safe_line(out));
  return {};
}

}  // namespace enishi::cli
