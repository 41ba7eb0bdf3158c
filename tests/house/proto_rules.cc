#include "house/proto_rules.h"

#include <cctype>
#include <map>
#include <regex>

namespace enishi::house {
namespace {

namespace pb = google::protobuf;

/// protoc's address of an element: field numbers of descriptor.proto and indexes, by turns.
using Path = std::vector<int>;

bool is_pascal(const std::string& name) { return std::regex_match(name, std::regex("([A-Z][a-z0-9]*)+")); }
bool is_lower_snake(const std::string& name) {
  return std::regex_match(name, std::regex("[a-z][a-z0-9]*(_[a-z0-9]+)*"));
}
bool is_upper_snake(const std::string& name) {
  return std::regex_match(name, std::regex("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*"));
}

/// "ErrorCode" -> "ERROR_CODE_".
std::string value_prefix(const std::string& enum_name) {
  std::string prefix;
  for (const char c : enum_name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return prefix + "_";
}

class Checker {
 public:
  explicit Checker(const pb::FileDescriptorProto& file) : file_(file) {
    for (const auto& location : file.source_code_info().location()) {
      places_[Path(location.path().begin(), location.path().end())] = &location;
    }
  }

  std::vector<Fault> run() {
    check_file();
    using File = pb::FileDescriptorProto;
    for (int i = 0; i < file_.message_type_size(); ++i)
      message(file_.message_type(i), {File::kMessageTypeFieldNumber, i}, "");
    for (int i = 0; i < file_.enum_type_size(); ++i)
      enumeration(file_.enum_type(i), {File::kEnumTypeFieldNumber, i}, "");
    for (int i = 0; i < file_.service_size(); ++i) {
      const Path path = {File::kServiceFieldNumber, i};
      name_if(is_pascal(file_.service(i).name()), path, "service " + file_.service(i).name() + " is not PascalCase");
      comment(path, "service " + file_.service(i).name());
    }
    return std::move(faults_);
  }

 private:
  void check_file() {
    const auto folder = folder_of(file_.name());
    auto as_package = folder;
    for (auto& c : as_package) c = c == '/' ? '.' : c;
    const auto base = file_.name().substr(folder.empty() ? 0 : folder.size() + 1);
    name_if(file_.syntax() == "proto3", {}, "syntax is not proto3");
    name_if(file_.package() == as_package, {}, "package " + file_.package() + " is not its folder " + folder);
    name_if(std::regex_match(file_.package(), std::regex(".*\\.v[1-9][0-9]*")), {},
            "package " + file_.package() + " has no version");
    name_if(base.size() > 6 && is_lower_snake(base.substr(0, base.size() - 6)), {},
            "the file's name is not lower_snake_case");
    name_if(file_.public_dependency_size() == 0, {}, "a public import");
  }

  void message(const pb::DescriptorProto& type, const Path& path, const std::string& outer) {
    if (type.options().map_entry()) return;  // made by protoc for a map field
    const auto name = outer + type.name();
    name_if(is_pascal(type.name()), path, "message " + name + " is not PascalCase");
    comment(path, "message " + name);
    using Type = pb::DescriptorProto;
    for (int i = 0; i < type.field_size(); ++i) {
      const auto at = below(path, Type::kFieldFieldNumber, i);
      const auto& field = type.field(i).name();
      name_if(is_lower_snake(field), at, "field " + name + "." + field + " is not lower_snake_case");
      comment(at, "field " + name + "." + field);
    }
    for (int i = 0; i < type.oneof_decl_size(); ++i) {
      const auto& oneof = type.oneof_decl(i).name();
      // `optional` makes a oneof of its own, named with an underscore.
      if (oneof.front() != '_')
        name_if(is_lower_snake(oneof), below(path, Type::kOneofDeclFieldNumber, i),
                "oneof " + name + "." + oneof + " is not lower_snake_case");
    }
    for (int i = 0; i < type.nested_type_size(); ++i)
      message(type.nested_type(i), below(path, Type::kNestedTypeFieldNumber, i), name + ".");
    for (int i = 0; i < type.enum_type_size(); ++i)
      enumeration(type.enum_type(i), below(path, Type::kEnumTypeFieldNumber, i), name + ".");
  }

  void enumeration(const pb::EnumDescriptorProto& type, const Path& path, const std::string& outer) {
    const auto name = outer + type.name();
    const auto prefix = value_prefix(type.name());
    name_if(is_pascal(type.name()), path, "enum " + name + " is not PascalCase");
    name_if(!type.options().allow_alias(), path, "enum " + name + " has aliases");
    comment(path, "enum " + name);
    for (int i = 0; i < type.value_size(); ++i) {
      const auto at = below(path, pb::EnumDescriptorProto::kValueFieldNumber, i);
      const auto& value = type.value(i);
      name_if(is_upper_snake(value.name()) && starts_with(value.name(), prefix), at,
              "enum value " + value.name() + " does not begin with " + prefix);
      if (i == 0) {
        name_if(value.number() == 0 && value.name() == prefix + "UNSPECIFIED", at,
                "enum " + name + " does not begin with " + prefix + "UNSPECIFIED = 0");
      }
      comment(at, "enum value " + value.name());
    }
  }

  static Path below(Path path, int field, int index) {
    path.push_back(field);
    path.push_back(index);
    return path;
  }

  void name_if(bool is_right, const Path& path, const std::string& what) {
    if (!is_right) faults_.push_back({file_.name(), line_of(path), what});
  }

  void comment(const Path& path, const std::string& what) {
    const auto place = places_.find(path);
    const auto says = [](const std::string& text) { return text.find_first_not_of(" \n\t*/") != std::string::npos; };
    const bool has =
        place != places_.end() && (says(place->second->leading_comments()) || says(place->second->trailing_comments()));
    if (!has) faults_.push_back({file_.name(), line_of(path), what + " has no comment"});
  }

  int line_of(const Path& path) const {
    const auto place = places_.find(path);
    return place == places_.end() || place->second->span_size() == 0 || path.empty() ? 0 : place->second->span(0) + 1;
  }

  const pb::FileDescriptorProto& file_;
  std::map<Path, const pb::SourceCodeInfo::Location*> places_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> proto_faults(const google::protobuf::FileDescriptorProto& file) { return Checker(file).run(); }

}  // namespace enishi::house
