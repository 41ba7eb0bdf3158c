// The baton on the screen: what is open goes on at another device, or comes from there.
#include "cli/chat/chat.h"
#include "cli/show/text.h"
#include "core/text.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

namespace h = client::happening;

std::string text_of_error(const client::Answer& answer) {
  if (answer.lost) return "the connection was lost: try again";
  return core::text_of(static_cast<core::Errc>(answer.error().code()));
}

}  // namespace

bool Chat::on_baton(const client::Happening& happening) {
  if (const auto* passed = std::get_if<h::BatonPassed>(&happening)) {
    open(passed->place.conversation);
    // The draft came before it, and with it where the caret stands.
    if (passed->place.caret != 0) composer().set(composer().text(), passed->place.caret);
    talk_->open_at(passed->place.anchor_seq, passed->place.anchor_offset);
    reload();
    const auto from = safe_line(passed->from_device);
    // Not held: it was left meanwhile, say.
    if (talk_ == nullptr) {
      say(from + " passed a conversation that is not here");
      return true;
    }
    visit_.machine().request(client::requests::baton_take(passed->baton), {}, client::OnLoss::fail);
    say("continued from " + from, Style::news);
  } else if (const auto* wanted = std::get_if<h::BatonWanted>(&happening)) {
    if (talk_ != nullptr) {
      save_draft();
      visit_.machine().request(client::requests::baton(wanted->by_device, place(), wanted->by_device), {},
                               client::OnLoss::fail);
    }
  } else if (const auto* taken = std::get_if<h::BatonTaken>(&happening)) {
    say("continued on " + safe_line(taken->device), Style::news);
  } else {
    return false;
  }
  urgent_ = true;
  visit_.connection().poke();
  return true;
}

client::BatonPlace Chat::place() const {
  const auto anchor = talk_->anchor();
  client::BatonPlace place{talk_->id(), anchor.seq, anchor.thousandths, 0, 0};
  const auto& composer = talk_->composer();
  place.caret = static_cast<std::uint32_t>(core::count_code_points(composer.text().substr(0, composer.caret())));
  place.draft_rev = fields_.rev_of(talk_->id());
  return place;
}

void Chat::pass_baton(const std::string& device) {
  const auto name = safe_line(device);
  save_draft();
  // What was open when it was said, whatever is by the time the daemon has answered.
  const auto what = place();
  visit_.machine().request(
      client::requests::device_list(),
      [this, device, name, what](const client::Answer& answer) {
        if (!answer.ok()) return say(text_of_error(answer));
        for (const auto& each : answer.frame.devices().devices()) {
          if (each.name() != device) continue;
          if (each.current()) return say("this is " + name);
          visit_.machine().request(
              client::requests::baton(client::id_of(each.id()), what),
              [this, name](const client::Answer& told) {
                if (told.ok()) return say(name + " was told", Style::dim);
                const bool away = !told.lost && told.error().code() == v1::ERROR_CODE_DEVICE_AWAY;
                say(away ? name + " is not connected at the moment" : text_of_error(told));
              },
              client::OnLoss::fail);
          return visit_.connection().poke();
        }
        say("you have no device " + name);
      },
      client::OnLoss::fail);
  visit_.connection().poke();
}

void Chat::take_over() {
  visit_.machine().request(
      client::requests::baton_ask(),
      [this](const client::Answer& answer) {
        if (answer.ok()) return;
        const bool away = !answer.lost && answer.error().code() == v1::ERROR_CODE_DEVICE_AWAY;
        say(away ? "no other device of yours has a conversation open" : text_of_error(answer));
      },
      client::OnLoss::fail);
  visit_.connection().poke();
}

}  // namespace enishi::cli
