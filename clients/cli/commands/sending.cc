// send.
#include "cli/commands/sending.h"

#include "cli/commands/joining.h"
#include "cli/session/chats.h"
#include "cli/session/visit.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "core/limits.h"
#include "core/text.h"

namespace enishi::cli {
namespace {

Outcome<std::optional<core::ClientId>> client_id_of(const Options& options) {
  if (options.client_id.empty()) return std::optional<core::ClientId>{};
  const auto bytes = client::from_hex(options.client_id);
  core::ClientId id;
  if (!bytes || !id.assign(*bytes) || id.is_zero()) return usage_failure("--client-id is 32 hex digits, not all zero");
  return std::optional(id);
}

struct Receiver {
  core::PublicId conversation;  ///< zero: not known here, and queued by its name
  std::string name;
};

/// The conversation. A title may fit another group meanwhile, and what is not held may be new: then the daemon is asked
/// first; where it is not there, what is held decides, and a person who is not held may have come by an invitation of
/// ours: that is seen when it is sent. Errors: those of find_chat and of Visit::arrive.
Outcome<Receiver> find_receiver(Visit& visit, Profile& profile, const std::string& chat) {
  const auto known = [&](const Outcome<client::ConversationView>& found) -> Outcome<Receiver> {
    if (!found) return found.error();
    return Receiver{found->id, name_of_chat(profile, found->id)};
  };
  auto found = find_chat(profile, chat);
  if (found && !chat.starts_with('#')) return known(found);
  const auto arrived = visit.arrive();
  if (arrived) return known(find_chat(profile, chat));
  if (arrived.error().exit != Exit::unreachable) return arrived.error();
  if (found || found.error().code != core::name_of(core::Errc::not_found)) return known(found);
  if (chat.starts_with('@')) return Receiver{{}, "@" + *handle_of(chat)};
  auto failure = arrived.error();
  failure.text += "; " + chat + " is not known here, so the message is not queued";
  return failure;
}

void print_entry(Context& context, const std::string& chat, const client::OutboxEntry& entry) {
  const bool committed = entry.state == client::SendState::committed;
  const auto at = committed ? entry.at : entry.queued_at;
  Record record;
  record.add("chat", chat).add("seq", committed ? entry.seq : 0);
  record.add("client_id", client::to_hex(entry.client_id.view()));
  record.add("at", time_value(at.time_since_epoch().count()));
  record.add("state", committed ? "committed" : "queued").add("duplicate", committed && entry.duplicate);
  const auto name = safe_line(chat);
  context.printer.print(
      record, committed ? name + "  " + std::to_string(entry.seq) + (entry.duplicate ? "  (was sent before)" : "")
                        : name + "  queued");
}

Failure enqueue_failure(const boost::system::error_code& error) {
  const auto code = core::errc_of(error);
  return code < core::Errc::overloaded ? refusal(code) : profile_failure(error);
}

}  // namespace

std::string body_of(const std::string& typed) {
  if (typed != "-") return typed;
  auto input = read_input(core::Limits{}.body_bytes_max + 1);
  if (input.ends_with('\n')) input.pop_back();
  return input;
}

Outcome<void> check_body(const std::string& body) {
  if (body.empty()) return refusal(core::Errc::body_empty);
  if (body.size() > core::Limits{}.body_bytes_max) return refusal(core::Errc::body_too_large);
  if (!core::is_utf8(body)) return refusal(core::Errc::not_utf8);
  return {};
}

Outcome<void> run_send(Context& context) {
  const auto& options = context.options;
  if (const auto good = check_chat(options.chat); !good) return good.error();
  const auto client_id = client_id_of(options);
  if (!client_id) return client_id.error();
  auto profile = Profile::open(options.profile);
  if (!profile) return profile.error();
  client::Draft draft;
  if (!options.from_draft) draft.body = body_of(options.text);
  draft.reply_to = options.reply.value_or(0);
  draft.client_id = *client_id;
  if (!options.from_draft)
    if (const auto good = check_body(draft.body); !good) return good.error();

  Visit visit(context, *profile);
  const auto receiver = find_receiver(visit, *profile, options.chat);
  if (!receiver) return receiver.error();
  draft.conversation = receiver->conversation;
  draft.to = receiver->name;
  if (options.from_draft) {
    const auto field = profile->replica().draft(draft.conversation, visit.machine().wall_now());
    if (!field) return profile_failure(field.error());
    draft.body = field->text;
    draft.takes_field = true;
    const bool is_beside = field->local && field->local->beside;
    draft.draft_rev = is_beside ? 0 : field->local ? field->local->base_rev : field->rev;
    if (!options.reply) draft.reply_to = field->reply_to;
    if (const auto good = check_body(draft.body); !good) return good.error();
  }
  // Known before it is sent: its refusal is this command's own.
  if (!draft.client_id) draft.client_id = visit.machine().new_client_id();
  visit.claim_entry(*draft.client_id);
  const auto queued = visit.machine().send(draft);
  if (!queued) return enqueue_failure(queued.error());
  visit.connection().poke();
  const auto& chat = receiver->name;
  const bool nameless = draft.conversation.is_zero();  // the daemon was just found not to be there
  const auto entry = nameless ? Outcome<client::OutboxEntry>(visit.failure()) : visit.settle(*draft.client_id);
  if (!entry) {
    if (entry.error().exit != Exit::unreachable) return entry.error();
    print_entry(context, chat, *queued);
    auto failure = entry.error();
    failure.text += ": the message is queued and goes out with the next command that connects";
    return failure;
  }
  if (entry->state == client::SendState::committed) {
    print_entry(context, chat, *entry);
    return {};
  }
  // Told here and now: nothing is left to be told later.
  if (const auto done = visit.machine().outbox().dismiss(entry->client_id); !done) return profile_failure(done.error());
  const auto code = static_cast<core::Errc>(entry->code);
  return refusal(code, entry->text.empty() ? core::text_of(code) : entry->text);
}

}  // namespace enishi::cli
