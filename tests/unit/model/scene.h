// Short words for the scenes that the model's tests play.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "model/model.h"

namespace enishi::model {

// A model with members that the first of them invited; the device of each is named like him. Every request gets a fresh
// client_id unless it brings one.
struct Scene {
  explicit Scene(std::initializer_list<std::string> handles) {
    for (const std::string& handle : handles) arrive(handle);
  }

  Answer arrive(const std::string& handle) {
    const std::string secret = "for " + handle;
    model.apply({.what = "invite", .secret = secret, .uses = 1, .expires_in_s = 60});
    return model.apply({.what = "join", .handle = handle, .name = "phone", .key = handle, .secret = secret});
  }

  Answer by(const std::string& device, Command command) {
    command.device = device;
    const std::set<std::string> nameless{"read",      "mute",   "pin",      "star",    "hide",   "put_draft",
                                         "drop_kept", "stored", "receipts", "profile", "picture"};
    if (!nameless.contains(command.what) && command.client_id.empty())
      command.client_id = "c" + std::to_string(++requests);
    return model.apply(command);
  }

  Answer tie(const std::string& device, const std::string& what, const std::string& handle) {
    return by(device, {.what = what, .handle = handle});
  }
  Answer send(const std::string& device, const std::string& conversation, const std::string& text, Seq reply_to = 0) {
    return by(device, {.what = "send", .conversation = conversation, .text = text, .seq = reply_to});
  }
  Answer read(const std::string& device, const std::string& conversation, Seq seq, Seq rev = 1) {
    return by(device, {.what = "read", .conversation = conversation, .seq = seq, .rev = rev});
  }
  Answer mark_unread(const std::string& device, const std::string& conversation, Seq seq, Seq rev) {
    return by(device, {.what = "mark_unread", .conversation = conversation, .seq = seq, .rev = rev});
  }
  Answer group(const std::string& device, std::vector<std::string> handles) {
    return by(device, {.what = "group_new", .conversation = "g", .text = "club", .list = std::move(handles)});
  }
  Answer change(const std::string& device, const std::string& what, const std::string& handle = "") {
    return by(device, {.what = what, .conversation = "g", .handle = handle});
  }

  Seq unread(const std::string& handle, const std::string& conversation) const {
    return model.head(handle, conversation).unread;
  }
  Name side(const std::string& me, const std::string& other) const {
    const View view = model.view(me);
    return view.ties.contains(other) ? view.ties.at(other) : "";
  }
  // Seqs of what he may see, in a row: "1 2 5".
  std::string seen(const std::string& handle, const std::string& conversation) const {
    std::string all;
    const View view = model.view(handle);
    if (!view.chats.contains(conversation)) return "none";
    for (const auto& [seq, _] : view.chats.at(conversation).slots)
      all += (all.empty() ? "" : " ") + std::to_string(seq);
    return all;
  }

  Model model;
  int requests = 0;
};

inline Head head_of(Seq head, Seq marker, Seq rev, Seq unread, Seq mentions = 0) {
  return {head, marker, rev, unread, mentions};
}

// A group "g" of the first of them and all others; its log begins with CREATED.
struct Talk : Scene {
  Talk(std::initializer_list<std::string> handles) : Scene(handles) {
    group(*handles.begin(), {handles.begin() + 1, handles.end()});
  }
  // What one does to the message `seq`, by default in "g".
  Answer act(const std::string& who, const std::string& what, Seq seq, const std::string& text = "", bool on = true) {
    const bool flips = what == "react" || what == "pin_message" || what == "star" || what == "hide";
    return by(who, {.what = what, .conversation = "g", .text = text, .seq = seq, .on = flips && on});
  }
  Answer say(const std::string& who, const std::string& text, std::vector<std::string> list, bool all = false) {
    return by(who, {.what = "send", .conversation = "g", .text = text, .list = std::move(list), .mentions_all = all});
  }
  Answer edit(const std::string& who, Seq seq, const std::string& text, std::vector<std::string> list) {
    return by(who, {.what = "edit", .conversation = "g", .text = text, .list = std::move(list), .seq = seq});
  }
  Answer forward(const std::string& who, const std::string& to, const std::string& from, Seq seq) {
    return by(who, {.what = "forward", .conversation = to, .from = from, .seq = seq});
  }
  Slot slot(const std::string& who, Seq seq, const std::string& conversation = "g") const {
    return model.view(who).chats.at(conversation).slots.at(seq);
  }
  // "unread/mentions" of "g".
  std::string counts(const std::string& who) const {
    const Head head = model.head(who, "g");
    return std::to_string(head.unread) + "/" + std::to_string(head.mentions);
  }
};

}  // namespace enishi::model
