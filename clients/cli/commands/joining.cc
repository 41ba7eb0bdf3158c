// join and recover.
#include "cli/commands/joining.h"

#include <array>
#include <cstdio>

#include "cli/session/chats.h"
#include "cli/session/journey.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "core/limits.h"
#include "core/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

constexpr std::size_t kLinkBytesMax = 4096;

Failure wrong_link(client::LinkKind wanted, const std::string& text) {
  const bool invitation = wanted == client::LinkKind::invitation;
  return refusal(invitation ? core::Errc::invitation_unknown : core::Errc::pairing_unknown, text);
}

}  // namespace

std::string read_input(std::size_t bytes_max) {
  std::string input;
  std::array<char, 4096> bytes{};
  while (input.size() <= bytes_max) {
    const auto size = std::fread(bytes.data(), 1, bytes.size(), stdin);
    if (size == 0) break;
    input.append(bytes.data(), size);
  }
  return input;
}

Outcome<client::Link> read_link(const std::string& typed, client::LinkKind wanted) {
  auto text = typed;
  if (text == "-") {
    text = read_input(kLinkBytesMax);
    const auto first = text.find_first_not_of(" \t\r\n");
    text = first == std::string::npos ? "" : text.substr(first);
    text = text.substr(0, text.find('\n'));
  }
  const auto link = client::Link::parse(text);
  // A link is never repeated in a message: it may be half of a secret.
  if (!link) return wrong_link(wanted, "this is no whole link (like http://HOST:PORT/#i=...)");
  if (link->kind == wanted) return *link;
  const bool invitation = link->kind == client::LinkKind::invitation;
  return wrong_link(wanted,
                    invitation ? "this is an invitation: use `enishi join`" : "this is a pairing: use `enishi pair`");
}

Outcome<void> settle_in(Context& context, Profile& profile, const v1::Joined& joined) {
  const auto identity = client::finish_identity(profile.identity(), joined);
  if (const auto done = profile.finish(identity); !done) return done.error();
  Record record;
  record.add("handle", identity.handle).add("device", identity.device_name);
  record.add("device_id", client::to_hex(identity.device.view())).add("inviter", identity.inviter);
  std::string human =
      "You are @" + identity.handle + ", and this device is \"" + safe_line(identity.device_name) + "\".";
  if (!identity.inviter.empty()) human += " Invited by @" + identity.inviter + ".";
  context.printer.print(record, human);
  Visit visit(context, profile);
  // The device exists whether or not this succeeds; the next command catches up otherwise.
  (void)visit.arrive();
  return {};
}

Outcome<void> run_join(Context& context) {
  const auto& options = context.options;
  const auto& name = options.name.empty() ? options.handle : options.name;
  const core::Limits limits;
  const auto handle = options.handle.starts_with('@') ? options.handle.substr(1) : options.handle;
  // Not made small as elsewhere: a handle is for ever, and is not to be another one than was typed.
  if (!core::is_handle(handle)) return refusal(core::Errc::bad_handle);
  if (const auto good = check_name(name, limits.name_bytes_max, "a name"); !good) return good.error();
  if (const auto good = check_name(options.device, limits.name_bytes_max, "a device name"); !good) return good.error();
  const auto link = read_link(options.link, client::LinkKind::invitation);
  if (!link) return link.error();
  auto profile = Profile::claim(options.profile, link->origin, context.entropy);
  if (!profile) return profile.error();
  auto frame = v1::ServerFrame{};
  {
    Journey journey(context, link->origin);
    const auto& key = profile->identity().keys.public_key;
    auto answer = journey.ask(client::requests::join(link->secret, handle, name, options.device, key));
    if (!answer) return answer.error();
    frame = *std::move(answer);
  }
  return settle_in(context, *profile, frame.joined());
}

Outcome<void> run_recover(Context& context) {
  const auto& options = context.options;
  const core::Limits limits;
  if (const auto good = check_name(options.device, limits.name_bytes_max, "a device name"); !good) return good.error();
  const auto origin = client::Origin::parse(options.origin);
  if (!origin) return usage_failure("ORIGIN is like http://HOST:PORT");
  const auto code = client::normal_recovery_code(options.code == "-" ? read_input(kLinkBytesMax) : options.code);
  if (!code)
    return refusal(core::Errc::recovery_unknown, "a recovery code is 20 characters, like AAAAA-BBBBB-CCCCC-DDDDD");
  auto profile = Profile::claim(options.profile, *origin, context.entropy);
  if (!profile) return profile.error();
  auto frame = v1::ServerFrame{};
  {
    Journey journey(context, *origin);
    auto answer = journey.ask(client::requests::recover(*code, options.device, profile->identity().keys.public_key));
    if (!answer) return answer.error();
    frame = *std::move(answer);
  }
  return settle_in(context, *profile, frame.joined());
}

}  // namespace enishi::cli
