// The interactive screen: the list of conversations, one of them open, keys and news.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/chat/fields.h"
#include "cli/chat/list_screen.h"
#include "cli/chat/talk.h"
#include "cli/screen/keys.h"
#include "cli/screen/terminal.h"
#include "cli/session/visit.h"

namespace enishi::cli {

/// Runs until the person leaves. Everything that is shown is read from the profile at each picture; what the session
/// tells only says that there is something to show. Owner: main; all that it refers to outlives it.
class Chat {
 public:
  Chat(Context& context, Profile& profile, Visit& visit, Terminal& terminal);
  /// Gives the terminal back and ends the session: whoever still answers us must find us alive.
  ~Chat();
  Chat(const Chat&) = delete;
  Chat& operator=(const Chat&) = delete;

  /// Opens this conversation first; nullopt: the list. Returns when the person leaves, or the terminal goes, or asks
  /// us to end (SIGTERM). Errors: those of stopped_failure, STORE_*.
  [[nodiscard]] Outcome<void> run(std::optional<core::PublicId> open);

 private:
  using Instant = client::Instant;

  // chat.cc: time, pictures
  void turn(Instant now);
  [[nodiscard]] Instant pause(Instant now);
  void reload();
  void draw(Instant now);
  [[nodiscard]] Chrome chrome(Instant now, Size size) const;
  [[nodiscard]] std::vector<ListEntry> entries(Instant now) const;
  void after_picture();
  void mark_read();
  void fetch_hole();
  void fail(Failure failure);
  [[nodiscard]] bool is_attentive(Instant now) const;
  [[nodiscard]] core::Result<void> learn_people();
  // chat_input.cc: keys, signals, news
  void on_bytes(std::string_view bytes);
  void on_signal(int signal);
  void on_happening(const client::Happening& happening);
  void on_key(const Key& key);
  void on_list_key(const Key& key);
  void on_talk_key(const Key& key);
  void on_input(Instant now);
  void suspend();
  void open(const core::PublicId& id);
  /// In a group are people with whom one has no tie; their names come with this answer only.
  void learn_members(const core::PublicId& id);
  void close();
  void submit();
  void command(const std::string& line);
  void send(const std::string& body, std::uint64_t reply_to);
  void mark_all_read();
  void mark_unread(std::uint64_t from);
  void forget_refused();
  void signal_typing(Instant now);
  void say(std::string text, Style style = Style::alert);
  // chat_baton.cc
  bool on_baton(const client::Happening& happening);
  [[nodiscard]] client::BatonPlace place() const;
  void pass_baton(const std::string& device);
  void take_over();

  /// What stands in the composer is saved at once.
  void save_draft();

  [[nodiscard]] Composer& composer() { return talk_ != nullptr ? talk_->composer() : filter_; }

  Context& context_;
  Profile& profile_;
  Visit& visit_;
  Terminal& terminal_;
  Painter painter_;
  KeyDecoder decoder_;
  People people_;
  SessionLine session_;
  ListScreen list_;
  Composer filter_;  // what is written under the list
  std::map<core::PublicId, Talk> talks_;
  Fields fields_;
  Talk* talk_ = nullptr;  // the open one
  std::vector<client::ConversationView> views_;

  bool over_ = false;
  std::optional<Failure> failure_;
  bool stale_ = true;    // something was stored since views_ were read
  bool changed_ = true;  // the picture is not what it should be
  bool urgent_ = true;   // a key waits for its picture
  Instant drawn_at_{0};
  std::size_t waiting_ = 0, refused_ = 0;
  std::string note_;
  Style note_style_ = Style::dim;
  Instant note_until_{0};
  Instant escape_at_{0};  // when a lone ESC is the key
  Instant input_at_{0}, typing_at_{0};
  bool idle_ = false;
  bool focused_ = true;
  bool asking_read_ = false, fetching_ = false;
  client::Range fetched_;  // the hole that was asked for last
};

}  // namespace enishi::cli
