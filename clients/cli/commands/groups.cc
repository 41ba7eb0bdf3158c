// group new|add|remove|leave|title.
#include "cli/session/chat_visit.h"
#include "cli/show/text.h"
#include "core/limits.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

/// GROUP is "#title" or an id; a title without its "#" is understood as well. Errors: those of find_chat.
Outcome<client::ConversationView> find_group(Profile& profile, std::string_view typed) {
  auto found = find_chat(profile, typed);
  const bool missing = !found && found.error().code == core::name_of(core::Errc::not_found);
  if (missing && !typed.starts_with('@') && !typed.starts_with('#'))
    found = find_chat(profile, "#" + std::string(typed));
  if (found && found->kind != v1::CONVERSATION_KIND_GROUP) return refusal(core::Errc::not_found);
  return found;
}

using MakeFrame = std::function<v1::ClientFrame(const core::ClientId&, const core::PublicId&)>;

/// Connects, finds the group, asks; prints {chat, handle, change}.
Outcome<void> change_group(Context& context, const MakeFrame& make, const std::string& handle, const char* change) {
  const auto at = visit_chat(context, find_group);
  if (!at) return at.error();
  const auto name = (*at)->chat();
  auto& visit = (*at)->visit;
  const auto answer = visit.ask(make(visit.machine().new_client_id(), (*at)->view.id));
  if (!answer) return answer.error();
  Record record;
  record.add("chat", name).add("handle", handle).add("change", change);
  context.printer.print(record, safe_line(name) + ": " + (handle.empty() ? "" : "@" + handle + " ") + change);
  return {};
}

}  // namespace

Outcome<void> run_group_new(Context& context) {
  const auto& options = context.options;
  if (const auto good = check_name(options.title, core::Limits{}.title_bytes_max, "a title"); !good)
    return good.error();
  std::vector<std::string> handles;
  for (const auto& typed : options.handles) {
    auto handle = handle_of(typed);
    if (!handle) return handle.error();
    handles.push_back(*std::move(handle));
  }
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  Visit visit(context, *profile);
  const auto answer = visit.ask(client::requests::group_new(visit.machine().new_client_id(), options.title, handles));
  if (!answer) return answer.error();
  const auto& made = answer->group_made();
  Record record;
  record.add("id", client::to_hex(made.conversation_id())).add("title", made.title());
  context.printer.print(record, "#" + safe_line(made.title()) + "  " + client::to_hex(made.conversation_id()));
  // Then it can be written to also when the daemon is not there; the next command catches up otherwise.
  const auto id = client::id_of(made.conversation_id());
  (void)visit.wait([&] { return profile->replica().conversation(id).has_value(); });
  return {};
}

Outcome<void> run_group_add(Context& context) {
  const auto handle = handle_of(context.options.handle);
  if (!handle) return handle.error();
  const auto make = [&](const auto& id, const auto& group) { return client::requests::group_add(id, group, *handle); };
  return change_group(context, make, *handle, "added");
}

Outcome<void> run_group_remove(Context& context) {
  const auto handle = handle_of(context.options.handle);
  if (!handle) return handle.error();
  const auto make = [&](const auto& id, const auto& group) {
    return client::requests::group_remove(id, group, *handle);
  };
  return change_group(context, make, *handle, "removed");
}

Outcome<void> run_group_leave(Context& context) {
  std::string successor;
  if (!context.options.successor.empty()) {
    auto handle = handle_of(context.options.successor);
    if (!handle) return handle.error();
    successor = *std::move(handle);
  }
  const auto make = [&](const auto& id, const auto& group) {
    return client::requests::group_leave(id, group, successor);
  };
  return change_group(context, make, {}, "left");
}

Outcome<void> run_group_title(Context& context) {
  const auto& title = context.options.title;
  if (const auto good = check_name(title, core::Limits{}.title_bytes_max, "a title"); !good) return good.error();
  const auto make = [&](const auto& id, const auto& group) { return client::requests::group_title(id, group, title); };
  return change_group(context, make, {}, "titled");
}

}  // namespace enishi::cli
