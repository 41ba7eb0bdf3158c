#include "cli/show/people.h"

#include "cpp/secrets.h"

namespace enishi::cli {

void add_shown(Record& record, const v1::Person& person) {
  record.add("name", person.name()).add("hue", std::uint64_t{person.hue()});
  record.add("picture", person.picture_id().empty() ? Value(nullptr) : Value(client::to_hex(person.picture_id())));
}

std::string hue_cell(std::uint32_t hue) { return hue == 0 ? "" : std::to_string(hue); }

}  // namespace enishi::cli
