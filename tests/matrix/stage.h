// Eight people around one owner, and everything that requests name, in a daemon's middle without threads.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "matrix/words.h"
#include "unit/delivery/rig.h"

namespace enishi::matrix {

/// What came of one request.
struct Outcome {
  std::string code;    ///< name of the error; empty: carried out; "nothing": no answer
  std::string answer;  ///< bytes without the request_id; a name of nobody is that of hal, whose place he takes
  std::size_t reads = 0;
};

/// In the group: aki (owner), ben, formerly cho. Its log: 1 its making, 2 of aki, 3 of ben, 4 of cho, 5 cho is removed,
/// 6 of aki, deleted by 7. Direct with aki: ben, cho, dan; fay (ended) and gus (blocked), with 1 of aki and 2 of the
/// other. eve has asked aki. hal knows nobody. All are tied with root, the first member, who is in nothing else.
class Stage final : public Objects {
 public:
  Stage();
  /// Words of table.cc. "own" is the notes of who asks, with one message.
  [[nodiscard]] std::string object(const std::string& word) const override;

  /// One request of this person with nothing in memory but his session; as of a session that proved nothing when empty.
  Outcome ask(const std::string& handle, v1::ClientFrame request);
  /// One request of a second device of ben's, that has been revoked since it connected; the floor may not know yet.
  Outcome ask_revoked(v1::ClientFrame request, bool floor_knows);
  /// Which objects "own" names.
  void asks(const std::string& handle) { asker_ = handle; }

 private:
  void talk();
  void restart();
  test::Person add_device(const test::Person& of, std::uint64_t number);
  Outcome heard(test::Client& client, std::uint64_t request, std::size_t before);

  test::Rig rig_;
  std::map<std::string, test::Person> people_;
  std::map<std::string, std::string> objects_;
  test::Person revoked_;
  std::string asker_;
};

}  // namespace enishi::matrix
