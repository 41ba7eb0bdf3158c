#include "matrix/words.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <sstream>
#include <stdexcept>

namespace enishi::matrix {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Field {
  Names names;
  std::string value;  ///< default: bytes, or a number in decimal
};

/// By "Request.field", or by the field's name alone where it is the same everywhere. Defaults are in range.
const std::map<std::string, Field>& fields() {
  static const std::string kSecret(16, 's');
  static const std::map<std::string, Field> kFields = {
      {"conversation_id", {Names::conversation, "group"}},
      {"from_conversation_id", {Names::conversation, "group"}},
      {"conversation_ids", {Names::conversation, "group"}},
      {"PictureFetch.conversation_id", {Names::conversation, ""}},
      {"handle", {Names::person, "ben"}},
      {"handles", {Names::person, "ben"}},
      {"successor", {Names::person, ""}},
      {"mentions", {Names::person, "ben"}},
      {"Join.handle", {Names::nothing, "new_one"}},
      {"device_id", {Names::device, "aki_phone"}},
      {"DeviceRevoke.id", {Names::device, "aki_pc"}},
      {"InviteRevoke.id", {Names::invitation, "invitation"}},
      {"baton_id", {Names::baton, "none"}},
      {"wanted_by", {Names::nothing, ""}},
      {"seq", {Names::message, "2"}},
      {"from_seq", {Names::message, "1"}},
      {"Fetch.from_seq", {Names::message, "0"}},
      {"to_seq", {Names::message, "0"}},
      {"reply_to", {Names::message, "0"}},
      {"PutDraft.reply_to", {Names::nothing, "0"}},
      {"read_through_seq", {Names::message, "1"}},
      {"unread_from_seq", {Names::message, "2"}},
      {"through_seq", {Names::message, "1"}},
      {"anchor_seq", {Names::nothing, "0"}},
      {"secret", {Names::secret, kSecret}},
      {"code", {Names::secret, "AAAABBBBCCCCDDDD"}},
      {"rev", {Names::nothing, "1"}},
      {"base_rev", {Names::nothing, "1"}},
      {"draft_rev", {Names::nothing, "0"}},
      {"place", {Names::nothing, "1"}},
      {"caret", {Names::nothing, "0"}},
      {"anchor_offset", {Names::nothing, "0"}},
      {"body", {Names::nothing, "hello"}},
      {"text", {Names::nothing, "draft"}},
      {"emoji", {Names::nothing, "+"}},
      {"on", {Names::nothing, "1"}},
      {"all", {Names::nothing, "0"}},
      {"mentions_all", {Names::nothing, "0"}},
      {"draft_rev", {Names::nothing, "0"}},
      {"keep_replaced", {Names::nothing, "0"}},
      {"newest_first", {Names::nothing, "0"}},
      {"limit", {Names::nothing, "0"}},
      {"since", {Names::nothing, ""}},
      {"SetFlag.kind", {Names::nothing, "3"}},
      {"SetMessageFlag.kind", {Names::nothing, "9"}},
      {"action", {Names::nothing, "1"}},
      {"mode", {Names::nothing, "1"}},
      {"title", {Names::nothing, "title"}},
      {"name", {Names::nothing, "Name"}},
      {"device_name", {Names::nothing, "tablet"}},
      {"hue", {Names::nothing, "120"}},
      {"picture", {Names::nothing, ""}},
      {"note", {Names::nothing, ""}},
      {"uses", {Names::nothing, "1"}},
      {"expires_in_s", {Names::nothing, "60"}},
      {"approve", {Names::nothing, "1"}},
      {"key", {Names::nothing, std::string(32, 'k')}},
      {"hashes", {Names::nothing, std::string(32, 'h')}},
      {"cursor", {Names::nothing, ""}},
      {"ticket", {Names::nothing, ""}},
      {"origin", {Names::nothing, "http://127.0.0.1:8470"}},
      {"client_nonce", {Names::nothing, std::string(32, 'n')}},
      {"signature", {Names::nothing, std::string(64, 'g')}},
  };
  return kFields;
}

const Field* field_of(const FieldDescriptor& field) {
  const auto& all = fields();
  const auto name = std::string(field.name());
  const auto own = all.find(std::string(field.containing_type()->name()) + "." + name);
  if (own != all.end()) return &own->second;
  const auto any = all.find(name);
  return any == all.end() ? nullptr : &any->second;
}

void put(Message& request, const FieldDescriptor& field, const std::string& value) {
  const auto& reflection = *request.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.is_repeated()) {
        if (!value.empty()) reflection.AddString(&request, &field, value);
      } else {
        reflection.SetString(&request, &field, value);
      }
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&request, &field, value == "1");
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&request, &field, static_cast<std::uint32_t>(std::stoul(value)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.SetUInt64(&request, &field, std::stoull(value));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&request, &field, std::stoi(value));
    default:
      throw std::logic_error("a field of a type that words.cc does not fill: " + std::string(field.full_name()));
  }
}

bool is_object(Names names) {
  return names == Names::conversation || names == Names::person || names == Names::device ||
         names == Names::invitation || names == Names::baton;
}

/// "field=word" of Row::fields, by field.
std::map<std::string, std::string> chosen(const std::string& text) {
  std::map<std::string, std::string> found;
  std::istringstream in(text);
  for (std::string each; in >> each;) found[each.substr(0, each.find('='))] = each.substr(each.find('=') + 1);
  return found;
}

}  // namespace

Names names_of(const FieldDescriptor& field) {
  const auto* known = field_of(field);
  return known ? known->names : Names::unlisted;
}

std::string absent_object(Names names) { return names == Names::person ? kNobody : std::string(16, '\x77'); }

v1::ClientFrame request_of(const std::string& request, const std::string& text, const Objects& objects, bool absent) {
  v1::ClientFrame frame;
  const auto* choice = frame.GetDescriptor()->FindFieldByName(request);
  if (!choice) throw std::logic_error("the schema has no request " + request);
  auto& body = *frame.GetReflection()->MutableMessage(&frame, choice);
  auto words = chosen(text);
  for (int i = 0; i < body.GetDescriptor()->field_count(); ++i) {
    const auto& field = *body.GetDescriptor()->field(i);
    const auto* known = field_of(field);
    if (!known) continue;  // the test says so
    const auto word = words.find(std::string(field.name()));
    auto value = word == words.end() ? known->value : word->second;
    const bool hides = value.starts_with('?');
    if (hides) value.erase(0, 1);
    if (is_object(known->names)) {
      value = hides && absent ? absent_object(known->names) : value.empty() ? value : objects.object(value);
    }
    // Ten different codes, no more and no fewer.
    const int times = field.name() == "hashes" ? 10 : 1;
    for (int n = 0; n < times; ++n) {
      if (times > 1) value.back() = static_cast<char>('0' + n);
      put(body, field, value);
    }
    if (word != words.end()) words.erase(word);
  }
  if (!words.empty()) throw std::logic_error(request + " has no field " + words.begin()->first);
  return frame;
}

}  // namespace enishi::matrix
